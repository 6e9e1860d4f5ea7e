//! Every kind of identifier in one list: its name, what it is, its source, and its check.

use super::air_waybill::AirWaybill;
use super::container::Container;
use super::control_number::{ControlNumber, trip_number};
use super::entry_number::{EntryNumber, is_filer_code};
use super::importer_number::ImporterNumber;
use super::manufacturer_id::ManufacturerId;
use super::s10::S10;
use super::{Wrong, codes};
use deminimis_tariff::Number;
use serde::Serialize;

/// The longest identifier that is looked at, in bytes; longer ones are none of any kind.
const LONGEST: usize = 64;

/// A kind of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the titles say what each is")]
pub enum Kind {
    EntryNumber,
    FilerCode,
    ManufacturerId,
    ImporterNumber,
    S10,
    AirWaybill,
    Container,
    Htsus,
    ScheduleD,
    ScheduleK,
    Scac,
    Firms,
    Paps,
    TripNumber,
}

/// An identifier with nothing wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sound {
    /// The identifier in its usual writing.
    pub written: String,
    /// What its parts say, in order: name of the part and its value.
    pub parts: Vec<(&'static str, String)>,
}

impl Kind {
    /// Every kind, in the order they are listed to a user.
    pub const ALL: [Kind; 14] = [
        Kind::EntryNumber,
        Kind::FilerCode,
        Kind::ManufacturerId,
        Kind::ImporterNumber,
        Kind::S10,
        Kind::AirWaybill,
        Kind::Container,
        Kind::Htsus,
        Kind::ScheduleD,
        Kind::ScheduleK,
        Kind::Scac,
        Kind::Firms,
        Kind::Paps,
        Kind::TripNumber,
    ];

    /// Name on the command line, title, source, confidence of the source.
    const fn row(self) -> [&'static str; 4] {
        match self {
            Kind::EntryNumber => [
                "entry-number",
                "entry number",
                "CBP CATAIR appendix E, pages 1 to 3",
                "C",
            ],
            Kind::FilerCode => [
                "filer-code",
                "entry filer code",
                "CBP CATAIR appendix E, page 1",
                "C",
            ],
            Kind::ManufacturerId => [
                "manufacturer-id",
                "manufacturer identification code (MID)",
                "19 CFR part 102, appendix; address and city from carriers' guides",
                "S",
            ],
            Kind::ImporterNumber => [
                "importer-number",
                "importer, consignee or owner number",
                "CATAIR cargo release v40, SE10",
                "C",
            ],
            Kind::S10 => [
                "s10",
                "S10 number of a postal item",
                "UPU standard S10",
                "C",
            ],
            Kind::AirWaybill => [
                "air-waybill",
                "air waybill number",
                "common knowledge of the field",
                "M",
            ],
            Kind::Container => [
                "container",
                "container number",
                "ISO 6346, one example recomputed",
                "M",
            ],
            Kind::Htsus => [
                "htsus",
                "number of the tariff schedule, by its form",
                "HTSUS, general notes",
                "C",
            ],
            Kind::ScheduleD => [
                "schedule-d",
                "port of the United States (Schedule D)",
                "CATAIR cargo release v40, SE10",
                "C",
            ],
            Kind::ScheduleK => [
                "schedule-k",
                "foreign port (Schedule K)",
                "CATAIR entry summary",
                "C",
            ],
            Kind::Scac => [
                "scac",
                "carrier code (SCAC)",
                "common knowledge of the field",
                "M",
            ],
            Kind::Firms => [
                "firms",
                "location of goods (FIRMS)",
                "CATAIR cargo release v40, SE11",
                "C",
            ],
            Kind::Paps => [
                "paps",
                "PAPS number (shipment control number)",
                "BorderConnect ACE manual 1.0.7",
                "S",
            ],
            Kind::TripNumber => [
                "trip-number",
                "trip number of a truck manifest",
                "BorderConnect ACE manual 1.0.7",
                "S",
            ],
        }
    }

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row()[0]
    }

    /// What it is.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row()[1]
    }

    /// Where its form was read.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.row()[2]
    }

    /// How well its form is known: C read in the text or confirmed, S one source, M memory.
    #[must_use]
    pub const fn confidence(self) -> &'static str {
        self.row()[3]
    }

    /// Finds a kind by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Checks an identifier of a kind. `offset` is read for entry numbers only (0 to 9).
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn check(kind: Kind, text: &str, offset: u8) -> Result<Sound, Wrong> {
    if text.len() > LONGEST {
        return Err(Wrong::new(format!(
            "it has {} bytes: no identifier has more than {LONGEST}",
            text.len()
        )));
    }
    match kind {
        Kind::EntryNumber => entry_number(text, offset),
        Kind::FilerCode if is_filer_code(text) => Ok(code(text)),
        Kind::FilerCode => Err(Wrong::new(
            "the form is three upper-case letters or digits, and not 000",
        )),
        Kind::ManufacturerId => ManufacturerId::parse(text).map(|id| Sound {
            written: id.to_string(),
            parts: vec![("country", id.as_str()[..2].to_owned())],
        }),
        Kind::ImporterNumber => ImporterNumber::parse(text).map(|number| Sound {
            written: number.as_str().to_owned(),
            parts: vec![
                ("kind", number.kind().title().to_owned()),
                ("type_code", number.kind().code().to_owned()),
            ],
        }),
        Kind::S10 => S10::parse(text).map(|number| Sound {
            written: number.to_string(),
            parts: vec![
                ("service", number.service().to_owned()),
                ("serial", number.serial().to_owned()),
                ("check_digit", number.check().to_string()),
                ("country", number.country().to_string()),
            ],
        }),
        Kind::AirWaybill => AirWaybill::parse(text).map(|number| Sound {
            written: number.to_string(),
            parts: vec![
                ("airline", number.prefix().to_owned()),
                ("check_digit", number.check().to_string()),
            ],
        }),
        Kind::Container => Container::parse(text).map(|number| Sound {
            written: number.to_string(),
            parts: vec![
                ("owner", number.owner().to_owned()),
                ("check_digit", number.check().to_string()),
            ],
        }),
        Kind::Htsus => htsus(text),
        Kind::ScheduleD => codes::schedule_d(text).map(|text| Sound {
            written: text.to_owned(),
            parts: vec![
                ("district", text[..2].to_owned()),
                ("port", text[2..].to_owned()),
            ],
        }),
        Kind::ScheduleK => codes::schedule_k(text).map(code),
        Kind::Scac => codes::scac(text).map(code),
        Kind::Firms => codes::firms(text).map(code),
        Kind::Paps => ControlNumber::parse(text).map(|number| Sound {
            written: number.to_string(),
            parts: vec![("scac", number.scac().to_owned())],
        }),
        Kind::TripNumber => trip_number(text).map(|text| Sound {
            written: text.to_owned(),
            parts: vec![("scac", text[..4].to_owned())],
        }),
    }
}

/// A code without parts.
fn code(text: &str) -> Sound {
    Sound {
        written: text.to_owned(),
        parts: Vec::new(),
    }
}

fn entry_number(text: &str, offset: u8) -> Result<Sound, Wrong> {
    EntryNumber::parse(text, offset).map(|number| Sound {
        written: number.to_string(),
        parts: vec![
            ("filer", number.filer().to_owned()),
            ("serial", number.serial().to_owned()),
            ("check_digit", number.check().to_string()),
        ],
    })
}

/// The form alone: whether the schedule has the number is `tariff`'s to say.
fn htsus(text: &str) -> Result<Sound, Wrong> {
    let number = Number::parse(text).map_err(|error| Wrong::new(error.to_string()))?;
    let level = match number.len() {
        4 => "heading",
        6 => "subheading",
        8 => "rate line",
        _ => "statistical number, as entries need",
    };
    Ok(Sound {
        written: number.to_string(),
        parts: vec![("level", level.to_owned())],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        assert_eq!(Kind::named("nothing"), None);
    }

    #[test]
    fn one_of_each_is_sound_and_bad_input_never_panics() {
        let good = [
            "B76-0324527-8",
            "B76",
            "USDHLEXP1304ERL",
            "12-3456789",
            "RB123456785US",
            "172-12345675",
            "CSQU3054383",
            "6109.10.0012",
            "4701",
            "57035",
            "FDXE",
            "H789",
            "ABCD1234",
            "ABCDTRIP0001",
        ];
        let bad = [
            "",
            " ",
            "\u{1F4E6}\u{1F4E6}",
            "é",
            "\0",
            "=1+1",
            &"A".repeat(65),
            &"9".repeat(11),
            "AÄ2",
        ];
        for (kind, good) in Kind::ALL.into_iter().zip(good) {
            assert_eq!(check(kind, good, 0).unwrap().written, good, "{kind:?}");
            for bad in bad {
                if let Ok(sound) = check(kind, bad, 0) {
                    assert!(
                        bad == "9".repeat(11) && !sound.written.is_empty(),
                        "{kind:?} {bad}"
                    );
                }
            }
        }
    }
}
