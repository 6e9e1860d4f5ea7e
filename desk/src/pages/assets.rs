//! Styles, scripts and pictures, served from the program itself.

use crate::api::body::InPath;
use crate::auth::token::{digest_of, hex};
use crate::problem::Problem;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Name, kind and bytes of each.
const ALL: [(&str, &str, &[u8]); 4] = [
    (
        "desk.css",
        "text/css; charset=utf-8",
        include_bytes!("../../assets/desk.css"),
    ),
    (
        "htmx.min.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/htmx.min.js"),
    ),
    (
        "htmx.LICENSE",
        "text/plain; charset=utf-8",
        include_bytes!("../../assets/htmx.LICENSE"),
    ),
    (
        "mark.svg",
        "image/svg+xml",
        include_bytes!("../../assets/mark.svg"),
    ),
];

/// One of them; its tag tells a browser that what it has is still good.
pub async fn asset(InPath(name): InPath<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let found = ALL.iter().find(|(known, _, _)| *known == name);
    let (_, kind, bytes) = found.ok_or_else(|| Problem::not_found("asset"))?;
    let tag = format!("\"{}\"", &hex(&digest_of(&[bytes]))[..32]);
    let kept = headers.get(header::IF_NONE_MATCH);
    let same = kept.is_some_and(|kept| kept.as_bytes() == tag.as_bytes());
    let about = [
        (header::CONTENT_TYPE, (*kind).to_owned()),
        // Asked for again each time, and answered without the bytes while they are the same.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, tag),
    ];
    Ok(match same {
        true => (StatusCode::NOT_MODIFIED, about).into_response(),
        false => (about, *bytes).into_response(),
    })
}
