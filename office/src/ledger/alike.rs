//! Persons of the ledger's days who may be one although the exact key tells them apart: with what
//! they count together and the evidence, and merged by nobody but a human.
//!
//! An answer of the ledger counts by the exact key alone. Here the parcels that are kept are compared
//! after the fact, by the same rules as those of a file, and a day's second total is added up from
//! what the ledger's days hold now.

use crate::ledger::calendar::MOST_OF_A_DAY;
use crate::ledger::near::{MOST_SPELLINGS, kept_party, neighbours, spellings};
use crate::ledger::over::limits;
use crate::ledger::{Apart, OpenLedger, Records, RunError};
use crate::pass::{Bounds, Item, Link, LinkBuilder, LinkTally, PassError, Persons, Sorter};
use crate::setup::Setup;
use deminimis_clearance::day::{Linked, counted_with, party_of};
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_person::Key;
use deminimis_store::{KeptRecord, PersonKey, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// As many parcels of the person himself are looked at for spellings: after a merge there are several.
const MOST_OF_ONE: usize = 64;

/// Persons of one day who may be one, no two of whom contradict; a person may stand in several.
pub struct Alike {
    /// The day.
    pub day: Day,
    /// Who they are: two at least.
    pub persons: Vec<Someone>,
    /// What 321(a)(2)(C) counts of them together.
    pub together: Cents,
    /// The limit of that day, where it can be known from a parcel's record.
    pub limit: Option<Cents>,
}

impl Alike {
    /// Whether the day is over its limit if they are one, and no one of them is alone.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let within = |limit| self.persons.iter().all(|one| one.counted <= limit);
        self.limit
            .is_some_and(|limit| self.together > limit && within(limit))
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let someone = |one: &Someone| {
            json!({ "key": one.key.to_string(), "counted_usd": one.counted.to_string(),
                "shipment_ids": one.shipment_ids, "linked": one.with })
        };
        json!({
            "day": self.day.to_string(),
            "persons": self.persons.iter().map(someone).collect::<Vec<_>>(),
            "day_total_if_linked_usd": self.together.to_string(),
            "limit_usd": self.limit.map(|limit| limit.to_string()), "over_limit": self.is_over(),
        })
    }
}

/// One of them.
pub struct Someone {
    /// Whom the ledger has.
    pub person: PersonKey,
    /// The key by the exact rules.
    pub key: Key,
    /// What 321(a)(2)(C) counts on the day.
    pub counted: Cents,
    /// The parcels on the day.
    pub shipment_ids: Vec<String>,
    /// Who else it may be, and why.
    pub with: Vec<Linked>,
}

/// A link in one of its readings, in the order of readings, which is that of days.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Reading {
    number: u32,
    link: Link,
}

impl Ord for Reading {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |one: &Self| (one.number, one.link.person);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Reading {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Item for Reading {
    fn lead(&self) -> u64 {
        u64::from(self.number)
    }
}

/// Tells the persons of a day, or of all days, who may be one. The whole record log is read and
/// checked; parties beyond a limit wait on disk. Of erased persons nothing is known, and of two whom a
/// human set apart nothing is said.
///
/// # Errors
/// The ledger or a temporary file cannot be read, or `tell` says so.
pub fn alike(
    desk: &OpenLedger,
    setup: &Setup,
    on: Option<Day>,
    tell: impl FnMut(Alike) -> io::Result<()>,
) -> Result<LinkTally, RunError> {
    let mut parties = Parties::default();
    let mut records = Records::of(desk)?;
    while let Some(page) = records.page()? {
        for record in page {
            parties.add((desk, setup), &record, on)?;
        }
    }
    parties.tell(desk, setup, tell)
}

/// The same of those alone whose parcels on a day these are: no more is read than that.
///
/// # Errors
/// As for [`alike`].
pub fn alike_among(
    desk: &OpenLedger,
    setup: &Setup,
    (day, shipment_ids): (Day, &[String]),
    tell: impl FnMut(Alike) -> io::Result<()>,
) -> Result<LinkTally, RunError> {
    let mut parties = Parties::default();
    for id in shipment_ids {
        parties.add_latest((desk, setup), id, day)?;
    }
    parties.tell(desk, setup, tell)
}

/// Who else of a day a person may be: those are compared who share something by which they are found.
/// Nothing where they are more than `most`.
///
/// # Errors
/// The ledger or a temporary file cannot be read.
pub fn alike_to(
    desk: &OpenLedger,
    setup: &Setup,
    (person, day): (PersonKey, Day),
    most: usize,
) -> Result<Option<Vec<Alike>>, RunError> {
    let own = spellings(desk, person, day, MOST_OF_ONE)?;
    let found = neighbours((desk, setup), (person, day), &own)?;
    if found.len() > most {
        return Ok(None);
    }
    let mut parties = Parties::default();
    for id in own {
        parties.add_latest((desk, setup), &id, day)?;
    }
    for other in found {
        for id in spellings(desk, other, day, MOST_SPELLINGS)? {
            parties.add_latest((desk, setup), &id, day)?;
        }
    }
    let mut told = Vec::new();
    parties.tell(desk, setup, |one| {
        told.push(one);
        Ok(())
    })?;
    told.retain(|one| one.persons.iter().any(|of| of.person == person));
    Ok(Some(told))
}

/// The parties that are compared.
struct Parties {
    links: LinkBuilder,
    persons: Persons,
}

impl Default for Parties {
    fn default() -> Parties {
        Parties {
            links: LinkBuilder::new(Bounds::default().records),
            persons: Persons::default(),
        }
    }
}

impl Parties {
    /// Takes the party of a record, if it is of that day.
    fn add(
        &mut self,
        (desk, setup): (&OpenLedger, &Setup),
        record: &KeptRecord,
        on: Option<Day>,
    ) -> Result<(), RunError> {
        // What does not read any more, or was kept for no decision, tells of nobody.
        let kept = kept_party(desk, setup, record, &mut self.persons);
        let Some((parcel, key, texts, basis)) = kept else {
            return Ok(());
        };
        let day = Day(parcel.arrival().day);
        if on.is_none_or(|on| on == day) {
            let given = texts.party(party_of(basis));
            self.links
                .add((key, day), &given, &self.persons.compared())?;
        }
        Ok(())
    }

    /// Takes the party of a parcel as its latest record has it.
    fn add_latest(
        &mut self,
        at: (&OpenLedger, &Setup),
        shipment_id: &str,
        day: Day,
    ) -> Result<(), RunError> {
        match at.0.records_of(shipment_id)?.pop() {
            Some(record) => self.add(at, &record, Some(day)),
            None => Ok(()),
        }
    }

    /// Compares them, and tells who may be one as the ledger's days stand.
    fn tell(
        self,
        desk: &OpenLedger,
        setup: &Setup,
        mut tell: impl FnMut(Alike) -> io::Result<()>,
    ) -> Result<LinkTally, RunError> {
        let apart = Apart::of(desk)?;
        let (mut links, tally) = self.links.link_but(|one, other| apart.are(one, other))?;
        let mut readings = Sorter::new(Bounds::default().records);
        while let Some(link) = links.next()? {
            for number in link.readings.clone() {
                let link = link.clone();
                readings.push(Reading { number, link })?;
            }
        }
        let mut readings = readings.sorted()?;
        let (mut of, mut reading) = (None, Vec::new());
        loop {
            let next = readings.next()?;
            let number = next.as_ref().map(|next| next.number);
            if number != of
                && let Some(alike) = standing(desk, setup, std::mem::take(&mut reading))?
            {
                tell(alike).map_err(PassError::Io)?;
            }
            of = number;
            match next {
                Some(next) => reading.push(next.link),
                None => return Ok(tally),
            }
        }
    }
}

/// What the ledger's day holds of those of a reading now: nothing where a human has made one of it, or where
/// parcels have gone.
fn standing(
    desk: &OpenLedger,
    setup: &Setup,
    reading: Vec<Link>,
) -> Result<Option<Alike>, RunError> {
    let Some(day) = reading.first().map(|one| one.day) else {
        return Ok(None);
    };
    let slot = counted_with(Basis::Section321C) as usize;
    let mut found: BTreeMap<PersonKey, Someone> = BTreeMap::new();
    let mut whose: BTreeMap<String, PersonKey> = BTreeMap::new();
    for link in reading {
        let key = Key(link.person);
        let person = desk.person_of(desk.intake.ledger_person(key))?;
        whose.insert(key.to_string(), person);
        if let Some(known) = found.get_mut(&person) {
            known.with.extend(link.with);
            continue;
        }
        let parcels = desk.parcels(person, Some(day.0))?.into_iter();
        let parcels = parcels.filter(|one| one.state != State::Voided);
        let shipment_ids: Vec<String> = parcels.map(|one| one.shipment_id).collect();
        if shipment_ids.is_empty() {
            continue;
        }
        let holds = desk.ledger.day(desk.intake.tenant(), person, day.0).wait();
        let holds = holds.map_err(|error| desk.failed(error))?;
        let one = Someone {
            person,
            key,
            counted: Cents(holds.counted[slot].total_cents),
            shipment_ids,
            with: link.with,
        };
        found.insert(person, one);
    }
    if found.len() < 2 {
        return Ok(None);
    }
    // Where a human has made one of two, neither may be the other any more.
    for (person, one) in &mut found {
        one.with
            .sort_by(|a, b| (b.score, &a.key).cmp(&(a.score, &b.key)));
        let mut named = BTreeSet::from([*person]);
        one.with.retain(|with| {
            whose
                .get(&with.key)
                .is_none_or(|other| named.insert(*other))
        });
    }
    let mut persons: Vec<Someone> = found.into_values().collect();
    persons.sort_by_key(|one| one.key.0);
    let ids = persons
        .iter()
        .flat_map(|one| one.shipment_ids.iter().take(MOST_OF_A_DAY));
    let limits = limits(desk, setup, ids)?;
    let of_day = limits
        .values()
        .filter_map(|of_parcel| of_parcel[slot].limit);
    Ok(Some(Alike {
        day,
        limit: of_day.min(),
        together: persons
            .iter()
            .fold(Cents(0), |sum, one| sum.plus(one.counted)),
        persons,
    }))
}
