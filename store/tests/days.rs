//! Thirty days of a carrier: parcels are claimed, released, cancelled, changed, come late and on
//! other days, persons turn out to be one or two, and at a midnight in the middle the limit
//! changes. At the end what the days hold, the sum of the postings, the sum of the records and a
//! naive recount of what was asked and answered are equal.
//!
//! 10,000 parcels; `LEDGER_PARCELS=100000` is the nightly form. `LEDGER_SEED` repeats a run.

mod common;

use common::{server, slot};
use deminimis_store::{
    Act, Arrival, Assess, Claim, Content, DayView, Event, Field, KeptRecord, Kind, Ledger, Pending,
    PersonKey, PersonsAct, PersonsEvent, Postgres, Posting, Receipt, Record, Request, Slots,
    Verdict,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// 24 February to 24 March 2016: the limit of 321(a)(2)(C) rose on 10 March.
const FIRST: i32 = 16_855;
const DAYS: i32 = 30;
const RISE: i32 = 16_870;

fn limit_cents(day: i32) -> i64 {
    if day < RISE { 20_000 } else { 80_000 }
}

/// Answers that are outstanding at a time.
const WINDOW: usize = 512;

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn value_cents(&mut self) -> i64 {
        i64::try_from(100 + self.below(30_000)).expect("a small number")
    }
}

/// What is asked of the ledger. Parcels and persons are numbers.
#[derive(Clone, Debug)]
enum Deed {
    Claim(usize, usize, i32, i64),
    Post(usize),
    Void(usize),
    Move(usize, i32),
    Amend(usize, i64),
    Merge(usize, usize),
    Split(Vec<usize>, usize),
}

/// A parcel that was planned, as far as plans need it.
struct Planned {
    person: usize,
    day: i32,
    /// Neither released nor cancelled.
    open: bool,
    void: bool,
}

#[derive(Default)]
struct Plan {
    deeds: Vec<Deed>,
    parcels: Vec<Planned>,
    /// Keys that were merged, with the one they went to.
    merged: BTreeMap<usize, usize>,
}

impl Plan {
    fn of(parcels: usize, random: &mut Random) -> Vec<Deed> {
        let mut plan = Plan::default();
        let persons = (parcels / 60).max(4);
        for day in FIRST..FIRST + DAYS {
            let until = parcels * usize::try_from(day + 1 - FIRST).unwrap_or(0) / 30;
            while plan.parcels.len() < until {
                plan.claim(day, random.below(persons), random);
                if random.percent(70) {
                    plan.happen(day, random);
                }
            }
            for _ in 0..parcels / 3_000 {
                plan.persons(persons, random);
            }
        }
        plan.deeds
    }

    fn claim(&mut self, today: i32, person: usize, random: &mut Random) {
        // Some are told of ahead, some only after they came.
        let day = match random.below(20) {
            0 => (today - 1 - i32::try_from(random.below(3)).unwrap_or(0)).max(FIRST),
            1..=4 => today + 1,
            _ => today,
        };
        let number = self.parcels.len();
        self.deeds
            .push(Deed::Claim(number, person, day, random.value_cents()));
        self.parcels.push(Planned {
            person,
            day,
            open: true,
            void: false,
        });
    }

    /// Something happens to one of the latest parcels that still can change.
    fn happen(&mut self, today: i32, random: &mut Random) {
        let back = random.below(self.parcels.len().min(2_000));
        let number = self.parcels.len() - 1 - back;
        let parcel = &mut self.parcels[number];
        if !parcel.open {
            return;
        }
        self.deeds.push(match random.below(20) {
            0..=10 => {
                parcel.open = false;
                Deed::Post(number)
            }
            11..=13 => {
                (parcel.open, parcel.void) = (false, true);
                Deed::Void(number)
            }
            14..=16 => {
                parcel.day = today.max(parcel.day) + 1;
                Deed::Move(number, parcel.day)
            }
            _ => Deed::Amend(number, random.value_cents()),
        });
    }

    fn root(&self, person: usize) -> usize {
        let next = self.merged.get(&person);
        next.map_or(person, |next| self.root(*next))
    }

    /// Two persons turn out to be one, or what was made one to be two after all.
    fn persons(&mut self, persons: usize, random: &mut Random) {
        let (from, into) = (random.below(persons), random.below(persons));
        if random.percent(60) {
            if self.root(from) != self.root(into) {
                self.deeds.push(Deed::Merge(from, into));
                let (from, into) = (self.root(from), self.root(into));
                self.merged.insert(from, into);
            }
        } else if let Some(to) = self
            .merged
            .keys()
            .nth(from % self.merged.len().max(1))
            .copied()
        {
            let own = |(_, parcel): &(usize, &Planned)| parcel.person == to && !parcel.void;
            let own = self.parcels.iter().enumerate().filter(own);
            let own: Vec<usize> = own.map(|(number, _)| number).take(50).collect();
            if !own.is_empty() {
                self.merged.remove(&to);
                self.deeds.push(Deed::Split(own, to));
            }
        }
    }
}

fn key(person: usize) -> PersonKey {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&(person as u64 + 1).to_be_bytes());
    PersonKey(key)
}

fn body(text: &str) -> [u8; 32] {
    common::hash(text)
}

fn arrival(number: usize, day: i32) -> Arrival {
    let hour = i64::try_from(number % 24).expect("an hour");
    Arrival {
        day,
        arrives_at: i64::from(day) * 86_400 + hour * 3_600,
        filed_at: None,
    }
}

/// The limit of the day, as 321(a)(2)(C) is read: not the parcel that crosses it and none after.
fn assess(day: i32, value_cents: i64) -> Assess {
    Box::new(move |view: &DayView| {
        let (counted, crossed) = (view.holds.counted[2], view.holds.crossed[2]);
        let limit = limit_cents(day);
        let free = crossed == 0 && counted.total_cents + value_cents <= limit;
        let crosses = !free && value_cents <= limit;
        let field = |path: &str, value: String, personal| Field {
            path: path.into(),
            value: value.into_bytes(),
            personal,
        };
        let none = Slots::default();
        Verdict {
            posting: Posting {
                value_cents,
                counted: free.then_some(slot(2)),
                could_count: Some(slot(2)),
                crossed: if crosses { none.with(slot(2)) } else { none },
                undecided: None,
            },
            answer: vec![u8::from(free), u8::from(crosses)],
            record: Record {
                fields: vec![
                    field("free", free.to_string(), false),
                    field("line_value", value_cents.to_string(), false),
                    field("arrives_on", day.to_string(), false),
                    field("consignee.name", format!("Anna {day}"), true),
                ],
                kept_until: day + 1_826,
            },
        }
    })
}

/// What a person's day comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Total {
    free: i64,
    free_cents: i64,
    all: i64,
    all_cents: i64,
}

impl Total {
    fn add(&mut self, sign: i64, free: bool, value_cents: i64) {
        if free {
            self.free += sign;
            self.free_cents += sign * value_cents;
        }
        self.all += sign;
        self.all_cents += sign * value_cents;
    }
}

type Totals = BTreeMap<(PersonKey, i32), Total>;

#[derive(Clone, Copy)]
struct Stands {
    person: usize,
    day: i32,
    value_cents: i64,
    free: bool,
    crosses: bool,
}

/// What a clerk with a list would have: every parcel as it stands, by its day.
#[derive(Default)]
struct Naive {
    parcels: BTreeMap<usize, Stands>,
    days: BTreeMap<(usize, i32), BTreeSet<usize>>,
    merged: BTreeMap<usize, usize>,
    events: usize,
    /// How many decisions a limit made.
    withheld: usize,
}

impl Naive {
    fn root(&self, person: usize) -> usize {
        let next = self.merged.get(&person);
        next.map_or(person, |next| self.root(*next))
    }

    fn take(&mut self, number: usize) -> Option<Stands> {
        let parcel = self.parcels.remove(&number)?;
        let day = self.days.get_mut(&(parcel.person, parcel.day));
        day.expect("its day").remove(&number);
        Some(parcel)
    }

    fn put(&mut self, number: usize, parcel: Stands) {
        let day = self.days.entry((parcel.person, parcel.day)).or_default();
        day.insert(number);
        self.parcels.insert(number, parcel);
    }

    /// Counts the day up and decides again; the ledger's answer has to be the same.
    fn decide(&mut self, number: usize, person: usize, day: i32, value_cents: i64, told: &[u8]) {
        let others = self.days.get(&(person, day)).into_iter().flatten();
        let others: Vec<Stands> = others.map(|other| self.parcels[other]).collect();
        let counted = others.iter().filter(|other| other.free);
        let counted: i64 = counted.map(|other| other.value_cents).sum();
        let crossed = others.iter().any(|other| other.crosses);
        let free = !crossed && counted + value_cents <= limit_cents(day);
        let crosses = !free && value_cents <= limit_cents(day);
        assert_eq!(told, [u8::from(free), u8::from(crosses)], "parcel {number}");
        self.withheld += usize::from(!free);
        let parcel = Stands {
            person,
            day,
            value_cents,
            free,
            crosses,
        };
        self.put(number, parcel);
    }

    fn happened(&mut self, deed: &Deed, answer: &[u8]) {
        match deed {
            Deed::Claim(number, person, day, value_cents) => {
                let person = self.root(*person);
                self.decide(*number, person, *day, *value_cents, answer);
            }
            Deed::Post(_) => {}
            Deed::Void(number) => {
                self.take(*number).expect("it was claimed");
            }
            Deed::Move(number, day) => {
                let was = self.take(*number).expect("it was claimed");
                self.decide(*number, was.person, *day, was.value_cents, answer);
            }
            Deed::Amend(number, value_cents) => {
                let was = self.take(*number).expect("it was claimed");
                self.decide(*number, was.person, was.day, *value_cents, answer);
            }
            Deed::Merge(from, into) => {
                let (from, into) = (self.root(*from), self.root(*into));
                let theirs = self.parcels.iter().filter(|(_, one)| one.person == from);
                let theirs: Vec<usize> = theirs.map(|(number, _)| *number).collect();
                theirs
                    .into_iter()
                    .for_each(|number| self.hand(number, into));
                self.merged.insert(from, into);
            }
            Deed::Split(parcels, to) => {
                parcels.iter().for_each(|number| self.hand(*number, *to));
                self.merged.remove(to);
            }
        }
        self.events += 1;
    }

    fn hand(&mut self, number: usize, person: usize) {
        let was = self.take(number).expect("it is there");
        self.put(number, Stands { person, ..was });
    }

    fn totals(&self) -> Totals {
        let mut totals = Totals::new();
        for parcel in self.parcels.values() {
            let total = totals.entry((key(parcel.person), parcel.day)).or_default();
            total.add(1, parcel.free, parcel.value_cents);
        }
        totals
    }
}

/// What a deed needs to be asked: its place makes its event's id.
fn request(deed: &Deed, at: usize, facts: &mut BTreeMap<usize, (i32, i64)>) -> Request {
    let tenant = || "carrier".to_owned();
    let event = |number: &usize| Event {
        tenant: tenant(),
        shipment_id: format!("P-{number}"),
        event_id: format!("E-{at}"),
        body_hash: body(&at.to_string()),
    };
    let says = || PersonsEvent {
        tenant: tenant(),
        event_id: format!("E-{at}"),
        body_hash: body(&at.to_string()),
    };
    match deed {
        Deed::Claim(number, person, day, value_cents) => {
            facts.insert(*number, (*day, *value_cents));
            let claim = Claim {
                tenant: tenant(),
                shipment_id: format!("P-{number}"),
                body_hash: body(&number.to_string()),
                person: key(*person),
                arrival: arrival(*number, *day),
                order: (number % 3 == 0).then_some(*person as u64),
                bill: (number % 5 == 0).then_some(u64::from(day.unsigned_abs())),
            };
            Request::Claim(claim, assess(*day, *value_cents))
        }
        Deed::Post(number) => Request::Event(event(number), Act::Post),
        Deed::Void(number) => Request::Event(event(number), Act::Void),
        Deed::Move(number, day) => {
            let facts = facts.get_mut(number).expect("it was claimed");
            facts.0 = *day;
            let act = Act::Move(arrival(*number, *day), assess(*day, facts.1));
            Request::Event(event(number), act)
        }
        Deed::Amend(number, value_cents) => {
            let facts = facts.get_mut(number).expect("it was claimed");
            facts.1 = *value_cents;
            Request::Event(event(number), Act::Amend(assess(facts.0, *value_cents)))
        }
        Deed::Merge(from, into) => {
            let (from, into) = (key(*from), key(*into));
            Request::Persons(says(), PersonsAct::Merge { from, into })
        }
        Deed::Split(parcels, to) => {
            let shipments = parcels.iter().map(|number| format!("P-{number}"));
            let (shipments, to) = (shipments.collect(), key(*to));
            Request::Persons(says(), PersonsAct::Split { shipments, to })
        }
    }
}

fn live(ledger: &dyn Ledger, deeds: &[Deed]) -> Naive {
    let (mut naive, mut facts) = (Naive::default(), BTreeMap::new());
    let mut waiting: VecDeque<(&Deed, Pending<Receipt>)> = VecDeque::new();
    let mut settle = |(deed, pending): (&Deed, Pending<Receipt>)| {
        let receipt = pending.wait();
        let receipt = receipt.unwrap_or_else(|error| panic!("{deed:?}: {error}"));
        assert!(receipt.fresh, "{deed:?}");
        naive.happened(deed, &receipt.answer);
    };
    for (at, deed) in deeds.iter().enumerate() {
        let request = request(deed, at, &mut facts);
        waiting.push_back((deed, ledger.submit(request)));
        if waiting.len() >= WINDOW {
            waiting.pop_front().into_iter().for_each(&mut settle);
        }
    }
    waiting.into_iter().for_each(settle);
    naive
}

/// The sum of all postings, and for each parcel that still stands its person.
fn from_postings(ledger: &dyn Ledger) -> (Totals, BTreeMap<String, PersonKey>) {
    let (mut totals, mut stand, mut after) = (Totals::new(), BTreeMap::new(), 0);
    loop {
        let entries = ledger.entries(after, 5_000).wait().expect("lines");
        let Some(last) = entries.last() else { break };
        after = last.position;
        for one in entries {
            let total = totals.entry((one.person, one.arrival.day)).or_default();
            if one.sign != 0 {
                let free = one.posting.counted.is_some();
                total.add(one.sign, free, one.posting.value_cents);
            }
            if one.kind == Kind::Void {
                stand.remove(&one.shipment_id);
            } else if one.sign >= 0 {
                stand.insert(one.shipment_id, one.person);
            }
        }
    }
    totals.retain(|_, total| *total != Total::default());
    (totals, stand)
}

/// What the last record of a parcel says of it: free, cents, day.
fn said(record: &KeptRecord) -> (bool, i64, i32) {
    let field = |path: &str| -> String {
        let field = record.fields.iter().find(|field| field.path == path);
        match &field.expect("the field").content {
            Content::Value(value) => String::from_utf8(value.clone()).expect("a text"),
            other => panic!("{other:?}"),
        }
    };
    let number = |path: &str| field(path).parse::<i64>().expect("a number");
    let day = i32::try_from(number("arrives_on")).expect("a day");
    (field("free") == "true", number("line_value"), day)
}

/// The sum of what the records decided, of the parcels that still stand.
fn from_records(ledger: &dyn Ledger, stand: &BTreeMap<String, PersonKey>) -> Totals {
    let (mut last, mut after) = (BTreeMap::new(), 0);
    loop {
        let records = ledger.records("carrier", after, 5_000).wait();
        let records = records.expect("records");
        let Some(end) = records.last() else { break };
        after = end.seq;
        for record in &records {
            last.insert(record.shipment_id.clone(), said(record));
        }
    }
    let mut totals = Totals::new();
    for (id, (free, value_cents, day)) in last {
        if let Some(person) = stand.get(&id) {
            let total = totals.entry((*person, day)).or_default();
            total.add(1, free, value_cents);
        }
    }
    totals
}

fn thirty_days(name: &str, ledger: &dyn Ledger) {
    let given = std::env::var("LEDGER_SEED").ok();
    let seed = given.map_or_else(
        || {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            u64::from(now.expect("a clock after 1970").subsec_nanos()) | 1
        },
        |seed| seed.parse().expect("a seed"),
    );
    let parcels = std::env::var("LEDGER_PARCELS").ok();
    let parcels: usize = parcels.map_or(10_000, |count| count.parse().expect("a number"));
    eprintln!("{name}: LEDGER_SEED={seed}");
    let deeds = Plan::of(parcels, &mut Random(seed));
    let naive = live(ledger, &deeds);
    let own = naive.totals();
    let (postings, stand) = from_postings(ledger);
    assert!(
        postings == own,
        "{name}: postings and the naive recount differ"
    );
    let records = from_records(ledger, &stand);
    assert!(
        records == own,
        "{name}: records and the naive recount differ"
    );
    for ((person, day), total) in own.iter().step_by(7) {
        let holds = ledger.day("carrier", *person, *day).wait().expect("a day");
        let held = Total {
            free: holds.counted[2].shipments,
            free_cents: holds.counted[2].total_cents,
            all: holds.all.shipments,
            all_cents: holds.all.total_cents,
        };
        assert_eq!(held, *total, "{name}: {person:?} on {day}");
    }
    assert_eq!(ledger.verify().wait(), Ok(vec![]), "{name}");
    let audit = ledger.verify_records().wait().expect("an audit");
    assert_eq!((audit.found, audit.waiting), (vec![], 0), "{name}");
    let of = |is: fn(&Deed) -> bool| deeds.iter().filter(|deed| is(deed)).count();
    let counts = [
        of(|deed| matches!(deed, Deed::Void(_))),
        of(|deed| matches!(deed, Deed::Move(..))),
        of(|deed| matches!(deed, Deed::Merge(..))),
        of(|deed| matches!(deed, Deed::Split(..))),
    ];
    let free: i64 = own.values().map(|total| total.free_cents).sum();
    eprintln!(
        "{name}: {parcels} parcels, {} requests, {counts:?} cancelled, moved, merged, split; {} \
         decisions not free, {} person-days, {free} cents free: equal by days, postings, records \
         and recount",
        naive.events,
        naive.withheld,
        own.len(),
    );
    assert!(counts.iter().all(|count| *count > 0) && naive.withheld > parcels / 20);
}

#[test]
fn thirty_days_on_sqlite_come_out_the_same_by_every_way_of_counting() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = common::open_sqlite(&folder.path().join("ledger.db"));
    thirty_days("sqlite", &ledger);
}

#[test]
fn thirty_days_on_postgres_come_out_the_same_by_every_way_of_counting() {
    let Some(config) = server::database() else {
        return;
    };
    // One writer does the requests in the order in which they are sent, as the recount does.
    let ledger = Postgres::open_with(&config, 1, 256, Some(common::installation()));
    thirty_days("postgres", &ledger.expect("a ledger"));
}
