//! One thing changed about a parcel or its day, so that it can be assessed again.
//!
//! An edit says what would have to be true. It never touches purpose or description: a parcel is
//! what it is.

use crate::assess::Books;
use crate::basis::bill_exceeds;
use crate::day::{DayContext, counted_with};
use crate::decision::Decision;
use crate::shipment::{Line, Shipment};
use deminimis_law::Law;
use deminimis_law::claim::Claim;
use deminimis_law::codes::{Country, Currency};
use deminimis_law::facts::{FactId, FactValue};
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Clock, EntryPath, Given, PostalMethod};
use deminimis_law::time::{Day, Moment, When};
use deminimis_tariff::Number;

/// One thing changed about a parcel or its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A fact answered on these lines, counted from 1; on every line where none is named.
    Fact(FactId, FactValue, Vec<u16>),
    /// A time given for a date that came without.
    Time(Clock, Moment),
    /// The number given on the lines that lack it or give too few digits.
    Number(Number),
    /// No path named by the sender.
    AnyPath,
    /// The same parcel on a day on which the person imports nothing else.
    AnotherDay,
    /// Worth so much less.
    ValueLess(Cents),
    /// Worth so much more.
    ValueMore(Cents),
    /// Another parcel of so much, free on the same basis, comes before it that day.
    Further(Basis, Cents),
    /// Entered on another day; arrival, filing and the other dates move along.
    EnteredOn(Day),
    /// Made in another country: every line, or only the lines that give no origin.
    Origin(Country, bool),
    /// A program claimed on every line.
    Claim(Claim),
    /// Entered by this path, whatever the sender names.
    Path(EntryPath),
    /// The carrier of the mail elects this method.
    Method(PostalMethod),
    /// Two changes together.
    Both(Box<Edit>, Box<Edit>),
}

impl Edit {
    /// The parcel and its day with the change made. `decision` is what stands before it.
    #[must_use]
    pub fn apply(
        &self,
        books: Books<'_>,
        shipment: &Shipment,
        day: &DayContext,
        decision: &Decision,
    ) -> (Shipment, DayContext) {
        let (mut parcel, mut context) = (shipment.clone(), day.clone());
        match self {
            Edit::Both(first, second) => {
                let (parcel, context) = first.apply(books, shipment, day, decision);
                return second.apply(books, &parcel, &context, decision);
            }
            Edit::Claim(claim) => {
                for line in &mut parcel.lines {
                    if !line.claims.contains(claim) {
                        line.claims.push(*claim);
                    }
                }
            }
            Edit::Path(path) => {
                parcel.entry_path = Some(*path);
                // Who elects a method has the carrier pay.
                if *path != EntryPath::MailCarrier {
                    parcel.postal_method = None;
                }
            }
            Edit::Method(method) => parcel.postal_method = Some(*method),
            Edit::Fact(fact, value, lines) => {
                for (at, line) in (1..).zip(&mut parcel.lines) {
                    if lines.is_empty() || lines.contains(&at) {
                        answer(line, *fact, *value);
                    }
                }
            }
            Edit::Time(clock, moment) => set_time(&mut parcel, *clock, books.law, *moment),
            Edit::Number(number) => set_number(&mut parcel, *number),
            Edit::AnyPath => parcel.entry_path = None,
            // An order may spread over days, so it stays known.
            Edit::AnotherDay => {
                context = DayContext {
                    order: day.order,
                    ..DayContext::default()
                }
            }
            Edit::ValueLess(by) => {
                in_dollars(&mut parcel, books);
                take(&mut parcel, *by);
                change_day(&mut context, decision, -by.0);
            }
            Edit::ValueMore(by) => {
                in_dollars(&mut parcel, books);
                if let Some(line) = parcel.lines.first_mut() {
                    line.value = line.value.saturating_add(by.0);
                    line.fair_retail_value = line.fair_retail_value.saturating_add(by.0);
                }
                change_day(&mut context, decision, by.0);
            }
            Edit::Further(basis, value) => add_before(&mut context, decision, *basis, *value),
            Edit::EnteredOn(entry) => {
                // In dollars, because rates of another day may not be in hand.
                in_dollars(&mut parcel, books);
                let days = entry.0.saturating_sub(parcel.entry_when().day.0);
                shift(&mut parcel, books.law, days);
            }
            Edit::Origin(origin, missing) => {
                for line in &mut parcel.lines {
                    if !*missing || line.origin.is_none() {
                        line.origin = Some(*origin);
                    }
                }
            }
        }
        (parcel, context)
    }
}

/// By how much a parcel is above a limit on its day, for each limit that speaks of it.
pub(super) fn above_limits(decision: &Decision, day: &DayContext) -> Vec<Cents> {
    let mut above = Vec::new();
    for basis in Basis::ALL {
        let Some(limit) = decision.limits[*basis as usize] else {
            continue;
        };
        let mut totals = vec![limit.total(*basis, decision.value, day)];
        totals.push(day.whole_day[counted_with(*basis) as usize]);
        if bill_exceeds(&decision.limits, decision.value, day) {
            totals.push(day.bill.total.plus(decision.value));
        }
        above.extend(
            totals
                .into_iter()
                .map(|total| Cents(total.0.saturating_sub(limit.limit.0))),
        );
    }
    above
}

fn answer(line: &mut Line, fact: FactId, value: FactValue) {
    match line.facts.binary_search_by(|(known, _)| known.cmp(&fact)) {
        Ok(at) => line.facts[at].1 = value,
        Err(at) => line.facts.insert(at, (fact, value)),
    }
}

/// Gives the number on the lines that lack it or give fewer digits.
fn set_number(parcel: &mut Shipment, number: Number) {
    let short = |line: &&mut Line| line.number.is_none_or(|known| known.len() < number.len());
    parcel
        .lines
        .iter_mut()
        .filter(short)
        .for_each(|line| line.number = Some(number));
}

/// Counts another parcel, free on this basis, before this one on its day.
fn add_before(day: &mut DayContext, decision: &Decision, basis: Basis, value: Cents) {
    let slot = counted_with(basis) as usize;
    day.counted[slot] = day.counted[slot].plus(value);
    day.counted_shipments[slot] = day.counted_shipments[slot].saturating_add(1);
    day.whole_day[slot] = day.whole_day[slot].max(decision.value).plus(value);
    day.all = day.all.plus(value);
    day.shipments_before = day.shipments_before.saturating_add(1);
}

fn set_time(parcel: &mut Shipment, clock: Clock, law: &Law, moment: Moment) {
    let when = law.zone().exact(moment);
    match clock {
        Clock::EnteredAt => parcel.entered_at = Some(when),
        Clock::ArrivesAt => {
            parcel.arrives_at = When {
                day: parcel.arrives_at.day,
                ..when
            }
        }
        Clock::FiledAt => {
            parcel.filed_at = Some(moment);
            parcel.given.add(Given::FiledAt);
        }
        Clock::LoadedAt => {
            parcel.loaded_at = Some(when);
            parcel.given.add(Given::LoadedAt);
        }
        Clock::ExportedOn => parcel.exported_on = Some(when.day),
    }
}

/// The same values in dollars, so that cents can be taken or added. Lines without a rate stay.
fn in_dollars(parcel: &mut Shipment, books: Books<'_>) {
    let day = parcel.exported_on.unwrap_or(parcel.arrives_at.day);
    for line in parcel
        .lines
        .iter_mut()
        .filter(|line| line.currency != Currency::USD)
    {
        let value = books.rates.cents(line.value, line.currency, day);
        let retail = books
            .rates
            .cents(line.fair_retail_value, line.currency, day);
        if let Some((value, retail)) = value.zip(retail) {
            line.currency = Currency::USD;
            (line.value, line.fair_retail_value) = (value.0, retail.0);
        }
    }
}

/// Takes an amount from the dearest lines first, leaving each its last cent where it can.
fn take(parcel: &mut Shipment, by: Cents) {
    let mut left = by.0;
    let mut order: Vec<usize> = (0..parcel.lines.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(parcel.lines[*at].fair_retail_value));
    for floor in [1, 0] {
        for at in &order {
            let line = &mut parcel.lines[*at];
            if line.currency != Currency::USD {
                continue;
            }
            let taken = left.min((line.fair_retail_value - floor).max(0));
            line.fair_retail_value -= taken;
            line.value = (line.value - taken).max(0);
            left -= taken;
        }
    }
    if let Some(total) = &mut parcel.order_total {
        total.0 = total.0.saturating_sub(by.0).max(0);
    }
}

/// What the whole day holds includes the parcel itself, where it would be tried first.
fn change_day(day: &mut DayContext, decision: &Decision, by: i64) {
    if let Some(basis) = decision.candidate.open.iter().next() {
        let slot = &mut day.whole_day[counted_with(basis) as usize];
        slot.0 = slot.0.saturating_add(by).max(0);
    }
}

/// Moves every date of the parcel by whole days, keeping the time of day.
fn shift(parcel: &mut Shipment, law: &Law, days: i32) {
    let when = |when: When| When {
        moment: moved(law, days, when.moment),
        day: when.day.plus(days),
        ..when
    };
    (parcel.arrives_at, parcel.entered_at) = (when(parcel.arrives_at), parcel.entered_at.map(when));
    parcel.filed_at = parcel.filed_at.map(|moment| moved(law, days, moment));
    parcel.loaded_at = parcel.loaded_at.map(when);
    parcel.exported_on = parcel.exported_on.map(|day| day.plus(days));
}

/// The moment whole days later at the same Eastern time of day.
fn moved(law: &Law, days: i32, moment: Moment) -> Moment {
    let zone = law.zone();
    let there = Moment(moment.0.saturating_add(i64::from(days) * 86_400));
    Moment(there.0 + i64::from(zone.offset(moment)) - i64::from(zone.offset(there)))
}
