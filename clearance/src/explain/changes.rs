//! The smallest changes that would turn the outcome, each found by assessing the changed parcel.
//!
//! A candidate may come from a formula, a change is reported only if assessing it again agrees; an
//! amount only if one cent less of it would not do. What is reported are facts that would have to be
//! true, so purpose and description are never varied.

use super::amount::dollars;
use super::edit::{Edit, above_limits};
use super::origins;
use super::when;
use crate::assess::{Books, Scratch, assess_into};
use crate::day::DayContext;
use crate::decision::{Decision, Unknown};
use crate::render::TotalText;
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::condition::Cond;
use deminimis_law::facts::{Absence, FactId, FactType, FactValue, TextHash};
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Clock, EntryPath, Outcome};
use deminimis_law::time::Moment;
use deminimis_tariff::Number;
use serde::Serialize;
use std::collections::BTreeSet;

/// At most so many changes are reported.
pub(super) const MOST: usize = 6;

/// A change that turns the outcome, or lightens the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What would have to be so.
    pub words: String,
    /// The outcome it leads to.
    pub outcome: &'static str,
    /// The basis it leads to.
    pub basis: Option<&'static str>,
    /// The path it leads to.
    pub entry_path: &'static str,
    /// What would then be owed.
    #[serde(flatten)]
    pub total: TotalText,
    /// The change itself.
    #[serde(skip)]
    pub edit: Edit,
}

/// Everything a search reads, and the buffers it assesses in.
pub(super) struct Search<'a> {
    pub books: Books<'a>,
    pub shipment: &'a Shipment,
    pub day: &'a DayContext,
    /// What stands before any change.
    pub decision: &'a Decision,
    pub scratch: &'a mut Scratch,
}

/// What a changed parcel leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub outcome: Outcome,
    pub basis: Option<Basis>,
    pub path: EntryPath,
    filings: u32,
    /// The date lies outside the law in hand.
    pub uncovered: bool,
}

impl Search<'_> {
    /// The parcel assessed with the change made.
    pub fn assessed(&mut self, edit: &Edit) -> &Decision {
        let (shipment, day) = edit.apply(self.books, self.shipment, self.day, self.decision);
        assess_into(self.books, &shipment, &day, self.scratch)
    }

    /// What the parcel would be with the change made.
    pub fn verdict(&mut self, edit: &Edit) -> Verdict {
        let law = self.books.law;
        verdict_of(law, self.assessed(edit))
    }

    /// Whether a verdict is what is looked for: another outcome for a free parcel; free, or a
    /// lighter path, for one that is not.
    pub fn turns(&self, to: Verdict) -> bool {
        let now = verdict_of(self.books.law, self.decision);
        let enters = matches!(to.outcome, Outcome::Free | Outcome::EntryRequired);
        match now.outcome {
            Outcome::Free => matches!(to.outcome, Outcome::EntryRequired | Outcome::Prohibited),
            Outcome::EntryRequired if to.outcome == Outcome::EntryRequired => {
                to.path != now.path && to.filings < now.filings
            }
            Outcome::EntryRequired => to.outcome == Outcome::Free,
            // A lesser change than "it is known now" would hide what is missing.
            Outcome::NeedsPerson => to.outcome == Outcome::Free,
            Outcome::Prohibited => enters,
        }
    }

    fn tried(&mut self, edit: Edit, words: impl Into<String>) -> Option<Change> {
        let to = self.verdict(&edit);
        self.turns(to).then(|| change(edit, words.into(), to))
    }

    /// For a parcel that waits for an answer: the answer settles it, be it with an entry.
    fn settled(&mut self, edit: Edit, words: impl Into<String>) -> Option<Change> {
        let to = self.verdict(&edit);
        let now = self.decision.way();
        let settles = now == Outcome::NeedsPerson && to.outcome == Outcome::EntryRequired;
        (settles || self.turns(to)).then(|| change(edit, words.into(), to))
    }
}

pub(super) fn change(edit: Edit, words: String, to: Verdict) -> Change {
    Change {
        words,
        outcome: to.outcome.as_str(),
        basis: to.basis.map(Basis::as_str),
        entry_path: to.path.as_str(),
        total: TotalText::default(),
        edit,
    }
}

pub(super) fn verdict_of(law: &Law, decision: &Decision) -> Verdict {
    let filings = decision
        .path_rule
        .map_or(0, |rule| match &law.version(rule).rule {
            Rule::Path(path) => path.filings,
            _ => 0,
        });
    Verdict {
        outcome: decision.way(),
        basis: decision.basis,
        path: decision.path,
        filings,
        uncovered: decision
            .findings
            .iter()
            .any(|one| one.say == crate::decision::Say::Gap),
    }
}

/// The changes, those that ask least of the parcel first: what is only to be told or shown, then
/// another path or day, then value, then date, then origin.
pub(super) fn find(search: &mut Search<'_>) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    if search.decision.way() == Outcome::Free {
        found.extend(value_more(search));
        found.extend(further(search));
        found.extend(when::later(search));
    } else {
        found.extend(missing(search));
        found.extend(numbers(search));
        let unknown = origins::unknown(search);
        found.extend(unknown.then(|| origins::other(search)).flatten());
        found.sort_by_key(|change| change.outcome != Outcome::Free.as_str());
        found.extend(claims(search));
        if search.shipment.entry_path.is_some() {
            found.extend(search.tried(Edit::AnyPath, "the sender asks for no path of its own"));
        }
        let alone = "on a day on which this person imports nothing else";
        found.extend(search.tried(Edit::AnotherDay, alone));
        found.extend(value_less(search));
        found.extend(when::earlier(search));
        found.extend(when::later(search));
        found.extend((!unknown).then(|| origins::other(search)).flatten());
    }
    let mut seen = BTreeSet::new();
    found.retain(|change| seen.insert(change.words.clone()));
    found.truncate(MOST);
    for change in &mut found {
        let to = search.assessed(&change.edit);
        change.total = TotalText::of_decision(to);
    }
    found
}

/// Each fact that has no lawful default, answered for all the lines that lack it.
fn missing(search: &mut Search<'_>) -> Vec<Change> {
    let (law, decision) = (search.books.law, search.decision);
    let mut asked: Vec<(Unknown, Vec<u16>)> = Vec::new();
    for one in decision.questions.iter().filter(|one| one.material) {
        match asked.iter_mut().find(|(what, _)| *what == one.what) {
            Some((_, lines)) => lines.push(one.line),
            None => asked.push((one.what, vec![one.line])),
        }
    }
    let mut found = Vec::new();
    for (what, mut lines) in asked {
        match what {
            Unknown::Fact(fact) if fact == law.origin_fact() || fact == law.number_fact() => {}
            Unknown::Fact(fact) => {
                lines.retain(|line| *line > 0);
                let all = lines.is_empty() || lines.len() == search.shipment.lines.len();
                let of = if all {
                    String::new()
                } else {
                    format!("{}, ", super::named(&lines))
                };
                let spec = &law.book().facts[fact.0 as usize];
                for yes in [false, true] {
                    let Some(value) = yes_or_no(spec.kind, yes) else {
                        continue;
                    };
                    let said = if yes { "yes" } else { "no" };
                    let words = format!("{of}answered {said}: {}", spec.question);
                    found.extend(search.settled(Edit::Fact(fact, value, lines.clone()), words));
                }
            }
            Unknown::Clock(clock) => found.extend(times(search, clock)),
            Unknown::Rule(_) | Unknown::ExchangeRate => {}
        }
    }
    found
}

fn yes_or_no(kind: FactType, yes: bool) -> Option<FactValue> {
    match kind {
        FactType::Bool => Some(FactValue::Bool(yes)),
        FactType::Text if yes => Some(FactValue::Text(TextHash::of("given"))),
        FactType::Text => Some(FactValue::Text(TextHash::NONE)),
        FactType::Usd | FactType::Share => None,
    }
}

/// The time of a date, before and after each moment at which a rule parts it.
fn times(search: &mut Search<'_>, clock: Clock) -> Vec<Change> {
    let law = search.books.law;
    let mut moments: BTreeSet<Moment> = BTreeSet::new();
    each_condition(law, search.decision, |part| {
        if let Cond::Before(asked, moment) = part
            && *asked == clock
        {
            moments.insert(*moment);
        }
    });
    let given = (clock == Clock::ArrivesAt).then_some(search.shipment.arrives_at.day);
    let mut found = Vec::new();
    for moment in moments {
        let shown = law.zone().show(moment);
        let before = (moment.plus_minutes(-1), "before");
        for (at, side) in [before, (moment, "not before")] {
            if given.is_none_or(|day| law.zone().day(at) == day) {
                let words = format!("{} {side} {shown}", verb(clock));
                found.extend(search.settled(Edit::Time(clock, at), words));
            }
        }
    }
    found
}

/// What happens at a clock, as a word.
pub(super) fn verb(clock: Clock) -> &'static str {
    match clock {
        Clock::EnteredAt => "entered",
        Clock::ArrivesAt => "arrives",
        Clock::FiledAt => "filed",
        Clock::LoadedAt => "loaded",
        Clock::ExportedOn => "exported",
    }
}

/// The number given in full: goods for which no rule of their own speaks, if that would do.
fn numbers(search: &mut Search<'_>) -> Option<Change> {
    let number_asked = Unknown::Fact(search.books.law.number_fact());
    if !search
        .decision
        .questions
        .iter()
        .any(|one| one.what == number_asked && one.material)
    {
        return None;
    }
    let short = search
        .shipment
        .lines
        .iter()
        .filter(|line| line.number.is_none_or(|number| number.len() < 10));
    let short = short.map(|line| line.number).next()?;
    // For a short number its own branches; without a number the first article of each chapter.
    let starts: Vec<(u64, u32)> = match short {
        Some(number) => {
            let len = u32::from(number.len());
            (0..10)
                .map(|next| (number.digits() * 10 + next, len + 1))
                .collect()
        }
        None => (1..=97).map(|chapter| (chapter * 100 + 1, 4)).collect(),
    };
    // The best of them stands for goods that no rule singles out.
    let edits = starts.into_iter().filter_map(|(start, len)| {
        let digits = start.checked_mul(10_u64.checked_pow(10_u32.checked_sub(len)?)?)?;
        Number::from_digits(digits, 10).map(Edit::Number)
    });
    let tried: Vec<(Edit, Verdict)> = edits
        .map(|edit| (edit.clone(), search.verdict(&edit)))
        .collect();
    let best = tried
        .into_iter()
        .min_by_key(|(_, to)| (to.outcome, to.filings, to.path))?;
    let words = "the HTSUS number given in full, of goods that no rule singles out";
    search.tried(best.0, words)
}

/// Each relief that must be claimed, claimed for every line.
fn claims(search: &mut Search<'_>) -> Vec<Change> {
    let law = search.books.law;
    let mut found = Vec::new();
    for (at, fact) in law.book().facts.iter().enumerate() {
        if fact.kind != FactType::Bool || !matches!(fact.absence, Absence::Claim) {
            continue;
        }
        let edit = Edit::Fact(FactId(at as u16), FactValue::Bool(true), Vec::new());
        let words = format!(
            "{} claimed for every line, and proof: {}",
            fact.name, fact.means
        );
        found.extend(search.tried(edit, words));
    }
    found
}

/// The least by which the goods would have to be worth less, to be free and for a lighter path.
fn value_less(search: &mut Search<'_>) -> Vec<Change> {
    let (value, entered) = (search.decision.value, search.decision.entered_value);
    let mut amounts: BTreeSet<i64> = BTreeSet::new();
    amounts.extend(
        above_limits(search.decision, search.day)
            .iter()
            .map(|above| above.0),
    );
    each_condition(search.books.law, search.decision, |part| match part {
        Cond::ValueOver(limit) => drop(amounts.insert(value.0 - limit.0)),
        Cond::EnteredValueOver(limit) => drop(amounts.insert(entered.0 - limit.0)),
        _ => {}
    });
    let mut found: Vec<Change> = Vec::new();
    for by in amounts.into_iter().filter(|by| *by > 0 && *by < value.0) {
        let words = format!(
            "goods worth {} less, {} in all",
            dollars(Cents(by)),
            dollars(Cents(value.0 - by))
        );
        let Some(change) = search.tried(Edit::ValueLess(Cents(by)), words) else {
            continue;
        };
        let known = found.iter().any(|one| {
            one.outcome == Outcome::Free.as_str() || one.entry_path == change.entry_path
        });
        let nearly = search.verdict(&Edit::ValueLess(Cents(by - 1)));
        let sooner = search.turns(nearly) && nearly.outcome.as_str() == change.outcome;
        if !known && !sooner {
            found.push(change);
        }
    }
    found
}

/// The least by which the goods would have to be worth more, not to be free.
fn value_more(search: &mut Search<'_>) -> Option<Change> {
    let (value, entered) = (search.decision.value, search.decision.entered_value);
    let mut amounts: BTreeSet<i64> = BTreeSet::new();
    amounts.extend(
        above_limits(search.decision, search.day)
            .iter()
            .map(|above| 1 - above.0),
    );
    each_condition(search.books.law, search.decision, |part| match part {
        Cond::ValueOver(limit) => drop(amounts.insert(limit.0 - value.0 + 1)),
        Cond::EnteredValueOver(limit) => drop(amounts.insert(limit.0 - entered.0 + 1)),
        _ => {}
    });
    amounts.into_iter().filter(|by| *by > 0).find_map(|by| {
        let words = format!(
            "goods worth {} more, {} in all",
            dollars(Cents(by)),
            dollars(value.plus(Cents(by)))
        );
        let change = search.tried(Edit::ValueMore(Cents(by)), words)?;
        let nearly = search.verdict(&Edit::ValueMore(Cents(by - 1)));
        (!search.turns(nearly)).then_some(change)
    })
}

/// Another parcel before it that day that takes up the limit.
fn further(search: &mut Search<'_>) -> Option<Change> {
    let basis = search.decision.basis?;
    let limit = search.decision.limits[basis as usize]?;
    let total = limit.total(basis, search.decision.value, search.day);
    let by = Cents(limit.limit.0.saturating_sub(total.0).saturating_add(1));
    let least = dollars(by);
    let words =
        format!("another free parcel of this person that day, before it, of {least} or more");
    let change = search.tried(Edit::Further(basis, by), words)?;
    let nearly = search.verdict(&Edit::Further(basis, Cents(by.0 - 1)));
    (!search.turns(nearly)).then_some(change)
}

/// Visits the conditions of every rule in force at the parcel's entry.
fn each_condition(law: &Law, decision: &Decision, mut visit: impl FnMut(&Cond)) {
    for at in 0..law.book().instruments.len() {
        if let Some(rule) = law.in_force_at(at as u16, decision.read_at) {
            law.version(rule).when.walk(&mut visit);
        }
    }
}
