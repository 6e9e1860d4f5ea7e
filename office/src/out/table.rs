//! Decisions as a table that fits the terminal: one parcel a line, why, and the citation.

use crate::out::style::{Style, dollars, fit};
use crate::pass::Sink;
use crate::pass::second::{Decided, Tally};
use crate::read::Counts;
use crate::setup::Setup;
use deminimis_clearance::Decision;
use deminimis_clearance::Scratch;
use deminimis_clearance::words::why;
use deminimis_law::money::Cents;
use deminimis_law::names::{EntryPath, Outcome};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::Write;
use std::time::Duration;

/// Below this many columns there is no room for the citation.
const NARROW: usize = 90;

/// Writes table rows.
pub struct Table {
    style: Style,
    cut: bool,
    id: usize,
    why: usize,
    /// None where the table is too narrow for it.
    cite: Option<usize>,
}

impl Table {
    /// A table with a column for ids of at most `longest` letters, but not wider than 24. If `cut`,
    /// what is too long for its column is cut, else it stands whole.
    #[must_use]
    pub fn new(style: Style, longest: usize, cut: bool) -> Table {
        let id = longest.clamp(6, 24);
        // Date, origins, value, free, path and what is owed take 64 columns with their spaces.
        let rest = style.width.saturating_sub(id + 64);
        let cite = (style.width >= NARROW).then(|| (rest * 2 / 5).clamp(12, 44));
        let why = rest.saturating_sub(cite.map_or(0, |cite| cite + 2)).max(12);
        Table {
            style,
            cut,
            id,
            why,
            cite,
        }
    }

    /// The line above the first parcel.
    #[must_use]
    pub fn header(&self) -> String {
        let line = format!(
            " {:<id$}  {:<10}  {:<4}  {:>11}  {:<5} {:<10}  {:>10}  {:<why$}  {}",
            "parcel",
            "arrives",
            "from",
            "value",
            "free",
            "path",
            "owed",
            "why",
            if self.cite.is_some() { "law" } else { "" },
            id = self.id,
            why = self.why,
        );
        self.style.paint(1, line.trim_end()) + "\n"
    }

    fn fit<'t>(&self, text: &'t str, width: usize) -> Cow<'t, str> {
        if self.cut {
            Cow::Owned(fit(text, width))
        } else {
            Cow::Borrowed(text)
        }
    }
}

/// What a line of the table says, without regard to its widths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    id: String,
    arrives: String,
    origin: String,
    value: String,
    free: String,
    path: String,
    owed: String,
    why: String,
    cite: String,
}

impl Row {
    /// Of a decided parcel.
    #[must_use]
    pub fn of(decided: &Decided<'_>) -> Row {
        let (law, decision, shipment) = (decided.books.law, decided.decision, decided.shipment);
        let free = match decision.way() {
            Outcome::Free => "yes",
            Outcome::EntryRequired => "no",
            Outcome::Prohibited => "ban",
            Outcome::NeedsPerson => "?",
        };
        let origin = shipment
            .lines
            .iter()
            .map(|line| line.origin)
            .reduce(|a, b| if a == b { a } else { None });
        let origin = match origin.flatten() {
            Some(origin) => origin.to_string(),
            None if shipment.lines.len() > 1 => "var".to_owned(),
            None => "?".to_owned(),
        };
        let (why, cite) = why(law, shipment, decision).unwrap_or_default();
        Row {
            id: shipment.id.clone(),
            arrives: shipment.arrives_at.day.to_string(),
            origin,
            // Without a rate of exchange the value is not known: never zero by silence.
            value: if decision.unpriced {
                "?".to_owned()
            } else {
                dollars(decision.value)
            },
            free: free.to_owned(),
            path: path_word(decision.path, decision.outcome).to_owned(),
            owed: owed_word(decision),
            why,
            cite: cite.join("; "),
        }
    }
}

impl Table {
    /// Appends a line.
    pub fn line(&self, row: &Row, out: &mut Vec<u8>) {
        let colour = match row.free.as_str() {
            "yes" => 32,
            "no" => 33,
            "ban" => 31,
            _ => 36,
        };
        let cite = self
            .cite
            .map_or(Cow::Borrowed(""), |width| self.fit(&row.cite, width));
        let line = format!(
            " {:<id$}  {}  {:<4}  {:>11}  {} {:<10}  {:>10}  {:<why$}  {}",
            self.fit(&row.id, self.id),
            row.arrives,
            row.origin,
            row.value,
            self.style.paint(colour, &format!("{:<5}", row.free)),
            row.path,
            row.owed,
            self.fit(&row.why, self.why),
            cite,
            id = self.id,
            why = self.why,
        );
        let _written = writeln!(out, "{}", line.trim_end());
    }
}

impl Sink for Table {
    fn parcel(&self, decided: &Decided<'_>, _: &mut Scratch, out: &mut Vec<u8>) {
        self.line(&Row::of(decided), out);
    }
}

/// What is owed in a few letters: the amount, or the least of what it may be.
fn owed_word(decision: &Decision) -> String {
    let total = decision.owed.total;
    match (decision.outcome, total.known()) {
        (Outcome::Free | Outcome::Prohibited, _) => "\u{2013}".to_owned(),
        (_, Some(total)) => dollars(total),
        (_, None) if total.low > Cents(0) => format!("\u{2265}{}", dollars(total.low)),
        (_, None) => "?".to_owned(),
    }
}

/// The path in a few letters.
fn path_word(path: EntryPath, outcome: Outcome) -> &'static str {
    match (path, outcome) {
        (EntryPath::None, Outcome::Free) => "no entry",
        (EntryPath::None, _) => "\u{2013}",
        (EntryPath::ManifestRelease, _) => "manifest",
        (EntryPath::Entry86, _) => "entry 86",
        (EntryPath::Entry11, _) => "entry 11",
        (EntryPath::Entry12, _) => "entry 12",
        (EntryPath::Entry01, _) => "entry 01",
        (EntryPath::Entry02, _) => "entry 02",
        (EntryPath::Entry03, _) => "entry 03",
        (EntryPath::Entry06, _) => "entry 06",
        (EntryPath::Entry07, _) => "entry 07",
        (EntryPath::Entry13, _) => "entry 13",
        (EntryPath::MailEntry, _) => "mail entry",
        (EntryPath::MailCarrier, _) => "carrier",
        (EntryPath::MailWorksheet, _) => "worksheet",
    }
}

/// What was read and decided, in two or three lines.
#[must_use]
pub fn summary(
    setup: &Setup,
    tally: &Tally,
    counts: &Counts,
    rejects: Option<&str>,
    took: Duration,
) -> String {
    let [free, entry, person, ban] = tally.outcomes;
    let refused = match rejects {
        Some(file) => format!("{} refused ({file})", counts.shipments_rejected),
        None => format!("{} refused", counts.shipments_rejected),
    };
    let checked = tally
        .checked_until
        .map_or(String::new(), |day| format!(" checked to {day}"));
    format!(
        " {} parcels: {free} free \u{b7} {entry} entry required \u{b7} {ban} prohibited \u{b7} \
{person} need a person \u{b7} {refused}\n rows: {} read = {} accepted + {} refused\n \
law {}{checked} \u{b7} schedule {} \u{b7} {} ms\n",
        counts.shipments_read,
        counts.rows_read,
        counts.rows_accepted,
        counts.rows_rejected,
        &setup.law.hash()[..12.min(setup.law.hash().len())],
        setup.tariff.release(),
        took.as_millis(),
    )
}
