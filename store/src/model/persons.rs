//! Merges, splits and partings in the model, by moving parcels and looking through all of them again.

use crate::error::{Refused, StoreError};
use crate::model::day::holds;
use crate::model::{Key, Tables};
use crate::persons::pack_affected;
use crate::records::types::Affected;
use crate::types::{Apart, Kept, Kind, PersonKey, PersonsAct, PersonsEvent, Receipt, State};
use std::collections::{BTreeMap, BTreeSet};

/// The person that a key was merged into, or the key's own.
fn end(
    aliases: &BTreeMap<(String, PersonKey), PersonKey>,
    tenant: &str,
    person: PersonKey,
) -> PersonKey {
    let next = aliases.get(&(tenant.to_owned(), person));
    next.map_or(person, |next| end(aliases, tenant, *next))
}

impl Tables {
    /// The person that a key was merged into, or the key's own.
    pub(super) fn one(&self, tenant: &str, person: PersonKey) -> PersonKey {
        end(&self.aliases, tenant, person)
    }

    /// The pairs who were said to be two, by looking for whose key leads to which of them.
    pub(super) fn apart_of(&self, tenant: &str) -> Vec<Apart> {
        let all = |one: PersonKey| {
            let end = self.one(tenant, one);
            let merged = self.aliases.keys().filter(|(whose, _)| whose == tenant);
            let keys = merged.map(|(_, key)| *key);
            let theirs = keys.filter(|key| self.one(tenant, *key) == end);
            [end].into_iter().chain(theirs).collect::<Vec<_>>()
        };
        let pairs = self.apart.iter().filter(|(whose, ..)| whose == tenant);
        let pairs = pairs.map(|(_, one, other)| (all(*one), all(*other)));
        let pairs = pairs.filter(|(one, other)| one[0] != other[0]);
        let pairs: BTreeSet<Apart> = pairs
            .map(|(one, other)| match one[0] < other[0] {
                true => Apart { one, other },
                false => Apart {
                    one: other,
                    other: one,
                },
            })
            .collect();
        pairs.into_iter().collect()
    }

    pub(super) fn persons(
        &mut self,
        event: &PersonsEvent,
        act: &PersonsAct,
    ) -> Result<Receipt, StoreError> {
        let id = (event.tenant.clone(), event.event_id.clone());
        if let Some((body_hash, receipt)) = self.persons_events.get(&id) {
            if *body_hash != event.body_hash {
                return Err(Refused::OtherBody.into());
            }
            let mut receipt = receipt.clone();
            receipt.fresh = false;
            return Ok(receipt);
        }
        let (tenant, mut left) = (&event.tenant, Vec::new());
        let (keys, to, kind): (Vec<Key>, _, _) = match act {
            PersonsAct::Merge { from, into } => {
                let (from, into) = (self.one(tenant, *from), self.one(tenant, *into));
                if from == into {
                    return Err(Refused::AlreadyOne.into());
                }
                let theirs = self.shipments.iter().filter(|(key, kept)| {
                    key.0 == *tenant && kept.person == from && kept.state != State::Voided
                });
                let keys = theirs.map(|(key, _)| key.clone()).collect();
                // Two of whom it was said that they are two, and who are one now.
                let aliases = &self.aliases;
                self.apart.retain(|(whose, one, other)| {
                    let mut pair = [one, other].map(|key| end(aliases, tenant, *key));
                    pair.sort_unstable();
                    whose != tenant || pair != [from.min(into), from.max(into)]
                });
                self.aliases.insert((tenant.clone(), from), into);
                (keys, into, Kind::Merge)
            }
            PersonsAct::Split { shipments, to } => {
                let keys = shipments.iter().map(|id| (tenant.clone(), id.clone()));
                let keys: Vec<Key> = keys.collect();
                for key in &keys {
                    let kept = self.shipments.get(key).ok_or(Refused::UnknownShipment)?;
                    if kept.person != *to {
                        left.push(kept.person);
                    }
                }
                self.aliases.remove(&(tenant.clone(), *to));
                (keys, *to, Kind::Split)
            }
            PersonsAct::Apart { one, other } => {
                let (one, other) = (self.one(tenant, *one), self.one(tenant, *other));
                if one == other {
                    return Err(Refused::AlreadyOne.into());
                }
                let pair = (tenant.clone(), one.min(other), one.max(other));
                self.apart.insert(pair);
                // No parcel goes anywhere.
                (Vec::new(), one, Kind::Split)
            }
        };
        let (position, affected) = self.hand_over(&keys, to, kind);
        self.log.hand_over(tenant, &keys, to)?;
        self.log
            .blocking
            .retain(|(whose, _, person)| whose != tenant || !left.contains(person));
        let receipt = Receipt {
            position,
            answer: pack_affected(&affected),
            fresh: true,
        };
        self.persons_events
            .insert(id, (event.body_hash, receipt.clone()));
        Ok(receipt)
    }

    fn hand_over(&mut self, keys: &[Key], to: PersonKey, kind: Kind) -> (i64, Vec<Affected>) {
        let before = self.shipments.clone();
        let mut days = BTreeMap::new();
        let mut position = 0;
        for key in keys {
            let Some(kept) = self.shipments.get(key).filter(|kept| kept.person != to) else {
                continue;
            };
            let kept = kept.clone();
            let mut theirs = kept.clone();
            theirs.person = to;
            if kept.state == State::Voided {
                position = self.put(key, &theirs, kind, 0);
                self.shipments.insert(key.clone(), theirs);
                continue;
            }
            days.insert((kept.person, kept.arrival.day), &key.0);
            days.insert((to, kept.arrival.day), &key.0);
            self.put(key, &kept, kind, -1);
            position = self.put(key, &theirs, kind, 1);
            self.shipments.insert(key.clone(), theirs);
        }
        let held = |shipments: &BTreeMap<Key, Kept>, tenant: &str, person, day| {
            let live = shipments.iter().filter(|(key, kept)| {
                let stands = kept.state != State::Voided && kept.person == person;
                stands && key.0 == tenant && kept.arrival.day == day
            });
            holds(live.map(|(_, kept)| kept))
        };
        let affected = days.into_iter().map(|((person, day), tenant)| Affected {
            person,
            day,
            before: held(&before, tenant, person, day),
            after: held(&self.shipments, tenant, person, day),
        });
        (position, affected.collect())
    }
}
