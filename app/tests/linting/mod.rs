//! What the tests of `lint` share: a file of one good parcel to change, and judging a text.
#![allow(dead_code, reason = "each test file uses a part")]

use deminimis_clearance::shipment::build::PortZones;
use deminimis_law::Rulebook;
use deminimis_law::time::Zone;
use deminimis_office::lint::{Found, LintOptions, Note, NoteFormat, NoteWriter, Report, lint};
use deminimis_office::read::{Options, open};
use deminimis_tariff::Schedule;
use std::sync::LazyLock;

/// The embedded law, whose lists name words.
pub static BOOK: LazyLock<Rulebook> = LazyLock::new(|| deminimis_law_us::rulebook().unwrap());
static PORTS: LazyLock<PortZones> = LazyLock::new(PortZones::default);
static ZONE: LazyLock<Zone> =
    LazyLock::new(|| Zone::named("America/New_York").expect("the zone is compiled in"));

/// A table that shows all.
pub const TABLE: NoteFormat = NoteFormat::Table {
    most: u64::MAX,
    width: 100,
};

/// What judging a text gave.
pub struct Linted {
    pub notes: Vec<Note>,
    pub refused: u64,
    pub report: Report,
}

impl Linted {
    /// The rules of the findings, in their order.
    pub fn rules(&self) -> Vec<&'static str> {
        self.notes.iter().map(|note| note.rule.id).collect()
    }

    /// The findings and the sums as text.
    pub fn written(&self, format: NoteFormat) -> String {
        let mut writer = NoteWriter::new(Vec::new(), format);
        for note in &self.notes {
            writer.note(note).unwrap();
        }
        writer.file(&self.report).unwrap();
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }
}

/// The usual options.
pub fn options() -> LintOptions<'static> {
    LintOptions::new(Schedule::embedded(), &BOOK.words)
}

/// Judges a CSV text as `a.csv`.
pub fn lint_text(text: &str, options: &LintOptions<'_>) -> Linted {
    lint_as(text, "a.csv", options)
}

/// Judges a text under a name.
pub fn lint_as(text: &str, name: &str, options: &LintOptions<'_>) -> Linted {
    let reading = Options::new(&[], &ZONE, &PORTS);
    let mut source = open(Box::new(text.as_bytes()), name, &reading).unwrap();
    let (mut notes, mut refused) = (Vec::new(), 0);
    let report = lint(&mut *source, name, options, &mut |found| {
        match found {
            Found::Note(note) => notes.push(note),
            Found::Refused(_) => refused += 1,
        }
        Ok(())
    });
    Linted {
        notes,
        refused,
        report: report.unwrap(),
    }
}

/// A CSV file of one parcel.
#[derive(Clone)]
pub struct File(Vec<(String, String)>);

/// A parcel with nothing wrong but that it has no address.
pub fn file() -> File {
    let fields = [
        ("shipment_id", "P1"),
        ("mode", "air"),
        ("arrives_at", "2026-02-01"),
        ("country_of_shipment", "VN"),
        ("consignee_name", "Marisol Vega"),
        ("description", "Men's cotton T-shirts, knitted"),
        ("line_value", "42.00"),
    ];
    File(Vec::new()).with(&fields)
}

impl File {
    /// Sets fields.
    pub fn with(mut self, fields: &[(&str, &str)]) -> File {
        for (name, value) in fields {
            self.0.retain(|(known, _)| known != name);
            self.0.push(((*name).to_owned(), (*value).to_owned()));
        }
        self
    }

    /// With an address.
    pub fn home(self) -> File {
        self.with(&[("consignee_street", "2217 Enfield Rd")])
    }

    /// Its row, with the header if asked for.
    pub fn row(&self, header: bool) -> String {
        let mut fields = self.0.clone();
        fields.sort();
        let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<String> = fields.iter().map(|(_, value)| quoted(value)).collect();
        let header = if header {
            names.join(",") + "\n"
        } else {
            String::new()
        };
        format!("{header}{}\n", values.join(","))
    }

    /// The whole file.
    pub fn csv(&self) -> String {
        self.row(true)
    }

    /// Judges it.
    pub fn lint(&self) -> Linted {
        lint_text(&self.csv(), &options())
    }
}
