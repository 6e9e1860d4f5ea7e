//! Persons' days of a file: sorted records, walked person by person, kept by place in the file.
//! The parcels of persons who may be one are then put in the order of their day once more.

use crate::pass::PassError;
use crate::pass::links::Link;
use crate::pass::sorter::{Item, Sorted, Sorter};
use deminimis_clearance::DayContext;
use deminimis_clearance::basis::Limits;
use deminimis_clearance::day::{DayRecord, IfLinked, walk};
use deminimis_law::time::Day;
use deminimis_person::Key;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A record with its person, in the order of persons and within a person of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PersonRecord {
    person: [u8; 16],
    record: DayRecord,
}

impl Ord for PersonRecord {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Ids are unique in a run; the place makes the order total even where they are not.
        let key = |one: &Self| (one.person, one.record.index);
        self.person
            .cmp(&other.person)
            .then_with(|| self.record.order_key().cmp(&other.record.order_key()))
            .then_with(|| key(self).cmp(&key(other)))
    }
}

impl PartialOrd for PersonRecord {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Item for PersonRecord {
    fn lead(&self) -> u64 {
        lead_of(&self.person)
    }
}

/// The first half of a key, by which nearly all persons are told apart.
pub(super) fn lead_of(person: &[u8; 16]) -> u64 {
    let [lead, _] = person.as_chunks::<8>().0 else {
        return 0;
    };
    u64::from_be_bytes(*lead)
}

/// A parcel of a person who may be another of the day, with what the person's own day holds; once
/// for each reading of the day in which that person stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LinkedRecord {
    reading: u32,
    person: [u8; 16],
    record: DayRecord,
    context: DayContext,
}

impl Ord for LinkedRecord {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |one: &Self| (one.person, one.record.index);
        self.reading
            .cmp(&other.reading)
            .then_with(|| self.record.order_key().cmp(&other.record.order_key()))
            .then_with(|| key(self).cmp(&key(other)))
    }
}

impl PartialOrd for LinkedRecord {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Item for LinkedRecord {
    fn lead(&self) -> u64 {
        u64::from(self.reading)
    }
}

/// What a parcel's day holds, by the parcel's place in the file. Of several readings that with the
/// greatest total of who may be one comes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Placed {
    index: u32,
    context: DayContext,
}

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let linked = |one: &Self| one.context.counted_if_linked;
        self.index
            .cmp(&other.index)
            .then_with(|| linked(other).cmp(&linked(self)))
    }
}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Item for Placed {
    fn lead(&self) -> u64 {
        u64::from(self.index)
    }
}

/// The most parcels of a person that are looked through for a shared order without a table.
const FEW: usize = 8;

/// Collects records of days.
pub struct Builder {
    records: Sorter<PersonRecord>,
    limits: Vec<Limits>,
    known_limits: HashMap<Limits, u32>,
    /// The place of the limits asked for last.
    last: u32,
    refused: HashMap<[u8; 16], HashMap<Day, u32>>,
    bound: usize,
}

impl Builder {
    /// Holds at most `bound` records in memory.
    pub fn new(bound: usize) -> Builder {
        Builder {
            records: Sorter::new(bound),
            limits: Vec::new(),
            known_limits: HashMap::new(),
            last: 0,
            refused: HashMap::new(),
            bound,
        }
    }

    /// Adds a parcel of a person.
    pub fn add(
        &mut self,
        person: Key,
        mut record: DayRecord,
        limits: Limits,
    ) -> Result<(), PassError> {
        record.limits = self.place_of(limits);
        self.records.push(PersonRecord {
            person: person.0,
            record,
        })
    }

    /// The place of limits among those known. Most parcels have those of the parcel before.
    fn place_of(&mut self, limits: Limits) -> u32 {
        if self.limits.get(self.last as usize) != Some(&limits) {
            let next = self.limits.len() as u32;
            self.last = *self.known_limits.entry(limits).or_insert_with(|| {
                self.limits.push(limits);
                next
            });
        }
        self.last
    }

    /// Notes a refused row that names a person on a day.
    pub fn refused(&mut self, person: Key, day: Day) {
        *self
            .refused
            .entry(person.0)
            .or_default()
            .entry(day)
            .or_default() += 1;
    }

    /// Walks every person's days; `links` says who may be another of a day.
    pub fn walk(self, links: Sorted<Link>) -> Result<Days, PassError> {
        let Builder {
            records,
            limits,
            refused,
            bound,
            ..
        } = self;
        let mut sorted = records.sorted()?;
        let mut walker = Walker {
            limits,
            refused,
            links: LinksInOrder::new(links)?,
            placed: Sorter::new(bound),
            linked: Sorter::new(bound),
        };
        let mut person: Vec<DayRecord> = Vec::new();
        let mut of: Option<[u8; 16]> = None;
        loop {
            let next = sorted.next()?;
            let same = next.as_ref().map(|next| next.person) == of && of.is_some();
            if let (false, Some(key)) = (same, of) {
                walker.person(key, &person)?;
                person.clear();
            }
            let Some(next) = next else { break };
            of = Some(next.person);
            person.push(next.record);
        }
        Days::new(walker.finish()?)
    }
}

/// Walks persons in the order of their keys.
struct Walker {
    limits: Vec<Limits>,
    refused: HashMap<[u8; 16], HashMap<Day, u32>>,
    links: LinksInOrder,
    placed: Sorter<Placed>,
    linked: Sorter<LinkedRecord>,
}

impl Walker {
    fn person(&mut self, key: [u8; 16], records: &[DayRecord]) -> Result<(), PassError> {
        let refused = self.refused.get(&key);
        let links = self.links.of(&key)?;
        if refused.is_none() && links.is_empty() && share_nothing(records) {
            return Ok(());
        }
        let nothing = HashMap::new();
        let (placed, linked) = (&mut self.placed, &mut self.linked);
        let mut failed: Result<(), PassError> = Ok(());
        let refused = refused.unwrap_or(&nothing);
        walk(records, &self.limits, refused, |record, mut context| {
            if failed.is_err() {
                return;
            }
            if let Some(link) = links.iter().find(|link| link.day == record.day) {
                context.linked.clone_from(&link.with);
                for reading in &link.readings {
                    let pushed = linked.push(LinkedRecord {
                        reading: *reading,
                        person: key,
                        record: record.clone(),
                        context: context.clone(),
                    });
                    if failed.is_ok() {
                        failed = pushed;
                    }
                }
            } else if !context.is_alone(record.candidate.value) {
                failed = placed.push(Placed {
                    index: record.index,
                    context,
                });
            }
        });
        failed
    }

    /// Counts what linked persons hold together, and puts all in the order of the file.
    fn finish(mut self) -> Result<Sorted<Placed>, PassError> {
        let mut linked = self.linked.sorted()?;
        let (mut of, mut held) = (0, IfLinked::default());
        while let Some(one) = linked.next()? {
            if one.reading != of {
                (of, held) = (one.reading, IfLinked::default());
            }
            let LinkedRecord {
                record,
                mut context,
                ..
            } = one;
            let limits = &self.limits[record.limits as usize];
            context.counted_if_linked = Some(held.before(limits));
            held.add(&record.candidate, limits, &context);
            self.placed.push(Placed {
                index: record.index,
                context,
            })?;
        }
        self.placed.sorted()
    }
}

/// Links, told person by person in the order of keys.
struct LinksInOrder {
    links: Sorted<Link>,
    next: Option<Link>,
}

impl LinksInOrder {
    fn new(mut links: Sorted<Link>) -> Result<LinksInOrder, PassError> {
        let next = links.next()?;
        Ok(LinksInOrder { links, next })
    }

    /// Those of a person, one for each day; persons are asked for in ascending order.
    fn of(&mut self, person: &[u8; 16]) -> Result<Vec<Link>, PassError> {
        let mut found = Vec::new();
        while let Some(next) = self.next.take_if(|next| next.person <= *person) {
            if next.person == *person {
                found.push(next);
            }
            self.next = self.links.next()?;
        }
        Ok(found)
    }
}

/// Whether no two parcels of a person, in their order, share a day or an order, so that each stands
/// alone. `false` also where that is not seen at a glance.
fn share_nothing(person: &[DayRecord]) -> bool {
    let rest = |at: usize| &person[at + 1..];
    person.len() <= FEW
        && person.iter().enumerate().all(|(at, one)| {
            let shares = |other: &DayRecord| {
                one.day == other.day || (one.order.is_some() && one.order == other.order)
            };
            !rest(at).iter().any(shares)
        })
}

/// What each parcel's day holds, told in the order of the file.
pub struct Days {
    placed: Sorted<Placed>,
    next: Option<Placed>,
}

impl Days {
    fn new(mut placed: Sorted<Placed>) -> Result<Days, PassError> {
        let next = placed.next()?;
        Ok(Days { placed, next })
    }

    /// The day of the parcel at a place; each place is asked once, in ascending order.
    pub fn of(&mut self, index: u32) -> Result<DayContext, PassError> {
        Ok(self.shared(index)?.unwrap_or_default())
    }

    /// As [`Days::of`]; `None` where the day holds nothing else.
    pub fn shared(&mut self, index: u32) -> Result<Option<DayContext>, PassError> {
        while self.next.as_ref().is_some_and(|next| next.index < index) {
            self.next = self.placed.next()?;
        }
        let next = self.next.take_if(|next| next.index == index);
        if next.is_some() {
            self.next = self.placed.next()?;
        }
        Ok(next.map(|next| next.context))
    }
}
