//! How fast the ledger takes parcels, each figure against a baseline of the same minute.
//!
//! `cargo bench -p deminimis-store --bench load` prints rates and ratios. Ratios are the figures to
//! keep: rates hang on the disk. `LEDGER_ROWS` sets how many parcels; `LEDGER_FOLDER` on which disk;
//! `LEDGER_STORE=postgres` leaves SQLite out; `LEDGER_WRITERS` sets how many writers there are then.

#[path = "../tests/common/server.rs"]
#[allow(dead_code, reason = "a part of it serves the tests alone")]
mod server;

use deminimis_store::{
    Alike, Arrival, Assess, Claim, DayView, Field, Installation, Ledger, PersonKey, Postgres,
    Posting, Record, Slot, Slots, Sqlite, StoreError, Verdict,
};
use rusqlite::{Connection, params};
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many requests share a commit, here and in the raw inserts.
const GROUP: usize = 256;
/// Senders of the load of many, and how many answers each has outstanding.
const SENDERS: usize = 4;
const WINDOW: usize = 256;

fn parcel(number: usize) -> Claim {
    let mut person = [0; 16];
    // Ids and persons come in no order, as hashes do.
    let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let third = ((number / 3) as u64).wrapping_mul(0xd134_2543_de82_ef95);
    person[..8].copy_from_slice(&third.to_be_bytes());
    let mut body_hash = [0; 32];
    body_hash[..8].copy_from_slice(&mixed.to_be_bytes());
    Claim {
        tenant: "carrier".into(),
        shipment_id: format!("{mixed:016x}-{number}"),
        body_hash,
        person: PersonKey(person),
        arrival: Arrival {
            day: 20_000,
            arrives_at: 20_000 * 86_400 + 3_600,
            filed_at: Some(20_000 * 86_400),
        },
        order: None,
        bill: None,
        alike: Alike::default(),
    }
}

const VALUE_CENTS: i64 = 4_999;
const ANSWER: [u8; 200] = [7; 200];

fn keys() -> Installation {
    Installation::from_secret(&[9; 32])
}

/// What is kept of a parcel: its facts and the decision in the clear, who it was sealed.
fn record() -> Record {
    let field = |path: &str, bytes: &[u8], personal| Field {
        path: path.into(),
        value: bytes.to_vec(),
        personal,
    };
    Record {
        fields: vec![
            field("shipment", &[1; 400], false),
            field("decision", &ANSWER, false),
            field("rulebook", &[2; 32], false),
            field("consignee", &[3; 80], true),
        ],
        kept_until: 22_000,
    }
}

fn verdict() -> Verdict {
    Verdict {
        posting: Posting {
            value_cents: VALUE_CENTS,
            counted: Slot::new(2),
            could_count: Slot::new(2),
            crossed: Slots::default(),
            undecided: None,
        },
        answer: ANSWER.to_vec(),
        record: record(),
    }
}

fn assess() -> Assess {
    Box::new(|_: &DayView| verdict())
}

fn rate(rows: usize, time: Duration) -> u128 {
    rows as u128 * 1_000_000 / time.as_micros().max(1)
}

/// One commit a request: what a program does that waits for each answer.
fn one_by_one(folder: &Path, rows: usize) -> Duration {
    let ledger = Sqlite::open_with(&folder.join("single.db"), 1, Some(keys())).expect("a ledger");
    let start = Instant::now();
    for number in 0..rows {
        let done = ledger.claim(parcel(number), assess()).wait();
        done.expect("a receipt");
    }
    start.elapsed()
}

/// The ledger under senders that do not wait for one another. Tells all waiting times as well.
fn together(ledger: &dyn Ledger, rows: usize) -> (Duration, Vec<Duration>) {
    let start = Instant::now();
    let waits = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| scope.spawn(move || send(ledger, (sender..rows).step_by(SENDERS))))
            .collect();
        let waits = senders
            .into_iter()
            .map(|sender| sender.join().expect("a sender"));
        waits.flatten().collect()
    });
    (start.elapsed(), waits)
}

fn send(ledger: &dyn Ledger, numbers: impl Iterator<Item = usize>) -> Vec<Duration> {
    let (mut waits, mut waiting) = (Vec::new(), VecDeque::new());
    let mut settle = |(sent, pending): (Instant, deminimis_store::Pending<_>)| match pending.wait()
    {
        Ok(_) => waits.push(sent.elapsed()),
        Err(StoreError::Busy) => panic!("the window is smaller than the queue"),
        Err(error) => panic!("{error}"),
    };
    for number in numbers {
        waiting.push_back((Instant::now(), ledger.claim(parcel(number), assess())));
        if waiting.len() >= WINDOW {
            waiting.pop_front().into_iter().for_each(&mut settle);
        }
    }
    waiting.into_iter().for_each(settle);
    waits
}

/// The same rows and bytes into the same tables, without a question asked. The ledger is filled
/// first by itself, so that the tables are its own; then its rows are read and put elsewhere.
fn raw(filled: &Path, folder: &Path, rows: usize) -> Duration {
    let path = folder.join("raw.db");
    drop(Sqlite::open(&path).expect("a ledger"));
    let mut to = Connection::open(&path).expect("the file");
    to.pragma_update(None, "synchronous", "FULL")
        .expect("a setting");
    let from = Connection::open(filled).expect("the filled ledger");
    let packed: Vec<u8> = from
        .query_row("SELECT holds FROM person_day LIMIT 1", [], |row| row.get(0))
        .expect("a day");
    let one = |sql: &str| -> Vec<u8> {
        let found = from.query_row(sql, [], |row| row.get(0));
        found.expect("a row")
    };
    let kept = Kept {
        commitments: one("SELECT commitments FROM record LIMIT 1"),
        public: one("SELECT public FROM record LIMIT 1"),
        sealed: one("SELECT sealed FROM record_sealed LIMIT 1"),
        secret: one("SELECT sealed FROM person_secret LIMIT 1"),
    };
    let claims: Vec<Claim> = (0..rows).map(parcel).collect();
    let start = Instant::now();
    let mut position = 0;
    for claims in claims.chunks(GROUP) {
        let transaction = to.transaction().expect("a transaction");
        for claim in claims {
            position += 1;
            insert(&transaction, position, claim, &packed).expect("a row");
            insert_record(&transaction, position, claim, &kept).expect("a row");
        }
        transaction.commit().expect("a commit");
    }
    start.elapsed()
}

fn insert(to: &Connection, position: i64, claim: &Claim, packed: &[u8]) -> rusqlite::Result<()> {
    let (tenant, id, person) = (&claim.tenant, &claim.shipment_id, claim.person.0);
    let at = claim.arrival;
    let sql = "INSERT INTO posting VALUES
        (?1, ?2, ?3, 0, 1, ?4, ?5, ?6, ?7, NULL, NULL, ?8, 2, 2, 0, NULL)";
    to.prepare_cached(sql)?.execute(params![
        position,
        tenant,
        id,
        person,
        at.day,
        at.arrives_at,
        at.filed_at,
        VALUE_CENTS
    ])?;
    let sql = "INSERT INTO shipment VALUES
        (?1, ?2, 0, ?3, ?4, ?5, ?6, NULL, NULL, ?7, 2, 2, 0, NULL, ?8, ?9, ?10)";
    to.prepare_cached(sql)?.execute(params![
        tenant,
        id,
        person,
        at.day,
        at.arrives_at,
        at.filed_at,
        VALUE_CENTS,
        claim.body_hash,
        ANSWER,
        position
    ])?;
    let sql = "INSERT OR REPLACE INTO person_day VALUES (?1, ?2, ?3, ?4)";
    to.prepare_cached(sql)?
        .execute(params![tenant, person, at.day, packed])?;
    Ok(())
}

/// The bytes of one record, which are as many for all.
struct Kept {
    commitments: Vec<u8>,
    public: Vec<u8>,
    sealed: Vec<u8>,
    secret: Vec<u8>,
}

fn insert_record(
    to: &Connection,
    position: i64,
    claim: &Claim,
    kept: &Kept,
) -> rusqlite::Result<()> {
    let (tenant, id, person) = (&claim.tenant, &claim.shipment_id, claim.person.0);
    let sql = "INSERT INTO record VALUES (?1, ?2, ?3, NULL, 22000, 0, ?4, ?5)";
    to.prepare_cached(sql)?.execute(params![
        position,
        tenant,
        id,
        kept.commitments,
        kept.public
    ])?;
    let sql = "INSERT INTO record_sealed VALUES (?1, ?2, ?3, ?4)";
    to.prepare_cached(sql)?
        .execute(params![position, tenant, person, kept.sealed])?;
    // Once for each person, as the ledger does.
    let sql = "INSERT OR IGNORE INTO person_secret VALUES (?1, ?2, ?3)";
    to.prepare_cached(sql)?
        .execute(params![tenant, person, kept.secret])?;
    let sql = "INSERT INTO record_log VALUES (?1, ?1, ?2, ?3)";
    to.prepare_cached(sql)?
        .execute(params![position, [5_u8; 32], [6_u8; 32]])?;
    Ok(())
}

/// The middle one of many appended pages made durable, one by one.
fn fsync(folder: &Path) -> Duration {
    let mut file = File::create(folder.join("fsync")).expect("a file");
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[1; 4096]).expect("a page");
            let start = Instant::now();
            file.sync_data().expect("durable");
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// Clients of PostgreSQL, each waiting for its answer before it asks again.
const CLIENTS: usize = 32;

/// What a program does without a ledger: a transaction with two statements, one for the parcel and
/// one that adds to the day, from clients with a connection each.
fn two_statements(config: &str, rows: usize) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let connected = tokio_postgres::connect(config, tokio_postgres::NoTls).await;
            let (client, connection) = connected.expect("a connection");
            tokio::spawn(connection);
            clients.push(client);
        }
        let tables = "CREATE TABLE parcel (tenant TEXT, shipment_id TEXT, person BYTEA, day INT,
                value_cents BIGINT, body_hash BYTEA, answer BYTEA,
                PRIMARY KEY (tenant, shipment_id));
            CREATE TABLE day (tenant TEXT, person BYTEA, day INT, total_cents BIGINT,
                PRIMARY KEY (tenant, person, day))";
        clients[0].batch_execute(tables).await.expect("two tables");
        let start = Instant::now();
        let tasks = clients
            .into_iter()
            .enumerate()
            .map(|(at, client)| tokio::spawn(post_two(client, (at..rows).step_by(CLIENTS))));
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("a client").expect("its rows");
        }
        start.elapsed()
    })
}

async fn post_two(
    mut client: tokio_postgres::Client,
    numbers: impl Iterator<Item = usize>,
) -> Result<(), tokio_postgres::Error> {
    let parcels = client
        .prepare("INSERT INTO parcel VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .await?;
    let days = client
        .prepare(
            "INSERT INTO day VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, person, day)
            DO UPDATE SET total_cents = day.total_cents + excluded.total_cents",
        )
        .await?;
    for number in numbers {
        let claim = parcel(number);
        let (person, day) = (claim.person.0.as_slice(), claim.arrival.day);
        let (hash, answer) = (claim.body_hash.as_slice(), ANSWER.as_slice());
        let transaction = client.transaction().await?;
        let (tenant, id) = (&claim.tenant, &claim.shipment_id);
        transaction
            .execute(
                &parcels,
                &[tenant, id, &person, &day, &VALUE_CENTS, &hash, &answer],
            )
            .await?;
        transaction
            .execute(&days, &[tenant, &person, &day, &VALUE_CENTS])
            .await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// The ledger with clients that wait for each answer.
fn waiting_clients(ledger: &dyn Ledger, rows: usize) -> Duration {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            scope.spawn(move || {
                for number in (client..rows).step_by(CLIENTS) {
                    let done = ledger.claim(parcel(number), assess()).wait();
                    done.expect("a receipt");
                }
            });
        }
    });
    start.elapsed()
}

/// What a load took.
struct Took {
    rate: u128,
    /// Microseconds of processor time for each parcel, of the server and of this program.
    server_us: u64,
    own_us: u64,
    wal_bytes: i64,
}

impl Took {
    fn tell(&self, what: &str) {
        println!(
            "postgres, {what}, {CLIENTS} clients: {} a second; for each parcel {} us of the \
             server's processor time, {} us of the client's, {} bytes of its log",
            self.rate, self.server_us, self.own_us, self.wal_bytes
        );
    }
}

/// Where the server's log ends.
fn wal(config: &str) -> i64 {
    let text = server::ask(config, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn");
    text.trim().parse().expect("a place in the log")
}

fn took(config: &str, rows: usize, load: impl FnOnce() -> Duration) -> Took {
    let (before, log) = (server::cpu(), wal(config));
    let time = load();
    let (after, parcels) = (server::cpu(), rows as u64);
    Took {
        rate: rate(rows, time),
        server_us: (after.0 - before.0) * 10_000 / parcels,
        own_us: (after.1 - before.1) * 10_000 / parcels,
        wal_bytes: (wal(config) - log) / i64::try_from(rows).expect("a count"),
    }
}

/// Rounds in turn, so that what else the machine does falls on both alike.
const ROUNDS: usize = 3;

fn postgres(rows: usize) {
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let (Some(naive), Some(own)) = (server::database(), server::database()) else {
            return;
        };
        let two = took(&naive, rows, || two_statements(&naive, rows));
        let writers = std::env::var("LEDGER_WRITERS").ok();
        let ledger = match writers.map(|count| count.parse().expect("a number of writers")) {
            None => Postgres::open_keyed(&own, keys()),
            Some(count) => Postgres::open_with(&own, count, GROUP, Some(keys())),
        };
        let ledger = ledger.expect("a ledger");
        let one = took(&own, rows, || waiting_clients(&ledger, rows));
        let checked = Instant::now();
        assert_eq!(
            ledger.verify().wait(),
            Ok(vec![]),
            "the sums after the load"
        );
        let sums = checked.elapsed();
        let audit = ledger.verify_records().wait().expect("an audit");
        assert_eq!((audit.lines, audit.found), (rows as u64, vec![]));
        two.tell("two statements a transaction");
        one.tell("ledger");
        println!(
            "its sums checked in {} ms, its records in {} ms",
            sums.as_millis(),
            (checked.elapsed() - sums).as_millis()
        );
        ratios.push(one.rate * 100 / two.rate.max(1));
    }
    ratios.sort_unstable();
    println!("ledger / two statements: {ratios:?} hundredths");
}

fn main() {
    let rows = std::env::var("LEDGER_ROWS").ok();
    let rows: usize = rows.map_or(40_000, |rows| rows.parse().expect("a number of rows"));
    if std::env::var("LEDGER_STORE").is_ok_and(|store| store == "postgres") {
        return postgres(rows / 4 / ROUNDS);
    }
    let at = std::env::var_os("LEDGER_FOLDER");
    let at = at.map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(at).expect("a folder");
    let folder = folder.path();
    let singles = (rows / 20).max(200);

    let fsync = fsync(folder);
    let single = rate(singles, one_by_one(folder, singles));
    let path = folder.join("ledger.db");
    let ledger = Sqlite::open_with(&path, GROUP, Some(keys())).expect("a ledger");
    let (time, mut waits) = together(&ledger, rows);
    assert_eq!(
        ledger.verify().wait(),
        Ok(vec![]),
        "the sums after the load"
    );
    drop(ledger);
    let grouped = rate(rows, time);
    let raw = rate(rows, raw(&path, folder, rows));
    waits.sort_unstable();
    let p99 = waits[waits.len() * 99 / 100];

    println!("parcels {rows}, group {GROUP}, senders {SENDERS} with {WINDOW} outstanding each");
    println!("fsync of a page, median: {} us", fsync.as_micros());
    println!("sqlite, one commit a request: {single} a second");
    println!("sqlite, ledger: {grouped} a second");
    println!("sqlite, raw inserts of the same rows: {raw} a second");
    println!(
        "ledger / one commit a request: {} hundredths",
        grouped * 100 / single.max(1)
    );
    println!(
        "ledger / raw inserts: {} hundredths",
        grouped * 100 / raw.max(1)
    );
    println!(
        "p99 {} us: {} fsyncs",
        p99.as_micros(),
        p99.as_micros() / fsync.as_micros().max(1)
    );
    postgres(rows / 4 / ROUNDS);
}
