//! Whole readings of the law, remembered by [`Key`] in the caller's scratch space: which rules
//! spoke and what followed, without an amount or a date of a parcel.
//!
//! Amounts and dates are filled in from each parcel anew. Bounded: when there is no more room, it
//! starts anew.

use crate::assess::after::earliest_checked;
use crate::assess::dates::Dates;
use crate::assess::key::{Amounts, Key};
use crate::basis::{Candidate, Limits, Open};
use crate::day::DayContext;
use crate::decision::{Asked, Assumed, Decision, DueAt, Finding, Say};
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::Kind;
use deminimis_law::names::{Basis, Clock, Effect, EntryPath, Outcome, PersonBasis, Set};
use deminimis_law::time::Day;
use deminimis_law::{Law, Stretch};
use std::ops::Range;

/// How many readings are remembered before it starts anew.
const READINGS: usize = 1 << 15;
/// How many places there are to find them: a power of two, never more than half of them taken.
const PLACES: usize = 2 * READINGS;
/// How many places are looked at. Keys that fall together on purpose gain no more time than this.
const PROBES: usize = 32;
/// How many words, findings, questions, assumptions and deadlines the readings may hold together.
const PARTS: usize = 1 << 19;
/// How many ways to limit the bases they may hold.
const LIMITS: usize = 1 << 8;

/// What is kept of a decision.
#[derive(Clone, Copy)]
struct Reading {
    outcome: Outcome,
    basis: Option<Basis>,
    path: EntryPath,
    path_rule: Option<RuleRef>,
    lawful: Set<EntryPath>,
    person: PersonBasis,
    records: Option<RuleRef>,
    cbp_expected: Option<RuleRef>,
    /// The rule that was checked to the earliest day, and the day.
    checked: Option<(Day, RuleRef)>,
    open: Set<Basis>,
    closed_by_bill: Set<Basis>,
    undecided: Option<Open>,
    limits: u32,
    /// Where its parts begin in each list; they end where those of the next reading begin.
    starts: Starts,
}

#[derive(Clone, Copy, Default)]
struct Starts {
    words: u32,
    findings: u32,
    amounts: u32,
    questions: u32,
    assumed: u32,
    deadlines: u32,
}

/// What belongs into the sentence of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Argument {
    /// Nothing.
    None,
    /// The parcel's value, which is the day's total too where it is alone.
    Value,
    /// The moment of a clock.
    Moment(Clock),
}

/// The readings, and the key of the parcel at hand.
pub struct Readings {
    key: Key,
    hash: u64,
    keeps: bool,
    law: u64,
    /// Half of the hash, and one more than the place of the reading; 0 is free.
    places: Vec<u64>,
    /// Half of the hash of what was last seen here and not kept.
    seen: Vec<u32>,
    readings: Vec<Reading>,
    words: Vec<u64>,
    findings: Vec<Finding>,
    /// Which findings of a reading take what.
    amounts: Vec<(u32, Argument)>,
    questions: Vec<Asked>,
    assumed: Vec<Assumed>,
    deadlines: Vec<RuleRef>,
    limits: Vec<Limits>,
}

impl Readings {
    /// No readings; with `keeps` false it never holds any.
    pub fn new(keeps: bool) -> Readings {
        let room = |count| if keeps { count } else { 0 };
        Readings {
            key: Key::default(),
            hash: 0,
            keeps,
            law: 0,
            places: vec![0; room(PLACES)],
            seen: vec![0; room(PLACES)],
            readings: Vec::with_capacity(room(READINGS)),
            words: Vec::with_capacity(room(PARTS)),
            findings: Vec::with_capacity(room(PARTS)),
            amounts: Vec::with_capacity(room(PARTS)),
            questions: Vec::with_capacity(room(PARTS)),
            assumed: Vec::with_capacity(room(PARTS)),
            deadlines: Vec::with_capacity(room(PARTS)),
            limits: Vec::with_capacity(room(LIMITS)),
        }
    }

    /// Describes the parcel at hand; whether its reading can be found and kept.
    pub fn describe(
        &mut self,
        dates: &Dates<'_>,
        stretch: Stretch,
        day: &DayContext,
        amounts: Amounts,
    ) -> bool {
        if !self.keeps {
            return false;
        }
        if self.law != dates.law.mark() {
            self.start_anew();
            self.law = dates.law.mark();
        }
        let held = self.key.describe(dates, stretch, day, amounts);
        if held {
            self.hash = hash(self.key.words());
        }
        held
    }

    fn start_anew(&mut self) {
        self.places.fill(0);
        self.readings.clear();
        self.words.clear();
        self.findings.clear();
        self.amounts.clear();
        self.questions.clear();
        self.assumed.clear();
        self.deadlines.clear();
        self.limits.clear();
    }

    fn ends(&self) -> Starts {
        Starts {
            words: self.words.len() as u32,
            findings: self.findings.len() as u32,
            amounts: self.amounts.len() as u32,
            questions: self.questions.len() as u32,
            assumed: self.assumed.len() as u32,
            deadlines: self.deadlines.len() as u32,
        }
    }

    fn starts_after(&self, reading: usize) -> Starts {
        let next = self.readings.get(reading + 1);
        next.map_or_else(|| self.ends(), |next| next.starts)
    }

    fn places_of(hash: u64) -> impl Iterator<Item = usize> {
        (0..PROBES).map(move |step| (hash as usize).wrapping_add(step) & (PLACES - 1))
    }

    fn find(&self) -> Option<usize> {
        for place in Readings::places_of(self.hash) {
            let taken = self.places[place];
            let found = (taken as u32).checked_sub(1)? as usize;
            if taken >> 32 == self.hash >> 32 {
                let (from, until) = (self.readings[found].starts, self.starts_after(found));
                if self.words[span(from.words, until.words)] == *self.key.words() {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Decides the parcel described by a reading that is known; whether there is one.
    pub fn recall(
        &self,
        dates: &Dates<'_>,
        stretch: Stretch,
        amounts: Amounts,
        out: &mut Decision,
    ) -> bool {
        let Some(found) = self.find() else {
            return false;
        };
        let (known, until) = (&self.readings[found], self.starts_after(found));
        let from = known.starts;
        let entry = dates.shipment.entry_when();
        out.findings.clear();
        out.questions.clear();
        out.assumed.clear();
        out.deadlines.clear();
        let findings = &self.findings[span(from.findings, until.findings)];
        out.findings.extend_from_slice(findings);
        for (at, argument) in &self.amounts[span(from.amounts, until.amounts)] {
            out.findings[*at as usize].argument = argument.of(dates, amounts);
        }
        if let Some((day, rule)) = known.checked.filter(|(day, _)| entry.day > *day) {
            out.findings.push(unchecked(day, rule));
        }
        let questions = &self.questions[span(from.questions, until.questions)];
        out.questions.extend_from_slice(questions);
        let assumed = &self.assumed[span(from.assumed, until.assumed)];
        out.assumed.extend_from_slice(assumed);
        for rule in &self.deadlines[span(from.deadlines, until.deadlines)] {
            let (rule, due) = (*rule, dates.due(*rule));
            out.deadlines.push(DueAt { rule, due });
        }
        let records = known
            .records
            .and_then(|rule| Some((dates.records_until(rule)?, rule)));
        // The lists are moved out and in again, so that every other field must be named here.
        *out = Decision {
            outcome: known.outcome,
            basis: known.basis,
            path: known.path,
            path_rule: known.path_rule,
            lawful: known.lawful,
            person: known.person,
            read_at: entry.moment,
            stretch,
            value: amounts.value,
            entered_value: amounts.entered_value,
            unpriced: false,
            day_total: amounts.value,
            day_all: amounts.value,
            day_total_if_linked: None,
            findings: std::mem::take(&mut out.findings),
            questions: std::mem::take(&mut out.questions),
            assumed: std::mem::take(&mut out.assumed),
            deadlines: std::mem::take(&mut out.deadlines),
            owed: std::mem::take(&mut out.owed),
            records,
            cbp_expected: known.cbp_expected,
            checked_until: known.checked.map_or(Day(i32::MAX), |(day, _)| day),
            candidate: Candidate {
                open: known.open,
                closed_by_bill: known.closed_by_bill,
                value: amounts.value,
                undecided: known.undecided,
            },
            limits: self.limits[known.limits as usize],
        };
        true
    }

    /// Keeps the reading of the parcel described. Parcels of several lines are seldom alike: theirs
    /// is kept when it is met again, so that it does not push out what serves more often.
    pub fn keep(&mut self, dates: &Dates<'_>, amounts: Amounts, decision: &Decision) {
        if dates.shipment.lines.len() > 1 && self.is_first_sight() {
            return;
        }
        let has_room = self.has_room(decision);
        if !has_room {
            self.start_anew();
        }
        let free = Readings::places_of(self.hash).find(|at| self.places[*at] == 0);
        let Some(place) = free else { return };
        let starts = self.ends();
        let findings = decision.findings.iter();
        let own = findings.filter(|finding| finding.say != Say::Unchecked);
        for (at, finding) in own.enumerate() {
            let argument = Argument::in_sentence(dates.law, finding);
            if argument.of(dates, amounts) != finding.argument {
                // What is not known to come from the parcel must not be carried to another.
                self.findings.truncate(starts.findings as usize);
                self.amounts.truncate(starts.amounts as usize);
                return;
            }
            if argument != Argument::None {
                self.amounts.push((at as u32, argument));
            }
            self.findings.push(Finding {
                argument: 0,
                ..*finding
            });
        }
        self.words.extend_from_slice(self.key.words());
        self.questions.extend_from_slice(&decision.questions);
        self.assumed.extend_from_slice(&decision.assumed);
        self.deadlines
            .extend(decision.deadlines.iter().map(|due| due.rule));
        let limits = self
            .limits
            .iter()
            .position(|known| *known == decision.limits);
        let limits = limits.unwrap_or_else(|| {
            self.limits.push(decision.limits);
            self.limits.len() - 1
        });
        self.places[place] = self.hash >> 32 << 32 | (self.readings.len() as u64 + 1);
        let Candidate {
            open,
            closed_by_bill,
            value: _,
            undecided,
        } = decision.candidate;
        self.readings.push(Reading {
            outcome: decision.outcome,
            basis: decision.basis,
            path: decision.path,
            path_rule: decision.path_rule,
            lawful: decision.lawful,
            person: decision.person,
            records: decision.records.map(|(_, rule)| rule),
            cbp_expected: decision.cbp_expected,
            checked: earliest_checked(dates.law, &decision.findings),
            open,
            closed_by_bill,
            undecided,
            limits: limits as u32,
            starts,
        });
    }

    fn is_first_sight(&mut self) -> bool {
        let half = (self.hash >> 32) as u32;
        let place = self.hash as usize & (PLACES - 1);
        std::mem::replace(&mut self.seen[place], half) != half
    }

    fn has_room(&self, decision: &Decision) -> bool {
        self.readings.len() < READINGS
            && self.limits.len() < LIMITS
            && self.words.len() + self.key.words().len() <= PARTS
            && self.findings.len() + decision.findings.len() <= PARTS
            && self.questions.len() + decision.questions.len() <= PARTS
            && self.assumed.len() + decision.assumed.len() <= PARTS
            && self.deadlines.len() + decision.deadlines.len() <= PARTS
    }
}

impl Argument {
    /// What belongs into a sentence, by what it says.
    fn in_sentence(law: &Law, finding: &Finding) -> Argument {
        let instrument = law.instrument(finding.rule);
        match finding.say {
            Say::Gap => Argument::Moment(instrument.selects_on),
            Say::Over | Say::TooMany => Argument::Value,
            Say::Reason if matches!(instrument.kind, Kind::ValueLimit | Kind::DayCount) => {
                Argument::Value
            }
            Say::Reason
            | Say::Closed
            | Say::Elected
            | Say::NoFreePath
            | Say::Open
            | Say::Unchecked => Argument::None,
        }
    }

    fn of(self, dates: &Dates<'_>, amounts: Amounts) -> i64 {
        match self {
            Argument::None => 0,
            Argument::Value => amounts.value.0,
            Argument::Moment(clock) => dates.clocks.read[clock as usize].moment.0,
        }
    }
}

/// A parcel is later than the day to which a rule was checked.
pub fn unchecked(day: Day, rule: RuleRef) -> Finding {
    Finding {
        rule,
        effect: Effect::Flags,
        say: Say::Unchecked,
        line: 0,
        argument: i64::from(day.0),
    }
}

fn span(from: u32, until: u32) -> Range<usize> {
    from as usize..until as usize
}

/// A quick hash.
fn hash(words: &[u64]) -> u64 {
    let mix = |hash: u64, word: &u64| {
        let product = u128::from(hash ^ word) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
        product as u64 ^ (product >> 64) as u64
    };
    words.iter().fold(0x243f_6a88_85a3_08d3, mix)
}
