//! From a parcel that was read to its claim, with the assessment that the ledger runs.
//!
//! The only part of the crate that knows parcels and their assessment: it turns what a day holds
//! ([`DayView`](crate::DayView)) into what the assessment is told
//! ([`DayContext`]), and what was decided into a posting. It must not hold SQL,
//! read the world, or know how an answer is written: the caller's [`Clerk`] writes it.

mod again;
mod body;
mod day;
mod kept;
mod secret;
mod survey;

pub use kept::{Lost, Recalled, Said, filled, is_personal, recall};
pub use secret::Secret;
pub use survey::{Survey, Tally, survey};

use crate::alike::Alike;
use crate::ledger::{Act, Assess, Request};
use crate::records::types::{Field, Record};
use crate::types::{Arrival, Claim, Event, Kept, PersonKey, Verdict};
use body::Fields;
use day::{Following, Next};
use deminimis_clearance::basis::{Limits, choose};
use deminimis_clearance::day::{DayRecord, counts_if_linked, day_record, walk};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{Books, DayContext, Decision, Scratch, assess_into};
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, PersonBasis};
use deminimis_law::time::{Day, Moment};
use deminimis_person::Key;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who holds the law and writes the answers.
pub trait Clerk: Send + Sync {
    /// What the assessment reads.
    fn books(&self) -> Books<'_>;

    /// Writes what is kept and answered. The person's key is not told: what the ledger keeps must
    /// not tell a person without the installation's secret. `spare` is free for assessing again.
    fn answer(&self, assessed: &Assessed<'_>, spare: &mut Scratch, out: &mut Vec<u8>);

    /// The part of an answer that is the decision, as it is kept in the record.
    fn decision<'a>(&self, answer: &'a [u8]) -> &'a [u8] {
        answer
    }

    /// What else is kept with every decision, such as when it was made.
    fn origin(&self) -> Vec<Field> {
        Vec::new()
    }
}

/// A parcel that was assessed with what its day held.
pub struct Assessed<'a> {
    /// What it was assessed with.
    pub books: Books<'a>,
    /// The parcel.
    pub shipment: &'a Shipment,
    /// What its day held.
    pub day: &'a DayContext,
    /// The decision.
    pub decision: &'a Decision,
}

/// Days on which refused rows name a person, by the person's key.
pub type RefusedDays = HashMap<Key, HashMap<Day, u32>>;

/// Buffers of the assessments that run at the same time.
type Spares = Arc<Mutex<Vec<(Scratch, Scratch)>>>;

/// Makes claims and events of parcels, for one tenant.
pub struct Intake {
    clerk: Arc<dyn Clerk>,
    secret: Secret,
    tenant: String,
    fields: Fields,
    spares: Spares,
    keeps: bool,
}

/// A parcel ready to be claimed.
pub struct Parcel {
    /// The parcel.
    pub shipment: Shipment,
    /// The person by the exact rules; `None` where the bill does not say who it is.
    pub person: Option<Key>,
    /// The person as the ledger knows him. Who is not known is a person of this parcel alone.
    pub ledger_person: PersonKey,
    /// Hash of all that the sender said of it.
    pub body_hash: [u8; 32],
    order: Option<u64>,
    bill: Option<u64>,
    /// Which party is the one person.
    basis: PersonBasis,
    record: DayRecord,
    limits: Limits,
    /// What is kept of what was sent.
    input: Arc<[Field]>,
    /// What the parcel's own file says of its day, and which of its parcels come after it.
    file: DayContext,
    following: Following,
    /// Whom the person may be, by the ledger's keys.
    pub alike: Alike,
}

impl Intake {
    /// An intake into one tenant's ledger.
    #[must_use]
    pub fn new(clerk: Arc<dyn Clerk>, secret: Secret, tenant: &str) -> Intake {
        Intake {
            clerk,
            secret,
            tenant: tenant.to_owned(),
            fields: Fields::new(),
            spares: Spares::default(),
            keeps: true,
        }
    }

    /// The same for a ledger that is thrown away: nothing is kept in its records.
    #[must_use]
    pub fn without_records(self) -> Intake {
        Intake {
            keeps: false,
            ..self
        }
    }

    /// Whose ledger it is.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The key under which the ledger knows a person.
    #[must_use]
    pub fn ledger_person(&self, person: Key) -> PersonKey {
        self.secret.person(person)
    }

    /// Makes a parcel ready. `said` is what was said beside the parcel itself, such as an entry date
    /// for all parcels: the parcel is changed by it already, and it is part of the body. `person`
    /// tells who a party is.
    #[must_use]
    pub fn take(
        &self,
        shipment: &Shipment,
        texts: &Texts,
        said: &Said,
        person: impl FnOnce(PersonBasis) -> Option<Key>,
    ) -> Parcel {
        let books = self.clerk.books();
        let mut spare = self.spare();
        let decision = assess_into(books, shipment, &DayContext::default(), &mut spare.0);
        let basis = decision.person;
        let person = person(basis);
        let record = day_record(shipment, texts, decision, books.law);
        let limits = decision.limits;
        self.give_back(spare);
        let (order, bill) = self.secret.marks(&record, texts);
        let facts = &books.law.book().facts;
        let mut input = Vec::new();
        if self.keeps {
            input = kept::input(&self.fields, texts, facts, said);
            input.extend(person.map(kept::person));
        }
        Parcel {
            ledger_person: match person {
                Some(person) => self.secret.person(person),
                None => self.secret.nobody(&shipment.id),
            },
            body_hash: self.secret.body(&self.fields, texts, facts, &said.text()),
            shipment: shipment.clone(),
            person,
            order,
            bill,
            basis,
            record,
            limits,
            input: input.into(),
            file: DayContext::default(),
            following: Following::default(),
            alike: Alike::default(),
        }
    }

    /// The request by which a parcel asks for its place.
    #[must_use]
    pub fn claim(&self, parcel: &Parcel) -> Request {
        let claim = Claim {
            tenant: self.tenant.clone(),
            shipment_id: parcel.shipment.id.clone(),
            body_hash: parcel.body_hash,
            person: parcel.ledger_person,
            arrival: parcel.arrival(),
            order: parcel.order,
            bill: parcel.bill,
            alike: parcel.alike.clone(),
        };
        Request::Claim(claim, self.assess(parcel))
    }

    /// The request by which a parcel of the ledger arrives as this one says. `rests_on` is the decision
    /// that was seen of it ([`Kept::decided`]).
    #[must_use]
    pub fn move_to(&self, parcel: &Parcel, event_id: &str, rests_on: Option<i64>) -> Request {
        let act = Act::Move {
            to: parcel.arrival(),
            rests_on,
            alike: parcel.alike.clone(),
            assess: self.assess(parcel),
        };
        self.event_of(parcel, event_id, act)
    }

    /// The request by which a parcel of the ledger becomes this one. `rests_on` is the decision that was
    /// seen of it ([`Kept::decided`]).
    #[must_use]
    pub fn amend(&self, parcel: &Parcel, event_id: &str, rests_on: Option<i64>) -> Request {
        let act = Act::Amend {
            rests_on,
            alike: parcel.alike.clone(),
            assess: self.assess(parcel),
        };
        self.event_of(parcel, event_id, act)
    }

    fn event_of(&self, parcel: &Parcel, event_id: &str, act: Act) -> Request {
        let event = self.event(&parcel.shipment.id, event_id, parcel.body_hash);
        Request::Event(event, act)
    }

    /// The request by which a parcel is released.
    #[must_use]
    pub fn post(&self, shipment_id: &str) -> Request {
        Request::Event(self.event(shipment_id, "post", [0; 32]), Act::Post)
    }

    /// The request by which a parcel gives up its place.
    #[must_use]
    pub fn void(&self, shipment_id: &str) -> Request {
        Request::Event(self.event(shipment_id, "void", [0; 32]), Act::Void)
    }

    fn event(&self, shipment_id: &str, event_id: &str, body_hash: [u8; 32]) -> Event {
        Event {
            tenant: self.tenant.clone(),
            shipment_id: shipment_id.to_owned(),
            event_id: event_id.to_owned(),
            body_hash,
        }
    }

    /// The assessment of a parcel, for the ledger to run once it knows what the day holds.
    fn assess(&self, parcel: &Parcel) -> Assess {
        let (clerk, spares) = (Arc::clone(&self.clerk), Arc::clone(&self.spares));
        let (shipment, record) = (parcel.shipment.clone(), parcel.record.clone());
        let (limits, file) = (parcel.limits, parcel.file.clone());
        let following = parcel.following.clone();
        let (input, keeps) = (Arc::clone(&parcel.input), self.keeps);
        Box::new(move |view| {
            let mut context = day::context(view, (&record.candidate, &limits), &file);
            let chosen = choose(&record.candidate, &limits, &context);
            // One that crosses, or comes after who crossed, has no later one that does.
            if !day::is_over(&chosen, &context) {
                let mut next = context.clone();
                next.add(&record.candidate, &limits, &chosen);
                context.later_over = following.cross(next);
            }
            if context.is_alone(record.candidate.value) {
                context = DayContext::default();
            }
            let (mut scratch, mut spare) = take_spare(&spares);
            let books = clerk.books();
            let decision = assess_into(books, &shipment, &context, &mut scratch);
            let assessed = Assessed {
                books,
                shipment: &shipment,
                day: &context,
                decision,
            };
            let mut answer = Vec::new();
            clerk.answer(&assessed, &mut spare, &mut answer);
            let mut kept = Record::default();
            if keeps {
                let told = clerk.decision(&answer);
                kept.fields = input.to_vec();
                kept.fields
                    .extend(kept::decided(books, &context, decision.person, told));
                kept.fields.extend(clerk.origin());
                kept.kept_until = decision.records.map_or(i32::MAX, |(day, _)| day.0);
            }
            put_spare(&spares, (scratch, spare));
            Verdict {
                posting: day::posting(&record.candidate, &limits, &chosen),
                answer,
                record: kept,
            }
        })
    }

    fn spare(&self) -> (Scratch, Scratch) {
        take_spare(&self.spares)
    }

    fn give_back(&self, spare: (Scratch, Scratch)) {
        put_spare(&self.spares, spare);
    }
}

fn take_spare(spares: &Mutex<Vec<(Scratch, Scratch)>>) -> (Scratch, Scratch) {
    let mut spares = spares.lock().unwrap_or_else(PoisonError::into_inner);
    spares.pop().unwrap_or_default()
}

fn put_spare(spares: &Mutex<Vec<(Scratch, Scratch)>>, spare: (Scratch, Scratch)) {
    let mut spares = spares.lock().unwrap_or_else(PoisonError::into_inner);
    spares.push(spare);
}

impl Parcel {
    /// The order in which parcels of a file are claimed: that of the day, never of the file.
    #[must_use]
    pub fn order_key(&self) -> (Day, Moment, Moment, &str) {
        self.record.order_key()
    }

    /// The most that one person may import on one day on a basis, where a rule in force says so.
    #[must_use]
    pub fn limit(&self, basis: Basis) -> Option<Cents> {
        self.limits[basis as usize].map(|limit| limit.limit)
    }

    /// Whether the basis is open to it whatever the day holds: it meets the conditions, and nothing
    /// suspends or denies it.
    #[must_use]
    pub fn is_open(&self, basis: Basis) -> bool {
        self.record.candidate.open.has(basis)
    }

    /// Whether it is of the order and the master bill that the ledger has a parcel for. Their sums
    /// are kept under these: a change of either is another parcel.
    #[must_use]
    pub fn has_marks_of(&self, kept: &Kept) -> bool {
        (self.order, self.bill) == (kept.order, kept.bill)
    }

    /// Whether it has a part in what persons count together who may be one.
    #[must_use]
    pub fn counts_if_linked(&self) -> bool {
        counts_if_linked(&self.record.candidate, &self.limits)
    }

    /// Whether it is part of an order, whose other parcels can be on any day.
    #[must_use]
    pub fn is_of_order(&self) -> bool {
        self.order.is_some()
    }

    /// The fields that the installation's defaults filled in, as its record names them.
    #[must_use]
    pub fn filled(&self) -> Vec<String> {
        kept::names_of_filled(&self.input)
    }

    /// Its day and its place within it.
    #[must_use]
    pub fn arrival(&self) -> Arrival {
        Arrival {
            day: self.record.day.0,
            arrives_at: self.record.arrives.0,
            filed_at: (self.record.filed != Moment::MAX).then_some(self.record.filed.0),
        }
    }
}

/// Tells parcels of one file of each other, also of those still to be claimed: a master bill is
/// over its limit for its first parcel too, and an earlier parcel is told of a crossing to come.
pub fn foresee(parcels: &mut [Parcel], refused: &RefusedDays) {
    let mut persons: HashMap<PersonKey, Vec<usize>> = HashMap::new();
    for (at, parcel) in parcels.iter().enumerate() {
        persons.entry(parcel.ledger_person).or_default().push(at);
    }
    let nothing = HashMap::new();
    for mut places in persons.into_values() {
        places.sort_by(|a, b| {
            let key = |at: &usize| parcels[*at].order_key();
            key(a).cmp(&key(b))
        });
        let person = places.first().and_then(|at| parcels[*at].person);
        let refused = person.and_then(|person| refused.get(&person));
        foresee_person(parcels, &places, refused.unwrap_or(&nothing));
    }
}

/// The same for the parcels of one person, at places that are in the order of his days.
fn foresee_person(parcels: &mut [Parcel], places: &[usize], refused: &HashMap<Day, u32>) {
    let (mut records, mut limits) = (Vec::new(), Vec::new());
    for (place, at) in (0..).zip(places) {
        let mut record = parcels[*at].record.clone();
        (record.limits, record.index) = (place, place);
        records.push(record);
        limits.push(parcels[*at].limits);
    }
    walk(&records, &limits, refused, |record, day| {
        parcels[places[record.index as usize]].file = day;
    });
    for day in records.chunk_by(|a, b| a.day == b.day) {
        let day: Vec<usize> = day
            .iter()
            .map(|record| places[record.index as usize])
            .collect();
        let could =
            |at: &usize| day::could_cross(&parcels[*at].record.candidate, &parcels[*at].limits);
        let counts: Vec<bool> = day.iter().map(could).collect();
        let next = |(at, _): (&usize, &bool)| Next {
            candidate: parcels[*at].record.candidate,
            limits: parcels[*at].limits,
            bill: parcels[*at].file.bill,
        };
        let all: Arc<[Next]> = day
            .iter()
            .zip(&counts)
            .filter(|one| *one.1)
            .map(next)
            .collect();
        let mut first = 0;
        for (at, counts) in day.iter().zip(counts) {
            first += usize::from(counts);
            parcels[*at].following = Following::new(&all, first);
        }
    }
}
