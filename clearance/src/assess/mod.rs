//! The main path's heart: a shipment, the law and the person's day in, a compact decision out.
//!
//! Pure, and without allocation once its buffers are warm. What is not known is tried both ways:
//! it goes to a person only if the tries disagree on outcome, basis or path.

mod after;
mod answers;
mod asking;
mod dates;
mod decide;
mod key;
mod memory;
mod readings;
mod run;
mod view;

use crate::day::DayContext;
use crate::decision::{Asked, Decision, Unknown, Verdict};
use crate::owed::{DutyMemory, Owed, ask_for_amounts, bear_duty, owe};
use crate::rates::Rates;
use crate::shipment::Shipment;
use asking::{GUESSES, Guess};
pub use dates::Clocks;
use dates::Dates;
use deminimis_law::money::Cents;
use deminimis_law::names::{Clock, EntryPath, Outcome, Set};
use deminimis_law::time::Day;
use deminimis_law::truth::Truth;
use deminimis_law::{Law, Stretch};
use deminimis_tariff::Schedule;
use key::Amounts;
use memory::{Articles, Memory};
use readings::Readings;
use run::{Notes, Run};

/// Buffers that the caller reuses from parcel to parcel.
pub struct Scratch {
    decision: Decision,
    notes: Notes,
    trial: Decision,
    trial_notes: Notes,
    articles: Articles,
    readings: Readings,
    duties: DutyMemory,
    spare: Owed,
    /// For each line, whether a heading of Chapter 99 charges it; empty where no rule reads it.
    additional: Vec<Truth>,
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
            readings: Readings::new(keeps),
            duties: DutyMemory::new(keeps),
            spare: Owed::default(),
            additional: Vec::new(),
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

/// Decides one parcel and reckons what it owes. The decision lives in `scratch` until the next call.
pub fn assess_into<'a>(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    scratch: &'a mut Scratch,
) -> &'a Decision {
    let mut additional = std::mem::take(&mut scratch.additional);
    bear_duty(books, shipment, &mut scratch.duties, &mut additional);
    let parcel = Parcel::of(books, shipment, day, &additional);
    parcel.decide(scratch);
    parcel.owe(scratch);
    // The best path is the one that costs least; only if another one does is the law asked again.
    // Who names the carrier's method has the carrier pay.
    let decision = &scratch.decision;
    if shipment.entry_path.is_none()
        && shipment.postal_method.is_none()
        && decision.outcome == Outcome::EntryRequired
        && let Some(cheaper) = decision.owed.cheaper()
    {
        let parcel = Parcel {
            cheaper: Some(cheaper),
            ..parcel
        };
        parcel.read_anew(scratch);
        parcel.owe(scratch);
    }
    ask_for_amounts(books.law, &mut scratch.decision);
    scratch.additional = additional;
    &scratch.decision
}

/// The totals in dollars; nothing where some line has no rate.
fn amounts(shipment: &Shipment, rates: &Rates) -> Option<Amounts> {
    let day = rate_day(shipment);
    let (mut value, mut entered_value) = (Cents(0), Cents(0));
    for line in &shipment.lines {
        value = value.plus(rates.cents(line.fair_retail_value, line.currency, day)?);
        entered_value = entered_value.plus(rates.cents(line.value, line.currency, day)?);
    }
    Some(Amounts {
        value,
        entered_value,
    })
}

/// The date of exportation fixes the rate of exchange; without it the day of arrival stands in.
fn rate_day(shipment: &Shipment) -> Day {
    shipment.exported_on.unwrap_or(shipment.arrives_at.day)
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
    let mut additional = std::mem::take(&mut scratch.additional);
    bear_duty(books, shipment, &mut scratch.duties, &mut additional);
    let parcel = Parcel::of(books, shipment, day, &additional);
    let Scratch {
        trial,
        trial_notes,
        articles,
        ..
    } = scratch;
    let mut run = parcel.read(&guess, articles, trial, trial_notes);
    run.decide(books.rates);
    let verdict = (trial.outcome, trial.path);
    scratch.additional = additional;
    verdict
}

/// What one reading of the law is about.
#[derive(Clone, Copy)]
struct Parcel<'a> {
    books: Books<'a>,
    shipment: &'a Shipment,
    day: &'a DayContext,
    clocks: Clocks,
    additional: &'a [Truth],
    stretch: Stretch,
    /// The dutiable path that costs least, where that is not the first by its filings.
    cheaper: Option<EntryPath>,
}

impl<'a> Parcel<'a> {
    fn of(
        books: Books<'a>,
        shipment: &'a Shipment,
        day: &'a DayContext,
        additional: &'a [Truth],
    ) -> Parcel<'a> {
        let clocks = Clocks::of(shipment);
        let stretch = |clock: usize| {
            books
                .law
                .stretch(Clock::ALL[clock], clocks.read[clock].moment)
        };
        Parcel {
            books,
            shipment,
            day,
            clocks,
            additional,
            stretch: Stretch(std::array::from_fn(stretch)),
            cheaper: None,
        }
    }

    fn dates(&self) -> Dates<'a> {
        Dates {
            law: self.books.law,
            shipment: self.shipment,
            clocks: self.clocks,
            additional: self.additional,
        }
    }

    /// Decides the parcel without regard to what it owes: as one like it was decided before, or anew.
    fn decide(&self, scratch: &mut Scratch) {
        let dates = self.dates();
        let Scratch {
            decision, readings, ..
        } = scratch;
        let amounts = amounts(self.shipment, self.books.rates)
            .filter(|amounts| readings.describe(&dates, self.stretch, self.day, *amounts));
        let Some(amounts) = amounts else {
            return self.read_anew(scratch);
        };
        if !readings.recall(&dates, self.stretch, amounts, decision) {
            self.read_anew(scratch);
            let Scratch {
                decision, readings, ..
            } = scratch;
            readings.keep(&dates, amounts, decision);
        }
    }

    fn owe(&self, scratch: &mut Scratch) {
        let Scratch {
            decision,
            duties,
            spare,
            ..
        } = scratch;
        owe(self.books, self.shipment, duties, decision, spare);
    }

    /// Decides the parcel by asking the rules.
    fn read_anew(&self, scratch: &mut Scratch) {
        let Scratch {
            decision,
            notes,
            trial,
            trial_notes,
            articles,
            readings: _,
            duties: _,
            spare: _,
            additional: _,
        } = scratch;
        let (law, rates) = (self.books.law, self.books.rates);
        let no_guess = Guess::default();
        let mut run = self.read(&no_guess, articles, decision, notes);
        run.decide(rates);
        if run.notes.unknown.is_empty() {
            return run.follow();
        }
        let verdict = try_answers(law, &notes.unknown, |guess| {
            let mut run = self.read(guess, articles, trial, trial_notes);
            run.decide(rates);
            trial.verdict()
        });
        match verdict {
            Some(agreed) if agreed == decision.verdict() => {}
            // Every answer leads to one verdict, though leaving the question open did not.
            Some(_) => std::mem::swap(decision, trial),
            None => decision.needs_person(),
        }
        let mut run = self.resume(&no_guess, articles, decision, notes);
        if verdict.is_none() {
            run.ask_what_is_unknown();
        }
        run.follow();
    }

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
        out.stretch = self.stretch;
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
            additional: self.additional,
            articles,
            out,
            notes,
            agency_data: Truth::No,
            denied: Set::EMPTY,
            denied_by_bill: Set::EMPTY,
            denied_paths: Set::EMPTY,
            prohibited: false,
            gap: false,
            cheaper: self.cheaper,
        }
    }
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
