//! The record log of the model: lists that are looked through from the start each time.

use crate::error::{Refused, StoreError};
use crate::model::Key;
use crate::records::audit::Auditor;
use crate::records::head::TreeHead;
use crate::records::keep::{NewRecord, Secrets, Whose, open_secret, reseal, rows};
use crate::records::keys::{BlockingKey, Installation};
use crate::records::merkle::{Frontier, Hash};
use crate::records::proof::{Proof, SignedTree, prove};
use crate::records::read::{Keys, Linked, of_parcel, page};
use crate::records::rows::{ERASED, EXPIRED, LogRow, RecordRow, SealedRow, Tail};
use crate::records::types::{Audit, Erased, Expired, KeptRecord};
use crate::rows::ShipmentKey;
use crate::types::{Entry, Kind, PersonKey};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(super) struct Log {
    installation: Option<Installation>,
    lines: Vec<(LogRow, RecordRow)>,
    secrets: BTreeMap<Whose, Vec<u8>>,
    pub blocking: BTreeSet<(String, BlockingKey, PersonKey)>,
    pub heads: Vec<TreeHead>,
}

impl Log {
    pub(super) fn keyed(installation: Installation) -> Self {
        Self {
            installation: Some(installation),
            ..Self::default()
        }
    }

    pub(super) fn has_keys(&self) -> bool {
        self.installation.is_some()
    }

    pub(super) fn leaves(&self) -> Vec<Hash> {
        self.lines.iter().map(|(line, _)| line.leaf).collect()
    }

    fn loaded(&self) -> Result<Secrets, StoreError> {
        let mut secrets = Secrets::default();
        if let Some(installation) = &self.installation {
            for (whose, sealed) in &self.secrets {
                secrets.add(installation, whose.clone(), sealed)?;
            }
        }
        Ok(secrets)
    }

    pub(super) fn add(&mut self, record: NewRecord) -> Result<(), StoreError> {
        let mut secrets = self.loaded()?;
        let rows = rows(self.installation.as_ref(), &mut secrets, &[record])?;
        self.secrets.extend(secrets.new);
        for row in rows {
            let mut tail = self.lines.last().map_or(Tail::START, |(line, _)| Tail {
                seq: line.seq,
                chain: line.chain,
            });
            self.lines.push((tail.append(&row), row));
        }
        Ok(())
    }

    /// Seals what is kept of parcels for the person that they went to.
    pub(super) fn hand_over(
        &mut self,
        tenant: &str,
        keys: &[Key],
        to: PersonKey,
    ) -> Result<(), StoreError> {
        let mut secrets = self.loaded()?;
        for (_, row) in &mut self.lines {
            let ours = keys
                .iter()
                .any(|(whose, id)| row.shipment == ShipmentKey::new(whose, id));
            let Some(sealed) = row.sealed.as_ref().filter(|row| ours && row.person != to) else {
                continue;
            };
            let installation = self.installation.as_ref().ok_or(Refused::NoKeys)?;
            let other = reseal(installation, &mut secrets, tenant, row.position, sealed, to)?;
            row.sealed = Some(other);
        }
        self.secrets.extend(secrets.new);
        Ok(())
    }

    fn keys(&self) -> Keys {
        let installation = self.installation.as_ref()?;
        let open = |(whose, sealed): (&Whose, &Vec<u8>)| {
            let key = open_secret(installation, whose, sealed).ok()?;
            Some((whose.clone(), key))
        };
        Some(self.secrets.iter().filter_map(open).collect())
    }

    pub(super) fn records(
        &self,
        tenant: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<KeptRecord>, StoreError> {
        let (before, rest) = self
            .lines
            .split_at(self.lines.partition_point(|(line, _)| line.seq <= after));
        let before = before.last().map_or(Tail::START, |(line, _)| Tail {
            seq: line.seq,
            chain: line.chain,
        });
        let rest = rest.iter().take(limit as usize);
        let rest: Vec<_> = rest
            .map(|(line, row)| (line.clone(), Some(row.clone())))
            .collect();
        page(tenant, before, &rest, &self.keys())
    }

    fn of_parcel(&self, key: &ShipmentKey) -> Vec<Linked> {
        let ours = self.lines.iter().filter(|(_, row)| row.shipment == *key);
        let linked = |(line, row): &(LogRow, RecordRow)| Linked {
            before: self
                .lines
                .iter()
                .find(|(before, _)| before.seq == line.seq - 1)
                .map(|(before, _)| before.chain),
            line: line.clone(),
            record: Some(row.clone()),
        };
        ours.map(linked).collect()
    }

    pub(super) fn records_of(
        &self,
        tenant: &str,
        shipment_id: &str,
    ) -> Result<Vec<KeptRecord>, StoreError> {
        let key = ShipmentKey::new(tenant, shipment_id);
        of_parcel(&key, &self.of_parcel(&key), &self.keys())
    }

    pub(super) fn sign(&mut self, signed_at: i64) -> Result<TreeHead, StoreError> {
        let installation = self.installation.as_ref().ok_or(Refused::NoKeys)?;
        let mut frontier = Frontier::default();
        self.leaves()
            .into_iter()
            .for_each(|leaf| frontier.push(leaf));
        let chain = self
            .lines
            .last()
            .map_or(Tail::START.chain, |(line, _)| line.chain);
        let head = TreeHead::sign(installation, &frontier, chain, signed_at)?;
        self.heads.push(head.clone());
        Ok(head)
    }

    pub(super) fn signed_tree(&self) -> Result<SignedTree, StoreError> {
        let head = self.heads.last().ok_or(Refused::NotUnderHead)?;
        let mut leaves = self.leaves();
        leaves.truncate(usize::try_from(head.size).unwrap_or(0));
        SignedTree::new(head.clone(), leaves)
    }

    pub(super) fn prove_under(
        &self,
        tree: &SignedTree,
        tenant: &str,
        shipment_id: &str,
    ) -> Result<Proof, StoreError> {
        let key = ShipmentKey::new(tenant, shipment_id);
        let ours = self.of_parcel(&key);
        if ours.is_empty() {
            return Err(Refused::UnknownShipment.into());
        }
        prove(&key, tree, &ours)
    }

    pub(super) fn verify(&self, entries: &[Entry]) -> Audit {
        let mut auditor = Auditor::new(self.heads.clone());
        for (line, row) in &self.lines {
            auditor.line(line, Some(row), &self.keys());
        }
        let decided = |entry: &&Entry| {
            entry.sign == 1 && matches!(entry.kind, Kind::Reserve | Kind::Move | Kind::Amend)
        };
        for entry in entries.iter().filter(decided) {
            let has = |(_, row): &(LogRow, RecordRow)| row.position == entry.position;
            if !self.lines.iter().any(has) {
                auditor.finds(0, Some(entry.position), "a posting without its record");
            }
        }
        auditor.finish(self.installation.as_ref())
    }

    pub(super) fn erase(&mut self, tenant: &str, persons: &[PersonKey]) -> Erased {
        let mut erased = Erased::default();
        for (_, row) in &mut self.lines {
            let theirs = |sealed: &SealedRow| {
                row.shipment.tenant == tenant && persons.contains(&sealed.person)
            };
            if row.sealed.as_ref().is_some_and(theirs) {
                row.sealed = None;
                row.lost |= ERASED;
                erased.records += 1;
            }
        }
        let keys = self.secrets.len();
        self.secrets
            .retain(|(whose, key), _| whose != tenant || !persons.contains(key));
        erased.keys = (keys - self.secrets.len()) as u64;
        let keys = self.blocking.len();
        self.blocking
            .retain(|(whose, _, key)| whose != tenant || !persons.contains(key));
        erased.blocking_keys = (keys - self.blocking.len()) as u64;
        erased
    }

    pub(super) fn erased(&self, tenant: &str) -> Vec<Hash> {
        let is = |(_, row): &&(LogRow, RecordRow)| {
            row.shipment.tenant == tenant && row.lost & ERASED != 0
        };
        let erased = self.lines.iter().filter(is);
        erased.map(|(line, _)| line.leaf).collect()
    }

    pub(super) fn expire(&mut self, before_day: i32, dry_run: bool) -> Vec<Expired> {
        let mut found = Vec::new();
        for (_, row) in &mut self.lines {
            if row.kept_until >= before_day || row.lost & EXPIRED != 0 {
                continue;
            }
            found.push(Expired {
                tenant: row.shipment.tenant.clone(),
                shipment_id: row.shipment.shipment_id.clone(),
                position: row.position,
                kept_until: row.kept_until,
            });
            if !dry_run {
                (row.public, row.sealed) = (None, None);
                row.lost |= EXPIRED;
            }
        }
        found
    }
}
