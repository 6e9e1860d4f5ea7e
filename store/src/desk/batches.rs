//! Batches: files of parcels that are worked off in the background, with their states and counts.
//! The files themselves are not here.

use super::DeskStore;
use super::sql::{Row, Sql, Value};
use super::webhooks::{Event, put};
use crate::error::StoreError;
use crate::pending::Pending;

/// What is done with the parcels of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    /// They are decided, and none is entered.
    Assess,
    /// They are entered in the ledger.
    Enter,
}

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// It waits for its turn.
    Queued,
    /// It is worked on.
    Running,
    /// All of it is done.
    Finished,
    /// It could not be done; its `failure` says why.
    Failed,
}

impl BatchKind {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            BatchKind::Assess => "assess",
            BatchKind::Enter => "enter",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<BatchKind> {
        let all = [BatchKind::Assess, BatchKind::Enter];
        all.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl BatchState {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            BatchState::Queued => "queued",
            BatchState::Running => "running",
            BatchState::Finished => "finished",
            BatchState::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<BatchState> {
        use BatchState::{Failed, Finished, Queued, Running};
        let all = [Queued, Running, Finished, Failed];
        all.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing more comes of it.
    #[must_use]
    pub fn is_ended(self) -> bool {
        matches!(self, BatchState::Finished | BatchState::Failed)
    }
}

/// What was counted of a batch so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchCounts {
    /// Rows of the file without the header (in JSON one a parcel); known when all are read.
    pub rows_read: i64,
    /// Parcels read and not refused.
    pub parcels_read: i64,
    /// Parcels refused.
    pub parcels_refused: i64,
    /// Parcels that have their answer.
    pub parcels_done: i64,
    /// Outcomes in the order of the contract: free, entry_required, prohibited, needs_person; known
    /// at the end.
    pub outcomes: [i64; 4],
    /// Parcels that this run entered in the ledger.
    pub entered: i64,
    /// Parcels that had their answer in the ledger before this run.
    pub answered_before: i64,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its place; set by the store.
    pub seq: i64,
    /// Its id.
    pub batch_id: String,
    /// Whose.
    pub tenant: String,
    /// What its sender calls it.
    pub name: String,
    /// What is done with it.
    pub kind: BatchKind,
    /// How the file is written, if it was said: `csv`, `json` or `ndjson`; else empty.
    pub format: String,
    /// The system whose export it is, if it was said; else empty.
    pub preset: String,
    /// Whether columns that are not fields are passed over.
    pub ignore_unknown: bool,
    /// Bytes of the file, unpacked.
    pub bytes: i64,
    /// Where it stands.
    pub state: BatchState,
    /// When it came.
    pub created_at: i64,
    /// When its work last began.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Why it failed; else empty.
    pub failure: String,
    /// What was counted.
    pub counts: BatchCounts,
}

/// The most that may wait.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Batches of one tenant.
    pub batches_of_tenant: u32,
    /// Bytes of one tenant's files that wait or are worked on.
    pub bytes_of_tenant: i64,
    /// Bytes of all tenants' files.
    pub bytes: i64,
}

/// Of what too much waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// Batches of the tenant.
    Batches,
    /// Bytes of the tenant.
    BytesOfTenant,
    /// Bytes of all tenants.
    Bytes,
}

/// The columns, in the order in which [`read`] takes them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT seq, batch_id, tenant, name, kind, format, preset, ignore_unknown, bytes,
            state, created_at, started_at, ended_at, failure, rows_read, parcels_read,
            parcels_refused, parcels_done, outcome_free, outcome_entry_required,
            outcome_prohibited, outcome_needs_person, entered, answered_before ",
            $rest
        )
    };
}

impl DeskStore {
    /// Queues a batch whose file is there, unless too much waits already; what it was that did.
    pub fn add_batch(&self, batch: &Batch, most: Waiting) -> Pending<Option<TooMuch>> {
        let batch = batch.clone();
        self.write(move |sql| {
            let text = "SELECT COUNT(*) FROM batch WHERE tenant = $1 AND state = $2";
            let queued = Value::from(BatchState::Queued.as_str());
            let waiting = sql.one(text, &[(&batch.tenant).into(), queued])?;
            if waiting.map_or(Ok(0), |row| row.int(0))? >= i64::from(most.batches_of_tenant) {
                return Ok(Some(TooMuch::Batches));
            }
            let (own, all) = bytes(sql, &batch.tenant)?;
            if own.saturating_add(batch.bytes) > most.bytes_of_tenant {
                return Ok(Some(TooMuch::BytesOfTenant));
            }
            if all.saturating_add(batch.bytes) > most.bytes {
                return Ok(Some(TooMuch::Bytes));
            }
            insert(sql, &batch)?;
            Ok(None)
        })
    }

    /// Bytes of the files that wait or are worked on: a tenant's, and everybody's.
    pub fn waiting_bytes(&self, tenant: &str) -> Pending<(i64, i64)> {
        let tenant = tenant.to_owned();
        self.read(move |sql| bytes(sql, &tenant))
    }

    /// The batches that have ended, each with its tenant: those that can have results.
    pub fn ended_batches(&self) -> Pending<Vec<(String, String)>> {
        self.read(|sql| {
            let text = "SELECT tenant, batch_id FROM batch WHERE ended_at IS NOT NULL";
            let rows = sql.query(text, &[])?;
            rows.iter()
                .map(|row| Ok((row.text(0)?, row.text(1)?)))
                .collect()
        })
    }

    /// Takes the batch whose turn it is: of the tenant that was served longest ago the one that
    /// came first. It is running from now on.
    pub fn take_batch(&self, now: i64) -> Pending<Option<Batch>> {
        self.write(move |sql| {
            let next = select!(
                "FROM batch AS b WHERE state = $1 ORDER BY
                (SELECT MAX(turn) FROM batch AS own WHERE own.tenant = b.tenant), seq LIMIT 1"
            );
            let queued = Value::from(BatchState::Queued.as_str());
            let Some(row) = sql.one(next, &[queued])? else {
                return Ok(None);
            };
            let mut batch = read(&row)?;
            let text = "UPDATE batch SET state = $1, started_at = $2,
                turn = (SELECT MAX(turn) + 1 FROM batch) WHERE batch_id = $3";
            let running = Value::from(BatchState::Running.as_str());
            sql.execute(text, &[running, now.into(), (&batch.batch_id).into()])?;
            (batch.state, batch.started_at) = (BatchState::Running, Some(now));
            Ok(Some(batch))
        })
    }

    /// Notes how far a running batch is.
    pub fn batch_progress(&self, batch_id: &str, counts: BatchCounts) -> Pending<()> {
        let id = batch_id.to_owned();
        self.write(move |sql| set_counts(sql, &id, counts).map(drop))
    }

    /// Ends a running batch when its event happens, and tells those who want to know; whether it was
    /// there still.
    pub fn end_batch(
        &self,
        batch_id: &str,
        counts: BatchCounts,
        failure: Option<&str>,
        event: &Event,
    ) -> Pending<bool> {
        let (id, failure) = (batch_id.to_owned(), failure.map(str::to_owned));
        let event = event.clone();
        self.write(move |sql| {
            if !set_counts(sql, &id, counts)? {
                return Ok(false);
            }
            let state = match failure {
                None => BatchState::Finished,
                Some(_) => BatchState::Failed,
            };
            let words = failure.as_deref().unwrap_or_default();
            let text = "UPDATE batch SET state = $1, ended_at = $2, failure = $3
                WHERE batch_id = $4";
            let values = [
                Value::from(state.as_str()),
                event.at.into(),
                words.into(),
                (&id).into(),
            ];
            sql.execute(text, &values)?;
            let of = "SELECT tenant FROM batch WHERE batch_id = $1";
            if let Some(row) = sql.one(of, &[(&id).into()])? {
                put(sql, &row.text(0)?, &event)?;
            }
            Ok(true)
        })
    }

    /// Queues anew what was running: one batch, or all of them when the desk begins. How many.
    pub fn requeue_batches(&self, batch_id: Option<&str>) -> Pending<u64> {
        let id = Value::from(batch_id.unwrap_or_default());
        self.write(move |sql| {
            let text = "UPDATE batch SET state = $1, started_at = NULL, rows_read = 0,
                parcels_read = 0, parcels_refused = 0, parcels_done = 0, outcome_free = 0,
                outcome_entry_required = 0, outcome_prohibited = 0, outcome_needs_person = 0,
                entered = 0, answered_before = 0
                WHERE state = $2 AND (batch_id = $3 OR $3 = '')";
            let states = [BatchState::Queued, BatchState::Running].map(BatchState::as_str);
            sql.execute(text, &[states[0].into(), states[1].into(), id.clone()])
        })
    }

    /// A tenant's batch.
    pub fn batch(&self, tenant: &str, batch_id: &str) -> Pending<Option<Batch>> {
        let values = [Value::from(tenant), batch_id.into()];
        let text = select!("FROM batch WHERE tenant = $1 AND batch_id = $2");
        self.read(move |sql| sql.one(text, &values)?.map(|row| read(&row)).transpose())
    }

    /// A tenant's batches before a place, the latest first.
    pub fn batches(&self, tenant: &str, before: i64, limit: u32) -> Pending<Vec<Batch>> {
        let values = [Value::from(tenant), before.into(), i64::from(limit).into()];
        let text = select!("FROM batch WHERE tenant = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
        self.read(move |sql| sql.query(text, &values)?.iter().map(read).collect())
    }

    /// Forgets a tenant's batch; what it was, if it was there.
    pub fn delete_batch(&self, tenant: &str, batch_id: &str) -> Pending<Option<Batch>> {
        let values = [Value::from(tenant), batch_id.into()];
        self.write(move |sql| {
            let found = select!("FROM batch WHERE tenant = $1 AND batch_id = $2");
            let Some(row) = sql.one(found, &values)? else {
                return Ok(None);
            };
            let text = "DELETE FROM batch WHERE tenant = $1 AND batch_id = $2";
            sql.execute(text, &values)?;
            read(&row).map(Some)
        })
    }

    /// Forgets a tenant's batches that ended before a moment; their ids.
    pub fn expire_batches(&self, tenant: &str, before: i64) -> Pending<Vec<String>> {
        let values = [Value::from(tenant), before.into()];
        self.write(move |sql| {
            let text = "DELETE FROM batch WHERE tenant = $1 AND ended_at < $2 RETURNING batch_id";
            let rows = sql.query(text, &values)?;
            rows.iter().map(|row| row.text(0)).collect()
        })
    }

    /// Which of these ids are batches.
    pub fn known_batches(&self, ids: Vec<String>) -> Pending<Vec<String>> {
        self.read(move |sql| {
            let mut known = Vec::new();
            for id in &ids {
                let text = "SELECT batch_id FROM batch WHERE batch_id = $1";
                known.extend(sql.one(text, &[id.into()])?.map(|_| id.clone()));
            }
            Ok(known)
        })
    }
}

/// Bytes of the files that wait or are worked on: a tenant's, and everybody's.
fn bytes(sql: &mut dyn Sql, tenant: &str) -> Result<(i64, i64), StoreError> {
    // PostgreSQL makes a sum of BIGINT a NUMERIC, which the desk has nowhere.
    let text =
        "SELECT CAST(COALESCE(SUM(CASE WHEN tenant = $1 THEN bytes ELSE 0 END), 0) AS BIGINT),
        CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM batch WHERE state IN ($2, $3)";
    let states = [BatchState::Queued, BatchState::Running].map(|state| state.as_str().into());
    let [queued, running] = states;
    let row = sql.one(text, &[tenant.into(), queued, running])?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

fn insert(sql: &mut dyn Sql, batch: &Batch) -> Result<(), StoreError> {
    let text = "INSERT INTO batch (batch_id, tenant, name, kind, format, preset, ignore_unknown,
        bytes, state, turn, created_at, failure, rows_read, parcels_read, parcels_refused,
        parcels_done, outcome_free, outcome_entry_required, outcome_prohibited,
        outcome_needs_person, entered, answered_before)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)";
    let values = [
        Value::from(&batch.batch_id),
        (&batch.tenant).into(),
        (&batch.name).into(),
        batch.kind.as_str().into(),
        (&batch.format).into(),
        (&batch.preset).into(),
        i64::from(batch.ignore_unknown).into(),
        batch.bytes.into(),
        BatchState::Queued.as_str().into(),
        batch.created_at.into(),
    ];
    sql.execute(text, &values).map(drop)
}

/// Notes counts; whether the batch is there and running.
fn set_counts(sql: &mut dyn Sql, id: &str, counts: BatchCounts) -> Result<bool, StoreError> {
    let text = "UPDATE batch SET rows_read = $1, parcels_read = $2, parcels_refused = $3,
        parcels_done = $4, outcome_free = $5, outcome_entry_required = $6,
        outcome_prohibited = $7, outcome_needs_person = $8, entered = $9, answered_before = $10
        WHERE batch_id = $11 AND state = $12";
    let [free, entry_required, prohibited, needs_person] = counts.outcomes;
    let counted = [
        counts.rows_read,
        counts.parcels_read,
        counts.parcels_refused,
        counts.parcels_done,
        free,
        entry_required,
        prohibited,
        needs_person,
        counts.entered,
        counts.answered_before,
    ];
    let mut values = counted.map(Value::from).to_vec();
    values.extend([id.into(), BatchState::Running.as_str().into()]);
    Ok(sql.execute(text, &values)? > 0)
}

fn read(row: &Row) -> Result<Batch, StoreError> {
    let unknown = |text: &str| StoreError::Failure(format!("no batch is `{text}`"));
    let (kind, state) = (row.text(4)?, row.text(9)?);
    Ok(Batch {
        seq: row.int(0)?,
        batch_id: row.text(1)?,
        tenant: row.text(2)?,
        name: row.text(3)?,
        kind: BatchKind::parse(&kind).ok_or_else(|| unknown(&kind))?,
        format: row.text(5)?,
        preset: row.text(6)?,
        ignore_unknown: row.int(7)? != 0,
        bytes: row.int(8)?,
        state: BatchState::parse(&state).ok_or_else(|| unknown(&state))?,
        created_at: row.int(10)?,
        started_at: row.maybe_int(11)?,
        ended_at: row.maybe_int(12)?,
        failure: row.text(13)?,
        counts: BatchCounts {
            rows_read: row.int(14)?,
            parcels_read: row.int(15)?,
            parcels_refused: row.int(16)?,
            parcels_done: row.int(17)?,
            outcomes: [row.int(18)?, row.int(19)?, row.int(20)?, row.int(21)?],
            entered: row.int(22)?,
            answered_before: row.int(23)?,
        },
    })
}
