//! What a disk can hold after the power failed: for each file what was durable, and of the changes
//! since then all, none, or some, also halves of them.

use super::Op;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of a folder, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What became of the changes that were not durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The program ended and the system went on.
    Kept,
    Lost,
    /// Each was written, lost or torn, by a seed: one that is written after one that is lost is
    /// what a disk that reorders them leaves.
    Some(u64),
}

/// A folder after some of the changes to it.
#[derive(Clone, Debug, Default)]
pub struct Image {
    durable: Files,
    pending: Vec<Op>,
}

fn name(op: &Op) -> &str {
    match op {
        Op::Create(name)
        | Op::Write(name, ..)
        | Op::Truncate(name, _)
        | Op::Sync(name)
        | Op::SyncFailed(name)
        | Op::Delete(name, _) => name,
        Op::Told(_) => "",
    }
}

impl Image {
    /// Takes the next change.
    pub fn add(&mut self, op: &Op) {
        match op {
            Op::Told(_) => {}
            Op::Sync(file) => {
                let new = Op::Create(file.clone());
                // The system's layer syncs the folder with the first sync of a new journal or
                // `-wal`: from then on no file of it comes back or is missing.
                let of_folder = !file.ends_with(".db") && self.pending.contains(&new);
                let is_name = |op: &Op| matches!(op, Op::Create(_) | Op::Delete(..));
                let (now, later) = std::mem::take(&mut self.pending)
                    .into_iter()
                    .partition(|one| name(one) == file || of_folder && is_name(one));
                let now: Vec<Op> = now;
                now.iter().for_each(|one| change(&mut self.durable, one));
                self.pending = later;
            }
            Op::SyncFailed(file) => self.pending.retain(|one| name(one) != file),
            Op::Delete(file, true) => {
                self.pending.retain(|one| name(one) != file);
                self.durable.remove(file);
            }
            Op::Create(_) | Op::Write(..) | Op::Truncate(..) | Op::Delete(_, false) => {
                self.pending.push(op.clone());
            }
        }
    }

    /// What is found after the power comes back.
    pub fn after(&self, rest: Rest) -> Files {
        let mut files = self.durable.clone();
        match rest {
            Rest::Kept => self.pending.iter().for_each(|op| change(&mut files, op)),
            Rest::Lost => {}
            Rest::Some(seed) => {
                let mut random = seed | 1;
                for op in &self.pending {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    match (random >> 20) % 4 {
                        0 => {}
                        1 => change(&mut files, &torn(op, random >> 24)),
                        _ => change(&mut files, op),
                    }
                }
            }
        }
        files
    }
}

/// The beginning or the end of a write; other changes are whole or not at all.
fn torn(op: &Op, random: u64) -> Op {
    let Op::Write(name, at, bytes) = op else {
        return op.clone();
    };
    let cut = usize::try_from(random >> 1).unwrap_or(0) % bytes.len().max(1);
    if random & 1 == 0 {
        Op::Write(name.clone(), *at, bytes[..cut].to_vec())
    } else {
        Op::Write(name.clone(), at + cut, bytes[cut..].to_vec())
    }
}

fn change(files: &mut Files, op: &Op) {
    match op {
        Op::Create(name) => {
            files.entry(name.clone()).or_default();
        }
        Op::Write(name, at, bytes) => {
            let file = files.entry(name.clone()).or_default();
            let end = at + bytes.len();
            if file.len() < end {
                file.resize(end, 0);
            }
            file[*at..end].copy_from_slice(bytes);
        }
        Op::Truncate(name, size) => {
            files.entry(name.clone()).or_default().resize(*size, 0);
        }
        Op::Delete(name, _) => {
            files.remove(name);
        }
        Op::Sync(_) | Op::SyncFailed(_) | Op::Told(_) => {}
    }
}

/// Puts files into an empty folder.
pub fn write(files: &Files, folder: &Path) {
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).expect("room for a copy");
    }
}
