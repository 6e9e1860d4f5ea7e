//! The writers of a PostgreSQL ledger, and the sequencer that follows them.
//!
//! A group is two times of sending: everything that it rests on, under its locks, and everything
//! that it writes, with the commit. Only a group whose parcels have to be known before it is known
//! whose days it touches asks once more in between.

use crate::engine::{Receipts, Work};
use crate::error::StoreError;
use crate::ledger::{Act, Request};
use crate::pending::Answer;
use crate::persons::{named, said};
use crate::postgres::locks::{LOG, ask_locks, ask_persons_alone, ask_persons_shared};
use crate::postgres::positions::Positions;
use crate::postgres::together::{Ask, send};
use crate::postgres::{Job, failure, load, locks, persons, records, save};
use crate::records::keep::{Secrets, Whose};
use crate::records::keys::Installation;
use crate::records::rows::Tail;
use crate::touched::{Touched, asked_for};
use crate::types::Receipt;
use deadpool_postgres::{Client, Pool};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, mpsc};

/// How long is waited for clients that may come back.
const COME_BACK: Duration = Duration::from_millis(1);
/// How long committed records that wait gather before they are put into the log. Whoever reads the
/// log puts them there himself and does not wait for this.
const GATHER: Duration = Duration::from_millis(100);

const BEGIN: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// A writer: takes what waits, commits it, and only then answers.
pub(super) async fn write(
    pool: Pool,
    waiting: Arc<Mutex<mpsc::Receiver<Job>>>,
    group: usize,
    installation: Option<Installation>,
    committed: Arc<Notify>,
) {
    let mut jobs: Vec<Job> = Vec::with_capacity(group);
    let mut before = 0;
    let mut writer = Writer {
        pool,
        installation,
        client: None,
        positions: Positions::default(),
        committed,
    };
    while take(&mut *waiting.lock().await, &mut jobs, group, before).await {
        before = jobs.len();
        let (mut requests, mut answers) = (Vec::new(), Vec::new());
        for (request, answer) in jobs.drain(..) {
            let alone = request.is_alone();
            if alone {
                writer.settle(&mut requests, &mut answers).await;
            }
            requests.push(request);
            answers.push(answer);
            if alone {
                writer.settle(&mut requests, &mut answers).await;
            }
        }
        writer.settle(&mut requests, &mut answers).await;
    }
}

/// Takes what waits. Clients that wait for an answer all come back at once after a commit; the
/// first of them alone would make the others wait for a commit of its own, so that for a moment as
/// many are waited for as came before. One that comes alone again and again waits for nobody.
async fn take(
    waiting: &mut mpsc::Receiver<Job>,
    jobs: &mut Vec<Job>,
    group: usize,
    before: usize,
) -> bool {
    let some = waiting.recv_many(jobs, group).await > 0;
    let more = async {
        while jobs.len() < before.min(group) {
            let room = before.min(group) - jobs.len();
            if waiting.recv_many(jobs, room).await == 0 {
                break;
            }
        }
    };
    if some {
        // Whether all came or the time is over, what is here goes on its way.
        let _ = tokio::time::timeout(COME_BACK, more).await;
    }
    some
}

/// Puts committed records that wait into the log, once for as many commits as there were in a while;
/// at the start for those of a program that ended before it could.
pub(super) async fn sequencer(pool: Pool, committed: Arc<Notify>) {
    loop {
        if let Ok(mut client) = pool.get().await {
            // A failure here loses nothing: the records wait, and `verify_records` says how many
            // and what is damaged.
            let _ = records::sequence(&mut client).await;
        }
        committed.notified().await;
        tokio::time::sleep(GATHER).await;
    }
}

/// What a writer keeps from one group to the next.
struct Writer {
    pool: Pool,
    installation: Option<Installation>,
    /// A connection without a transaction.
    client: Option<Client>,
    positions: Positions,
    /// Tells the sequencer that records wait.
    committed: Arc<Notify>,
}

/// What a group loaded under its locks, beside the rows.
#[derive(Default)]
struct Loaded {
    work: Work,
    secrets: Secrets,
    /// Where the log ends, if this group may add to it.
    tail: Option<Tail>,
}

/// What became of a group.
enum Done {
    Receipts(Receipts),
    /// A key that was merged turned up, so that other persons' locks were needed than were taken.
    OtherPersons,
}

impl Writer {
    /// Commits a group and answers it.
    async fn settle(&mut self, requests: &mut Vec<Request>, answers: &mut Vec<Answer<Receipt>>) {
        if requests.is_empty() {
            return;
        }
        let receipts = match self.commit(requests).await {
            Ok(receipts) => receipts,
            Err(failure) => {
                // What was taken for this group may be used or not.
                self.positions = Positions::default();
                answers.iter().map(|_| Err(failure.clone())).collect()
            }
        };
        requests.clear();
        for (answer, receipt) in answers.drain(..).zip(receipts) {
            // Who asked may have gone; the commit stands and the same request finds it again.
            let _ = answer.send(receipt);
        }
    }

    async fn commit(&mut self, requests: &mut [Request]) -> Result<Receipts, StoreError> {
        let client = match self.client.take() {
            Some(client) if !client.is_closed() => client,
            _ => self.pool.get().await.map_err(failure)?,
        };
        match self.commit_on(&client, requests).await {
            Ok(receipts) => {
                self.client = Some(client);
                Ok(receipts)
            }
            Err(failure) => {
                // Its transaction may still be open, and ends with it.
                drop(Client::take(client));
                Err(failure)
            }
        }
    }

    async fn commit_on(
        &mut self,
        client: &Client,
        requests: &mut [Request],
    ) -> Result<Receipts, StoreError> {
        if requests.iter().any(Request::is_alone) {
            return self.alone(client, requests).await;
        }
        // Whose days are touched follows from claims alone, if none of their keys was merged.
        let claims = |request: &Request| matches!(request, Request::Claim(..));
        if requests.iter().all(claims)
            && let Done::Receipts(receipts) = self.group(client, requests, true).await?
        {
            return Ok(receipts);
        }
        match self.group(client, requests, false).await? {
            Done::Receipts(receipts) => Ok(receipts),
            Done::OtherPersons => Err(StoreError::Failure("a group without its locks".into())),
        }
    }

    /// Does a group; `foreseen` if all that it touches is known before anything is read.
    async fn group(
        &mut self,
        client: &Client,
        requests: &mut [Request],
        foreseen: bool,
    ) -> Result<Done, StoreError> {
        let mut loaded = Loaded::default();
        loaded.work.has_keys = self.installation.is_some();
        let named = named(requests);
        let (shipments, events) = asked_for(requests);
        let touched = foreseen.then(|| loaded.work.touched(requests));
        let parcels = shipments.iter().map(locks::of_parcel);
        let persons = touched.iter().flat_map(|touched| &touched.days);
        let mut asks = vec![
            Ask::new(BEGIN),
            ask_persons_shared(),
            ask_locks(parcels.chain(persons.map(locks::of_person))),
            persons::ask_aliases(&named),
            load::ask_shipments(&shipments),
            load::ask_events(&events),
        ];
        if let Some(touched) = &touched {
            asks.extend(self.under(touched, requests));
        }
        let mut rows = send(client, &asks).await?;
        let under = rows.split_off(asks.len().min(6));
        let work = &mut loaded.work;
        work.aliases = persons::read_aliases(&rows[3])?;
        work.shipments = rows[4]
            .iter()
            .map(load::shipment)
            .collect::<Result<_, _>>()?;
        work.events = rows[5].iter().map(load::event).collect::<Result<_, _>>()?;
        if touched.is_some() && !rows[3].is_empty() {
            Ask::new(ROLLBACK).send(client).await?;
            self.positions.read(&under[3])?;
            return Ok(Done::OtherPersons);
        }
        let under = match &touched {
            Some(_) => under,
            None => {
                let touched = loaded.work.touched(requests);
                let locks = ask_locks(touched.days.iter().map(locks::of_person));
                let mut asks = vec![locks];
                asks.extend(self.under(&touched, requests));
                let mut rows = send(client, &asks).await?;
                rows.split_off(1)
            }
        };
        self.read_under(client, &under, &mut loaded).await?;
        let receipts = self.finish(client, requests, loaded).await?;
        Ok(Done::Receipts(receipts))
    }

    /// What is asked for under the locks of the persons.
    fn under<'a>(&self, touched: &'a Touched, requests: &[Request]) -> Vec<Ask<'a>> {
        let mut whose: Vec<Whose> = Vec::new();
        if self.installation.is_some() {
            whose = touched
                .days
                .iter()
                .map(|day| (day.tenant.clone(), day.person))
                .collect();
            whose.dedup();
        }
        vec![
            load::ask_days(&touched.days),
            load::ask_marks(&touched.marks),
            records::ask_secrets(&whose),
            self.positions.ask(postings(requests)),
            Ask::new("SELECT pg_try_advisory_xact_lock($1)").with(LOG),
            Ask::new("SELECT EXISTS (SELECT 1 FROM record_waiting)"),
            records::ask_tail(),
        ]
    }

    /// Reads what [`Writer::under`] asked for.
    async fn read_under(
        &mut self,
        client: &Client,
        rows: &[Vec<tokio_postgres::Row>],
        loaded: &mut Loaded,
    ) -> Result<(), StoreError> {
        let [days, marks, secrets, positions, locked, waits, tail] = rows else {
            return Err(StoreError::Failure(
                "a server that answers too little".into(),
            ));
        };
        loaded.work.days = days.iter().map(load::day).collect::<Result<_, _>>()?;
        loaded.work.marks = load::marks(marks)?;
        if let Some(installation) = &self.installation {
            for (whose, sealed) in records::read_secrets(secrets)? {
                loaded.secrets.add(installation, whose, &sealed)?;
            }
        }
        self.positions.read(positions)?;
        let is = |rows: &Vec<tokio_postgres::Row>| -> Result<bool, StoreError> {
            Ok(rows.first().map_or(Ok(false), |row| row.try_get(0))?)
        };
        if is(locked)? {
            // A damaged end of the log is not built upon: then the records wait, as they do where
            // somebody else adds to the log just now.
            loaded.tail = records::read_tail(tail).ok();
            if is(waits)? {
                loaded.tail = match loaded.tail {
                    Some(tail) => records::catch_up(client, tail).await?,
                    None => None,
                };
            }
        }
        Ok(())
    }

    /// Runs a group over what it loaded, writes what it changed and commits.
    async fn finish(
        &mut self,
        client: &Client,
        requests: &mut [Request],
        loaded: Loaded,
    ) -> Result<Receipts, StoreError> {
        let Loaded {
            mut work,
            mut secrets,
            tail,
        } = loaded;
        let mut receipts = work.run(requests);
        if work.entries.is_empty() {
            // Nothing but repetitions and refusals. What they rest on was committed and durable
            // before its locks were free.
            Ask::new(COMMIT).send(client).await?;
            return Ok(receipts);
        }
        self.number(client, &mut work, &mut receipts).await?;
        let rows = records::rows(self.installation.as_ref(), &mut secrets, &work.records)?;
        let mut asks = save::asks(&work);
        asks.extend(records::asks(&rows, &secrets, tail));
        asks.push(Ask::new(COMMIT));
        send(client, &asks).await?;
        if tail.is_none() && !rows.is_empty() {
            self.committed.notify_one();
        }
        Ok(receipts)
    }

    /// Gives the postings their positions, and asks for more where too few are there.
    async fn number(
        &mut self,
        client: &Client,
        work: &mut Work,
        receipts: &mut Receipts,
    ) -> Result<(), StoreError> {
        while self.positions.len() < work.entries.len() {
            let rows = self.positions.ask(work.entries.len()).send(client).await?;
            self.positions.read_more(&rows)?;
        }
        let positions = self.positions.take(work.entries.len());
        work.number(&positions, receipts);
        Ok(())
    }

    /// Does a merge or a split, which has the ledger for itself: it needs no lock of a parcel or a
    /// person, of which a person's parcels could want more than a server has.
    async fn alone(
        &mut self,
        client: &Client,
        requests: &mut [Request],
    ) -> Result<Receipts, StoreError> {
        send(client, &[Ask::new(BEGIN), ask_persons_alone()]).await?;
        let (mut shipments, _) = asked_for(requests);
        let mut work = Work {
            has_keys: self.installation.is_some(),
            ..Work::default()
        };
        let (named, said) = (named(requests), said(requests));
        persons::load(client, &named, said.as_ref(), &mut work, &mut shipments).await?;
        work.shipments = load::shipments(client, &shipments).await?;
        let touched = work.touched(requests);
        work.days = load::days(client, &touched.days).await?;
        work.marks = load::marks(&load::ask_marks(&touched.marks).send(client).await?)?;
        let mut receipts = work.run(requests);
        if work.new_persons_event.is_none() {
            Ask::new(COMMIT).send(client).await?;
            return Ok(receipts);
        }
        let rows = self.positions.ask(work.entries.len()).send(client).await?;
        self.positions.read(&rows)?;
        self.number(client, &mut work, &mut receipts).await?;
        send(client, &save::asks(&work)).await?;
        persons::save(client, &work).await?;
        if let Some(to) = work.goes_to(requests) {
            persons::hand_over_sealed(client, self.installation.as_ref(), &work, to).await?;
        }
        Ask::new(COMMIT).send(client).await?;
        Ok(receipts)
    }
}

/// How many postings requests can make at most.
fn postings(requests: &[Request]) -> usize {
    let of = |request: &Request| match request {
        Request::Claim(..) | Request::Event(_, Act::Post | Act::Void) => 1,
        Request::Event(_, Act::Move { .. } | Act::Amend { .. }) => 2,
        // They take theirs once it is known how many there are.
        Request::Persons(..) => 0,
    };
    requests.iter().map(of).sum()
}
