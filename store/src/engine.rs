//! What a batch of requests does to the ledger: the one place where it is said, for every store
//! of rows. A store loads the rows that the batch can touch, lets it run here in memory, and saves
//! what changed, all in one transaction; nothing here reads or writes.

use crate::alike::Alike;
use crate::error::{Refused, StoreError};
use crate::ledger::{Act, Assess, Request};
use crate::persons::Aliases;
use crate::records::keep::{LONGEST, NewRecord};
use crate::records::keys::BlockingKey;
use crate::rows::{
    DayKey, DayRow, Done, EventKey, Mark, MarkKey, ShipmentKey, day_key, event_key, mark_key, marks,
};
use crate::types::{
    Claim, DayView, Entry, Event, Kept, Kind, PersonKey, Posting, Receipt, Same, State, Sum,
    Verdict,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A hundred billion dollars: above any parcel, and nine hundred thousand of them can be added.
pub(crate) const MAX_VALUE_CENTS: i64 = 10_000_000_000_000;

/// The rows of a batch, as loaded and then as changed.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub shipments: HashMap<ShipmentKey, Kept>,
    pub events: HashMap<EventKey, Done>,
    pub days: HashMap<DayKey, DayRow>,
    pub marks: HashMap<MarkKey, BTreeMap<i32, Sum>>,
    /// Postings made; their positions are places in this list until [`Work::number`].
    pub entries: Vec<Entry>,
    pub new_shipments: Vec<ShipmentKey>,
    pub changed_shipments: HashSet<ShipmentKey>,
    pub new_events: Vec<EventKey>,
    pub changed_days: HashSet<DayKey>,
    pub changed_marks: HashSet<(MarkKey, i32)>,
    /// Records of the postings made, with the same places for positions.
    pub records: Vec<NewRecord>,
    /// Whether there are keys to seal personal fields with.
    pub has_keys: bool,
    /// Whose parcels those of the keys that the batch names are.
    pub aliases: Aliases,
    /// Merges and splits that had their effect, by tenant and event, and the new one.
    pub persons_done: HashMap<(String, String), Done>,
    pub new_persons_event: Option<(String, String)>,
    /// A step that a merge adds, or with nothing at its end, one that a split takes away.
    pub changed_alias: Option<(String, PersonKey, Option<PersonKey>)>,
    /// Keys by which persons are found from now on.
    pub new_blocking: BTreeSet<(String, BlockingKey, PersonKey)>,
    /// Two that are two persons by what was said now.
    pub new_apart: Option<(String, PersonKey, PersonKey)>,
    /// Persons from whom a split took parcels. By which of their parcels each is looked for is not
    /// kept, so that all that they are looked for by goes.
    pub left: BTreeSet<(String, PersonKey)>,
}

pub(crate) type Receipts = Vec<Result<Receipt, StoreError>>;

impl Work {
    /// Does the requests in their order.
    pub(crate) fn run(&mut self, requests: &mut [Request]) -> Receipts {
        let one = |request: &mut Request| match request {
            Request::Claim(claim, assess) => self.claim(claim, assess),
            Request::Event(event, act) => self.event(event, act),
            Request::Persons(event, act) => self.persons(event, act),
        };
        requests.iter_mut().map(one).collect()
    }

    fn claim(&mut self, claim: &Claim, assess: &mut Assess) -> Result<Receipt, StoreError> {
        let key = ShipmentKey {
            tenant: claim.tenant.clone(),
            shipment_id: claim.shipment_id.clone(),
        };
        if let Some(kept) = self.shipments.get(&key) {
            return again(
                &claim.body_hash,
                &kept.body_hash,
                kept.position,
                &kept.answer,
            );
        }
        let mut kept = Kept {
            state: State::Reserved,
            person: self.aliases.of(&claim.tenant, claim.person),
            arrival: claim.arrival,
            order: claim.order,
            bill: claim.bill,
            posting: Posting::default(),
            body_hash: claim.body_hash,
            answer: Vec::new(),
            position: 0,
            decided: 0,
        };
        let view = self.view((&key, &kept), None, &claim.alike);
        let verdict = ask(assess, &view, self.has_keys)?;
        self.find_by(&key, kept.person, &claim.alike);
        kept.posting = verdict.posting;
        kept.answer.clone_from(&verdict.answer);
        kept.position = self.put(&key, &kept, Kind::Reserve, 1);
        let position = kept.position;
        kept.decided = position;
        self.records.push(NewRecord {
            position,
            shipment: key.clone(),
            event_id: None,
            person: kept.person,
            record: verdict.record,
        });
        self.new_shipments.push(key.clone());
        self.shipments.insert(key, kept);
        Ok(fresh(position, verdict.answer))
    }

    fn event(&mut self, event: &Event, act: &mut Act) -> Result<Receipt, StoreError> {
        let done = event_key(event);
        if let Some(done) = self.events.get(&done) {
            return again(
                &event.body_hash,
                &done.body_hash,
                done.position,
                &done.answer,
            );
        }
        let key = done.shipment.clone();
        let Some(kept) = self.shipments.get(&key) else {
            return Err(Refused::UnknownShipment.into());
        };
        let mut kept = kept.clone();
        if kept.state != State::Reserved
            && !(kept.state == State::Posted && matches!(act, Act::Amend { .. }))
        {
            return Err(Refused::WrongState(kept.state).into());
        }
        if act.rests_on().is_some_and(|seen| seen != kept.decided) {
            return Err(Refused::Changed.into());
        }
        let (position, answer) = match act {
            Act::Post => {
                kept.state = State::Posted;
                (self.put(&key, &kept, Kind::Post, 0), Vec::new())
            }
            Act::Void => {
                kept.state = State::Voided;
                (self.put(&key, &kept, Kind::Void, -1), Vec::new())
            }
            Act::Move {
                to, alike, assess, ..
            } => {
                let to = Kept {
                    arrival: *to,
                    ..kept.clone()
                };
                self.replace(&done, (&mut kept, to), Kind::Move, (alike, assess))?
            }
            Act::Amend { alike, assess, .. } => {
                let to = kept.clone();
                self.replace(&done, (&mut kept, to), Kind::Amend, (alike, assess))?
            }
        };
        // One that is new in this batch has no position yet, and is written as it ends up.
        if kept.position > 0 {
            self.changed_shipments.insert(key.clone());
        }
        self.shipments.insert(key, kept);
        self.new_events.push(done.clone());
        let row = Done {
            body_hash: event.body_hash,
            position,
            answer: answer.clone(),
        };
        self.events.insert(done, row);
        Ok(fresh(position, answer))
    }

    /// Assesses a parcel again, as it will be; takes back what it put and puts the new.
    fn replace(
        &mut self,
        event: &EventKey,
        (kept, mut to): (&mut Kept, Kept),
        kind: Kind,
        (alike, assess): (&Alike, &mut Assess),
    ) -> Result<(i64, Vec<u8>), StoreError> {
        let key = &event.shipment;
        let view = self.view((key, &to), Some(kept), alike);
        let verdict = ask(assess, &view, self.has_keys)?;
        self.find_by(key, to.person, alike);
        to.posting = verdict.posting;
        self.put(key, kept, kind, -1);
        let position = self.put(key, &to, kind, 1);
        to.decided = position;
        self.records.push(NewRecord {
            position,
            shipment: key.clone(),
            event_id: Some(event.event_id.clone()),
            person: to.person,
            record: verdict.record,
        });
        *kept = to;
        Ok((position, verdict.answer))
    }

    /// Keeps by what the person is found from now on.
    fn find_by(&mut self, key: &ShipmentKey, person: PersonKey, alike: &Alike) {
        let rows = alike
            .keys
            .iter()
            .map(|by| (key.tenant.clone(), *by, person));
        self.new_blocking.extend(rows);
    }

    fn view(
        &self,
        (key, parcel): (&ShipmentKey, &Kept),
        own: Option<&Kept>,
        alike: &Alike,
    ) -> DayView {
        let day = parcel.arrival.day;
        let row = self.day_of(key, parcel);
        let mut view = DayView {
            holds: row.holds,
            out_of_order: row.latest > Some(parcel.arrival.order()),
            alike: self.together(&day_key(key, parcel), alike),
            ..DayView::default()
        };
        if let Some(own) = own.filter(|own| own.arrival.day == day) {
            view.holds.apply(-1, &own.posting);
        }
        let others = |mark: Mark| {
            let all = self.marks.get(&mark_key(key, parcel.person, mark));
            let without = |(on, sum): (&i32, &Sum)| {
                let mut sum = *sum;
                if let Some(own) = own.filter(|own| own.arrival.day == *on) {
                    sum.add(-1, own.posting.value_cents);
                }
                (*on, sum)
            };
            let all = all.into_iter().flatten().map(without);
            all.filter(|(_, sum)| sum.shipments > 0)
        };
        if let Some(order) = parcel.order {
            view.order = same(others(Mark::Order(order)), day);
        }
        if let Some(bill) = parcel.bill {
            view.bill = same(others(Mark::Bill(bill)).filter(|(on, _)| *on == day), day);
        }
        view
    }

    fn day_of(&self, key: &ShipmentKey, parcel: &Kept) -> DayRow {
        let row = self.days.get(&day_key(key, parcel));
        row.copied().unwrap_or_default()
    }

    pub(crate) fn put(&mut self, key: &ShipmentKey, parcel: &Kept, kind: Kind, sign: i64) -> i64 {
        // Negative, so that it is not taken for a position of the ledger.
        let position = -1 - i64::try_from(self.entries.len()).unwrap_or(i64::MAX - 1);
        self.entries.push(Entry {
            position,
            tenant: key.tenant.clone(),
            shipment_id: key.shipment_id.clone(),
            kind,
            sign,
            person: parcel.person,
            arrival: parcel.arrival,
            order: parcel.order,
            bill: parcel.bill,
            posting: parcel.posting,
        });
        if sign != 0 {
            let day = day_key(key, parcel);
            let row = self.days.entry(day.clone()).or_default();
            row.holds.apply(sign, &parcel.posting);
            if sign > 0 {
                row.latest = row.latest.max(Some(parcel.arrival.order()));
            }
            self.changed_days.insert(day);
            for mark in marks(parcel.order, parcel.bill) {
                let mark = mark_key(key, parcel.person, mark);
                let days = self.marks.entry(mark.clone()).or_default();
                let sum = days.entry(parcel.arrival.day).or_default();
                sum.add(sign, parcel.posting.value_cents);
                self.changed_marks.insert((mark, parcel.arrival.day));
            }
        }
        position
    }

    /// Gives the postings their positions, one for each entry and rising, and writes them
    /// wherever a posting is spoken of.
    pub(crate) fn number(&mut self, positions: &[i64], receipts: &mut Receipts) {
        let set = |position: &mut i64| {
            let place = usize::try_from(-1 - *position);
            if let Some(given) = place.ok().and_then(|place| positions.get(place)) {
                *position = *given;
            }
        };
        self.entries
            .iter_mut()
            .for_each(|one| set(&mut one.position));
        for key in &self.new_shipments {
            if let Some(kept) = self.shipments.get_mut(key) {
                set(&mut kept.position);
            }
        }
        for key in &self.new_events {
            if let Some(done) = self.events.get_mut(key) {
                set(&mut done.position);
            }
        }
        for record in &mut self.records {
            set(&mut record.position);
        }
        if let Some(done) = self
            .new_persons_event
            .as_ref()
            .and_then(|key| self.persons_done.get_mut(key))
        {
            set(&mut done.position);
        }
        for receipt in receipts.iter_mut().flatten() {
            set(&mut receipt.position);
        }
    }
}

fn same(days: impl Iterator<Item = (i32, Sum)>, own: i32) -> Same {
    let (mut first, mut last, mut others) = (own, own, Sum::default());
    for (day, sum) in days {
        (first, last) = (first.min(day), last.max(day));
        others.shipments += sum.shipments;
        others.total_cents += sum.total_cents;
    }
    Same {
        others,
        span_days: last.abs_diff(first),
    }
}

pub(crate) fn again(
    asked: &[u8; 32],
    kept: &[u8; 32],
    position: i64,
    answer: &[u8],
) -> Result<Receipt, StoreError> {
    if asked != kept {
        return Err(Refused::OtherBody.into());
    }
    Ok(Receipt {
        position,
        answer: answer.to_vec(),
        fresh: false,
    })
}

pub(crate) fn fresh(position: i64, answer: Vec<u8>) -> Receipt {
    Receipt {
        position,
        answer,
        fresh: true,
    }
}

/// Runs an assessment. One that panics fails its own request and no other of the batch.
pub(crate) fn ask(
    assess: &mut Assess,
    view: &DayView,
    has_keys: bool,
) -> Result<Verdict, StoreError> {
    let verdict = catch_unwind(AssertUnwindSafe(|| assess(view)))
        .map_err(|_| StoreError::Failure("the assessment panicked".into()))?;
    verdict.record.check(has_keys)?;
    if verdict.answer.len() > LONGEST {
        return Err(Refused::BadRecord.into());
    }
    if (0..=MAX_VALUE_CENTS).contains(&verdict.posting.value_cents) {
        Ok(verdict)
    } else {
        Err(Refused::BadValue.into())
    }
}
