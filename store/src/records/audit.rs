//! Checks the whole record log again: every leaf from its record, the chain, the tree, the heads.
//!
//! Lines are pushed in their order, so that a store reads them as it likes; only hashes of leaves
//! and the roots at the sizes of heads are kept in memory.

use crate::records::head::TreeHead;
use crate::records::keys::Installation;
use crate::records::merkle::{Frontier, Hash};
use crate::records::read::{Keys, opened, wrong};
use crate::records::rows::{LogRow, RecordRow, Tail};
use crate::records::types::{Audit, Finding};
use std::collections::BTreeMap;

/// An audit on its way.
pub(crate) struct Auditor {
    before: Tail,
    frontier: Frontier,
    heads: Vec<TreeHead>,
    /// Root and chain at the sizes that heads speak of.
    at: BTreeMap<i64, Option<(Hash, Hash)>>,
    audit: Audit,
}

impl Auditor {
    /// `heads` in the order in which they were signed.
    pub(crate) fn new(heads: Vec<TreeHead>) -> Self {
        let frontier = Frontier::default();
        let mut at: BTreeMap<_, _> = heads.iter().map(|head| (head.size, None)).collect();
        if let Some(start) = at.get_mut(&0) {
            *start = Some((frontier.root(), Tail::START.chain));
        }
        Self {
            before: Tail::START,
            frontier,
            at,
            audit: Audit {
                heads: heads.len() as u64,
                ..Audit::default()
            },
            heads,
        }
    }

    /// Says that something differs.
    pub(crate) fn finds(&mut self, seq: i64, position: Option<i64>, what: &'static str) {
        self.audit.found.push(Finding {
            seq,
            position,
            what,
        });
    }

    /// Says how many records are not yet in the log.
    pub(crate) fn waiting(&mut self, waiting: u64) {
        self.audit.waiting = waiting;
    }

    /// Takes the next line with its record.
    pub(crate) fn line(&mut self, line: &LogRow, record: Option<&RecordRow>, keys: &Keys) {
        if let Some(what) = wrong(self.before, line, record) {
            self.finds(line.seq, line.position, what);
        }
        if let Some(Err(what)) = record.map(|record| opened(record, keys)) {
            self.finds(line.seq, line.position, what);
        }
        self.audit.lines += 1;
        self.audit.foreign += u64::from(line.position.is_none());
        // What the log says goes on, so that one wrong line is not told of again at every later one;
        // the heads tell whether the leaves are those that were signed.
        self.frontier.push(line.leaf);
        self.before = Tail {
            seq: line.seq,
            chain: line.chain,
        };
        if let Some(there) = self.at.get_mut(&line.seq) {
            *there = Some((self.frontier.root(), line.chain));
        }
    }

    /// Checks the heads and gives what was found.
    pub(crate) fn finish(mut self, installation: Option<&Installation>) -> Audit {
        let ours = installation.map(Installation::public_key);
        let mut before: Option<(i64, i64)> = None;
        for head in std::mem::take(&mut self.heads) {
            let there = self.at.get(&head.size).copied().flatten();
            let wrong = if !head.is_signed() {
                Some("the signature of a tree head")
            } else if ours.is_some_and(|ours| ours != head.public_key) {
                Some("a tree head of another installation")
            } else if before > Some((head.size, i64::MAX)) {
                Some("a tree head that is smaller than the one before")
            } else {
                match there {
                    None => Some("a tree head over lines that are missing"),
                    Some((root, _)) if root != head.root => Some("the root of a tree head"),
                    Some((_, chain)) if chain != head.chain => Some("the chain of a tree head"),
                    Some(_) => None,
                }
            };
            before = Some((head.size, head.signed_at));
            if let Some(what) = wrong {
                self.finds(head.size, None, what);
            }
        }
        self.audit.root = self.frontier.root();
        self.audit.chain = self.before.chain;
        self.audit
    }
}
