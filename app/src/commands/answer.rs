//! `message answer`: what CBP answered, entry by entry, how each stands, and what to do.

use crate::commands::message::{Format, bytes};
use crate::commands::{CommandError, Ended};
use crate::out::style::{Style, fit};
use clap::Args;
use deminimis_filing::messages::answers::{
    Condition, EntryKey, Event, Standing, State, Trouble, apply, read,
};
use deminimis_filing::messages::catair::{decode, dictionary};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// Tells what CBP answered.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// Messages of CBP (AX, SX, SO) in any order; `-` is standard input
    #[arg(default_value = "-")]
    files: Vec<PathBuf>,
    /// How it is told
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// One entry as it is told.
#[derive(Serialize)]
struct Told<'a> {
    entry: String,
    standing: Standing,
    events: Vec<&'a Event>,
}

/// All that is told.
#[derive(Serialize)]
struct All<'a> {
    entries: Vec<Told<'a>>,
    troubles: &'a [(String, Trouble)],
}

/// Runs the command.
pub fn run(args: &AnswerArgs, out: &mut dyn Write) -> Result<Ended, CommandError> {
    let mut states: BTreeMap<EntryKey, State> = BTreeMap::new();
    let mut troubles: Vec<(String, Trouble)> = Vec::new();
    for file in &args.files {
        let name = file.display().to_string();
        let bytes = bytes(file)?;
        let answers = read(&decode(&bytes));
        for (entry, event) in answers.events {
            let state = states.remove(&entry).unwrap_or_default();
            states.insert(entry, apply(state, event));
        }
        let own = answers.troubles.into_iter();
        troubles.extend(own.map(|trouble| (name.clone(), trouble)));
    }
    let entries = states.iter().map(|(entry, state)| Told {
        entry: entry.to_string(),
        standing: state.standing(),
        events: state.events().collect(),
    });
    let all = All {
        entries: entries.collect(),
        troubles: &troubles,
    };
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &all).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Table => table(&all, Style::of_stdout().width, out)?,
    }
    Ok(match troubles.is_empty() {
        true => Ended::Well,
        false => Ended::Refused,
    })
}

/// A name of a closed list as a person reads it.
fn words(name: &impl Serialize) -> String {
    let text = serde_json::to_value(name).ok();
    let text = text.and_then(|value| value.as_str().map(str::to_owned));
    text.unwrap_or_default().replace('_', " ")
}

fn table(all: &All<'_>, width: usize, out: &mut dyn Write) -> io::Result<()> {
    if !all.entries.is_empty() {
        writeln!(
            out,
            " entry          summary                 release              holds"
        )?;
    }
    for told in &all.entries {
        let standing = &told.standing;
        let holds = standing.holds.iter();
        let holds: Vec<String> = holds
            .map(|hold| match hold.bill.is_empty() {
                true => format!("{} since {}", hold.of, hold.since),
                false => format!("{} of {} since {}", hold.of, hold.bill, hold.since),
            })
            .collect();
        let marked = if standing.single_source { " *" } else { "" };
        let line = format!(
            " {:<13}  {:<22}  {:<19}  {}{marked}",
            told.entry,
            words(&standing.summary),
            words(&standing.release),
            match holds.is_empty() {
                true => "\u{2013}".to_owned(),
                false => holds.join(", "),
            },
        );
        writeln!(out, "{}", fit(&line, width))?;
        for condition in &standing.conditions {
            write_condition(condition, width, out)?;
        }
        for todo in &standing.todo {
            writeln!(out, "{}", fit(&format!("   do: {todo}"), width))?;
        }
    }
    for (file, trouble) in all.troubles {
        let Trouble {
            line,
            record,
            reason,
        } = trouble;
        let text = format!(" {file} line {line} record {record}: {reason}");
        writeln!(out, "{}", fit(&text, width))?;
    }
    if all.entries.iter().any(|told| told.standing.single_source) {
        writeln!(
            out,
            "\n * partly from status notifications (SO), whose columns and codes are known from one \
             source only"
        )?;
    }
    Ok(())
}

fn write_condition(condition: &Condition, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let text = format!(
        "   {} {} {}",
        condition.severity, condition.code, condition.narrative
    );
    writeln!(out, "{}", fit(&text, width))?;
    for known in dictionary::conditions(&condition.code) {
        let text = match known.explanation.is_empty() {
            true => &known.text,
            false => &known.explanation,
        };
        writeln!(out, "       {}", text.trim())?;
    }
    for point in &condition.points {
        writeln!(out, "{}", fit(&format!("       at {point}"), width))?;
    }
    Ok(())
}
