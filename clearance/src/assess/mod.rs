//! The main path's heart: a shipment, the law and the person's day in, a compact decision out.
//!
//! Pure, and without allocation once its buffers are warm. What is not known is tried both ways:
//! it goes to a person only if the tries disagree on outcome, basis or path.

mod after;
mod decide;
mod memory;
mod run;
mod view;

use crate::day::DayContext;
use crate::decision::{Asked, Decision, Say, Unknown};
use crate::rates::Rates;
use crate::shipment::Shipment;
use deminimis_law::names::{Basis, Clock, Effect, EntryPath, Outcome, Set};
use deminimis_law::time::When;
use deminimis_law::truth::Truth;
use deminimis_law::{Law, Stretch};
use deminimis_tariff::Schedule;
use memory::{Memory, Runs};
use run::Run;
use view::{Clocks, GUESSES, Guess};

/// Buffers that the caller reuses from parcel to parcel.
pub struct Scratch {
    decision: Decision,
    trial: Decision,
    unknown: Vec<Asked>,
    trial_unknown: Vec<Asked>,
    articles: Vec<Runs>,
    memory: Memory,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch::with_memory(true)
    }
}

impl Scratch {
    /// Buffers that remember nothing between parcels; for comparing.
    #[must_use]
    pub fn without_memory() -> Scratch {
        Scratch::with_memory(false)
    }

    fn with_memory(keeps: bool) -> Scratch {
        Scratch {
            decision: Decision::default(),
            trial: Decision::default(),
            unknown: Vec::new(),
            trial_unknown: Vec::new(),
            articles: Vec::new(),
            memory: Memory::new(keeps),
        }
    }
}

/// What the assessment reads besides the parcel and its day.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    /// The law.
    pub law: &'a Law,
    /// The schedule.
    pub tariff: &'a Schedule,
    /// Exchange rates.
    pub rates: &'a Rates,
}

/// Decides one parcel. The decision lives in `scratch` until the next call.
pub fn assess_into<'a>(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    scratch: &'a mut Scratch,
) -> &'a Decision {
    let Scratch {
        decision,
        trial,
        unknown,
        trial_unknown,
        articles,
        memory,
    } = scratch;
    let clocks = clocks(shipment);
    let base = Guess::default();
    let mut run = start(
        books.law, shipment, day, &base, clocks, memory, decision, unknown, articles,
    );
    run.decide(books.rates);
    if run.unknown.is_empty() {
        run.follow();
        return decision;
    }
    let asked = std::mem::take(run.unknown);
    let verdict = try_answers(
        &asked,
        |guess| {
            let mut run = start(
                books.law,
                shipment,
                day,
                guess,
                clocks,
                run.memory,
                trial,
                trial_unknown,
                run.articles,
            );
            run.decide(books.rates);
            (trial.outcome, trial.basis, trial.path)
        },
        books.law,
    );
    match verdict {
        Some(verdict) if verdict == (run.out.outcome, run.out.basis, run.out.path) => {}
        _ => {
            if run.out.outcome != Outcome::Prohibited {
                (run.out.outcome, run.out.basis) = (Outcome::NeedsPerson, None);
                (run.out.path, run.out.path_rule) = (EntryPath::None, None);
                run.out.lawful = Set::EMPTY;
                run.out.candidate.open = Set::EMPTY;
            }
            for one in &asked {
                run.ask_about(*one);
                if let Unknown::Rule(rule) = one.what {
                    run.find(rule, Effect::Asks, Say::Open, one.line, 0);
                }
            }
        }
    }
    run.follow();
    *run.unknown = asked;
    decision
}

/// Decides one parcel as if an open rule reached it, or did not: for telling what an answer would
/// do. What else is unknown stays so.
pub(crate) fn outcome_if(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    answers: (Unknown, bool),
    scratch: &mut Scratch,
) -> (Outcome, EntryPath) {
    let Scratch {
        trial,
        trial_unknown,
        articles,
        memory,
        ..
    } = scratch;
    let mut guess = Guess::default();
    if let (Unknown::Fact(fact), answer) = answers
        && fact == books.law.number_fact()
    {
        guess.number = Some(answer);
    }
    guess.answers[0] = Some(answers);
    let mut run = start(
        books.law,
        shipment,
        day,
        &guess,
        clocks(shipment),
        memory,
        trial,
        trial_unknown,
        articles,
    );
    run.decide(books.rates);
    (trial.outcome, trial.path)
}

type Verdict = (Outcome, Option<Basis>, EntryPath);

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one reading, named where they are used"
)]
fn start<'a>(
    law: &'a Law,
    shipment: &'a Shipment,
    day: &'a DayContext,
    guess: &'a Guess,
    clocks: Clocks,
    memory: &'a mut Memory,
    out: &'a mut Decision,
    unknown: &'a mut Vec<Asked>,
    articles: &'a mut Vec<Runs>,
) -> Run<'a> {
    out.clear();
    unknown.clear();
    out.read_at = shipment.entry_when().moment;
    out.stretch = Stretch(std::array::from_fn(|clock| {
        law.stretch(Clock::ALL[clock], clocks.read[clock].moment)
    }));
    Run {
        law,
        shipment,
        day,
        guess,
        clocks,
        memory,
        out,
        unknown,
        articles,
        agency_data: Truth::No,
        denied: Set::EMPTY,
        denied_by_bill: Set::EMPTY,
        denied_paths: Set::EMPTY,
        prohibited: false,
        gap: false,
    }
}

/// The parcel's clocks. Filing and loading that are not given are read at arrival, exportation too.
fn clocks(shipment: &Shipment) -> Clocks {
    let arrives = shipment.arrives_at;
    let filed = shipment.filed_at.map(|moment| When {
        moment,
        day: arrives.day,
        exact: true,
    });
    let exported = shipment.exported_on.map(|day| When {
        moment: arrives.moment,
        day,
        exact: false,
    });
    let read = Clock::ALL.iter().map(|clock| match clock {
        Clock::EnteredAt => shipment.entered_at,
        Clock::ArrivesAt => Some(arrives),
        Clock::FiledAt => filed,
        Clock::LoadedAt => shipment.loaded_at,
        Clock::ExportedOn => exported,
    });
    let mut clocks = Clocks {
        read: [arrives; Clock::ALL.len()],
        given: [false; Clock::ALL.len()],
    };
    for (at, read) in read.enumerate() {
        clocks.given[at] = read.is_some();
        clocks.read[at] = read.unwrap_or(arrives);
    }
    clocks
}

/// Tries every combination of answers; the verdict if all agree, else nothing.
fn try_answers(
    asked: &[Asked],
    mut verdict: impl FnMut(&Guess) -> Verdict,
    law: &Law,
) -> Option<Verdict> {
    let (origin, number) = (
        Unknown::Fact(law.origin_fact()),
        Unknown::Fact(law.number_fact()),
    );
    let mut others = [None; GUESSES];
    let mut count = 0;
    for one in asked {
        if one.what == origin || one.what == number || others[..count].contains(&Some(one.what)) {
            continue;
        }
        *others.get_mut(count)? = Some(one.what);
        count += 1;
    }
    let has = |what: Unknown| asked.iter().any(|one| one.what == what);
    let origins = if has(origin) {
        law.origin_classes().len()
    } else {
        1
    };
    let numbers = if has(number) { 2 } else { 1 };
    let mut agreed: Option<Verdict> = None;
    for at in 0..origins * numbers * (1 << count) {
        let bits = at / (origins * numbers);
        let guess = Guess {
            origin: has(origin).then(|| law.origin_classes()[at % origins]),
            number: has(number).then_some(at / origins % numbers == 1),
            answers: std::array::from_fn(|place| {
                others[place].map(|what| (what, bits >> place & 1 == 1))
            }),
        };
        let next = verdict(&guess);
        if agreed.is_some_and(|agreed| agreed != next) {
            return None;
        }
        agreed = Some(next);
    }
    agreed
}
