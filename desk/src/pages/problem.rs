//! Problems on a page: the words that the API has for them.

use super::Head;
use crate::observe::Asked;
use crate::problem::Problem;
use askama::Template;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

/// What htmx says with its requests.
pub const LIVE: HeaderName = HeaderName::from_static("hx-request");
/// Where htmx is told to go instead of showing an answer.
const GO: HeaderName = HeaderName::from_static("hx-redirect");

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    head: Head,
    problem: &'a Problem,
    log_in: bool,
}

/// Whether who asks wants to read and not to parse.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT);
    let accepted = accepted.and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// An answer as a page, if it is a problem. Whoever looks without a session is led to the log-in.
pub fn as_page(answer: Response, looks: bool, live: bool) -> Response {
    let Some(problem) = answer.extensions().get::<Problem>() else {
        return answer;
    };
    let stranger = problem.status() == StatusCode::UNAUTHORIZED;
    if stranger && live {
        let go = [(GO, HeaderValue::from_static("/login"))];
        return (StatusCode::UNAUTHORIZED, go).into_response();
    }
    if stranger && looks {
        return Redirect::to("/login").into_response();
    }
    let asked = answer.extensions().get::<Asked>();
    let caller = asked.and_then(|asked| asked.0.as_ref());
    let page = ProblemPage {
        head: Head::new(caller, ""),
        problem,
        log_in: caller.is_none(),
    };
    let Ok(text) = page.render() else {
        // The problem is told all the same.
        return answer;
    };
    let mut told = (problem.status(), Html(text)).into_response();
    if let Some(after) = answer.headers().get(header::RETRY_AFTER) {
        let after = after.clone();
        told.headers_mut().insert(header::RETRY_AFTER, after);
    }
    // The log tells of who asked and what came of it.
    *told.extensions_mut() = answer.extensions().clone();
    told
}
