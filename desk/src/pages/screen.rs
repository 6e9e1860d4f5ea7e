//! Screening: a file of parcels dropped, followed, and what came of it.
//!
//! With scripts a batch's page asks for itself again until the end; without, it is loaded again.

use super::form::InForm;
use super::{Head, page};
use crate::api::batches::{self, BatchTold, Before, find};
use crate::api::body::{InPath, InQuery};
use crate::api::keys::named;
use crate::api::work::reckoning;
use crate::auth::Caller;
use crate::batches::{RESULTS_NDJSON, Upload, Wanted, system};
use crate::problem::{Code, Problem, failed};
use crate::state::Desk;
use askama::Template;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use deminimis_clearance::explain::{capital, dollars_of, spaced};
use deminimis_law::names::Outcome;
use deminimis_law::time::{Moment, Zone};
use deminimis_office::read::presets;
use deminimis_store::desk::{BatchKind, BatchState, Role};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use tokio::time::timeout;

/// Parcels of one page of results.
const PAGE: usize = 100;
/// Lines of a result that one page reads at most.
const LINES: usize = 200_000;
/// Bytes of a field of the form beside the file.
const FIELD: usize = 200;

#[derive(Template)]
#[template(path = "screen.html")]
struct ScreenPage {
    head: Head,
    may_send: bool,
    /// Systems whose exports are known.
    systems: Vec<&'static str>,
    rows: Vec<Row>,
    older: Option<i64>,
    further: bool,
}

#[derive(Template)]
#[template(path = "batch.html")]
struct BatchPage {
    head: Head,
    row: Row,
    /// Whether work on it is going on or will.
    open: bool,
    finished: bool,
    may_read: bool,
    outcomes: Vec<OutcomeCount>,
    chosen: String,
    results: Vec<ResultRow>,
    /// The byte at which the next page of results begins.
    next: Option<u64>,
    further: bool,
}

struct Row {
    told: BatchTold,
    made: String,
    kind: &'static str,
}

struct OutcomeCount {
    value: &'static str,
    words: String,
    count: i64,
}

struct ResultRow {
    told: Decided,
    words: String,
    path: String,
    owed: String,
}

/// What the page shows of a decision.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Decided {
    shipment_id: String,
    outcome: String,
    entry_path: String,
    owed: Option<Owed>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Owed {
    total_usd: Option<String>,
}

/// Which results of a batch.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    after: String,
}

/// Nothing but the token, which the guard has checked.
#[derive(Deserialize)]
pub struct Nothing {}

/// The page: drop a file, and what was dropped before.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(before): InQuery<Before>,
) -> Result<Response, Problem> {
    let further = before.before.is_some();
    let told = batches::list(State(Arc::clone(&desk)), caller.clone(), InQuery(before)).await?;
    let full = told.0.len() >= batches::MOST as usize;
    let zone = desk.setup.law.zone();
    page(&ScreenPage {
        may_send: caller.role >= Role::Operator,
        systems: presets::names().to_vec(),
        head: Head::new(Some(&caller), "/screen"),
        older: told.0.last().filter(|_| full).map(|last| last.seq),
        rows: told.0.into_iter().map(|one| row(zone, one)).collect(),
        further,
    })
}

fn row(zone: &Zone, told: BatchTold) -> Row {
    Row {
        made: zone.show(Moment(told.created_at)),
        kind: match told.kind {
            "enter" => "entered in the ledger",
            _ => "assessed",
        },
        told,
    }
}

/// Takes a file, and leads to its page.
pub async fn send(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let said = "send the form as the page has it, with a file";
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Problem::new(Code::UnsupportedMediaType, said))?;
    let mut fields: HashMap<&'static str, String> = HashMap::new();
    let mut file: Option<(Upload, String)> = None;
    while let Some(mut field) = next(&desk, &mut form).await? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" if file.is_none() => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let upload = Upload::begin(&desk, &caller.tenant).await?;
                take(&desk, &upload, &mut field).await?;
                file = Some((upload, name));
            }
            "kind" => drop(fields.insert("kind", text(&desk, &mut field).await?)),
            "from" => drop(fields.insert("from", text(&desk, &mut field).await?)),
            "ignore_unknown" => drop(fields.insert("ignore_unknown", String::new())),
            _ => {}
        }
    }
    let chosen = file.filter(|(_, name)| !name.is_empty());
    let none = || Problem::new(Code::BadShipment, "choose a file of parcels first");
    let (upload, name) = chosen.ok_or_else(none)?;
    let preset = fields.remove("from").unwrap_or_default();
    system(&preset).map_err(|said| Problem::new(Code::BadShipment, said))?;
    let wanted = Wanted {
        name: named(&name)?.to_owned(),
        kind: match fields.get("kind").map(String::as_str) {
            Some("enter") => BatchKind::Enter,
            _ => BatchKind::Assess,
        },
        format: "",
        preset,
        ignore_unknown: fields.contains_key("ignore_unknown"),
    };
    let batch = upload.end(&caller, wanted).await?;
    Ok(Redirect::to(&format!("/screen/{}", batch.batch_id)).into_response())
}

fn broken(_: MultipartError) -> Problem {
    Problem::new(Code::BadRequest, "the file was not sent to its end")
}

fn slow<E>(_: E) -> Problem {
    Problem::new(Code::TooSlow, "the file was not sent in time")
}

async fn next<'a>(desk: &Desk, form: &'a mut Multipart) -> Result<Option<Field<'a>>, Problem> {
    let next = timeout(desk.config.limits.time, form.next_field());
    next.await.map_err(slow)?.map_err(broken)
}

/// Hands the parts of a file on as they come.
async fn take(desk: &Desk, upload: &Upload, field: &mut Field<'_>) -> Result<(), Problem> {
    loop {
        let part = timeout(desk.config.limits.time, field.chunk());
        let Some(part) = part.await.map_err(slow)?.map_err(broken)? else {
            return Ok(());
        };
        if !upload.part(part).await {
            // Too large or damaged: its end tells which.
            return Ok(());
        }
    }
}

async fn text(desk: &Desk, field: &mut Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    loop {
        let part = timeout(desk.config.limits.time, field.chunk());
        let Some(part) = part.await.map_err(slow)?.map_err(broken)? else {
            break;
        };
        bytes.extend_from_slice(&part);
        if bytes.len() > FIELD {
            return Err(Problem::new(
                Code::TooLarge,
                "a field of the form is too long",
            ));
        }
    }
    let unread = |_| Problem::new(Code::BadRequest, "a field of the form is not UTF-8");
    String::from_utf8(bytes).map_err(unread)
}

/// A batch: how far it is, and what came of it.
pub async fn batch(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    let found = find(&desk, &caller.tenant, &id).await?;
    let (state, counts) = (found.state, found.counts.outcomes);
    let after = match asked.after.as_str() {
        "" => 0,
        text => text.parse().map_err(|_| {
            let said = "after: must be a place in the results, as the page before gave it";
            Problem::new(Code::BadRequest, said)
        })?,
    };
    let known = Outcome::ALL.iter().any(|one| one.as_str() == asked.outcome);
    if !known && !asked.outcome.is_empty() {
        let all: Vec<&str> = Outcome::ALL.iter().map(|one| one.as_str()).collect();
        let said = format!("outcome: must be one of {}", all.join(", "));
        return Err(Problem::new(Code::BadRequest, said));
    }
    let finished = state == BatchState::Finished;
    let may_read = caller.role >= Role::Operator;
    let (mut results, mut next) = (Vec::new(), None);
    if finished && may_read {
        let about = format!("{}/{RESULTS_NDJSON}", found.batch_id);
        let line = desk.line(&caller, "batch.read", &about);
        desk.store.audit(line).await?;
        let path = desk.batches.file(&found.batch_id, RESULTS_NDJSON);
        let outcome = asked.outcome.clone();
        let look = move || read(&path, &outcome, after);
        (results, next) = reckoning(look).await?;
    }
    let names = ["free", "entry_required", "prohibited", "needs_person"];
    let outcomes = names.into_iter().zip(counts);
    let outcomes = outcomes.map(|(value, count)| OutcomeCount {
        value,
        words: capital(&spaced(value)),
        count,
    });
    page(&BatchPage {
        head: Head::new(Some(&caller), "/screen"),
        row: row(desk.setup.law.zone(), batches::for_role(found, &caller)),
        open: !state.is_ended(),
        finished,
        may_read,
        outcomes: outcomes.collect(),
        chosen: asked.outcome,
        results,
        next,
        further: after > 0,
    })
}

/// Decisions of a file with an outcome, or all, from the line that begins at a byte on; and where the
/// line after the last that was looked at begins, where there may be more.
fn read(path: &Path, outcome: &str, after: u64) -> Result<(Vec<ResultRow>, Option<u64>), Problem> {
    let unread = |error: io::Error| failed(&error);
    let mut file = File::open(path).map_err(unread)?;
    if !begins_line(&mut file, after).map_err(unread)? {
        let said = "after: no result begins there; take it from the page before";
        return Err(Problem::new(Code::BadRequest, said));
    }
    let (mut rows, mut at) = (Vec::new(), after);
    let (mut file, mut line) = (BufReader::new(file), Vec::new());
    for _ in 0..LINES {
        if rows.len() == PAGE {
            return Ok((rows, Some(at)));
        }
        line.clear();
        let length = file.read_until(b'\n', &mut line).map_err(unread)?;
        if length == 0 {
            return Ok((rows, None));
        }
        at += length as u64;
        let told: Decided = serde_json::from_slice(&line).map_err(|error| failed(&error))?;
        if outcome.is_empty() || told.outcome == outcome {
            let total = told
                .owed
                .as_ref()
                .and_then(|owed| owed.total_usd.as_deref());
            rows.push(ResultRow {
                words: capital(&spaced(&told.outcome)),
                path: spaced(&told.entry_path),
                owed: total.map(dollars_of).unwrap_or_default(),
                told,
            });
        }
    }
    Ok((rows, Some(at)))
}

/// Goes to a byte; whether a line begins there, or the file ends. The lines before it are not read.
fn begins_line(file: &mut File, at: u64) -> io::Result<bool> {
    let Some(before) = at.checked_sub(1) else {
        return Ok(true);
    };
    if at > file.metadata()?.len() {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(before))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Forgets a batch.
pub async fn delete(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(id): InPath<String>,
    InForm(Nothing {}): InForm<Nothing>,
) -> Result<Response, Problem> {
    batches::delete(State(desk), caller, InPath(id)).await?;
    Ok(Redirect::to("/screen").into_response())
}
