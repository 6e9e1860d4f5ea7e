//! A human says that two persons are one, or that one is two: parcels go from the days of the one
//! to those of the other, with their postings as they are. Or that two are two, which moves nothing.
//!
//! Nothing is assessed here: an answer that was given stands. What is told is which days changed
//! and how, so that the caller can flag the parcels on a day that now exceeds a limit.

use crate::alike::Alike;
use crate::codec::{self, corrupt};
use crate::engine::{Work, again, fresh};
use crate::error::{Refused, StoreError};
use crate::ledger::Request;
use crate::records::leaf::{Reader, put};
use crate::records::types::Affected;
use crate::rows::{DayKey, DayRow, Done, ShipmentKey, day_key};
use crate::types::{Apart, Kind, PersonKey, PersonsAct, PersonsEvent, Receipt, State};
use std::collections::{BTreeMap, HashMap};

/// Whose parcels those of a key are, for the keys that a batch names.
#[derive(Debug, Default)]
pub(crate) struct Aliases(HashMap<(String, PersonKey), PersonKey>);

impl Aliases {
    /// Takes a step from a key to the one that it was merged into.
    pub(crate) fn add(&mut self, tenant: &str, from: PersonKey, into: PersonKey) {
        self.0.insert((tenant.to_owned(), from), into);
    }

    /// The end of the steps from a key.
    pub(crate) fn of(&self, tenant: &str, person: PersonKey) -> PersonKey {
        let mut at = (tenant.to_owned(), person);
        // A merge joins only ends, so that the steps do not go in a circle; a damaged table could.
        for _ in 0..=self.0.len() {
            match self.0.get(&at) {
                Some(next) => at.1 = *next,
                None => break,
            }
        }
        at.1
    }
}

/// The persons whose steps a batch has to know.
pub(crate) fn named(requests: &[Request]) -> Vec<(String, PersonKey)> {
    let named = requests.iter().flat_map(|request| match request {
        Request::Claim(claim, _) => {
            let all = [claim.person].into_iter().chain(claim.alike.persons());
            all.map(|person| (claim.tenant.clone(), person)).collect()
        }
        Request::Event(event, act) => {
            let alike = act.alike().into_iter().flat_map(Alike::persons);
            alike.map(|person| (event.tenant.clone(), person)).collect()
        }
        Request::Persons(event, PersonsAct::Merge { from, into }) => {
            vec![(event.tenant.clone(), *from), (event.tenant.clone(), *into)]
        }
        Request::Persons(event, PersonsAct::Split { to, .. }) => {
            vec![(event.tenant.clone(), *to)]
        }
        Request::Persons(event, PersonsAct::Apart { one, other }) => {
            vec![(event.tenant.clone(), *one), (event.tenant.clone(), *other)]
        }
    });
    let mut named: Vec<_> = named.collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// The merge, split or parting that is the only request of its batch.
pub(crate) fn said(requests: &[Request]) -> Option<(PersonsEvent, PersonsAct)> {
    match requests {
        [Request::Persons(event, act)] => Some((event.clone(), act.clone())),
        _ => None,
    }
}

/// The pairs that were said to be apart, as they stand: `keys` gives all keys of a person, its own
/// first and the others in any order.
pub(crate) fn as_they_stand<E>(
    said: impl IntoIterator<Item = (PersonKey, PersonKey)>,
    mut keys: impl FnMut(PersonKey) -> Result<Vec<PersonKey>, E>,
) -> Result<Vec<Apart>, E> {
    let mut pairs = Vec::new();
    for (one, other) in said {
        let (mut one, mut other) = (keys(one)?, keys(other)?);
        for keys in [&mut one, &mut other] {
            keys.get_mut(1..).into_iter().for_each(<[_]>::sort_unstable);
        }
        if one.first() != other.first() {
            let (one, other) = (one.clone().min(other.clone()), one.max(other));
            pairs.push(Apart { one, other });
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

impl Work {
    /// To whom a merge or a split takes parcels.
    pub(crate) fn goes_to(&self, requests: &[Request]) -> Option<PersonKey> {
        match requests {
            [Request::Persons(event, PersonsAct::Merge { into, .. })] => {
                Some(self.aliases.of(&event.tenant, *into))
            }
            [Request::Persons(_, PersonsAct::Split { to, .. })] => Some(*to),
            _ => None,
        }
    }

    /// Does a merge, a split or a parting. It is the only request of its batch; for a merge, the parcels that
    /// are loaded are those of the person that goes.
    pub(crate) fn persons(
        &mut self,
        event: &PersonsEvent,
        act: &PersonsAct,
    ) -> Result<Receipt, StoreError> {
        let id = (event.tenant.clone(), event.event_id.clone());
        if let Some(done) = self.persons_done.get(&id) {
            let (hash, position) = (&done.body_hash, done.position);
            return again(&event.body_hash, hash, position, &done.answer);
        }
        let (position, affected) = match act {
            PersonsAct::Merge { from, into } => {
                let from = self.aliases.of(&event.tenant, *from);
                let into = self.aliases.of(&event.tenant, *into);
                if from == into {
                    return Err(Refused::AlreadyOne.into());
                }
                let live = self
                    .shipments
                    .iter()
                    .filter(|(_, kept)| kept.person == from && kept.state != State::Voided);
                let mut keys: Vec<ShipmentKey> = live.map(|(key, _)| key.clone()).collect();
                keys.sort_unstable();
                let step = (event.tenant.clone(), from, Some(into));
                self.changed_alias = Some(step);
                self.hand_over(&keys, into, Kind::Merge)?
            }
            PersonsAct::Split { shipments, to } => {
                let keys = shipments
                    .iter()
                    .map(|id| ShipmentKey::new(&event.tenant, id));
                let keys: Vec<ShipmentKey> = keys.collect();
                let done = self.hand_over(&keys, *to, Kind::Split)?;
                self.changed_alias = Some((event.tenant.clone(), *to, None));
                done
            }
            PersonsAct::Apart { one, other } => {
                let one = self.aliases.of(&event.tenant, *one);
                let other = self.aliases.of(&event.tenant, *other);
                if one == other {
                    return Err(Refused::AlreadyOne.into());
                }
                self.new_apart = Some((event.tenant.clone(), one.min(other), one.max(other)));
                (0, Vec::new())
            }
        };
        let answer = pack_affected(&affected);
        let row = Done {
            body_hash: event.body_hash,
            position,
            answer: answer.clone(),
        };
        self.new_persons_event = Some(id.clone());
        self.persons_done.insert(id, row);
        Ok(fresh(position, answer))
    }

    /// Takes parcels to another person. Those that are there already stay. A voided one changes no
    /// day, and what is kept of it is its person's all the same.
    fn hand_over(
        &mut self,
        keys: &[ShipmentKey],
        to: PersonKey,
        kind: Kind,
    ) -> Result<(i64, Vec<Affected>), StoreError> {
        if keys.iter().any(|key| !self.shipments.contains_key(key)) {
            return Err(Refused::UnknownShipment.into());
        }
        let (mut before, mut position) = (BTreeMap::<DayKey, DayRow>::new(), 0);
        for key in keys {
            let Some(kept) = self.shipments.get(key).filter(|kept| kept.person != to) else {
                continue;
            };
            let kept = kept.clone();
            let mut theirs = kept.clone();
            theirs.person = to;
            self.changed_shipments.insert(key.clone());
            if kind == Kind::Split {
                self.left.insert((key.tenant.clone(), kept.person));
            }
            if kept.state == State::Voided {
                position = self.put(key, &theirs, kind, 0);
                self.shipments.insert(key.clone(), theirs);
                continue;
            }
            for day in [day_key(key, &kept), day_key(key, &theirs)] {
                let row = self.days.get(&day).copied().unwrap_or_default();
                before.entry(day).or_insert(row);
            }
            self.put(key, &kept, kind, -1);
            position = self.put(key, &theirs, kind, 1);
            self.shipments.insert(key.clone(), theirs);
        }
        let affected = before.into_iter().map(|(key, row)| Affected {
            after: self.days.get(&key).copied().unwrap_or_default().holds,
            before: row.holds,
            person: key.person,
            day: key.day,
        });
        Ok((position, affected.collect()))
    }
}

impl Receipt {
    /// The days that a merge or a split changed, from its receipt.
    ///
    /// # Errors
    /// [`StoreError::Failure`] if the receipt is of another request.
    pub fn affected(&self) -> Result<Vec<Affected>, StoreError> {
        unpack_affected(&self.answer).ok_or_else(|| corrupt("receipt of a merge"))
    }
}

pub(crate) fn pack_affected(affected: &[Affected]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for one in affected {
        bytes.extend_from_slice(&one.person.0);
        bytes.extend_from_slice(&one.day.to_be_bytes());
        for holds in [one.before, one.after] {
            let row = DayRow {
                holds,
                latest: None,
            };
            put(&mut bytes, &codec::pack(&row));
        }
    }
    bytes
}

fn unpack_affected(bytes: &[u8]) -> Option<Vec<Affected>> {
    let (mut rest, mut affected) = (Reader(bytes), Vec::new());
    while !rest.end() {
        affected.push(Affected {
            person: PersonKey(rest.take()?),
            day: i32::from_be_bytes(rest.take()?),
            before: codec::unpack(rest.part()?).ok()?.holds,
            after: codec::unpack(rest.part()?).ok()?.holds,
        });
    }
    Some(affected)
}
