//! Settings of the house: what is filled in where parcels say nothing, the house's own rules, and
//! for how long things are kept; by the very functions of the API.

use super::form::InForm;
use super::settings::day;
use super::{Head, page};
use crate::api::body::InQuery;
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::settings::{BOND, FILING, InForce, Kind, Known, OfTenant, POLICY, RETENTION};
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// The page of what is filled in.
pub const FILING_PAGE: &str = "/settings/filing";
/// The page of the house's rules and of retention.
pub const POLICY_PAGE: &str = "/settings/policy";

#[derive(Template)]
#[template(path = "house.html")]
struct HousePage {
    head: Head,
    tab: &'static str,
    title: &'static str,
    lead: &'static str,
    parts: Vec<Part>,
    /// What the configuration fills in besides.
    others: Vec<(String, String)>,
    saved: bool,
    /// What the tenant has set as the page is shown, which comes back with the form.
    seen: String,
    /// What was not right with what was sent.
    wrong: String,
}

/// The field of it.
const SEEN: &str = "seen";

struct Part {
    legend: &'static str,
    about: &'static str,
    inputs: Vec<Input>,
}

struct Input {
    name: &'static str,
    label: &'static str,
    value: String,
    /// What is in force where nothing is entered, or who set it.
    hint: String,
    wrong: String,
    numeric: bool,
    choices: Vec<(&'static str, &'static str)>,
}

/// Whether the page comes after a change.
#[derive(Deserialize)]
pub struct Asked {
    saved: Option<String>,
}

/// Fields of a form, by their names.
pub type Fields = HashMap<String, String>;

/// The page of what is filled in.
pub async fn filing(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    shown(&desk, &caller, FILING_PAGE, asked).await
}

/// The page of the house's rules and of retention.
pub async fn policy(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    shown(&desk, &caller, POLICY_PAGE, asked).await
}

async fn shown(
    desk: &Arc<Desk>,
    caller: &Caller,
    tab: &'static str,
    asked: Asked,
) -> Result<Response, Problem> {
    let mut house = house(desk, caller, tab, None).await?;
    house.saved = asked.saved.is_some();
    page(&house)
}

/// Takes what is filled in.
pub async fn set_filing(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InForm(fields): InForm<Fields>,
) -> Result<Response, Problem> {
    set(&desk, &caller, FILING_PAGE, fields).await
}

/// Takes the house's rules and for how long things are kept.
pub async fn set_policy(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InForm(fields): InForm<Fields>,
) -> Result<Response, Problem> {
    set(&desk, &caller, POLICY_PAGE, fields).await
}

async fn set(
    desk: &Arc<Desk>,
    caller: &Caller,
    tab: &'static str,
    fields: Fields,
) -> Result<Response, Problem> {
    let in_force = desk.settings(&caller.tenant).await?;
    let stands = own(&in_force);
    // A browser that does not send what it was shown is taken by what stands.
    let seen = fields
        .get(SEEN)
        .and_then(|seen| serde_json::from_str(seen).ok());
    let seen: Map<String, Value> = seen.unwrap_or_else(|| stands.clone());
    let changes: Vec<(Known, Option<Value>)> = of(tab)
        .map(|known| (known, sent(known, &fields)))
        // What is as it was shown is no change, and leaves no line in the audit.
        .filter(|(known, value)| value.as_ref() != seen.get(known.name))
        .collect();
    let other =
        |(known, _): &&(Known, Option<Value>)| stands.get(known.name) != seen.get(known.name);
    let changed = match changes.iter().find(other) {
        Some((known, _)) => {
            let said = format!(
                "somebody else has changed {} since this page was shown; look at the page anew and \
                 change it then",
                known.name
            );
            Err(Problem::new(Code::Conflict, said))
        }
        None => {
            let place = |known: Known| format!("/{}", known.name);
            desk.change_settings(caller, changes, place).await
        }
    };
    match changed {
        Ok(_) => Ok(Redirect::to(&format!("{tab}?saved=yes")).into_response()),
        Err(problem) if problem.status().is_server_error() => Err(problem),
        Err(problem) => {
            let again = house(desk, caller, tab, Some((&fields, &problem))).await?;
            Ok((problem.status(), page(&again)?).into_response())
        }
    }
}

/// What the tenant itself has set, by name.
fn own(in_force: &OfTenant) -> Map<String, Value> {
    let own = in_force.told.iter().filter(|one| one.from == "tenant");
    own.map(|one| (one.name.clone(), one.value.clone()))
        .collect()
}

/// The settings of a page.
fn of(tab: &str) -> impl Iterator<Item = Known> {
    let (filing, house): (&[Known], [&[Known]; 2]) = match tab {
        FILING_PAGE => (&FILING, [&[], &[]]),
        _ => (&[], [&POLICY, &RETENTION]),
    };
    let [policy, retention] = house;
    let all = filing.iter().chain(policy).chain(retention);
    all.copied().collect::<Vec<_>>().into_iter()
}

/// The value of a setting as the form has it; nothing where it is left empty.
fn sent(known: Known, fields: &Fields) -> Option<Value> {
    let text = |name: &str| {
        let text = fields.get(name).map(|text| text.trim());
        text.filter(|text| !text.is_empty())
    };
    match known.kind {
        Kind::Field | Kind::Dollars => text(known.name).map(|text| json!(text)),
        // What is no number is refused by its name, as over the API.
        Kind::Whole { .. } => text(known.name).map(|text| match text.parse::<u64>() {
            Ok(number) => json!(number),
            Err(_) => json!(text),
        }),
        Kind::Bond => {
            let parts = BOND.iter();
            let parts =
                parts.filter_map(|(key, flat)| Some(((*key).to_owned(), json!(text(flat)?))));
            let parts: Map<String, Value> = parts.collect();
            (!parts.is_empty()).then_some(Value::Object(parts))
        }
    }
}

/// The page, with what was sent where that was not right.
async fn house(
    desk: &Arc<Desk>,
    caller: &Caller,
    tab: &'static str,
    sent: Option<(&Fields, &Problem)>,
) -> Result<HousePage, Problem> {
    let in_force = desk.settings(&caller.tenant).await?;
    let told = |name: &str| in_force.told.iter().find(|one| one.name == name);
    let input =
        |name: &'static str, label: &'static str, setting: &str, key: Option<&'static str>| {
            let one = told(setting);
            let own = one.filter(|one| one.from == "tenant");
            let pointer = match key {
                Some(key) => format!("/{setting}/{key}"),
                None => format!("/{setting}"),
            };
            let errors = sent.map(|(_, problem)| problem.errors());
            let wrong = errors.into_iter().flatten();
            let wrong = wrong.filter(|error| error.pointer == pointer);
            Input {
                name,
                label,
                value: match sent {
                    Some((fields, _)) => fields.get(name).cloned().unwrap_or_default(),
                    None => own.map(|own| written(&own.value, key)).unwrap_or_default(),
                },
                hint: one.map(|one| hint(one, key)).unwrap_or_default(),
                wrong: wrong
                    .map(|error| error.detail.as_str())
                    .collect::<Vec<_>>()
                    .join("; "),
                numeric: !matches!(
                    name,
                    "filer_code" | "importer_of_record_number" | "bond_number" | "bond_surety_code"
                ),
                choices: Vec::new(),
            }
        };
    let plain = |name, label| input(name, label, name, None);
    let bond = |name, label, key: &'static str| input(name, label, "bond", Some(key));
    let (title, lead, parts) = match tab {
        FILING_PAGE => (
            "Filing",
            "What is entered here stands in every parcel that says nothing of it, when it is \
             assessed or entered. What a parcel says is never replaced, and nothing is added to a \
             bond or an importer of which it says a part.",
            filing_parts(plain, bond),
        ),
        _ => (
            "House policy and retention",
            "Rules of the house are no law: no decision is changed by them. A parcel that breaks one \
             when it is entered is told so and held on the board until a person lets it go.",
            policy_parts(plain),
        ),
    };
    let others = in_force.told.iter().skip(crate::settings::all().count());
    let others = others.filter(|_| tab == FILING_PAGE);
    Ok(HousePage {
        head: Head::new(Some(caller), "/settings"),
        tab,
        title,
        lead,
        parts,
        others: others
            .map(|one| (one.name.clone(), written(&one.value, None)))
            .collect(),
        saved: false,
        seen: match sent {
            // Who is told of another's change has not seen it.
            Some((fields, _)) => fields.get(SEEN).cloned().unwrap_or_default(),
            None => Value::Object(own(&in_force)).to_string(),
        },
        wrong: match sent {
            None => String::new(),
            Some((_, problem)) if problem.errors().is_empty() => problem.detail().to_owned(),
            Some(_) => "Nothing was changed: correct what is marked below.".to_owned(),
        },
    })
}

fn filing_parts(
    plain: impl Fn(&'static str, &'static str) -> Input,
    bond: impl Fn(&'static str, &'static str, &'static str) -> Input,
) -> Vec<Part> {
    let kinds = vec![
        ("", "None"),
        ("continuous", "Continuous"),
        ("single", "Single transaction"),
    ];
    let mut kind = bond("bond_type", "Kind of bond", "type");
    kind.choices = kinds;
    // The codes are other names of the same kinds.
    match kind.value.to_ascii_lowercase().as_str() {
        "8" | "continuous" => kind.value = "continuous".to_owned(),
        "9" | "single" | "single transaction" | "single_transaction" => {
            kind.value = "single".to_owned();
        }
        _ => {}
    }
    vec![
        Part {
            legend: "Who files and pays",
            about: "Leave empty what each parcel says itself.",
            inputs: vec![
                plain("filer_code", "Filer code"),
                plain("payment_type", "Payment type"),
                plain(
                    "importer_of_record_number",
                    "Number of the importer of record",
                ),
                plain("port_of_entry", "Port of entry"),
            ],
        },
        Part {
            legend: "Bond",
            about: "One thing: a parcel that says any part of its bond gets none of this.",
            inputs: vec![
                kind,
                bond("bond_number", "Bond number", "number"),
                bond("bond_surety_code", "Surety code", "surety_code"),
                bond("bond_amount_usd", "Amount in dollars", "amount_usd"),
            ],
        },
    ]
}

fn policy_parts(plain: impl Fn(&'static str, &'static str) -> Input) -> Vec<Part> {
    vec![
        Part {
            legend: "House policy",
            about: "Empty is no rule. A day and a person are those of the ledger.",
            inputs: vec![
                plain(
                    "shipments_a_day",
                    "Parcels of one person on one day, at most",
                ),
                plain(
                    "value_a_day_usd",
                    "Dollars that one person imports on one day, at most",
                ),
            ],
        },
        Part {
            legend: "Retention",
            about: "In days. Parcels, decisions and records in the ledger are not touched by this.",
            inputs: vec![
                plain("keep_batches_days", "Files that were worked off"),
                plain("keep_deliveries_days", "What webhooks were told"),
            ],
        },
    ]
}

/// A value, or a part of it, as it is typed.
fn written(value: &Value, key: Option<&str>) -> String {
    match key.map_or(Some(value), |key| value.get(key)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn hint(one: &InForce, key: Option<&str>) -> String {
    let value = written(&one.value, key);
    match one.from {
        "tenant" => {
            let at = one.set_at.filter(|at| *at > 0).map(day);
            let by = one.set_by.as_deref().unwrap_or_default();
            format!("Set {} by {by}.", at.unwrap_or_default())
        }
        "default" if value.is_empty() => "Nothing is set.".to_owned(),
        "default" => format!("{value} by default."),
        from if value.is_empty() => format!("{from} has another part of it."),
        from => format!("{from} says {value}."),
    }
}
