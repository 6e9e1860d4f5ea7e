//! Servers of the desk's own stack, with the same log-in of keys, limits, log and headers, whose
//! handlers do less: what the desk is measured against.

use crate::Done;
use axum::extract::State;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use deminimis_desk::api::body::JsonBytes;
use deminimis_desk::api::shipments::enter;
use deminimis_desk::auth::{Caller, kept_key};
use deminimis_desk::config::Limits;
use deminimis_desk::guard::{Rule, Rules};
use deminimis_desk::problem::{Problem, failed};
use deminimis_desk::router::guarded;
use deminimis_desk::server::serve_routes;
use deminimis_desk::{Config, Desk, observe};
use deminimis_office::ledger::{Place, now};
use deminimis_office::setup::{LawChoice, Setup};
use deminimis_store::desk::Role;
use rusqlite::{Connection, TransactionBehavior};
use serde_json::Value;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex as InTurn;
use tokio::task::spawn_blocking;

/// Serves until it is ended.
pub fn serve(home: &Path) -> Done<()> {
    let setup = Arc::new(Setup::new(&LawChoice::default())?);
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        tls: None,
        behind_proxy: false,
        home: home.to_owned(),
        filing_defaults: Vec::new(),
        allow_private_webhooks: false,
        filing: Arc::default(),
        batch_days_in_file: false,
        limits: Limits::default(),
    };
    let metrics = observe::begin();
    let place = Place::Sqlite(home.join("ledger.sqlite"));
    let desk = Arc::new(Desk::open(setup, &place, config, metrics)?);
    let (key, hash, shown) = kept_key("default", ("bench", Role::Operator), None)
        .map_err(|problem| problem.detail().to_owned())?;
    desk.store.add_tenant("default", now()).wait()?;
    desk.store.add_key(&key, &hash).wait()?;
    println!("key {shown}");
    let routes = routes(&desk, home)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let end = async move {
            terminate.recv().await;
        };
        let ready = |at, _| println!("desk at http://{at}\nready");
        serve_routes(desk, routes, end, ready).await?;
        Ok(())
    })
}

fn routes(desk: &Arc<Desk>, home: &Path) -> Done<Router> {
    let mut rules = Rules::default();
    let rule = Rule {
        role: Some(Role::Operator),
        page: false,
        streams: false,
        bodyless: false,
    };
    for path in ["/v1/echo", "/v1/commit", "/v1/one"] {
        rules.add(Method::POST, path, rule);
    }
    let rows = Arc::new(Mutex::new(rows(&home.join("rows.sqlite"))?));
    let turn = Arc::new(InTurn::new(()));
    let routes = Router::new()
        .route("/v1/echo", post(echo))
        .route(
            "/v1/commit",
            post(move |bytes: JsonBytes| commit(Arc::clone(&rows), bytes)),
        )
        .route(
            "/v1/one",
            post(
                move |desk: State<Arc<Desk>>,
                      caller: Caller,
                      headers: HeaderMap,
                      bytes: JsonBytes| {
                    one(Arc::clone(&turn), (desk, caller, headers, bytes))
                },
            ),
        );
    Ok(guarded(desk, routes, rules))
}

/// Reads the JSON and sends it back.
async fn echo(JsonBytes(bytes): JsonBytes) -> Result<Json<Value>, Problem> {
    let read = serde_json::from_slice(&bytes);
    read.map(Json).map_err(|error| failed(&error))
}

/// Reads the JSON, writes it as a row with a commit of its own, and sends it back.
async fn commit(
    rows: Arc<Mutex<Connection>>,
    JsonBytes(bytes): JsonBytes,
) -> Result<Response, Problem> {
    let written = move || -> Result<Vec<u8>, Problem> {
        let read: Value = serde_json::from_slice(&bytes).map_err(|error| failed(&error))?;
        let id = read["shipment_id"].as_str().unwrap_or_default();
        let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
        insert(&mut rows, id, &bytes).map_err(|error| failed(&error))?;
        Ok(bytes)
    };
    let bytes = spawn_blocking(written).await;
    let bytes = bytes.map_err(|error| failed(&error))??;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// Enters a parcel as the desk does when nobody else asks: each has commits of its own.
async fn one(
    turn: Arc<InTurn<()>>,
    (desk, caller, headers, bytes): (State<Arc<Desk>>, Caller, HeaderMap, JsonBytes),
) -> Result<Response, Problem> {
    let _turn = turn.lock().await;
    enter(desk, caller, headers, bytes).await
}

/// A table of rows, as durable as the ledger.
fn rows(path: &Path) -> rusqlite::Result<Connection> {
    let rows = Connection::open(path)?;
    rows.pragma_update(None, "journal_mode", "WAL")?;
    rows.pragma_update(None, "synchronous", "FULL")?;
    rows.execute(
        "CREATE TABLE row (shipment_id TEXT PRIMARY KEY, body BLOB NOT NULL)",
        [],
    )?;
    Ok(rows)
}

fn insert(rows: &mut Connection, id: &str, body: &[u8]) -> rusqlite::Result<()> {
    let transaction = rows.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO row (shipment_id, body) VALUES (?1, ?2)")?
        .execute((id, body))?;
    transaction.commit()
}
