//! What a human says of persons on their page: two are one, parcels are another's, two are two. Each is
//! done by the function of the API, and the page then tells which days changed.

use super::form::InForm;
use super::person::{Asked, shown};
use super::person_parts::counted;
use crate::api::body::{InPath, Sent};
use crate::api::persons;
use crate::auth::Caller;
use crate::auth::token::{digest_of, hex};
use crate::problem::{Problem, failed};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use deminimis_clearance::explain::{dollars_of, spaced};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// Changed days that are shown.
const MOST_DAYS: usize = 100;

/// What came of an act.
#[derive(Clone, Default)]
pub struct Done {
    /// What was not right with what was sent.
    pub wrong: String,
    /// What was done; empty if nothing was asked for.
    pub said: String,
    /// The days that changed.
    pub changed: Changed,
}

/// What changed by a merge or a split.
#[derive(Clone, Default)]
pub struct Changed {
    pub rows: Vec<DayRow>,
    /// How many more days changed.
    pub more: usize,
    /// Days over a limit since.
    pub over: Vec<String>,
    /// Keys of which the ledger has no parcel.
    pub unknown: Vec<String>,
}

/// A day that changed.
#[derive(Clone)]
pub struct DayRow {
    pub day: String,
    pub whose: &'static str,
    pub before: String,
    pub after: String,
}

/// What the API says of an act.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    fresh: bool,
    ledger_person: String,
    days: Vec<AnswerDay>,
    unknown_keys: Vec<String>,
    over_limit: Vec<Over>,
}

#[derive(Deserialize)]
struct AnswerDay {
    ledger_person: String,
    day: String,
    before: Holds,
    after: Holds,
}

#[derive(Deserialize)]
struct Holds {
    shipments: i64,
    all_usd: String,
    counted: Vec<Sum>,
}

#[derive(Deserialize)]
struct Sum {
    basis: String,
    total_usd: String,
}

#[derive(Deserialize)]
struct Over {
    day: String,
    basis: String,
    total_usd: String,
    limit_usd: String,
    shipment_ids: Vec<String>,
}

impl Holds {
    fn words(&self) -> String {
        if self.shipments == 0 {
            return "nothing".to_owned();
        }
        let parcels = counted(self.shipments);
        let mut words = format!("{parcels}, {}", dollars_of(&self.all_usd));
        for sum in &self.counted {
            let total = dollars_of(&sum.total_usd);
            words.push_str(&format!("; counted as {}: {total}", spaced(&sum.basis)));
        }
        words
    }
}

impl Answer {
    fn changed(mut self) -> Changed {
        let count = self.days.len();
        self.days.sort_by(|one, other| one.day.cmp(&other.day));
        let rows = self.days.into_iter().take(MOST_DAYS).map(|one| DayRow {
            whose: match one.ledger_person == self.ledger_person {
                true => "who has the parcels now",
                false => "who had them",
            },
            before: one.before.words(),
            after: one.after.words(),
            day: one.day,
        });
        let over = |one: Over| {
            let ids = one.shipment_ids.len();
            let some = &one.shipment_ids[..ids.min(MOST_DAYS)];
            let more = match ids - some.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!(
                "{}: {} counted as {}, over the limit of {}. A person must decide {}{more}.",
                one.day,
                dollars_of(&one.total_usd),
                spaced(&one.basis),
                dollars_of(&one.limit_usd),
                some.join(", ")
            )
        };
        Changed {
            rows: rows.collect(),
            more: count.saturating_sub(MOST_DAYS),
            over: self.over_limit.into_iter().map(over).collect(),
            unknown: self.unknown_keys,
        }
    }
}

/// The id of an act: sent again from the same page it is the same act, and is done once.
fn event(nonce: &str, act: &str, said: &[&str]) -> String {
    let mut parts: Vec<&[u8]> = vec![nonce.as_bytes(), b"\0", act.as_bytes()];
    for one in said {
        parts.extend([b"\0".as_slice(), one.as_bytes()]);
    }
    hex(&digest_of(&parts))
}

/// The page with what came of an act; our own failures are told as such.
async fn after(
    desk: &Arc<Desk>,
    caller: &Caller,
    key: String,
    (day, said): (&str, &str),
    other: &str,
    answer: Result<Json<Value>, Problem>,
) -> Result<Response, Problem> {
    let answer = match answer {
        Ok(Json(answer)) => answer,
        Err(problem) if problem.status().is_server_error() => return Err(problem),
        Err(problem) => {
            let done = Done {
                wrong: words(&problem),
                ..Done::default()
            };
            let shown = shown(desk, caller, key, (Asked::on(day), done)).await?;
            return Ok((problem.status(), shown).into_response());
        }
    };
    let answer: Answer = serde_json::from_value(answer).map_err(|error| failed(&error))?;
    let said = match answer.fresh {
        true => format!("{said} No answer that was given is taken back."),
        false => format!("This was done before. {said}"),
    };
    let done = Done {
        said,
        changed: answer.changed(),
        ..Done::default()
    };
    match shown(desk, caller, key, (Asked::on(day), done.clone())).await {
        // Whose last parcel went has no page any more: that of the other person tells what was done.
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => {
            shown(desk, caller, other.to_owned(), (Asked::on(day), done)).await
        }
        answer => answer,
    }
}

/// What is wrong, each field by its name.
fn words(problem: &Problem) -> String {
    let fields = problem.errors().iter().map(|error| {
        let name = spaced(error.pointer.trim_start_matches('/'));
        format!("{name} {}", error.detail)
    });
    let fields: Vec<String> = fields.collect();
    match fields.is_empty() {
        true => problem.detail().to_owned(),
        false => fields.join("; "),
    }
}

/// Two keys of one person.
#[derive(Deserialize)]
pub struct MergeForm {
    from: String,
    into: String,
    nonce: String,
    #[serde(default)]
    day: String,
}

/// Two keys are one person.
pub async fn merge(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InForm(form): InForm<MergeForm>,
) -> Result<Response, Problem> {
    let (from, into) = (form.from.trim().to_owned(), form.into.trim().to_owned());
    let event_id = Some(event(&form.nonce, "merge", &[&from, &into]));
    let asked = Sent(persons::Merge {
        from,
        into: into.clone(),
        event_id,
    });
    let answer = persons::merge(State(Arc::clone(&desk)), caller.clone(), asked).await;
    let said = "The two are one person.";
    after(&desk, &caller, key, (&form.day, said), &into, answer).await
}

/// Two keys of two persons.
#[derive(Deserialize)]
pub struct ApartForm {
    one: String,
    other: String,
    nonce: String,
    #[serde(default)]
    day: String,
}

/// Two keys are two persons.
pub async fn apart(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InForm(form): InForm<ApartForm>,
) -> Result<Response, Problem> {
    let (one, other) = (form.one.trim().to_owned(), form.other.trim().to_owned());
    let event_id = Some(event(&form.nonce, "apart", &[&one, &other]));
    let asked = Sent(persons::Apart {
        one,
        other: other.clone(),
        event_id,
    });
    let answer = persons::apart(State(Arc::clone(&desk)), caller.clone(), asked).await;
    let said = "The two are not told as alike any more, until they are merged.";
    after(&desk, &caller, key, (&form.day, said), &other, answer).await
}

/// Chosen parcels are another person's.
pub async fn split(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InForm(fields): InForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let of = |name: &str| {
        let mut fields = fields.iter().filter(|(field, _)| field == name);
        fields.next().map_or("", |(_, text)| text.trim())
    };
    let (to, nonce, day) = (of("to"), of("nonce"), of("day"));
    // An id is taken as it is: a blank can be part of it.
    let ids = fields.iter().filter(|(field, _)| field == "id");
    let ids: Vec<String> = ids.map(|(_, id)| id.clone()).collect();
    let mut said = vec![to];
    said.extend(ids.iter().map(String::as_str));
    let asked = Sent(persons::Split {
        event_id: Some(event(nonce, "split", &said)),
        shipment_ids: ids,
        to: to.to_owned(),
    });
    let answer = persons::split(State(Arc::clone(&desk)), caller.clone(), asked).await;
    let said = "The parcels are the other person's.";
    after(&desk, &caller, key, (day, said), to, answer).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_told_from_every_other() {
        let one = event("n", "merge", &["a", "b"]);
        assert_eq!(one, event("n", "merge", &["a", "b"]));
        assert_eq!(one.len(), 64);
        for other in [
            event("m", "merge", &["a", "b"]),
            event("n", "apart", &["a", "b"]),
            event("n", "merge", &["b", "a"]),
            event("n", "merge", &["ab"]),
        ] {
            assert_ne!(one, other);
        }
    }
}
