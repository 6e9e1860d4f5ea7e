//! `message`: CBP's fixed-column messages read, written, judged and said in words.

use crate::commands::{CommandError, Ended, answer};
use crate::out::style::{Style, fit};
use clap::{Args, Subcommand, ValueEnum};
use deminimis_filing::messages::catair::explain::{explain, text};
use deminimis_filing::messages::catair::json::{from_json, to_json};
use deminimis_filing::messages::catair::lint::{Finding, Report, Severity, lint};
use deminimis_filing::messages::catair::{Message, applications, decode, decode_as, encode};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A file above this size is refused: a batch of ten thousand entries has a tenth of it.
const LARGEST: u64 = 256 << 20;

/// Findings a table shows; machines get all.
const MOST: usize = 200;

/// Looks at messages.
#[derive(Debug, Args)]
pub struct MessageArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a message of its JSON form.
    Encode(FileArgs),
    /// Write a message as JSON: an array of {record, section, fields}.
    Decode(FileArgs),
    /// Say what CBP would refuse, record by record and column by column.
    Lint(ShownArgs),
    /// Say a message in plain words.
    Explain(ShownArgs),
    /// Say what CBP answered, entry by entry, how each stands, and what to do.
    Answer(answer::AnswerArgs),
}

/// A file, and what is known of it.
#[derive(Debug, Args)]
struct FileArgs {
    /// The message, or its JSON form; `-` is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The application of a part without A and B records: AE, AX, SE, SX or SO
    #[arg(long, value_name = "CODE")]
    application: Option<String>,
}

/// The same, and how the answer is written.
#[derive(Debug, Args)]
struct ShownArgs {
    #[command(flatten)]
    file: FileArgs,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Lines of text.
    Table,
    /// One JSON object.
    Json,
}

/// Runs the command.
pub fn run(args: &MessageArgs) -> Result<Ended, CommandError> {
    let mut out = BufWriter::new(io::stdout().lock());
    let ended = match &args.what {
        What::Encode(file) => write_message(file, &mut out)?,
        What::Decode(file) => {
            let bytes = read(file)?;
            write_json(&to_json(&message(file, &bytes)), &mut out)?;
            Ended::Well
        }
        What::Lint(args) => {
            let bytes = read(&args.file)?;
            let report = lint(&message(&args.file, &bytes));
            match args.format {
                Format::Json => one_json(&report, &mut out)?,
                Format::Table => table(&report, Style::of_stdout(), &mut out)?,
            }
            if report.has_errors() {
                Ended::Refused
            } else {
                Ended::Well
            }
        }
        What::Explain(args) => {
            let bytes = read(&args.file)?;
            let explanation = explain(&message(&args.file, &bytes));
            match args.format {
                Format::Json => one_json(&explanation, &mut out)?,
                Format::Table => out.write_all(text(&explanation).as_bytes())?,
            }
            Ended::Well
        }
        What::Answer(args) => answer::run(args, &mut out)?,
    };
    out.flush()?;
    Ok(ended)
}

fn read(args: &FileArgs) -> Result<Vec<u8>, CommandError> {
    if let Some(code) = &args.application {
        let known: Vec<&str> = applications().iter().map(|it| it.application).collect();
        if !known.contains(&code.as_str()) {
            let known = known.join(", ");
            return Err(CommandError::Usage(format!(
                "application {code}: one of {known}"
            )));
        }
    }
    bytes(&args.file)
}

/// The bytes of a message, `-` being standard input.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    let name = path.display();
    if path == Path::new("-") {
        io::stdin()
            .lock()
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)?;
    } else {
        let file = File::open(path)
            .map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))?;
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LARGEST {
        let most = LARGEST >> 20;
        return Err(CommandError::Refused(format!(
            "{name}: more than {most} MiB; split it"
        )));
    }
    Ok(bytes)
}

fn message<'a>(args: &FileArgs, bytes: &'a [u8]) -> Message<'a> {
    match &args.application {
        Some(code) => decode_as(code, bytes),
        None => decode(bytes),
    }
}

/// Writes a message of its JSON form, or every refusal and no message: a message that lacks a
/// record would say something else.
fn write_message(args: &FileArgs, out: &mut impl Write) -> Result<Ended, CommandError> {
    let bytes = read(args)?;
    match from_json(&bytes, args.application.as_deref()) {
        Ok(message) => {
            out.write_all(&encode(&message))?;
            Ok(Ended::Well)
        }
        Err(errors) => {
            for error in &errors {
                eprintln!("{error}");
            }
            Ok(Ended::Refused)
        }
    }
}

/// An array with one record a line.
fn write_json<T: serde::Serialize>(records: &[T], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "[")?;
    for (place, record) in records.iter().enumerate() {
        let comma = if place + 1 < records.len() { "," } else { "" };
        writeln!(out, "{}{comma}", serde_json::to_string(record)?)?;
    }
    writeln!(out, "]")
}

fn one_json<T: serde::Serialize>(value: &T, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

fn table(report: &Report, style: Style, out: &mut impl Write) -> io::Result<()> {
    if !report.findings.is_empty() {
        let heading = format!(
            "{:>6}  {:<5} {:<7} {:<5} {}",
            "line", "rec", "columns", "code", "what"
        );
        writeln!(out, "{}", style.paint(1, &heading))?;
    }
    for finding in report.findings.iter().take(MOST) {
        row(finding, style, out)?;
    }
    if report.findings.len() > MOST {
        writeln!(
            out,
            "… and {} more (--format json has all)",
            report.findings.len() - MOST
        )?;
    }
    for note in &report.notes {
        writeln!(out, "note: {note}")?;
    }
    let of = |severity| {
        report
            .findings
            .iter()
            .filter(|it| it.severity == severity)
            .count()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let records = report.records;
    writeln!(
        out,
        "{records} records: {errors} errors · {warnings} warnings"
    )?;
    writeln!(out, "layouts {}", report.edition)
}

fn row(finding: &Finding, style: Style, out: &mut impl Write) -> io::Result<()> {
    let colour = if finding.severity == Severity::Error {
        31
    } else {
        33
    };
    let columns = match finding.start == finding.end {
        true => finding.start.to_string(),
        false => format!("{}-{}", finding.start, finding.end),
    };
    let place = format!(
        "{:>6}  {:<5} {columns:<7}",
        finding.record_number, finding.record
    );
    let code = style.paint(colour, &format!("{:<5}", finding.code.unwrap_or("-")));
    let field = finding
        .field
        .map(|it| format!("{it}: "))
        .unwrap_or_default();
    let value = fit(finding.value.trim_end(), 40);
    let indent = " ".repeat(29);
    writeln!(
        out,
        "{place} {code} {field}{} (stands: {value:?})",
        finding.reason
    )?;
    writeln!(out, "{indent}right: {}", finding.right)?;
    if let Some(text) = finding.text {
        writeln!(out, "{indent}CBP: {text}")?;
    }
    let weak = if finding.single_source {
        "; known from this one source only"
    } else {
        ""
    };
    writeln!(out, "{indent}{}{weak}", finding.source)
}
