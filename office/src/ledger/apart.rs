//! Persons of whom a human said that they are two, as the comparison of parties asks for them.

use crate::ledger::{LedgerError, OpenLedger};
use deminimis_person::Key;
use deminimis_store::PersonKey;
use std::collections::{HashMap, HashSet};

/// Pairs of persons who are two however alike they look.
pub struct Apart<'a> {
    desk: &'a OpenLedger,
    /// To whom the parcels of a key belong, by that person's own key.
    whose: HashMap<PersonKey, PersonKey>,
    pairs: HashSet<(PersonKey, PersonKey)>,
}

impl<'a> Apart<'a> {
    /// What was said until now.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(desk: &'a OpenLedger) -> Result<Apart<'a>, LedgerError> {
        let said = desk.ledger.apart(desk.intake.tenant()).wait();
        let mut all = Apart {
            desk,
            whose: HashMap::new(),
            pairs: HashSet::new(),
        };
        for pair in said.map_err(|error| desk.failed(error))? {
            let own = [&pair.one, &pair.other].map(|keys| {
                let own = keys.first().copied();
                let owned = keys.iter().filter_map(|key| Some((*key, own?)));
                all.whose.extend(owned);
                own
            });
            if let [Some(one), Some(other)] = own {
                all.pairs.insert((one.min(other), one.max(other)));
            }
        }
        Ok(all)
    }

    /// Whether two keys by the exact rules are those of two such persons.
    #[must_use]
    pub fn are(&self, one: Key, other: Key) -> bool {
        if self.pairs.is_empty() {
            return false;
        }
        let whose = |key| {
            self.whose
                .get(&self.desk.intake.ledger_person(key))
                .copied()
        };
        let pair = whose(one).zip(whose(other));
        pair.is_some_and(|(one, other)| self.pairs.contains(&(one.min(other), one.max(other))))
    }
}
