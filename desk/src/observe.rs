//! What the desk tells of itself: a line of JSON for each request, and counts for Prometheus.
//!
//! Neither has personal data: of a request the route is told and not the address that was asked
//! for, of who asks the id of his key or user.

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Desk;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::Arc;
use std::time::Instant;
use tracing_subscriber::EnvFilter;

/// The header that tells a request in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The variable that says how much is logged.
const LOG: &str = "DEMINIMIS_LOG";

const REQUESTS: &str = "deminimis_http_requests_total";
const SECONDS: &str = "deminimis_http_request_seconds";
const INSIDE: &str = "deminimis_http_requests_in_flight";
/// Parcels that were entered, by outcome.
pub const ENTERED: &str = "deminimis_parcels_entered_total";

/// Begins to log (to standard error, one JSON object a line; `DEMINIMIS_LOG` chooses `error`, `warn`,
/// `info` or `off`) and to count.
#[must_use]
pub fn begin() -> PrometheusHandle {
    let filter = EnvFilter::builder().with_default_directive(tracing::Level::INFO.into());
    // A second begin in one program keeps the first log.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_env_filter(filter.with_env_var(LOG).from_env_lossy())
        .try_init();
    let seconds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
    ];
    let builder = PrometheusBuilder::new();
    let builder = builder.set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &seconds);
    // The buckets are not empty, which is all that could be wrong.
    let recorder = builder
        .unwrap_or_else(|_| PrometheusBuilder::new())
        .build_recorder();
    let handle = recorder.handle();
    let _ = metrics::set_global_recorder(recorder);
    metrics::describe_counter!(REQUESTS, "Requests by route, method and status");
    metrics::describe_histogram!(SECONDS, "How long requests took");
    metrics::describe_gauge!(INSIDE, "Requests that are worked on");
    metrics::describe_counter!(ENTERED, "Parcels entered in the ledger by outcome");
    handle
}

/// Who asked, told by the guard to the line of the log.
#[derive(Clone)]
pub(crate) struct Asked(pub Option<Caller>);

/// Times a request, counts it and logs it.
pub async fn observe(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // A method of somebody's own would be a series of its own.
    let method = match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    };
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("none", MatchedPath::as_str).to_owned();
    let id = crate::auth::token::secret().unwrap_or_default();
    let id = id.get(..16).unwrap_or_default().to_owned();
    let mut response = next.run(request).await;
    let (status, took) = (response.status(), begun.elapsed());
    let asked = response.extensions_mut().remove::<Asked>();
    let who = asked.and_then(|asked| asked.0).map(|caller| caller.who);
    let labels = [
        ("route", route.clone()),
        ("method", method.to_owned()),
        ("status", status.as_str().to_owned()),
    ];
    counter!(REQUESTS, &labels).increment(1);
    histogram!(SECONDS, "route" => route.clone()).record(took.as_secs_f64());
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        request = id,
        method,
        route,
        status = status.as_u16(),
        ms = milliseconds,
        who,
        "request"
    );
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Counts for Prometheus, of all tenants: for admins of the tenant `default`.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "Text of Prometheus", body = String,
        content_type = "text/plain")),
    security(("api_key" = ["admin"])))]
pub async fn metrics(State(desk): State<Arc<Desk>>, caller: Caller) -> Result<Response, Problem> {
    // They count all tenants' requests: who runs the installation has the first tenant.
    if caller.tenant != "default" {
        return Err(Problem::not_found("path"));
    }
    let inside = desk.gate.inside(&desk.config.limits);
    gauge!(INSIDE).set(u32::try_from(inside).unwrap_or(u32::MAX));
    desk.metrics.run_upkeep();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let text = desk.metrics.render();
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], text).into_response())
}
