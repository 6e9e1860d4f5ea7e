//! `deminimis doctor`: what is in force and from where, and whether all of it can be used.

use crate::commands::law::LawOptions;
use crate::commands::place::WholeOptions;
use crate::commands::serve::data_folder;
use crate::commands::serve::settings::{self, InForce, ServeOptions};
use crate::commands::{CommandError, Ended};
use crate::home;
use crate::law_cmd::FormatArg;
use crate::ledger::{Keys, Place, now};
use crate::out::page::{Format, Page, Style as Ink};
use crate::out::style::Style;
use crate::setup::Setup;
use clap::Args;
use deminimis_desk::state::open_store;
use deminimis_law::time::{Day, Moment};
use serde_json::{Value, json};
use std::env;
use std::io::{self, Write};
use std::path::Path;

/// Looks at the installation.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    #[command(flatten)]
    options: ServeOptions,
    #[command(flatten)]
    place: WholeOptions,
    #[command(flatten)]
    format: FormatArg,
}

/// One thing that was looked at.
struct Check {
    what: &'static str,
    /// Why it is not well.
    wrong: Option<String>,
    says: String,
}

impl Check {
    fn of(what: &'static str, found: Result<String, String>) -> Check {
        let (says, wrong) = match found {
            Ok(says) => (says, None),
            Err(wrong) => (String::new(), Some(wrong)),
        };
        Check { what, wrong, says }
    }
}

/// Runs the command. What is not well is told, and the rest is looked at all the same.
pub fn run(law: &LawOptions, args: &DoctorArgs) -> Result<Ended, CommandError> {
    let home = data_folder()?;
    let place = args.place.place()?;
    let (config, mut told) = settings::config(&args.options, home.clone())?;
    let of = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    told.insert(
        0,
        said(
            "home",
            &home.display().to_string(),
            of(home::HOME),
            "environment",
        ),
    );
    let given = args
        .place
        .ledger
        .as_ref()
        .is_some_and(|given| !given.is_empty());
    let from = if given { "flag" } else { "environment" };
    told.insert(
        1,
        said(
            "ledger",
            &place.to_string(),
            given || of("DATABASE_URL"),
            from,
        ),
    );
    let mut checks = vec![Check::of("data folder", writable(&home))];
    match law.setup() {
        Ok(setup) => checks.extend(books(&setup)),
        Err(error) => checks.push(Check::of("law", Err(error.to_string()))),
    }
    checks.push(Check::of("ledger", ledger(&place)));
    checks.push(Check::of("desk", desk(&place)));
    let bare = config.tls.is_none() && !config.listen.ip().is_loopback();
    let reach = match bare {
        true => Err("others reach the address and no TLS is configured: serve refuses".to_owned()),
        false if config.tls.is_some() => Ok("TLS".to_owned()),
        false => Ok("loopback alone".to_owned()),
    };
    checks.push(Check::of("address", reach));
    tell(&told, &checks, args.format.format)?;
    Ok(match checks.iter().all(|check| check.wrong.is_none()) {
        true => Ended::Well,
        false => Ended::Unmet,
    })
}

fn said(name: &'static str, value: &str, is_given: bool, from: &'static str) -> InForce {
    InForce {
        name,
        value: value.to_owned(),
        from: if is_given { from } else { "default" },
    }
}

fn writable(home: &Path) -> Result<String, String> {
    if !home.exists() {
        return Ok("is made by whoever writes first".to_owned());
    }
    let file = tempfile::NamedTempFile::new_in(home).map(drop);
    let fine = file.map(|()| "can be written".to_owned());
    fine.map_err(|error| format!("{}: {error}", home.display()))
}

/// The law, the schedule and the rates in hand.
fn books(setup: &Setup) -> Vec<Check> {
    let checked = setup.book.instruments.iter().map(|one| one.checked);
    let oldest = checked
        .min()
        .map_or_else(|| "never".to_owned(), |day| day.to_string());
    let hash: String = setup.law.hash().chars().take(12).collect();
    let law = format!("{hash}\u{2026}, each part checked to {oldest} or later");
    let rates = match setup.rates.hash() {
        Some(hash) => hash.chars().take(12).chain("\u{2026}".chars()).collect(),
        None => "none in hand: amounts in other currencies are asked about".to_owned(),
    };
    let today = setup.law.zone().day(Moment(now()));
    // A clock before the law was written down assesses nothing rightly.
    let written = checked_last(setup);
    let clock = match written.filter(|day| today < *day) {
        Some(day) => Err(format!(
            "says {today}, before the law in hand was checked ({day})"
        )),
        None => Ok(format!("{today}, Eastern time")),
    };
    vec![
        Check::of("law", Ok(law)),
        Check::of("schedule", Ok(setup.tariff.release().to_owned())),
        Check::of("rates", Ok(rates)),
        Check::of("clock", clock),
    ]
}

fn checked_last(setup: &Setup) -> Option<Day> {
    setup.book.instruments.iter().map(|one| one.checked).max()
}

fn ledger(place: &Place) -> Result<String, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    if place.find().is_err() {
        return Ok("none yet".to_owned());
    }
    let keys = Keys::in_hand().map_err(|error| text(&error))?;
    let Some(keys) = keys else {
        return Err("its key (ledger.key) is not there: nothing of it can be used".to_owned());
    };
    let ledger = place
        .open(false, Some(&keys))
        .map_err(|error| text(&error))?;
    let heads = ledger.heads().wait().map_err(|error| text(&error))?;
    Ok(format!("opens with its key, {} signed heads", heads.len()))
}

fn desk(place: &Place) -> Result<String, String> {
    let is_there = place
        .file()
        .is_none_or(|path| path.with_file_name("desk.sqlite").exists());
    if !is_there {
        return Ok("none yet".to_owned());
    }
    let store = open_store(place).map_err(|error| error.to_string())?;
    let tenants = store.tenants().wait().map_err(|error| error.to_string())?;
    Ok(format!("opens, {} tenants", tenants.len()))
}

fn tell(told: &[InForce], checks: &[Check], format: Format) -> io::Result<()> {
    let style = Style::of_stdout();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let page = &mut Page::new(&mut out, style.width, style.colour);
    if format == Format::Json {
        let settings = told
            .iter()
            .map(|one| json!({"name": one.name, "value": one.value, "from": one.from}));
        let checks = checks.iter().map(|check| {
            json!({"check": check.what, "well": check.wrong.is_none(),
                "says": check.wrong.as_ref().unwrap_or(&check.says)})
        });
        page.json(&json!({
            "settings": settings.collect::<Vec<Value>>(),
            "checks": checks.collect::<Vec<Value>>(),
        }))?;
        return out.flush();
    }
    let mut rows = vec![["setting", "value", "from"].map(str::to_owned).to_vec()];
    rows.extend(
        told.iter()
            .map(|one| vec![one.name.to_owned(), one.value.clone(), one.from.to_owned()]),
    );
    page.table(0, &[Ink::Id, Ink::Plain, Ink::Dim], &rows)?;
    page.gap()?;
    for check in checks {
        match &check.wrong {
            None => page.field(0, check.what, &check.says)?,
            Some(wrong) => page.say(0, Ink::Bad, &format!("{}: {wrong}", check.what))?,
        }
    }
    out.flush()
}
