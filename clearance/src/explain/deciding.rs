//! What the words in plain language turn on: the outcome and the finding that decided it.

use super::Seen;
use super::amount::dollars;
use super::steps::{Group, group};
use crate::decision::{Decision, Finding, Say};
use crate::shipment::FieldId;
use deminimis_law::Law;
use deminimis_law::kind::{Kind, Rule};
use deminimis_law::names::{Basis, DutyTerms, EntryPath, Outcome};
use deminimis_law::time::Day;

/// What the words in plain language turn on.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub outcome: Outcome,
    pub basis: Option<Basis>,
    pub path: EntryPath,
    pub mode: &'static str,
    pub terms: Option<DutyTerms>,
    pub arrives: Day,
    pub records_until: Option<Day>,
    /// The finding that decided, by its place, and what kind of rule and sentence it is.
    pub decisive: Option<(usize, Kind, Say)>,
    /// The limit that was read and its basis, if one was.
    pub limit: Option<(Basis, String)>,
}

/// Reads them off a decision.
pub(super) fn facts(seen: &Seen<'_>) -> Facts {
    let (decision, law) = (seen.decision, seen.books.law);
    let terms = FieldId::named("duty_terms").and_then(|field| seen.texts.get(field));
    let decisive = decisive(law, decision);
    let of_rule = decisive.and_then(|(_, finding)| basis_of(law, finding));
    let basis = decision.basis.or(of_rule).unwrap_or(Basis::Section321C);
    Facts {
        outcome: decision.way(),
        basis: decision.basis,
        path: decision.path,
        mode: seen.shipment.mode.as_str(),
        terms: terms.and_then(DutyTerms::parse),
        arrives: seen.shipment.arrives_at.day,
        records_until: decision.records.map(|(day, _)| day),
        decisive: decisive.map(|(at, one)| (at, law.instrument(one.rule).kind, one.say)),
        limit: decision.limits[basis as usize].map(|limit| (basis, dollars(limit.limit))),
    }
}

/// The basis whose limit or count a finding states.
fn basis_of(law: &Law, finding: &Finding) -> Option<Basis> {
    match &law.version(finding.rule).rule {
        Rule::ValueLimit(limit) => Some(limit.basis),
        Rule::DayCount(count) => Some(count.basis),
        _ => None,
    }
}

/// The finding that decided: a ban, else for a free parcel what opens its basis. Else the first
/// denial: of a gift or a traveler's own articles before that of the general exemption, of goods or
/// by suspension before value and day.
fn decisive<'d>(law: &Law, decision: &'d Decision) -> Option<(usize, &'d Finding)> {
    use deminimis_law::names::Effect::{Allows, Denies, Flags, Prohibits};
    let order = |finding: &Finding| {
        let kind = law.instrument(finding.rule).kind;
        let of_path = group(law, finding) == Group::Path;
        match (decision.way(), finding.effect, kind) {
            (Outcome::Prohibited, Prohibits, _) => Some(0),
            (Outcome::Free, Allows, Kind::ValueLimit) => {
                let limit = decision
                    .basis
                    .and_then(|basis| decision.limits[basis as usize]);
                limit
                    .is_some_and(|limit| limit.rule == finding.rule)
                    .then_some(0)
            }
            (Outcome::Free, Allows, Kind::EntryPath) => Some(1),
            (Outcome::EntryRequired, Flags, _) if finding.say == Say::Elected => Some(0),
            (Outcome::EntryRequired, Denies, Kind::Exclusion) if !of_path => Some(1),
            (Outcome::EntryRequired, Denies, Kind::Suspension) => Some(2),
            (Outcome::EntryRequired, Denies, Kind::ValueLimit | Kind::DayCount) => {
                let general = basis_of(law, finding) == Some(Basis::Section321C);
                Some(if general { 3 } else { 1 })
            }
            _ => None,
        }
    };
    let ranked = decision.findings.iter().enumerate();
    let ranked = ranked.filter_map(|(at, one)| order(one).map(|order| (order, at, one)));
    ranked
        .min_by_key(|(order, at, _)| (*order, *at))
        .map(|(_, at, one)| (at, one))
}
