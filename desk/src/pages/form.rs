//! Forms, read within their limit.

use crate::api::body::read;
use crate::problem::{Code, Problem};
use crate::state::Desk;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, Request};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Bytes of a form of the desk's own pages: a few short fields.
const MOST: usize = 64 << 10;

/// A form that was sent.
pub struct InForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Desk>> for InForm<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, desk: &Arc<Desk>) -> Result<InForm<T>, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, MOST, desk.config.limits.head_time).await?;
        let request = Request::from_parts(parts, bytes.into());
        let form = Form::<T>::from_request(request, desk).await;
        form.map(|Form(form)| InForm(form)).map_err(|error| {
            // The parser's own words could repeat a password.
            let (code, said) = match error {
                FormRejection::InvalidFormContentType(_) => (
                    Code::UnsupportedMediaType,
                    "send the form as the page has it",
                ),
                _ => (
                    Code::BadRequest,
                    "the form lacks a field or has one too many",
                ),
            };
            Problem::new(code, said)
        })
    }
}
