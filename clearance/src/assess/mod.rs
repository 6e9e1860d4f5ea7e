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
use crate::decision::{Asked, Decision, Unknown, Verdict};
use crate::rates::Rates;
use crate::shipment::Shipment;
use deminimis_law::names::{Clock, EntryPath, Outcome, Set};
use deminimis_law::time::When;
use deminimis_law::truth::Truth;
use deminimis_law::{Law, Stretch};
use deminimis_tariff::Schedule;
use memory::{Articles, Memory};
use run::{Notes, Run};
use view::{Clocks, GUESSES, Guess};

/// Buffers that the caller reuses from parcel to parcel.
pub struct Scratch {
    decision: Decision,
    notes: Notes,
    trial: Decision,
    trial_notes: Notes,
    articles: Articles,
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
            notes: Notes::default(),
            trial: Decision::default(),
            trial_notes: Notes::default(),
            articles: Articles {
                runs: Vec::new(),
                memory: Memory::new(keeps),
            },
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
        notes,
        trial,
        trial_notes,
        articles,
    } = scratch;
    let parcel = Parcel {
        books,
        shipment,
        day,
        clocks: clocks(shipment),
    };
    let no_guess = Guess::default();
    let mut run = parcel.read(&no_guess, articles, decision, notes);
    run.decide(books.rates);
    if run.notes.unknown.is_empty() {
        run.follow();
        return decision;
    }
    let verdict = try_answers(books.law, &notes.unknown, |guess| {
        let mut run = parcel.read(guess, articles, trial, trial_notes);
        run.decide(books.rates);
        trial.verdict()
    });
    match verdict {
        Some(agreed) if agreed == decision.verdict() => {}
        // Every answer leads to one verdict, though leaving the question open did not.
        Some(_) => std::mem::swap(decision, trial),
        None => decision.needs_person(),
    }
    let mut run = parcel.resume(&no_guess, articles, decision, notes);
    if verdict.is_none() {
        run.ask_what_is_unknown();
    }
    run.follow();
    decision
}

/// Decides one parcel as if an open rule reached it, or did not: for telling what an answer would
/// do. What else is unknown stays so.
pub(crate) fn outcome_if(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    answer: (Unknown, bool),
    scratch: &mut Scratch,
) -> (Outcome, EntryPath) {
    let mut guess = Guess::default();
    if answer.0 == Unknown::Fact(books.law.number_fact()) {
        guess.number = Some(answer.1);
    }
    guess.answers[0] = Some(answer);
    let parcel = Parcel {
        books,
        shipment,
        day,
        clocks: clocks(shipment),
    };
    let Scratch {
        trial,
        trial_notes,
        articles,
        ..
    } = scratch;
    let mut run = parcel.read(&guess, articles, trial, trial_notes);
    run.decide(books.rates);
    (trial.outcome, trial.path)
}

/// What one reading of the law is about.
#[derive(Clone, Copy)]
struct Parcel<'a> {
    books: Books<'a>,
    shipment: &'a Shipment,
    day: &'a DayContext,
    clocks: Clocks,
}

impl<'a> Parcel<'a> {
    /// Begins a reading in emptied buffers.
    fn read<'r>(
        &'r self,
        guess: &'r Guess,
        articles: &'r mut Articles,
        out: &'r mut Decision,
        notes: &'r mut Notes,
    ) -> Run<'r> {
        out.clear();
        notes.clear(self.shipment.lines.len());
        out.read_at = self.shipment.entry_when().moment;
        out.stretch = Stretch(std::array::from_fn(|clock| {
            let at = self.clocks.read[clock].moment;
            self.books.law.stretch(Clock::ALL[clock], at)
        }));
        self.resume(guess, articles, out, notes)
    }

    /// Goes on with a reading that was begun.
    fn resume<'r>(
        &'r self,
        guess: &'r Guess,
        articles: &'r mut Articles,
        out: &'r mut Decision,
        notes: &'r mut Notes,
    ) -> Run<'r> {
        Run {
            law: self.books.law,
            shipment: self.shipment,
            day: self.day,
            guess,
            clocks: self.clocks,
            articles,
            out,
            notes,
            agency_data: Truth::No,
            denied: Set::EMPTY,
            denied_by_bill: Set::EMPTY,
            denied_paths: Set::EMPTY,
            prohibited: false,
            gap: false,
        }
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
    law: &Law,
    asked: &[Asked],
    mut verdict: impl FnMut(&Guess) -> Verdict,
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
