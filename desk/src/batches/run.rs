//! A batch worked off: read, decided or entered, and written, by the functions of the command line.

use super::room::{Full, Share, Within};
use super::{INPUT, REJECTS, RESULTS_CSV, RESULTS_NDJSON, Watch, private_file};
use crate::state::Desk;
use deminimis_filing::imports::{Options, System};
use deminimis_office::ledger::{FileParcels, Form, RunError};
use deminimis_office::out::both::{Both, Split};
use deminimis_office::pass::{Inputs, Opening, PassError, Wishes, learn, second};
use deminimis_office::read::rejects::{COLUMNS, RejectWriter};
use deminimis_office::read::{Counts, Format, Ids, Import, ReadError, Reject, presets};
use deminimis_store::desk::{Batch, BatchCounts, BatchKind};
use deminimis_store::intake::Said;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;

/// Why a batch has no results.
#[derive(Debug)]
pub enum Stop {
    /// It was told to stop.
    Told,
    /// It cannot be done, in words for its sender.
    Failed(String),
}

/// What ends a run that goes on reading.
#[derive(Debug, thiserror::Error)]
enum End {
    #[error("it was told to stop")]
    Told,
    #[error("the file has more than {0} parcels; send it in parts")]
    TooMany(u64),
}

/// Looks whether exports of a system can be read; an empty name is none.
///
/// # Errors
/// There is none of this name; the message lists them.
pub fn system(name: &str) -> Result<(), String> {
    if name.is_empty() || presets::names().contains(&name) || System::named(name).is_some() {
        return Ok(());
    }
    let all = System::ALL.map(System::name).join(", ");
    Err(format!("from must be one of {all}"))
}

fn opening<'a>(desk: &'a Desk, batch: &Batch) -> Result<Opening<'a>, Stop> {
    let known = presets::names().contains(&batch.preset.as_str());
    let map = known.then(|| presets::preset(&batch.preset)).transpose();
    let import = System::named(&batch.preset).map(|system| Import {
        system,
        options: Options {
            values: None,
            weights: None,
            purpose_is_given: false,
        },
    });
    Ok(Opening {
        setup: &desk.setup,
        format: match batch.format.as_str() {
            "csv" => Some(Format::Csv),
            "json" => Some(Format::Json),
            "ndjson" => Some(Format::NdJson),
            _ => None,
        },
        map: map.map_err(Stop::Failed)?,
        import,
        catalog: None,
        ignore_unknown: batch.ignore_unknown,
        set: Vec::new(),
        ids: Ids::default(),
    })
}

/// The files that a run writes.
struct Out<'a> {
    watch: &'a Watch,
    most: u64,
    rejects: RejectWriter<BufWriter<Within<'a>>>,
    /// The file of rejects once more, for its heading and its end.
    rejected: File,
}

impl Out<'_> {
    /// Whether the run goes on.
    fn go_on(&self) -> io::Result<()> {
        if self.watch.is_stopped() {
            return Err(io::Error::other(End::Told));
        }
        let read = self.watch.read.load(Relaxed) + self.watch.refused.load(Relaxed);
        if read > self.most {
            return Err(io::Error::other(End::TooMany(self.most)));
        }
        Ok(())
    }

    fn refuse(&mut self, reject: &Reject) -> io::Result<()> {
        self.watch.refused.fetch_add(1, Relaxed);
        self.go_on()?;
        self.rejects.write(reject)
    }

    /// Ends the file of rejects, which has its heading also where nothing was refused.
    fn end(mut self) -> io::Result<()> {
        self.rejects.flush()?;
        if self.rejects.written() == 0 {
            writeln!(self.rejected, "{}", COLUMNS.join(","))?;
        }
        self.rejected.sync_all()
    }
}

/// Where decisions go; it counts them and stops where it is told to.
struct Told<'a> {
    split: Split<BufWriter<Within<'a>>, BufWriter<Within<'a>>>,
    watch: &'a Watch,
}

impl Write for Told<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.watch.is_stopped() {
            return Err(io::Error::other(End::Told));
        }
        let taken = self.split.write(bytes)?;
        self.watch.done.store(self.split.written(), Relaxed);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.split.flush()
    }
}

/// Works a batch off. It can be begun again at any time: entering is exactly once by the ledger,
/// and files are written anew.
///
/// # Errors
/// It was told to stop, or cannot be done.
pub fn run(desk: &Desk, batch: &Batch, watch: &Watch) -> Result<BatchCounts, Stop> {
    let opening = opening(desk, batch)?;
    let inputs = Inputs::named(&batch.name, desk.batches.file(&batch.batch_id, INPUT));
    let done = work(desk, batch, (&inputs, &opening), watch);
    done.map_err(|error| match watch.is_stopped() {
        true => Stop::Told,
        false => Stop::Failed(words(&batch.batch_id, &error)),
    })
}

fn work(
    desk: &Desk,
    batch: &Batch,
    (inputs, opening): (&Inputs, &Opening<'_>),
    watch: &Watch,
) -> Result<BatchCounts, RunError> {
    let path = |name: &str| -> PathBuf { desk.batches.file(&batch.batch_id, name) };
    let share = room(desk, batch)?;
    let within = |file| {
        let share = &share;
        BufWriter::new(Within { file, share })
    };
    let rejected = private_file(&path(REJECTS))?;
    let limits = &desk.config.limits;
    let out = Out {
        watch,
        most: match batch.kind {
            BatchKind::Assess => limits.batch_parcels,
            BatchKind::Enter => limits.batch_entered,
        },
        rejects: RejectWriter::new(within(rejected.try_clone()?)),
        rejected,
    };
    let results = [RESULTS_NDJSON, RESULTS_CSV].map(|name| private_file(&path(name)));
    let [json, csv] = results;
    let (json, csv) = (json?, csv?);
    let synced = (json.try_clone()?, csv.try_clone()?);
    let mut told = Told {
        split: Split::new(within(json), within(csv))?,
        watch,
    };
    let counts = match batch.kind {
        BatchKind::Assess => assess(desk, (inputs, opening), out, &mut told)?,
        BatchKind::Enter => enter(desk, batch, (inputs, opening), out, &mut told)?,
    };
    told.flush()?;
    synced.0.sync_all()?;
    synced.1.sync_all()?;
    Ok(counts)
}

/// The bytes that results may have beside those that are kept.
fn room(desk: &Desk, batch: &Batch) -> Result<Share, RunError> {
    let ended = desk
        .store
        .ended_batches()
        .wait()
        .map_err(io::Error::other)?;
    let kept = desk.batches.result_bytes(&ended, &batch.tenant);
    let share = desk.batches.results.enter(&batch.tenant, kept);
    Ok(share.map_err(io::Error::other)?)
}

fn assess(
    desk: &Desk,
    (inputs, opening): (&Inputs, &Opening<'_>),
    mut out: Out<'_>,
    told: &mut Told<'_>,
) -> Result<BatchCounts, RunError> {
    let setup = &desk.setup;
    // Several batches run at once, and requests want the processor too.
    let wishes = Wishes {
        threads: 1,
        ..Wishes::default()
    };
    let (watch, most) = (out.watch, out.most);
    let read = |read| reading(watch, most, read);
    let refuse = |reject: &Reject| out.refuse(reject);
    let learned = learn(setup, inputs, opening, &wishes, refuse, read)?;
    let counts = learned.counts;
    let tally = second::decide(setup, inputs, opening, &wishes, learned, &Both, told)?;
    out.end()?;
    Ok(counted(counts, &tally))
}

fn enter(
    desk: &Desk,
    batch: &Batch,
    (inputs, opening): (&Inputs, &Opening<'_>),
    mut out: Out<'_>,
    told: &mut Told<'_>,
) -> Result<BatchCounts, RunError> {
    let ledger = desk.ledger(&batch.tenant);
    let (wishes, said) = (Wishes::default(), Said::default());
    let (watch, most) = (out.watch, out.most);
    let read = |read| reading(watch, most, read);
    let refuse = |reject: &Reject| out.refuse(reject);
    let parcels = FileParcels::read(&ledger, inputs, opening, (&wishes, &said), refuse, read)?;
    let answered = |done| {
        watch.done.store(done, Relaxed);
        match watch.is_stopped() {
            true => Err(io::Error::other(End::Told)),
            false => Ok(()),
        }
    };
    // What the ledger refuses was counted when it was read.
    let refuse = |reject: &Reject| {
        out.watch.refused.fetch_add(1, Relaxed);
        out.rejects.write(reject)
    };
    let entered = parcels.enter((&ledger, &desk.setup), &Form::Both, refuse, answered)?;
    let counts = BatchCounts {
        entered: entered.fresh as i64,
        answered_before: entered.again as i64,
        ..counted(entered.counts, &entered.tally)
    };
    entered.write(&Form::Both, told)?;
    out.end()?;
    Ok(counts)
}

fn reading(watch: &Watch, most: u64, read: u64) -> io::Result<()> {
    watch.read.store(read, Relaxed);
    if watch.is_stopped() {
        return Err(io::Error::other(End::Told));
    }
    if read + watch.refused.load(Relaxed) > most {
        return Err(io::Error::other(End::TooMany(most)));
    }
    Ok(())
}

fn counted(counts: Counts, tally: &second::Tally) -> BatchCounts {
    BatchCounts {
        rows_read: counts.rows_read as i64,
        parcels_read: counts.shipments_accepted as i64,
        parcels_refused: counts.shipments_rejected as i64,
        parcels_done: counts.shipments_accepted as i64,
        outcomes: tally.outcomes.map(|outcome| outcome as i64),
        ..BatchCounts::default()
    }
}

/// What is told to the sender; what is ours to mend is in the log, and not told.
fn words(batch_id: &str, error: &RunError) -> String {
    if let RunError::Pass(error) = error {
        match error {
            PassError::Read(error @ (ReadError::Usage { .. } | ReadError::Empty { .. })) => {
                return error.to_string();
            }
            PassError::Io(error) | PassError::Read(ReadError::Failure { error, .. }) => {
                let inner = error.get_ref();
                if let Some(end) = inner.and_then(|inner| inner.downcast_ref::<End>()) {
                    return end.to_string();
                }
                if let Some(full) = inner.and_then(|inner| inner.downcast_ref::<Full>()) {
                    return format!(
                        "there is no room for its results: {full}, and send the file again"
                    );
                }
                if error.kind() == io::ErrorKind::StorageFull {
                    tracing::error!(batch = batch_id, %error, "a batch failed");
                    return "there was no room on the desk's disk; who runs it must make some, then \
                            the file can be sent again"
                        .to_owned();
                }
            }
            PassError::Damaged(_) | PassError::Changed(_) => {}
        }
    }
    tracing::error!(batch = batch_id, %error, "a batch failed");
    "the desk could not do it; who runs it finds the reason in its log. The file can be sent again"
        .to_owned()
}
