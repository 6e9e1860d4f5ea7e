//! What a decision means and what would change it.
//!
//! [`explain`] gathers everything once: the decision of the contract, its findings under the
//! questions they answer, what each rule read, and the changes that would turn the outcome.
//! [`Explanation::tree`] and [`Explanation::plain`] only write it. No name, address or other text
//! about a natural person is kept.

mod amount;
mod changes;
mod cheaper;
mod deciding;
mod dues;
mod edit;
mod formal;
mod origins;
mod owed;
mod page;
mod plain;
mod read;
mod steps;
mod tree;
mod when;

pub use amount::{dollars_of, grouped};
pub use changes::Change;
pub use edit::Edit;
pub use formal::FormalFrom;
pub use plain::date;
pub use read::Read;
pub use tree::{Style, effect_words};

use crate::assess::{Books, Scratch, assess_into};
use crate::day::DayContext;
use crate::decision::Decision;
use crate::render::{Known, Rendered, render};
use crate::shipment::{FieldId, Shipment, Texts};
use deminimis_law::codes::Currency;
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;
use deminimis_law::names::DutyTerms;
use deminimis_law::time::When;
use serde::Serialize;

/// Everything that can be said of one parcel's decision.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The parcel itself.
    pub parcel: ParcelText,
    /// The questions of the law in the order in which they are asked.
    pub steps: Vec<Step>,
    /// The path taken, as its rule describes it.
    pub path: Option<PathText>,
    /// Facts taken by a presumption.
    pub assumed: Vec<Presumed>,
    /// The rule by which records are kept, if any.
    pub records: Option<RecordsText>,
    /// What would turn the outcome.
    pub changes: Vec<Change>,
    /// What would lower or settle the amount.
    pub savings: Vec<Change>,
    /// From which value on a formal entry owes less.
    pub formal_from: Option<FormalFrom>,
    /// The decision of the contract.
    pub decision: Rendered,
    #[serde(skip)]
    facts: deciding::Facts,
}

/// The parcel as it was given.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub struct ParcelText {
    pub shipment_id: String,
    pub mode: &'static str,
    pub purpose: &'static str,
    pub country_of_shipment: String,
    /// Every origin once, in the order of the lines; empty where none is given.
    pub origins: Vec<String>,
    /// Whether some line gives no origin.
    pub origin_missing: bool,
    pub arrives_at: String,
    pub entered_at: Option<String>,
    /// Total fair retail value.
    pub value_usd: String,
    pub entered_value_usd: String,
    pub duty_terms: Option<&'static str>,
    pub lines: Vec<ArticleText>,
}

/// One article as it was given.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub struct ArticleText {
    pub line: usize,
    pub description: String,
    pub htsus_number: Option<String>,
    pub country_of_origin: Option<String>,
    pub line_value: String,
    pub currency: String,
}

/// A question of the law, its answer and the rules that spoke to it.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// The question.
    pub question: &'static str,
    /// The answer in a few words.
    pub answer: String,
    /// Authority for the answer where no finding carries it.
    pub cite: Vec<String>,
    /// What was found.
    pub findings: Vec<Spoken>,
}

/// A finding of the decision with what its rule read.
#[derive(Clone, Debug, Serialize)]
pub struct Spoken {
    /// Its place in the decision's findings.
    pub finding: usize,
    /// Further findings that say the same of other rules: outside what is covered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<usize>,
    /// The lines for which it says the same; empty for the shipment.
    pub lines: Vec<u16>,
    /// Whether the version's dates are those of the law that was read.
    pub dated: bool,
    /// The parcel's facts that the rule read.
    pub read: Vec<Read>,
}

/// The path taken.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub struct PathText {
    pub entry_path: &'static str,
    pub filer: String,
    pub bond: String,
    pub time: String,
    pub needs: Vec<String>,
}

/// A fact taken by a presumption, with the value taken.
#[derive(Clone, Debug, Serialize)]
pub struct Presumed {
    /// Its place in the decision's `assumed`.
    pub assumed: usize,
    /// The value taken.
    pub value: String,
    /// The lines for which it is taken, ascending; empty for the shipment.
    pub lines: Vec<u16>,
}

/// Which records are kept, and by which rule.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the contract's")]
pub struct RecordsText {
    pub what: String,
    pub cite: Vec<String>,
    pub confidence: &'static str,
}

/// What is read besides the books.
#[derive(Clone, Copy)]
struct Seen<'a> {
    books: Books<'a>,
    shipment: &'a Shipment,
    texts: &'a Texts,
    day: &'a DayContext,
    decision: &'a Decision,
}

/// Assesses a parcel and explains the decision. Changes are found by assessing again.
#[must_use]
pub fn explain(
    books: Books<'_>,
    shipment: &Shipment,
    texts: &Texts,
    day: &DayContext,
    known: Known<'_>,
    scratch: &mut Scratch,
) -> Explanation {
    let decision = assess_into(books, shipment, day, scratch).clone();
    let rendered = render(books, shipment, day, &decision, known, scratch);
    let mut search = changes::Search {
        books,
        shipment,
        day,
        decision: &decision,
        scratch,
    };
    let changes = changes::find(&mut search);
    let savings = cheaper::find(&mut search, &changes);
    let formal_from = formal::find(&mut search);
    let seen = Seen {
        books,
        shipment,
        texts,
        day,
        decision: &decision,
    };
    Explanation {
        parcel: parcel(&seen),
        steps: steps::steps(&seen, &rendered),
        path: path(&seen),
        assumed: assumed(&seen),
        records: records(&seen),
        facts: deciding::facts(&seen),
        changes,
        savings,
        formal_from,
        decision: rendered,
    }
}

fn parcel(seen: &Seen<'_>) -> ParcelText {
    let (shipment, zone) = (seen.shipment, seen.books.law.zone());
    let shown = |when: When| {
        if when.exact {
            zone.show(when.moment)
        } else {
            when.day.to_string()
        }
    };
    let mut origins: Vec<String> = Vec::new();
    for origin in shipment.lines.iter().filter_map(|line| line.origin) {
        if !origins.iter().any(|known| *known == origin.as_str()) {
            origins.push(origin.to_string());
        }
    }
    let terms = FieldId::named("duty_terms").and_then(|field| seen.texts.get(field));
    let priced = |total: Cents| match seen.decision.unpriced {
        true => amount::UNKNOWN.to_owned(),
        false => total.to_string(),
    };
    ParcelText {
        shipment_id: clean(&shipment.id),
        mode: shipment.mode.as_str(),
        purpose: shipment.purpose.as_str(),
        country_of_shipment: shipment.country_of_shipment.to_string(),
        origins,
        origin_missing: shipment.lines.iter().any(|line| line.origin.is_none()),
        arrives_at: shown(shipment.arrives_at),
        entered_at: shipment.entered_at.map(shown),
        value_usd: priced(seen.decision.value),
        entered_value_usd: priced(seen.decision.entered_value),
        duty_terms: terms.and_then(DutyTerms::parse).map(DutyTerms::as_str),
        lines: (0..shipment.lines.len())
            .map(|at| article(seen, at))
            .collect(),
    }
}

fn article(seen: &Seen<'_>, at: usize) -> ArticleText {
    use crate::shipment::fields::id;
    let line = &seen.shipment.lines[at];
    let text = |field| seen.texts.line(field, at).map(clean);
    ArticleText {
        line: at + 1,
        description: text(id::DESCRIPTION).unwrap_or_default(),
        htsus_number: line.number.map(|number| number.to_string()),
        country_of_origin: line.origin.map(|origin| origin.to_string()),
        line_value: decimal(line.value, line.currency),
        currency: line.currency.to_string(),
    }
}

/// Minor units as decimal text.
#[must_use]
pub fn decimal(minor: i64, currency: Currency) -> String {
    let places = currency.decimals();
    if places == 0 {
        return minor.to_string();
    }
    let scale = 10_i64.pow(places);
    format!(
        "{}.{:0width$}",
        minor / scale,
        minor % scale,
        width = places as usize
    )
}

/// Text of the input without what a terminal would obey.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn path(seen: &Seen<'_>) -> Option<PathText> {
    match &seen.books.law.version(seen.decision.path_rule?).rule {
        Rule::Path(path) => Some(PathText {
            entry_path: path.path.as_str(),
            filer: path.filer.clone(),
            bond: path.bond.clone(),
            time: path.time.clone(),
            needs: path.needs.clone(),
        }),
        _ => None,
    }
}

fn assumed(seen: &Seen<'_>) -> Vec<Presumed> {
    let mut all: Vec<Presumed> = Vec::new();
    for (at, one) in seen.decision.assumed.iter().enumerate() {
        let same = all
            .iter_mut()
            .find(|known| seen.decision.assumed[known.assumed].fact == one.fact);
        match same {
            Some(known) => known.lines.push(one.line),
            None => all.push(Presumed {
                assumed: at,
                value: read::presumed(&seen.books.law.book().facts[one.fact.0 as usize]),
                lines: vec![one.line],
            }),
        }
    }
    for one in &mut all {
        one.lines.sort_unstable();
        one.lines.dedup();
        // What is taken for the shipment is taken for its lines.
        if one.lines.first() == Some(&0) {
            one.lines.clear();
        }
    }
    all
}

fn records(seen: &Seen<'_>) -> Option<RecordsText> {
    let (_, rule) = seen.decision.records?;
    let version = seen.books.law.version(rule);
    match &version.rule {
        Rule::RecordPeriod(period) => Some(RecordsText {
            what: period.what.clone(),
            cite: version.cite.clone(),
            confidence: version.confidence.as_str(),
        }),
        _ => None,
    }
}

/// A name of the contract as words: `entry-11` as `entry 11`, `hand_carried` as `hand carried`.
#[must_use]
pub fn spaced(name: &str) -> String {
    name.replace(['-', '_'], " ")
}

/// Text with its first letter large.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// `line 3`, or `lines 1, 2, 5 to 9`; lines are given ascending.
#[must_use]
pub fn named(lines: &[u16]) -> String {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for line in lines.iter().copied() {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(line) => *last = line,
            _ => runs.push((line, line)),
        }
    }
    let shown: Vec<String> = runs
        .iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first} to {last}")
            }
        })
        .collect();
    format!(
        "line{} {}",
        if lines.len() == 1 { "" } else { "s" },
        shown.join(", ")
    )
}
