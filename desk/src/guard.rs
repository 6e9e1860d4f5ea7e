//! Before any handler: who asks, whether the route's own description lets him, and whether there is
//! room. A route that is not described is not reached.

use crate::api::body::{drain, read};
use crate::auth::{Caller, caller, token};
use crate::config::Limits;
use crate::observe::Asked;
use crate::pages::problem::{LIVE, as_page, wants_page};
use crate::places::{Place, Places};
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use deminimis_store::desk::Role;
use http_body_util::BodyExt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The header in which scripts of a page send back what proves that the page was ours.
pub const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");

/// What a route asks of who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The least role; nothing for what anybody may.
    pub role: Option<Role>,
    /// Whether people look at it, who are sent to the log-in.
    pub page: bool,
    /// Whether a file is streamed to it, which takes its time and no memory.
    pub streams: bool,
    /// Whether it takes no body: one that is sent all the same is read away, for a connection whose
    /// body is left unread is closed after the answer.
    pub bodyless: bool,
}

impl Rule {
    /// Of a page, for a role or, with none, for anybody.
    #[must_use]
    pub fn page(role: Option<Role>) -> Rule {
        Rule {
            role,
            page: true,
            streams: false,
            bodyless: false,
        }
    }
}

/// The rules of all routes, by method and path.
#[derive(Clone, Debug, Default)]
pub struct Rules(HashMap<(Method, String), Rule>);

impl Rules {
    /// Notes a route.
    pub fn add(&mut self, method: Method, path: &str, rule: Rule) {
        self.0.insert((method, path.to_owned()), rule);
    }

    /// Takes in the rules of other routes.
    pub fn extend(&mut self, other: Rules) {
        self.0.extend(other.0);
    }

    /// All of them: method, path, rule.
    pub fn iter(&self) -> impl Iterator<Item = (&Method, &str, Rule)> {
        let all = self.0.iter();
        all.map(|((method, path), rule)| (method, path.as_str(), *rule))
    }

    fn of(&self, method: &Method, path: &str) -> Option<Rule> {
        // Whoever may GET may ask for the head alone.
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        self.0.get(&(method.clone(), path.to_owned())).copied()
    }
}

/// How many requests are on their way.
pub struct Gate {
    all: Arc<Semaphore>,
    /// Of those of whom nothing is known: they must not keep out who has a key.
    strangers: Arc<Semaphore>,
    of_tenant: usize,
    tenants: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// Bodies that are larger than one parcel's.
    large: Arc<Places>,
}

impl Gate {
    /// A gate with the limits of an installation.
    #[must_use]
    pub fn new(limits: &Limits) -> Gate {
        Gate {
            all: Arc::new(Semaphore::new(limits.at_once)),
            strangers: Arc::new(Semaphore::new((limits.at_once / 16).max(1))),
            of_tenant: limits.at_once_of_tenant,
            tenants: Mutex::default(),
            large: Places::new("large requests are on their way", 32, 8),
        }
    }

    fn enter(&self, known: bool) -> Result<OwnedSemaphorePermit, Problem> {
        let places = if known { &self.all } else { &self.strangers };
        let place = Arc::clone(places).try_acquire_owned();
        place.map_err(|_| Problem::new(Code::Busy, "too many requests are on their way; ask again"))
    }

    fn enter_as(&self, tenant: &str) -> Result<OwnedSemaphorePermit, Problem> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let places = match tenants.get(tenant) {
            Some(places) => Arc::clone(places),
            None => {
                let places = Arc::new(Semaphore::new(self.of_tenant));
                tenants.insert(tenant.to_owned(), Arc::clone(&places));
                places
            }
        };
        drop(tenants);
        let said = "too many requests of this tenant are on their way; ask again";
        places
            .try_acquire_owned()
            .map_err(|_| Problem::new(Code::TooMany, said))
    }

    /// How many requests are on their way now.
    #[must_use]
    pub fn inside(&self, limits: &Limits) -> usize {
        limits.at_once.saturating_sub(self.all.available_permits())
    }
}

/// What the middleware knows.
pub type Known = (Arc<Desk>, Arc<Rules>);

/// Lets a request through, or answers it; whoever looks at pages is told of problems on a page.
pub async fn guard(State((desk, rules)): State<Known>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let rule = path.map(|path| rules.of(request.method(), path.as_str()));
    let page = match rule.flatten() {
        Some(rule) => rule.page,
        None => wants_page(request.headers()),
    };
    let live = request.headers().contains_key(LIVE);
    let looks = request.method() == Method::GET;
    let answer = match rule {
        None => next.run(request).await,
        Some(None) => {
            let said = "the path has no such method";
            Problem::new(Code::MethodNotAllowed, said).into_response()
        }
        Some(Some(rule)) => through(&desk, rule, request, next).await,
    };
    match page {
        true => as_page(answer, looks, live),
        false => answer,
    }
}

async fn through(desk: &Desk, rule: Rule, request: Request, next: Next) -> Response {
    let (caller, places) = match admit(desk, rule, request.headers()).await {
        Ok(admitted) => admitted,
        Err((caller, problem)) => {
            drain(request.into_body()).await;
            return refused(caller, problem);
        }
    };
    let large = match room_for(desk, caller.as_ref(), &rule, &request) {
        Ok(large) => large,
        Err(problem) => {
            drain(request.into_body()).await;
            return refused(caller, problem);
        }
    };
    // The form of a page is small, and not every handler reads it.
    let is_form = rule.page && !rule.streams && caller.is_some();
    let request = match is_form && request.method() == Method::POST {
        true => whole(desk, request).await,
        false => Ok(request),
    };
    let request = match request {
        Ok(request) => from_our_page(desk, caller.as_ref(), request).await,
        Err(problem) => Err(problem),
    };
    let mut request = match request {
        Ok(request) => request,
        Err(problem) => return refused(caller, problem),
    };
    if let Some(caller) = &caller {
        request.extensions_mut().insert(caller.clone());
    }
    if rule.bodyless {
        let (parts, body) = request.into_parts();
        drain(body).await;
        request = Request::from_parts(parts, Body::empty());
    }
    let limits = &desk.config.limits;
    let time = if rule.streams {
        limits.upload_time
    } else {
        limits.time
    };
    let answered = timeout(time, next.run(request)).await;
    let mut answer = answered.unwrap_or_else(|_| {
        let said = "it took too long and was given up; what was to be entered may be: send the same \
                    request again";
        Problem::new(Code::Busy, said).into_response()
    });
    answer.extensions_mut().insert(Asked(caller));
    // An answer that nobody reads takes memory: its places are free when it is gone.
    answer.map(|body| {
        Body::new(body.map_err(move |error| {
            let _held = (&places, &large);
            error
        }))
    })
}

/// A place for a large body, which few may send at once; a small one and one that is streamed need
/// none.
fn room_for(
    desk: &Desk,
    caller: Option<&Caller>,
    rule: &Rule,
    request: &Request,
) -> Result<Option<Place>, Problem> {
    let most = desk.config.limits.body_bytes as u64;
    let is_small = request
        .body()
        .size_hint()
        .upper()
        .is_some_and(|upper| upper <= most);
    match caller.filter(|_| !is_small && !rule.streams) {
        Some(caller) => desk.gate.large.enter(&caller.tenant).map(Some),
        None => Ok(None),
    }
}

/// A problem, with who is told of it.
fn refused(caller: Option<Caller>, problem: Problem) -> Response {
    let mut answer = problem.into_response();
    answer.extensions_mut().insert(Asked(caller));
    answer
}

type Permits = (Option<OwnedSemaphorePermit>, Option<OwnedSemaphorePermit>);

/// Who asks, and the places of the request; with what refuses him, who he is where that is known.
async fn admit(
    desk: &Desk,
    rule: Rule,
    headers: &HeaderMap,
) -> Result<(Option<Caller>, Permits), (Option<Caller>, Problem)> {
    // What tells whether the desk is well must be answered when it is full.
    if rule.role.is_none() && !rule.page {
        return Ok((None, (None, None)));
    }
    let place = desk
        .gate
        .enter(rule.role.is_some())
        .map_err(|problem| (None, problem))?;
    let caller = caller(desk, headers).await;
    let Some(least) = rule.role else {
        // Who comes to the log-in with a session that has ended is nobody yet.
        return Ok((caller.unwrap_or(None), (Some(place), None)));
    };
    let said = "send an API key as Authorization: Bearer KEY, or log in";
    let nobody = || Problem::new(Code::Unauthenticated, said);
    let caller = caller.and_then(|caller| caller.ok_or_else(nobody));
    let caller = caller.map_err(|problem| (None, problem))?;
    if caller.role < least {
        let said = format!(
            "this needs the role {least}; this caller has {}",
            caller.role
        );
        return Err((Some(caller), Problem::new(Code::Forbidden, said)));
    }
    match desk.gate.enter_as(&caller.tenant) {
        Ok(own) => Ok((Some(caller), (Some(place), Some(own)))),
        Err(problem) => Err((Some(caller), problem)),
    }
}

/// A request with its body read to its end.
async fn whole(desk: &Desk, request: Request) -> Result<Request, Problem> {
    let limits = &desk.config.limits;
    let (parts, body) = request.into_parts();
    let bytes = read(body, limits.body_bytes, limits.time).await?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// A browser sends a session's cookie with whatever page made it ask: what changes something must
/// bring what only our own pages know. A key is sent by nobody unasked.
async fn from_our_page(
    desk: &Desk,
    caller: Option<&Caller>,
    request: Request,
) -> Result<Request, Problem> {
    let Some(stay) = caller.and_then(|caller| caller.session.as_ref()) else {
        return Ok(request);
    };
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(request);
    }
    let said = "the form has no token of this session; load the page again and send it once more";
    let foreign = || Problem::new(Code::BadForm, said);
    let header = request.headers().get(&CSRF);
    let header = header.and_then(|value| value.to_str().ok());
    // A form with a file has it in its address: its body is streamed.
    let query = field(request.uri().query().unwrap_or_default(), "csrf");
    let given = header.map(str::to_owned).or(query);
    let proven = given.map(|given| token::same(&given, &stay.csrf));
    if proven == Some(true) {
        return Ok(request);
    }
    if proven == Some(false) || !is_form(request.headers()) {
        drain(request.into_body()).await;
        return Err(foreign());
    }
    let (parts, body) = request.into_parts();
    let read = timeout(
        desk.config.limits.time,
        to_bytes(body, desk.config.limits.body_bytes),
    );
    let slow = |_| Problem::new(Code::TooSlow, "the form was not sent in time");
    let large = |_| Problem::new(Code::TooLarge, "the form is too large");
    let body = read.await.map_err(slow)?.map_err(large)?;
    let given = str::from_utf8(&body)
        .ok()
        .and_then(|text| field(text, "csrf"));
    match given {
        Some(given) if token::same(&given, &stay.csrf) => {
            Ok(Request::from_parts(parts, Body::from(body)))
        }
        _ => Err(foreign()),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// A field of an urlencoded text whose value needs no decoding: digits and letters alone.
fn field(text: &str, name: &str) -> Option<String> {
    let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(key, _)| *key == name);
    found.map(|(_, value)| value.to_owned())
}
