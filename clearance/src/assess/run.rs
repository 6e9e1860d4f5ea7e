//! One reading of the law for one parcel: asks rules, and records what was not known.

use crate::assess::asking::{Asking, Guess, Touched};
use crate::assess::dates::{Clocks, Dates};
use crate::assess::memory::{Articles, Entry};
use crate::assess::view::View;
use crate::day::DayContext;
use crate::decision::{Asked, Assumed, Decision, Finding, Say, Unknown};
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::compile::RuleRef;
use deminimis_law::facts::{Absence, FactId};
use deminimis_law::instrument::Openness;
use deminimis_law::kind::Kind;
use deminimis_law::names::{Basis, Effect, EntryPath, Set};
use deminimis_law::truth::Truth;

/// What is not known of a parcel, and what of it has been recorded.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// What is unknown and could change outcome or path.
    pub unknown: Vec<Asked>,
    /// Places 0 (the shipment) to the number of lines; assumed, asked and unknown facts as bits: a
    /// parcel of hundreds of lines must not search its own records for every rule.
    lines: Vec<[u128; 3]>,
}

/// Which record of [`Notes`] is meant.
#[derive(Clone, Copy)]
enum Record {
    Assumed,
    Asked,
    Unknown,
}

impl Notes {
    /// Forgets everything, for a parcel of so many lines.
    pub fn clear(&mut self, lines: usize) {
        self.unknown.clear();
        self.lines.clear();
        self.lines.resize(lines + 1, [0; 3]);
    }

    /// Notes a fact of a line; whether it is new. Facts beyond the bits are always new: recording
    /// one twice is untidy, losing one would be wrong.
    fn note(&mut self, record: Record, fact: FactId, line: u16) -> bool {
        let bit = 1_u128.checked_shl(u32::from(fact.0)).unwrap_or(0);
        let Some(known) = self.lines.get_mut(line as usize) else {
            return true;
        };
        let new = known[record as usize] & bit == 0;
        known[record as usize] |= bit;
        new
    }
}

/// The state of one reading.
pub struct Run<'a> {
    pub law: &'a Law,
    pub shipment: &'a Shipment,
    pub day: &'a DayContext,
    pub guess: &'a Guess,
    pub clocks: Clocks,
    pub additional: &'a [Truth],
    pub articles: &'a mut Articles,
    pub out: &'a mut Decision,
    pub notes: &'a mut Notes,
    pub agency_data: Truth,
    pub denied: Set<Basis>,
    pub denied_by_bill: Set<Basis>,
    pub denied_paths: Set<EntryPath>,
    pub prohibited: bool,
    pub gap: bool,
    /// The dutiable path that costs least, if it is known.
    pub cheaper: Option<EntryPath>,
}

/// Asks the rules of a kind one after the other: of the shipment, then of each line.
/// `each(run, rule, line from 1 or 0, truth)` is called where a rule holds or may hold.
pub fn each_rule(
    run: &mut Run<'_>,
    kind: Kind,
    mut each: impl FnMut(&mut Run<'_>, RuleRef, u16, Truth),
) {
    for place in 0..run.articles.runs.len() {
        let runs = run.articles.runs[place];
        for at in runs[kind as usize]..runs[kind as usize + 1] {
            let entry = run.articles.memory.entry(at);
            let (rule, truth) = run.settle_entry(entry, place as u16);
            if truth != Truth::No {
                each(run, rule, place as u16, truth);
            }
        }
    }
}

/// Asks the rules of a kind that must hold for every line of the parcel to hold at all.
pub fn each_rule_for_all_lines(
    run: &mut Run<'_>,
    kind: Kind,
    mut each: impl FnMut(&mut Run<'_>, RuleRef, Truth),
) {
    let run_of = |run: &Run<'_>, place: usize| {
        let runs = run.articles.runs.get(place).copied().unwrap_or_default();
        runs[kind as usize]..runs[kind as usize + 1]
    };
    // What cannot hold for the first line cannot hold for all.
    let (mut shipment, mut line) = (run_of(run, 0), run_of(run, 1));
    loop {
        let next = |run: &Run<'_>, of: &std::ops::Range<u32>| {
            let entry = (!of.is_empty()).then(|| run.articles.memory.entry(of.start))?;
            let clock = entry.rule().map(|rule| run.law.instrument(rule).selects_on);
            Some((clock, entry))
        };
        let (own, of_line) = (next(run, &shipment), next(run, &line));
        // Clock after clock, and of one clock the shipment's rules first.
        match (own, of_line) {
            (Some((clock, entry)), other) if other.is_none_or(|(later, _)| clock <= later) => {
                shipment.start += 1;
                let (rule, truth) = run.settle_entry(entry, 0);
                if entry.rule().is_some() {
                    each(run, rule, truth);
                }
            }
            (_, Some((_, entry))) => {
                line.start += 1;
                let (rule, mut truth) = run.settle_entry(entry, 1);
                for line in 2..=run.shipment.lines.len() {
                    if truth == Truth::No {
                        break;
                    }
                    truth = truth.and(run.ask(rule, line as u16));
                }
                if entry.rule().is_some() {
                    each(run, rule, truth);
                }
            }
            _ => return,
        }
    }
}

impl Run<'_> {
    /// What dates are reckoned from.
    pub fn dates(&self) -> Dates<'_> {
        Dates {
            law: self.law,
            shipment: self.shipment,
            clocks: self.clocks,
            additional: self.additional,
        }
    }

    fn view(&self, rule: RuleRef, line: u16, asking: Asking) -> View<'_> {
        let clock = self.law.instrument(rule).selects_on;
        View {
            law: self.law,
            shipment: self.shipment,
            day: self.day,
            decision: self.out,
            clocks: &self.clocks,
            additional: self.additional,
            guess: self.guess,
            agency_data: self.agency_data,
            line: line
                .checked_sub(1)
                .and_then(|at| self.shipment.lines.get(at as usize)),
            at: self.clocks.read[clock as usize].moment,
            asking,
            bill_over: false,
        }
    }

    /// Asks what the memory does not settle, and records the absent facts it rests on.
    fn settle_entry(&mut self, entry: Entry, line: u16) -> (RuleRef, Truth) {
        match entry {
            Entry::Ask(rule) => (rule, self.ask(rule, line)),
            Entry::Holds(rule) => (rule, Truth::Yes),
            Entry::Fails(rule) => (rule, Truth::No),
            Entry::Absent(fact) => {
                self.record_default(fact, line);
                (RuleRef::default(), Truth::No)
            }
        }
    }

    /// Whether a rule speaks. Where that hangs on an absent fact, its absence gets its meaning and
    /// is recorded; where it stays open, that is recorded as unknown.
    pub fn ask(&mut self, rule: RuleRef, line: u16) -> Truth {
        let version = self.law.version(rule);
        let mut touched = Touched::default();
        let mut truth = self
            .view(rule, line, Asking::Strictly)
            .ask(&version.when, &mut touched);
        if truth == Truth::Unknown {
            let mut open = Touched::default();
            truth = self
                .view(rule, line, Asking::ByDefault)
                .ask(&version.when, &mut open);
            self.record_defaults(&touched, line);
            if truth == Truth::Unknown {
                open.iter()
                    .for_each(|what| self.record_unknown(rule, what, line));
            }
        }
        match version.open {
            Openness::Settled => truth,
            Openness::Stands => {
                if truth == Truth::Yes {
                    self.ask_about(Asked {
                        what: Unknown::Rule(rule),
                        line,
                        material: false,
                    });
                    self.find(rule, Effect::Asks, Say::Open, line, 0);
                }
                Truth::No
            }
            Openness::Material if truth == Truth::No => Truth::No,
            Openness::Material => match self.guess.answer(Unknown::Rule(rule)) {
                Some(true) => truth,
                Some(false) => Truth::No,
                None => {
                    self.record_unknown(rule, Unknown::Rule(rule), line);
                    Truth::Unknown
                }
            },
        }
    }

    /// Whether an exclusion would speak if the master bill exceeded the limit.
    pub fn ask_if_bill_over(&self, rule: RuleRef, line: u16) -> bool {
        let view = View {
            bill_over: true,
            ..self.view(rule, line, Asking::ByDefault)
        };
        view.ask(&self.law.version(rule).when, &mut Touched::default()) == Truth::Yes
    }

    /// Finds which rules can speak for the parcel and each of its lines, before the decision or
    /// after it.
    pub fn find_rules(&mut self, asking: Asking) {
        let view = View {
            law: self.law,
            shipment: self.shipment,
            day: self.day,
            decision: self.out,
            clocks: &self.clocks,
            additional: self.additional,
            guess: &Guess::default(),
            agency_data: Truth::Unknown,
            line: None,
            at: self.out.read_at,
            asking,
            bill_over: false,
        };
        let Articles { runs, memory } = &mut *self.articles;
        memory.find(view, asking == Asking::OfDecided, runs);
    }

    /// Adds a finding.
    pub fn find(&mut self, rule: RuleRef, effect: Effect, say: Say, line: u16, argument: i64) {
        self.out.findings.push(Finding {
            rule,
            effect,
            say,
            line,
            argument,
        });
    }

    /// Adds a question once.
    pub fn ask_about(&mut self, asked: Asked) {
        if let Unknown::Fact(fact) = asked.what
            && self.notes.note(Record::Asked, fact, asked.line)
        {
            self.out.questions.push(asked);
            return;
        }
        let known = |other: &&mut Asked| other.what == asked.what && other.line == asked.line;
        match self.out.questions.iter_mut().find(known) {
            Some(other) => other.material |= asked.material,
            None => self.out.questions.push(asked),
        }
    }

    /// Puts everything unknown to a person.
    pub fn ask_what_is_unknown(&mut self) {
        for at in 0..self.notes.unknown.len() {
            let asked = self.notes.unknown[at];
            self.ask_about(asked);
            if let Unknown::Rule(rule) = asked.what {
                self.find(rule, Effect::Asks, Say::Open, asked.line, 0);
            }
        }
    }

    fn record_defaults(&mut self, touched: &Touched, line: u16) {
        for what in touched.iter() {
            if let Unknown::Fact(fact) = what {
                self.record_default(fact, line);
            }
        }
    }

    fn record_default(&mut self, id: FactId, line: u16) {
        let fact = &self.law.book().facts[id.0 as usize];
        let presumed = match &fact.absence {
            Absence::Presumed(_) => true,
            Absence::Derived { without_number, .. } => without_number.is_some(),
            Absence::Claim | Absence::Material | Absence::Owed => false,
        };
        if presumed {
            if self.notes.note(Record::Assumed, id, line) {
                self.out.assumed.push(Assumed { fact: id, line });
            }
        } else if fact.absence == Absence::Claim
            && fact.asked
            && self.notes.note(Record::Asked, id, line)
        {
            self.out.questions.push(Asked {
                what: Unknown::Fact(id),
                line,
                material: false,
            });
        }
    }

    /// Only what can still change outcome or path counts as unknown.
    fn record_unknown(&mut self, rule: RuleRef, what: Unknown, line: u16) {
        if self.law.instrument(rule).kind.is_asked_after_the_decision() {
            return;
        }
        let new = match what {
            Unknown::Fact(fact) => self.notes.note(Record::Unknown, fact, line),
            _ => {
                let mut known = self.notes.unknown.iter();
                !known.any(|known| known.what == what && known.line == line)
            }
        };
        if new {
            self.notes.unknown.push(Asked {
                what,
                line,
                material: true,
            });
        }
    }
}
