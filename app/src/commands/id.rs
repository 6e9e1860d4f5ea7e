//! `id`: identifiers checked and built, without any file or law.

use crate::commands::{CommandError, Ended};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use deminimis_filing::identifiers::air_waybill::AirWaybill;
use deminimis_filing::identifiers::container::Container;
use deminimis_filing::identifiers::control_number::ControlNumber;
use deminimis_filing::identifiers::entry_number::EntryNumber;
use deminimis_filing::identifiers::manufacturer_id::{Maker, ManufacturerId};
use deminimis_filing::identifiers::s10::S10;
use deminimis_filing::identifiers::{Kind, Sound, Wrong, check};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Looks at identifiers.
#[derive(Debug, Args)]
pub struct IdArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say whether an identifier has the form and check digit of its kind (exit status 0 or 3).
    Check(CheckArgs),
    /// Build an identifier with its check digit.
    Build(BuildArgs),
    /// List the kinds, each with the source of its form.
    Kinds,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AnswerFormat {
    /// A line for a person.
    Text,
    /// One object.
    Json,
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// What it is
    #[arg(value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name)))]
    kind: String,
    /// The identifier
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// How far the filer's check digits are raised (entry numbers only)
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=9))]
    offset: u8,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: AnswerFormat,
}

#[derive(Debug, Args)]
struct BuildArgs {
    #[command(subcommand)]
    kind: BuildKind,
}

#[derive(Debug, Subcommand)]
enum BuildKind {
    /// An entry number of a filer code and seven digits.
    EntryNumber {
        /// Filer code, three places
        filer: String,
        /// Seven digits
        serial: String,
        /// How far the filer's check digits are raised
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=9))]
        offset: u8,
    },
    /// A manufacturer identification code (MID) of name, address, city and country.
    ManufacturerId {
        /// Name
        #[arg(long)]
        name: String,
        /// Line of the address with the street's number
        #[arg(long, default_value = "")]
        street: String,
        /// City
        #[arg(long)]
        city: String,
        /// Country of origin, two letters
        #[arg(long)]
        country: String,
        /// Province of Canada, two letters
        #[arg(long, default_value = "")]
        province: String,
    },
    /// An S10 number of two letters of service, eight digits and a country.
    S10 {
        /// Service, two letters
        service: String,
        /// Eight digits
        serial: String,
        /// Country of the operator, two letters
        country: String,
    },
    /// An air waybill number of the airline's three digits and seven digits.
    AirWaybill {
        /// Airline, three digits
        prefix: String,
        /// Seven digits
        serial: String,
    },
    /// A container number of four letters and six digits.
    Container {
        /// Owner and category, four letters
        owner: String,
        /// Six digits
        serial: String,
    },
    /// A PAPS number of a carrier and the carrier's own number.
    Paps {
        /// SCAC, four letters
        scac: String,
        /// 4 to 12 letters or digits
        serial: String,
    },
}

/// Runs the command.
pub fn run(args: &IdArgs) -> Result<Ended, CommandError> {
    let mut out = io::stdout().lock();
    match &args.what {
        What::Check(args) => checked(args, &mut out),
        What::Build(args) => built(&args.kind, &mut out),
        What::Kinds => {
            for kind in Kind::ALL {
                let (name, title, source) = (kind.name(), kind.title(), kind.source());
                writeln!(out, "{name:16} {title}; {source} [{}]", kind.confidence())?;
            }
            Ok(Ended::Well)
        }
    }
}

/// An answer, in the order of its keys.
#[derive(Serialize)]
struct Answer<'a> {
    kind: &'a str,
    value: &'a str,
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parts: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<&'a str>,
    source: &'a str,
    confidence: &'a str,
}

fn checked(args: &CheckArgs, out: &mut dyn Write) -> Result<Ended, CommandError> {
    let kind = Kind::named(&args.kind)
        .ok_or_else(|| CommandError::Usage(format!("there is no kind {:?}", args.kind)))?;
    let judged = check(kind, &args.value, args.offset);
    match args.format {
        AnswerFormat::Json => {
            let answer = answer(kind, args, &judged);
            serde_json::to_writer(&mut *out, &answer).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        AnswerFormat::Text => match &judged {
            Ok(sound) => writeln!(
                out,
                "{}: valid {}{}",
                sound.written,
                kind.title(),
                parts(sound)
            )?,
            Err(wrong) => {
                // What was given may hold anything; it is shown as text and not sent to a terminal.
                let right = wrong
                    .right
                    .as_ref()
                    .map_or(String::new(), |right| format!("; right is {right}"));
                writeln!(
                    out,
                    "{:?}: not a valid {}: {}{right}",
                    shown(kind, args, &judged),
                    kind.title(),
                    wrong.reason
                )?;
            }
        },
    }
    Ok(match judged {
        Ok(_) => Ended::Well,
        Err(_) => Ended::Refused,
    })
}

/// What was given, as it may be told: the number of a person is not repeated in a refusal.
fn shown<'a>(kind: Kind, args: &'a CheckArgs, judged: &Result<Sound, Wrong>) -> &'a str {
    match kind == Kind::ImporterNumber && judged.is_err() {
        true => "(withheld)",
        false => &args.value,
    }
}

fn answer<'a>(kind: Kind, args: &'a CheckArgs, judged: &'a Result<Sound, Wrong>) -> Answer<'a> {
    let (sound, wrong) = (judged.as_ref().ok(), judged.as_ref().err());
    let parts = sound.into_iter().flat_map(|sound| &sound.parts);
    Answer {
        kind: kind.name(),
        value: shown(kind, args, judged),
        valid: sound.is_some(),
        written: sound.map(|sound| sound.written.as_str()),
        parts: parts.map(|(name, value)| (*name, value.as_str())).collect(),
        reason: wrong.map(|wrong| wrong.reason.as_str()),
        right: wrong.and_then(|wrong| wrong.right.as_deref()),
        source: kind.source(),
        confidence: kind.confidence(),
    }
}

fn parts(sound: &Sound) -> String {
    let each = sound
        .parts
        .iter()
        .map(|(name, value)| format!("{} {value}", name.replace('_', " ")));
    match each.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        some => format!(" ({some})"),
    }
}

fn built(kind: &BuildKind, out: &mut dyn Write) -> Result<Ended, CommandError> {
    let made = match kind {
        BuildKind::EntryNumber {
            filer,
            serial,
            offset,
        } => EntryNumber::build(filer, serial, *offset).map(|number| number.to_string()),
        BuildKind::ManufacturerId {
            name,
            street,
            city,
            country,
            province,
        } => ManufacturerId::build(Maker {
            name,
            street,
            city,
            country,
            province,
        })
        .map(|id| id.to_string()),
        BuildKind::S10 {
            service,
            serial,
            country,
        } => S10::build(service, serial, country).map(|number| number.to_string()),
        BuildKind::AirWaybill { prefix, serial } => {
            AirWaybill::build(prefix, serial).map(|number| number.to_string())
        }
        BuildKind::Container { owner, serial } => {
            Container::build(owner, serial).map(|number| number.to_string())
        }
        BuildKind::Paps { scac, serial } => {
            ControlNumber::build(scac, serial).map(|number| number.to_string())
        }
    };
    let made = made.map_err(|wrong| CommandError::Refused(wrong.reason))?;
    writeln!(out, "{made}")?;
    Ok(Ended::Well)
}
