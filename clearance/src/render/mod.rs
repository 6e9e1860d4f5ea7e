//! The contract's decision: names, text, citations and the effect of each question.
//!
//! The only place that makes text of a decision, and the only one that assesses again: for what an
//! answer to a question would change.

pub mod owed;
mod questions;

use crate::assess::{Books, Scratch};
use crate::day::{DayContext, Linked};
use crate::decision::{Decision, Finding, Say};
use crate::owed::Span;
use crate::shipment::Shipment;
use crate::words::{cbp_expected, sentence, show_due};
use deminimis_law::kind::{Path, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::{EntryPath, Outcome};
use deminimis_law::{Law, Written};
use schemars::JsonSchema;
use serde::Serialize;

pub use owed::{OwedText, TotalText};
pub use questions::{Answer, QuestionText};
pub(crate) use questions::{either, told_apart};

/// What the caller knows of the person and of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The person's key.
    pub person_key: Option<&'a str>,
    /// The rules by which persons were told apart.
    pub person_rules: &'a str,
    /// Version of the program.
    pub engine: &'a str,
    /// Hash of the exchange rates.
    pub rates_hash: Option<&'a str>,
}

/// A decision as the contract writes it. The order of fields is the order of keys.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct Rendered {
    pub shipment_id: String,
    pub outcome: &'static str,
    pub basis: Option<&'static str>,
    pub entry_path: &'static str,
    pub alternatives: Vec<Alternative>,
    pub person: PersonText,
    pub day_total_usd: Option<String>,
    pub day_all_usd: Option<String>,
    pub day_total_if_linked_usd: Option<String>,
    pub cbp_expected: Option<String>,
    pub findings: Vec<FindingText>,
    pub assumed: Vec<AssumedText>,
    pub questions: Vec<QuestionText>,
    pub entered_value_usd: Option<String>,
    pub owed: Option<OwedText>,
    pub deadlines: Vec<DeadlineText>,
    pub records_until: Option<String>,
    pub law: LawText,
}

/// A path that is lawful besides the one chosen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct Alternative {
    pub entry_path: &'static str,
    pub free: bool,
    #[serde(flatten)]
    pub total: TotalText,
    /// No other lawful path can come to less, and the one chosen comes to more.
    pub cheapest: bool,
    pub filer: String,
    pub bond: String,
    pub time: String,
    pub needs: Vec<String>,
}

/// Who the one person is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct PersonText {
    pub key: Option<String>,
    pub basis: &'static str,
    pub score: Option<String>,
    /// Persons of the day told apart by the exact rules who may be this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<LinkedText>,
}

/// A person who may be the one at hand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct LinkedText {
    pub key: String,
    /// Hundredths of the logarithm of the odds that they are one person, base 2.
    pub score: i32,
    pub evidence: String,
}

/// A rule that spoke.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct FindingText {
    pub rule: String,
    pub effect: &'static str,
    pub reason: String,
    pub line: Option<u16>,
    pub cite: Vec<String>,
    pub effective: String,
    pub published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_basis: Option<&'static str>,
    pub confidence: &'static str,
}

/// A fact taken by a presumption.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct AssumedText {
    pub fact: String,
    pub line: Option<u16>,
    pub means: String,
    pub cite: Vec<String>,
    pub confidence: &'static str,
}

/// Something due.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct DeadlineText {
    pub rule: String,
    pub what: String,
    pub due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub or_due: Option<String>,
    pub cite: Vec<String>,
    pub confidence: &'static str,
}

/// By which law, schedule and rules the decision was made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct LawText {
    pub rulebook: String,
    pub engine: String,
    pub tariff: TariffText,
    pub rates_hash: Option<String>,
    pub person_rules: String,
    pub read_at: String,
    pub known_at: Option<String>,
    pub checked_until: Option<String>,
}

/// The schedule used.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct TariffText {
    pub release: String,
    pub hash: String,
}

/// The JSON Schema (2020-12) of a decision, made from the types above.
#[must_use]
pub fn decision_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Rendered).to_value();
    schema["title"] = serde_json::json!("decision");
    schema
}

/// Makes the contract's decision of a compact one.
#[must_use]
pub fn render(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    decision: &Decision,
    known: Known<'_>,
    scratch: &mut Scratch,
) -> Rendered {
    let law = books.law;
    let findings = decision
        .findings
        .iter()
        .map(|finding| finding_text(law, shipment, decision, finding));
    // A line without a value in dollars leaves every total unknown: never zero by silence.
    let priced = |total: Cents| (!decision.unpriced).then(|| total.to_string());
    Rendered {
        shipment_id: shipment.id.clone(),
        outcome: decision.outcome.as_str(),
        basis: decision.basis.map(|basis| basis.as_str()),
        entry_path: decision.path.as_str(),
        alternatives: alternatives(law, decision),
        person: PersonText {
            key: known.person_key.map(str::to_owned),
            basis: decision.person.as_str(),
            score: known.person_key.map(|_| "1.00".to_owned()),
            linked: day.linked.iter().map(linked_text).collect(),
        },
        day_total_usd: priced(decision.day_total),
        day_all_usd: priced(decision.day_all),
        day_total_if_linked_usd: decision.day_total_if_linked.and_then(priced),
        cbp_expected: cbp_expected(law, decision).map(str::to_owned),
        findings: findings.collect(),
        assumed: assumed(law, decision),
        questions: questions::texts(books, shipment, day, decision, scratch),
        entered_value_usd: priced(decision.entered_value),
        owed: is_owed(decision).then(|| owed::owed(books, shipment, &decision.owed)),
        deadlines: deadlines(law, decision),
        records_until: decision.records.map(|(day, _)| day.to_string()),
        law: law_text(books, decision, known),
    }
}

fn linked_text(linked: &Linked) -> LinkedText {
    LinkedText {
        key: linked.key.clone(),
        score: linked.score,
        evidence: linked.evidence.clone(),
    }
}

/// What may not enter is not reckoned.
fn is_owed(decision: &Decision) -> bool {
    decision.outcome != Outcome::Prohibited
}

fn finding_text(
    law: &Law,
    shipment: &Shipment,
    decision: &Decision,
    finding: &Finding,
) -> FindingText {
    let version = law.version(finding.rule);
    // A gap speaks of how far an instrument reaches: no version says it, so none is cited.
    let gap = finding.say == Say::Gap;
    let show = |date: Written| match gap {
        true => String::new(),
        false => date.show(law.zone()),
    };
    FindingText {
        rule: law.instrument(finding.rule).id.clone(),
        effect: finding.effect.as_str(),
        reason: sentence(law, shipment, decision, finding),
        line: (finding.line > 0).then_some(finding.line),
        cite: match gap {
            true => Vec::new(),
            false => version.cite.clone(),
        },
        effective: show(version.effective),
        published: show(version.published),
        published_basis: version.published_unknown.then_some("unknown"),
        confidence: version.confidence.as_str(),
    }
}

/// The rule of a lawful path: of two for one path, the one that fits the basis.
#[must_use]
pub fn path_rule<'l>(law: &'l Law, decision: &Decision, path: EntryPath) -> Option<&'l Path> {
    let rules = (0..law.book().instruments.len() as u16)
        .filter_map(|at| law.in_force_at(at, decision.read_at))
        .filter_map(|rule| match &law.version(rule).rule {
            Rule::Path(rule) if rule.path == path => Some(rule),
            _ => None,
        });
    let fits = |rule: &Path| match decision.basis {
        Some(basis) => rule.free_for.has(basis),
        None => rule.free_for.is_empty(),
    };
    rules.max_by_key(|rule| (fits(rule), rule.free_for.is_empty()))
}

fn alternatives(law: &Law, decision: &Decision) -> Vec<Alternative> {
    let others = decision.lawful.iter().filter(|path| *path != decision.path);
    others
        .filter_map(|path| path_rule(law, decision, path).map(|rule| (path, rule)))
        .map(|(path, rule)| Alternative {
            entry_path: path.as_str(),
            free: decision.basis.is_some_and(|basis| rule.free_for.has(basis)),
            total: by_path(decision, path)
                .map(TotalText::of)
                .unwrap_or_default(),
            cheapest: cheapest(decision) == Some(path),
            filer: rule.filer.clone(),
            bond: rule.bond.clone(),
            time: rule.time.clone(),
            needs: rule.needs.clone(),
        })
        .collect()
}

/// What a lawful path comes to, where it was reckoned.
fn by_path(decision: &Decision, path: EntryPath) -> Option<Span> {
    let mut paths = decision.owed.paths.iter();
    paths.find_map(|(known, total)| (*known == path).then_some(*total))
}

/// The path that certainly comes to less than the one chosen and to no more than any other.
fn cheapest(decision: &Decision) -> Option<EntryPath> {
    let own = by_path(decision, decision.path)?;
    let paths = decision.owed.paths.iter();
    let known = paths.filter_map(|(path, total)| Some((total.high?, *path)));
    let (most, path) = known.min_by_key(|(most, _)| *most)?;
    let least = decision
        .owed
        .paths
        .iter()
        .map(|(_, total)| total.low)
        .min()?;
    (path != decision.path && most < own.low && most <= least).then_some(path)
}

fn assumed(law: &Law, decision: &Decision) -> Vec<AssumedText> {
    let text = |one: &crate::decision::Assumed| {
        let fact = &law.book().facts[one.fact.0 as usize];
        AssumedText {
            fact: fact.name.clone(),
            line: (one.line > 0).then_some(one.line),
            means: fact.means.clone(),
            cite: fact.cite.clone(),
            confidence: fact.confidence.as_str(),
        }
    };
    decision.assumed.iter().map(text).collect()
}

fn deadlines(law: &Law, decision: &Decision) -> Vec<DeadlineText> {
    use crate::decision::Due;
    let text = |deadline: &crate::decision::DueAt| {
        let version = law.version(deadline.rule);
        let what = match &version.rule {
            Rule::Deadline(deadline) => deadline.what.clone(),
            _ => String::new(),
        };
        let (due, or_due) = match deadline.due {
            Due::Unknown => (None, None),
            Due::EitherDay(first, second) => (Some(first.to_string()), Some(second.to_string())),
            due => (Some(show_due(law, due)), None),
        };
        DeadlineText {
            rule: law.instrument(deadline.rule).id.clone(),
            what,
            due,
            or_due,
            cite: version.cite.clone(),
            confidence: version.confidence.as_str(),
        }
    };
    decision.deadlines.iter().map(text).collect()
}

fn law_text(books: Books<'_>, decision: &Decision, known: Known<'_>) -> LawText {
    let zone = books.law.zone();
    let checked =
        (decision.checked_until.0 != i32::MAX).then(|| decision.checked_until.to_string());
    LawText {
        rulebook: books.law.hash().to_owned(),
        engine: known.engine.to_owned(),
        tariff: TariffText {
            release: books.tariff.release().to_owned(),
            hash: books.tariff.hash().to_owned(),
        },
        rates_hash: known.rates_hash.map(str::to_owned),
        person_rules: known.person_rules.to_owned(),
        read_at: zone.show(decision.read_at),
        known_at: books.law.known_at().map(|moment| zone.show(moment)),
        checked_until: checked,
    }
}
