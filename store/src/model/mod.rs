//! The ledger in memory, written to be obviously right: every answer is found by looking through
//! all parcels again. It shares no reckoning with the stores, so that a test can compare them.

mod day;
mod persons;
mod records;

use crate::alike::Alike;
use crate::engine::ask;
use crate::error::{Refused, StoreError};
use crate::ledger::{Act, Assess, Ledger, Request};
use crate::pending::Pending;
use crate::records::head::TreeHead;
use crate::records::keep::NewRecord;
use crate::records::keys::{BlockingKey, Installation};
use crate::records::merkle::{Hash, consistency};
use crate::records::proof::{Proof, SignedTree};
use crate::records::types::{Audit, Erased, Expired, KeptRecord, Record};
use crate::rows::ShipmentKey;
use crate::types::{
    Apart, Claim, DayHolds, Entry, Event, Kept, Kind, Mismatch, PersonKey, Posting, Receipt,
    Standing, State, Sum,
};
use day::{holds, total};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A ledger that lives as long as the value.
#[derive(Debug, Default)]
pub struct Model {
    tables: Mutex<Tables>,
}

const IN_MEMORY: Refused = Refused::Elsewhere("a ledger in memory has no rows to copy");

type Key = (String, String);

#[derive(Debug, Default)]
struct Tables {
    entries: Vec<Entry>,
    shipments: BTreeMap<Key, Kept>,
    events: BTreeMap<(Key, String), ([u8; 32], Receipt)>,
    persons_events: BTreeMap<(String, String), ([u8; 32], Receipt)>,
    aliases: BTreeMap<(String, PersonKey), PersonKey>,
    apart: BTreeSet<(String, PersonKey, PersonKey)>,
    log: records::Log,
}

impl Model {
    /// A model with the keys to seal personal fields and to sign.
    #[must_use]
    pub fn keyed(installation: Installation) -> Self {
        Self {
            tables: Mutex::new(Tables {
                log: records::Log::keyed(installation),
                ..Tables::default()
            }),
        }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for Model {
    fn submit(&self, request: Request) -> Pending<Receipt> {
        let done = request.check().and_then(|()| match request {
            Request::Claim(claim, mut assess) => self.tables().claim(&claim, &mut assess),
            Request::Event(event, act) => self.tables().event(&event, act),
            Request::Persons(event, act) => self.tables().persons(&event, &act),
        });
        Pending::ready(done)
    }

    fn shipment(&self, tenant: &str, shipment_id: &str) -> Pending<Option<Kept>> {
        let key = (tenant.to_owned(), shipment_id.to_owned());
        Pending::ready(Ok(self.tables().shipments.get(&key).cloned()))
    }

    fn day(&self, tenant: &str, person: PersonKey, day: i32) -> Pending<DayHolds> {
        let tables = self.tables();
        let live = tables.live(tenant, person, None);
        Pending::ready(Ok(holds(live.filter(|kept| kept.arrival.day == day))))
    }

    fn parcels(&self, tenant: &str, person: PersonKey, day: Option<i32>) -> Pending<Vec<Standing>> {
        let tables = self.tables();
        let theirs = tables.shipments.iter().filter(|(key, kept)| {
            let on_day = day.is_none_or(|day| day == kept.arrival.day);
            key.0 == tenant && kept.person == person && on_day
        });
        let standing = |(key, kept): (&Key, &Kept)| Standing {
            shipment_id: key.1.clone(),
            state: kept.state,
            person,
            arrival: kept.arrival,
            posting: kept.posting,
            position: kept.position,
        };
        let mut found: Vec<Standing> = theirs.map(standing).collect();
        found.sort_unstable_by_key(Standing::order);
        Pending::ready(Ok(found))
    }

    fn entries(&self, after: i64, limit: u32) -> Pending<Vec<Entry>> {
        let tables = self.tables();
        let rest = tables.entries.iter().filter(|one| one.position > after);
        Pending::ready(Ok(rest.take(limit as usize).cloned().collect()))
    }

    /// Compares what the postings of each day come to with its parcels as they stand.
    fn verify(&self) -> Pending<Vec<Mismatch>> {
        let tables = self.tables();
        let mut sums: BTreeMap<(String, PersonKey, i32), Sum> = BTreeMap::new();
        for one in &tables.entries {
            let key = (one.tenant.clone(), one.person, one.arrival.day);
            let sum = sums.entry(key).or_default();
            sum.shipments += one.sign;
            sum.total_cents += one.sign * one.posting.value_cents;
        }
        let wrong = sums.into_iter().filter_map(|((tenant, person, day), sum)| {
            let live = tables.live(&tenant, person, None);
            let held = total(live.filter(|kept| kept.arrival.day == day));
            (held != sum).then_some(Mismatch {
                tenant,
                person,
                day,
                what: "what the day holds",
            })
        });
        Pending::ready(Ok(wrong.collect()))
    }

    fn person(&self, tenant: &str, person: PersonKey) -> Pending<PersonKey> {
        Pending::ready(Ok(self.tables().one(tenant, person)))
    }

    fn apart(&self, tenant: &str) -> Pending<Vec<Apart>> {
        Pending::ready(Ok(self.tables().apart_of(tenant)))
    }

    fn records(&self, tenant: &str, after: i64, limit: u32) -> Pending<Vec<KeptRecord>> {
        Pending::ready(self.tables().log.records(tenant, after, limit))
    }

    fn records_of(&self, tenant: &str, shipment_id: &str) -> Pending<Vec<KeptRecord>> {
        Pending::ready(self.tables().log.records_of(tenant, shipment_id))
    }

    fn sign_head(&self, signed_at: i64) -> Pending<TreeHead> {
        Pending::ready(self.tables().log.sign(signed_at))
    }

    fn heads(&self) -> Pending<Vec<TreeHead>> {
        Pending::ready(Ok(self.tables().log.heads.clone()))
    }

    fn consistency(&self, old: u64, new: u64) -> Pending<Option<Vec<Hash>>> {
        let leaves = self.tables().log.leaves();
        let size = |size| usize::try_from(size).ok();
        let all = size(new).and_then(|new| leaves.get(..new));
        let path = all.and_then(|all| consistency(all, size(old)?));
        Pending::ready(Ok(path))
    }

    fn prove(&self, tenant: &str, shipment_id: &str) -> Pending<Proof> {
        let tables = self.tables();
        let tree = tables.log.signed_tree();
        Pending::ready(tree.and_then(|tree| tables.log.prove_under(&tree, tenant, shipment_id)))
    }

    fn signed_tree(&self) -> Pending<Arc<SignedTree>> {
        Pending::ready(self.tables().log.signed_tree().map(Arc::new))
    }

    fn prove_under(
        &self,
        tree: &Arc<SignedTree>,
        tenant: &str,
        shipment_id: &str,
    ) -> Pending<Proof> {
        let tables = self.tables();
        Pending::ready(tables.log.prove_under(tree, tenant, shipment_id))
    }

    fn verify_records(&self) -> Pending<Audit> {
        let tables = self.tables();
        Pending::ready(Ok(tables.log.verify(&tables.entries)))
    }

    fn erase(&self, tenant: &str, person: PersonKey) -> Pending<Erased> {
        let mut tables = self.tables();
        let one = tables.one(tenant, person);
        let of = |tables: &Tables, key| tables.one(tenant, key) == one;
        let merged = tables.aliases.keys().filter(|(whose, _)| whose == tenant);
        let keys = merged.map(|(_, key)| *key).filter(|key| of(&tables, *key));
        let keys: Vec<PersonKey> = keys.chain([one]).collect();
        Pending::ready(Ok(tables.log.erase(tenant, &keys)))
    }

    fn erased(&self, tenant: &str) -> Pending<Vec<Hash>> {
        Pending::ready(Ok(self.tables().log.erased(tenant)))
    }

    fn block(&self, tenant: &str, person: PersonKey, keys: Vec<BlockingKey>) -> Pending<()> {
        let mut tables = self.tables();
        let rows = keys.into_iter().map(|key| (tenant.to_owned(), key, person));
        tables.log.blocking.extend(rows);
        Pending::ready(Ok(()))
    }

    fn blocked(&self, tenant: &str, key: BlockingKey) -> Pending<Vec<PersonKey>> {
        let tables = self.tables();
        let rows = tables.log.blocking.iter();
        let theirs = rows.filter(|(whose, of, _)| whose == tenant && *of == key);
        Pending::ready(Ok(theirs.map(|(.., person)| *person).collect()))
    }

    fn alike_on(
        &self,
        tenant: &str,
        day: i32,
        keys: Vec<BlockingKey>,
        most: u32,
    ) -> Pending<Vec<(BlockingKey, PersonKey)>> {
        let tables = self.tables();
        let came = |person: &PersonKey| {
            let mut on_day = tables.entries.iter().filter(|one| one.arrival.day == day);
            on_day.any(|one| one.tenant == tenant && one.person == *person && one.sign != 0)
        };
        let found = keys.into_iter().flat_map(|key| {
            let rows = tables.log.blocking.iter();
            let theirs = rows.filter(|(whose, of, _)| whose == tenant && *of == key);
            let persons = theirs.map(|(.., person)| *person).filter(&came);
            let persons: Vec<_> = persons.take(most as usize).collect();
            persons.into_iter().map(move |person| (key, person))
        });
        Pending::ready(Ok(found.collect()))
    }

    fn expire(&self, before_day: i32, dry_run: bool) -> Pending<Vec<Expired>> {
        Pending::ready(Ok(self.tables().log.expire(before_day, dry_run)))
    }

    fn export(&self, _: &str, _: Box<dyn Write + Send>) -> Pending<u64> {
        Pending::ready(Err(IN_MEMORY.into()))
    }

    fn import_without(&self, _: Box<dyn BufRead + Send>, _: Vec<Hash>) -> Pending<u64> {
        Pending::ready(Err(IN_MEMORY.into()))
    }

    fn backup(&self, _: &Path) -> Pending<()> {
        Pending::ready(Err(IN_MEMORY.into()))
    }
}

impl Tables {
    fn live<'a>(
        &'a self,
        tenant: &'a str,
        person: PersonKey,
        without: Option<&'a Key>,
    ) -> impl Iterator<Item = &'a Kept> {
        let all = self.shipments.iter().filter(move |(key, kept)| {
            key.0 == tenant
                && kept.person == person
                && kept.state != State::Voided
                && Some(*key) != without
        });
        all.map(|(_, kept)| kept)
    }

    fn claim(&mut self, claim: &Claim, assess: &mut Assess) -> Result<Receipt, StoreError> {
        let key = (claim.tenant.clone(), claim.shipment_id.clone());
        if let Some(kept) = self.shipments.get(&key) {
            if kept.body_hash != claim.body_hash {
                return Err(Refused::OtherBody.into());
            }
            return Ok(Receipt {
                position: kept.position,
                answer: kept.answer.clone(),
                fresh: false,
            });
        }
        let mut kept = Kept {
            state: State::Reserved,
            person: self.one(&claim.tenant, claim.person),
            arrival: claim.arrival,
            order: claim.order,
            bill: claim.bill,
            posting: Posting::default(),
            body_hash: claim.body_hash,
            answer: Vec::new(),
            position: 0,
            decided: 0,
        };
        let has_keys = self.log.has_keys();
        let verdict = ask(assess, &self.view(&key, &kept, &claim.alike), has_keys)?;
        self.find_by(&key, kept.person, &claim.alike);
        kept.posting = verdict.posting;
        kept.answer.clone_from(&verdict.answer);
        kept.position = self.put(&key, &kept, Kind::Reserve, 1);
        let position = kept.position;
        kept.decided = position;
        self.keep(&key, None, &kept, position, verdict.record)?;
        self.shipments.insert(key, kept);
        Ok(Receipt {
            position,
            answer: verdict.answer,
            fresh: true,
        })
    }

    fn event(&mut self, event: &Event, act: Act) -> Result<Receipt, StoreError> {
        let key = (event.tenant.clone(), event.shipment_id.clone());
        let id = (key.clone(), event.event_id.clone());
        if let Some((body_hash, receipt)) = self.events.get(&id) {
            if *body_hash != event.body_hash {
                return Err(Refused::OtherBody.into());
            }
            let mut receipt = receipt.clone();
            receipt.fresh = false;
            return Ok(receipt);
        }
        let kept = self.shipments.get(&key).ok_or(Refused::UnknownShipment)?;
        let before = kept.clone();
        let mut after = kept.clone();
        let possible = match (&act, before.state) {
            (_, State::Reserved) => true,
            (Act::Amend { .. }, State::Posted) => true,
            (_, State::Posted | State::Voided) => false,
        };
        if !possible {
            return Err(Refused::WrongState(before.state).into());
        }
        if let Act::Move { rests_on, .. } | Act::Amend { rests_on, .. } = &act
            && rests_on.is_some_and(|seen| seen != before.decided)
        {
            return Err(Refused::Changed.into());
        }
        let (mut answer, mut record) = (Vec::new(), None);
        let has_keys = self.log.has_keys();
        let position = match act {
            Act::Post => {
                after.state = State::Posted;
                self.put(&key, &after, Kind::Post, 0)
            }
            Act::Void => {
                after.state = State::Voided;
                self.put(&key, &after, Kind::Void, -1)
            }
            Act::Move {
                to,
                alike,
                mut assess,
                ..
            } => {
                after.arrival = to;
                let verdict = ask(&mut assess, &self.view(&key, &after, &alike), has_keys)?;
                self.find_by(&key, after.person, &alike);
                after.posting = verdict.posting;
                (answer, record) = (verdict.answer, Some(verdict.record));
                self.put(&key, &before, Kind::Move, -1);
                self.put(&key, &after, Kind::Move, 1)
            }
            Act::Amend {
                alike, mut assess, ..
            } => {
                let verdict = ask(&mut assess, &self.view(&key, &after, &alike), has_keys)?;
                self.find_by(&key, after.person, &alike);
                after.posting = verdict.posting;
                (answer, record) = (verdict.answer, Some(verdict.record));
                self.put(&key, &before, Kind::Amend, -1);
                self.put(&key, &after, Kind::Amend, 1)
            }
        };
        if let Some(record) = record {
            after.decided = position;
            self.keep(&key, Some(&event.event_id), &after, position, record)?;
        }
        self.shipments.insert(key, after);
        let receipt = Receipt {
            position,
            answer,
            fresh: true,
        };
        self.events.insert(id, (event.body_hash, receipt.clone()));
        Ok(receipt)
    }

    fn keep(
        &mut self,
        key: &Key,
        event_id: Option<&str>,
        kept: &Kept,
        position: i64,
        record: Record,
    ) -> Result<(), StoreError> {
        self.log.add(NewRecord {
            position,
            shipment: ShipmentKey::new(&key.0, &key.1),
            event_id: event_id.map(str::to_owned),
            person: kept.person,
            record,
        })
    }

    fn find_by(&mut self, key: &Key, person: PersonKey, alike: &Alike) {
        let rows = alike.keys.iter().map(|by| (key.0.clone(), *by, person));
        self.log.blocking.extend(rows);
    }

    fn put(&mut self, key: &Key, parcel: &Kept, kind: Kind, sign: i64) -> i64 {
        let position = self.entries.last().map_or(1, |last| last.position + 1);
        self.entries.push(Entry {
            position,
            tenant: key.0.clone(),
            shipment_id: key.1.clone(),
            kind,
            sign,
            person: parcel.person,
            arrival: parcel.arrival,
            order: parcel.order,
            bill: parcel.bill,
            posting: parcel.posting,
        });
        position
    }
}
