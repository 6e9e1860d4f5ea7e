//! `POST /v1/entries`: parcels of the ledger as one message to CBP.

use crate::api::body::Sent;
use crate::api::documents::kept;
use crate::api::work::{bad_field, can_be_an_id, field, reckoning};
use crate::auth::Caller;
use crate::problem::{Code, FieldError, Problem, failed};
use crate::state::Desk;
use axum::Json;
use axum::extract::State;
use deminimis_clearance::{Scratch, assess_into};
use deminimis_filing::identifiers::entry_number::EntryNumber;
use deminimis_filing::messages::catair::edition;
use deminimis_filing::messages::catair::entry::{
    self as message, Built, Form, Numbers, NumbersError, own_number,
};
use deminimis_law::time::{Day, Moment};
use deminimis_office::entries::{COLUMNS, Filing, Maker, Ready, cells, no_number, reason};
use deminimis_office::ledger::{OpenLedger, now};
use deminimis_office::papers::One;
use deminimis_office::setup::Setup;
use deminimis_store::State as Standing;
use deminimis_store::desk::{Allotted, NumberWanted};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most parcels of one message.
const MOST: usize = 500;

/// Which parcels are filed, and as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The parcels, each once
    #[schema(min_items = 1, max_items = 500)]
    shipment_ids: Vec<String>,
    /// `ae`: entry summary that also asks for release; `se`: cargo release alone. Without it `ae`
    #[serde(rename = "as")]
    #[schema(pattern = "^(ae|se)$")]
    form: Option<String>,
    /// The day of transmission; without it today, Eastern time
    #[schema(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    sent_on: Option<String>,
}

impl Wanted {
    /// One parcel; what is empty is not said.
    pub fn one(id: String, form: String, sent_on: String) -> Wanted {
        let said = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Wanted {
            shipment_ids: vec![id],
            form: said(form),
            sent_on: said(sent_on),
        }
    }
}

/// What is made: for whom, as what, for which day.
#[derive(Clone)]
struct Plan {
    desk: Arc<Desk>,
    tenant: String,
    form: Form,
    sent_on: Day,
}

/// A parcel on its way into the message.
struct Made {
    /// Its place in the request.
    at: usize,
    id: String,
    built: Built,
    /// The number that it brings along.
    own: Option<String>,
}

/// Makes one message (CATAIR) of the entries of parcels: of each as its latest record has it, while
/// the law in hand decides it as the ledger has answered. Whatever cannot be filed is refused alone,
/// with every field that is missing. A parcel keeps its entry number, also when it is asked for
/// again; a number is used for one parcel. Nothing is sent.
#[utoipa::path(post, path = "/v1/entries", tag = "messages", request_body = Wanted,
    responses((status = 200, description = "The `message` (null if it has no entry), its \
        `entries` with number, type, port and amounts, and what was `refused`", body = Object)),
    security(("api_key" = ["operator"])))]
pub async fn make(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    Sent(wanted): Sent<Wanted>,
) -> Result<Json<Value>, Problem> {
    let plan = plan(desk, &caller, &wanted)?;
    let (made, mut refused) = built(&plan, wanted.shipment_ids).await?;
    for one in &made {
        let line = plan.desk.line(&caller, "entry.make", &one.id);
        plan.desk.store.audit(line).await?;
    }
    let numbered = numbered(&plan, made, &mut refused).await?;
    let (bytes, entries, more) = joined(&plan, numbered).await?;
    refused.extend(more);
    refused.sort_by_key(|(at, _)| *at);
    let refused: Vec<FieldError> = refused.into_iter().flat_map(|(_, errors)| errors).collect();
    let text = bytes.map(|bytes| String::from_utf8(bytes).map_err(|error| failed(&error)));
    Ok(Json(json!({
        "message": text.transpose()?,
        "application": plan.form.application(),
        "sent_on": plan.sent_on.to_string(),
        "layouts": edition(),
        "entries": entries,
        "refused": refused,
    })))
}

fn plan(desk: Arc<Desk>, caller: &Caller, wanted: &Wanted) -> Result<Plan, Problem> {
    if !(1..=MOST).contains(&wanted.shipment_ids.len()) {
        let said = format!("must have 1 to {MOST} ids; ask for more in parts");
        return Err(bad_field("/shipment_ids", "", said));
    }
    let form = match wanted.form.as_deref() {
        None | Some("ae") => Form::Summary,
        Some("se") => Form::Release,
        Some(other) => return Err(bad_field("/as", other, "must be ae or se")),
    };
    let sent_on = match wanted.sent_on.as_deref() {
        None => desk.setup.law.zone().day(Moment(now())),
        Some(text) => Day::parse(text)
            .ok_or_else(|| bad_field("/sent_on", text, "must be a day, such as 2026-12-01"))?,
    };
    let plan = Plan {
        desk,
        tenant: caller.tenant.clone(),
        form,
        sent_on,
    };
    plan.filing()?;
    Ok(plan)
}

impl Plan {
    /// Who files for the tenant.
    fn filing(&self) -> Result<&Filing, Problem> {
        let said = match self.desk.config.filing.get(&self.tenant) {
            Some(Ok(filing)) => return Ok(filing),
            Some(Err(error)) => {
                // The words can name files, which are told to who runs the desk alone.
                tracing::error!(tenant = self.tenant, error = %error, "filing");
                "who files for this tenant cannot be used as configured; who runs the desk finds the \
                 reason in its log"
            }
            None => {
                "nobody files for this tenant: who runs the desk writes the table [filing] (tenant \
                 default) or [tenants.NAME.filing] into deminimis.toml; see docs/entries.md"
            }
        };
        Err(Problem::new(Code::Conflict, said))
    }
}

/// What cannot be filed, each with its place in the request.
type Refused = Vec<(usize, Vec<FieldError>)>;

fn alone(at: usize, id: &str, detail: impl std::fmt::Display) -> (usize, Vec<FieldError>) {
    let mut error = field(&format!("/shipment_ids/{at}"), id, detail);
    error.shipment_id = Some(id.to_owned());
    (at, vec![error])
}

/// The problems of a parcel, each with the field that its sender must give or correct.
fn problems(at: usize, id: &str, problems: &[message::Problem]) -> (usize, Vec<FieldError>) {
    let told = problems.iter().map(|problem| {
        let said = format!("{}: {}", problem.from, reason(problem));
        let mut error = field(&format!("/shipment_ids/{at}"), &problem.value, said);
        error.shipment_id = Some(id.to_owned());
        error
    });
    (at, told.collect())
}

/// A parcel as it stands; one that was voided does not come and is not filed.
fn standing(setup: &Setup, ledger: &OpenLedger, id: &str) -> Result<One, Problem> {
    let found = ledger.shipment(id)?;
    match found.is_some_and(|kept| kept.state == Standing::Voided) {
        true => Err(Problem::new(Code::Conflict, "it is voided")),
        false => kept(setup, ledger, id),
    }
}

/// The entries of the parcels, without their numbers.
async fn built(plan: &Plan, ids: Vec<String>) -> Result<(Vec<Made>, Refused), Problem> {
    let plan = plan.clone();
    reckoning(move || {
        let (desk, filing) = (&plan.desk, plan.filing()?);
        let (setup, ledger) = (&desk.setup, desk.ledger(&plan.tenant));
        let mut maker = Maker::new(filing, plan.form, plan.sent_on);
        let (mut made, mut refused) = (Vec::new(), Vec::new());
        let (mut seen, mut scratch) = (HashSet::new(), Scratch::default());
        for (at, id) in ids.into_iter().enumerate() {
            if !seen.insert(id.clone()) {
                refused.push(alone(at, &id, "stands here twice; the first is taken"));
                continue;
            }
            let found = match can_be_an_id(&id) {
                true => standing(setup, &ledger, &id),
                false => Err(Problem::not_found("shipment")),
            };
            let one = match found {
                Ok(one) => one,
                Err(problem) if problem.status().is_client_error() => {
                    refused.push(alone(at, &id, problem.detail()));
                    continue;
                }
                Err(problem) => return Err(problem),
            };
            let books = setup.books();
            let decision = assess_into(books, &one.shipment, &one.day, &mut scratch).clone();
            let built = maker.build(Ready {
                books,
                shipment: &one.shipment,
                texts: &one.texts,
                decision: &decision,
            });
            let own = own_number(&one.texts).map(str::to_owned);
            match built {
                Ok(built) => made.push(Made { at, id, built, own }),
                Err(found) => refused.push(problems(at, &id, &found)),
            }
        }
        Ok((made, refused))
    })
    .await
}

/// The same with their numbers.
async fn numbered(
    plan: &Plan,
    made: Vec<Made>,
    refused: &mut Refused,
) -> Result<Vec<(Made, EntryNumber)>, Problem> {
    let filer = &plan.filing()?.filer;
    let range = filer.entry_numbers;
    let mut numbers = Numbers::new(filer, None).map_err(|error| failed(&error))?;
    let no = |one: &Made, error: &NumbersError| {
        problems(one.at, &one.id, &[no_number(error, one.own.as_deref())])
    };
    let (mut asking, mut wanted) = (Vec::new(), Vec::new());
    for one in made {
        let own = one.own.as_deref();
        let own = own.map(|own| numbers.of(Some(own))).transpose();
        match own {
            Ok(own) => {
                own.iter().for_each(|number| numbers.take(number));
                wanted.push(NumberWanted {
                    shipment_id: one.id.clone(),
                    own: own.and_then(|number| number.serial().parse().ok()),
                });
                asking.push(one);
            }
            Err(error) => refused.push(no(&one, &error)),
        }
    }
    let ends = range.map(|range| (range.from, range.to));
    let asked =
        plan.desk
            .store
            .allot_entry_numbers((&filer.filer_code, ends), &plan.tenant, wanted, now());
    let offset = range.map_or(0, |range| range.check_digit_offset);
    let mut all = Vec::with_capacity(asking.len());
    for (one, allotted) in asking.into_iter().zip(asked.await?) {
        let number = match allotted {
            Allotted::Serial(serial) => {
                let number = EntryNumber::build(&filer.filer_code, &format!("{serial:07}"), offset);
                number.map_err(|wrong| NumbersError::Wrong(wrong.to_string()))
            }
            Allotted::Taken => Err(NumbersError::Used),
            Allotted::UsedUp => Err(match ends {
                Some((_, last)) => NumbersError::UsedUp(last),
                None => NumbersError::NoRange,
            }),
        };
        match number {
            Ok(number) => all.push((one, number)),
            Err(error) => refused.push(no(&one, &error)),
        }
    }
    Ok(all)
}

/// The message, what is listed of its entries, and what it did not take.
async fn joined(
    plan: &Plan,
    numbered: Vec<(Made, EntryNumber)>,
) -> Result<(Option<Vec<u8>>, Vec<Value>, Refused), Problem> {
    let plan = plan.clone();
    reckoning(move || {
        let mut maker = Maker::new(plan.filing()?, plan.form, plan.sent_on);
        let (mut entries, mut refused) = (Vec::new(), Vec::new());
        for (one, number) in numbered {
            match maker.add(one.built, &number) {
                Ok(built) => {
                    let told = COLUMNS.iter().zip(cells(&built));
                    let told = told.map(|(name, cell)| ((*name).to_owned(), Value::from(cell)));
                    entries.push(Value::Object(told.collect::<Map<_, _>>()));
                }
                Err(found) => refused.push(problems(one.at, &one.id, &found)),
            }
        }
        let bytes = match maker.is_empty() {
            true => None,
            false => Some(maker.message().map_err(|error| failed(&error))?),
        };
        Ok((bytes, entries, refused))
    })
    .await
}
