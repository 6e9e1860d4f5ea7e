//! One person: the days as a calendar, each against the limits of its law, the parcels of a day, who
//! else of that day it may be, and by what the person is known.
//!
//! What a human says of persons is said in `persons_acts`; this only shows.

use super::persons_acts::Done;
use super::{Head, page};
use crate::api::body::{InPath, InQuery};
use crate::api::calendar::{known, month, others};
use crate::api::persons::{day, of_person};
use crate::api::work::bad_parameter;
use crate::auth::Caller;
use crate::auth::token::secret;
use crate::problem::Problem;
use crate::state::Desk;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use deminimis_clearance::explain::{dollars_of, spaced};
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_office::ledger::{
    Alike, Because, Counted, Desk as OpenLedger, Found, Identity, Month, MonthOfDays, OfKey,
    PersonDay, Someone, Spelling, state_word,
};
use deminimis_office::setup::Setup;
use deminimis_person::PERSON_RULES;
use deminimis_store::desk::Role;
use deminimis_store::{Standing, State as Place};
use serde::Deserialize;
use std::sync::Arc;

/// Parcels of one page.
const PAGE: usize = 100;
/// Parcels of another person that are named.
const MOST_NAMED: usize = 5;
/// Names and addresses of one key that are shown.
const MOST_SPELLINGS: usize = 20;

/// What is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    month: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    /// A day of the calendar.
    pub fn on(day: &str) -> Asked {
        Asked {
            day: day.to_owned(),
            ..Asked::default()
        }
    }
}

/// The same, read.
#[derive(Clone, Copy)]
struct Wanted {
    month: Option<Month>,
    day: Option<Day>,
    after: usize,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    head: Head,
    key: String,
    merged: bool,
    may_act: bool,
    /// What tells an act that this page sends from one that another page sends.
    nonce: String,
    done: Done,
    rules: &'static str,
    calendar: Option<Calendar>,
    chosen: Option<Chosen>,
    /// Whether others of the day are too many to be compared.
    too_many: bool,
    groups: Vec<Group>,
    keys: Vec<KeyRow>,
    looked_at: usize,
    parcels: usize,
    unread: usize,
}

struct Calendar {
    /// `2024-05`, and in words.
    month: String,
    words: String,
    earlier: Option<String>,
    later: Option<String>,
    weeks: Vec<Vec<Option<Cell>>>,
    empty: bool,
}

struct Cell {
    number: u32,
    told: Option<Told>,
}

struct Told {
    day: String,
    here: bool,
    parcels: String,
    totals: Vec<String>,
    state: &'static str,
    words: &'static str,
}

struct Chosen {
    day: String,
    totals: Vec<Total>,
    all: String,
    parcels: i64,
    needs_person: i64,
    voided: usize,
    limits_of: usize,
    rows: Vec<Row>,
    /// How many parcels stand before the first of the rows, and how many there are.
    before: usize,
    count: usize,
    next: Option<usize>,
}

struct Total {
    basis: String,
    counts: String,
    parcels: i64,
    limit: String,
    crossed: i64,
    state: &'static str,
    words: &'static str,
}

struct Row {
    shipment_id: String,
    state: &'static str,
    value: String,
    counts: String,
}

struct Group {
    together: String,
    limit: Option<String>,
    over: bool,
    others: Vec<Other>,
}

struct Other {
    key: String,
    counts: String,
    parcels: Vec<String>,
    more: usize,
    score: Option<i32>,
    evidence: String,
}

struct KeyRow {
    key: String,
    because: &'static str,
    parcels: usize,
    spellings: Vec<SpellingRow>,
    more: usize,
}

struct SpellingRow {
    given: Vec<(String, String)>,
    compared: String,
    basis: String,
    parcels: usize,
    shipment_id: String,
}

/// What was read of a person.
struct Seen {
    merged: bool,
    month: Option<MonthOfDays>,
    day: Option<(Day, Vec<Standing>)>,
    /// Who else the person may be; nothing where they are too many.
    alike: Option<Vec<(Someone, Alike)>>,
    identity: Identity,
}

/// The page.
pub async fn show(
    State(desk): State<Arc<Desk>>,
    caller: Caller,
    InPath(key): InPath<String>,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, Problem> {
    shown(&desk, &caller, key, (asked, Done::default())).await
}

/// The page, with what came of an act that was asked for on it.
pub async fn shown(
    desk: &Arc<Desk>,
    caller: &Caller,
    key: String,
    (asked, done): (Asked, Done),
) -> Result<Response, Problem> {
    let wanted = wanted(&asked)?;
    let look = move |setup: &Setup, ledger: &OpenLedger, found| seen(setup, ledger, found, wanted);
    let seen = of_person(desk, caller, &key, look).await?;
    let month = seen.month.as_ref();
    let chosen = seen.day.as_ref();
    let of_day = month.zip(chosen).and_then(|(month, (day, _))| {
        let mut days = month.days.iter();
        days.find(|one| one.day == *day)
    });
    let groups = seen.alike.as_deref().unwrap_or_default();
    page(&PersonPage {
        head: Head::new(Some(caller), "/persons"),
        may_act: caller.role >= Role::Compliance,
        nonce: secret()?[..32].to_owned(),
        done,
        rules: PERSON_RULES,
        merged: seen.merged,
        calendar: month.map(|month| calendar(month, chosen.map(|(day, _)| *day))),
        too_many: seen.alike.is_none(),
        groups: groups.iter().map(|(own, of)| group(own, of)).collect(),
        keys: seen.identity.keys.iter().map(key_row).collect(),
        looked_at: seen.identity.looked_at,
        parcels: seen.identity.parcels,
        unread: seen.identity.unread,
        chosen: chosen.map(|(day, parcels)| choice(*day, of_day, parcels, wanted.after)),
        key,
    })
}

fn wanted(asked: &Asked) -> Result<Wanted, Problem> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let day = day("day", text(&asked.day).as_deref())?;
    let month = month(text(&asked.month).as_deref())?;
    let said = "must be how many parcels come before, a whole number";
    let after = match asked.after.as_str() {
        "" => 0,
        text => text.parse().map_err(|_| bad_parameter("after", said))?,
    };
    Ok(Wanted {
        month: day.map(Month::of).or(month),
        day,
        after,
    })
}

fn seen(setup: &Setup, ledger: &OpenLedger, found: Found, wanted: Wanted) -> Result<Seen, Problem> {
    let month = ledger.month(setup, found, wanted.month)?;
    let last = month.as_ref().and_then(|month| month.days.last());
    let day = match wanted.day.or(last.map(|last| last.day)) {
        Some(day) => Some((day, ledger.parcels(found.person, Some(day.0))?)),
        None => None,
    };
    let alike = match &day {
        Some((day, parcels)) if !parcels.is_empty() => others(setup, ledger, (found, *day))?,
        _ => Some(Vec::new()),
    };
    let own = |mut of: Alike| {
        let at = of
            .persons
            .iter()
            .position(|one| one.person == found.person)?;
        Some((of.persons.remove(at), of))
    };
    Ok(Seen {
        merged: found.merged,
        month,
        day,
        alike: alike.map(|alike| alike.into_iter().filter_map(own).collect()),
        identity: known(setup, ledger, found)?,
    })
}

fn dollars(cents: Cents) -> String {
    dollars_of(&cents.to_string())
}

fn counted(count: i64) -> String {
    match count {
        1 => "1 parcel".to_owned(),
        count => format!("{count} parcels"),
    }
}

/// The basis of a total in words; none is said for that of nearly all.
fn named(basis: Basis) -> String {
    match basis {
        Basis::Section321C => String::new(),
        basis => format!(" {}", spaced(basis.as_str())),
    }
}

/// A month as weeks that begin on Sunday.
fn calendar(of: &MonthOfDays, chosen: Option<Day>) -> Calendar {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (number, year) = of.month.parts();
    let name = MONTHS.get(number as usize - 1).copied().unwrap_or_default();
    let mut cells: Vec<Option<Cell>> = Vec::new();
    for day in of.month.days() {
        if cells.is_empty() {
            cells.resize_with((day.weekday() as usize + 1) % 7, || None);
        }
        let own = of.days.iter().find(|one| one.day == day);
        cells.push(Some(Cell {
            number: day.ymd().2,
            told: own.map(|one| told(one, chosen == Some(day))),
        }));
    }
    cells.resize_with(cells.len().next_multiple_of(7), || None);
    let mut cells = cells.into_iter();
    let mut weeks = Vec::new();
    while cells.len() > 0 {
        weeks.push(cells.by_ref().take(7).collect());
    }
    Calendar {
        month: of.month.to_string(),
        words: format!("{name} {year}"),
        earlier: of.earlier.map(|month| month.to_string()),
        later: of.later.map(|month| month.to_string()),
        weeks,
        empty: of.days.is_empty(),
    }
}

fn told(of: &PersonDay, here: bool) -> Told {
    let total = |one: &Counted| {
        let total = dollars(Cents(one.sum.total_cents));
        let of = one.limit.map(|limit| format!(" of {}", dollars(limit)));
        format!("{total}{}{}", of.unwrap_or_default(), named(one.basis))
    };
    Told {
        day: of.day.to_string(),
        here,
        parcels: counted(of.holds.all.shipments),
        totals: of.counted.iter().map(total).collect(),
        state: of.state().as_str(),
        words: of.state().words(),
    }
}

fn choice(day: Day, of: Option<&PersonDay>, parcels: &[Standing], after: usize) -> Chosen {
    let total = |one: &Counted| Total {
        basis: spaced(one.basis.as_str()),
        counts: dollars(Cents(one.sum.total_cents)),
        parcels: one.sum.shipments,
        limit: one.limit.map(dollars).unwrap_or_default(),
        crossed: one.crossed,
        state: one.state.as_str(),
        words: one.state.words(),
    };
    let rows: Vec<Row> = parcels.iter().skip(after).take(PAGE).map(row).collect();
    let holds = of.map(|of| of.holds).unwrap_or_default();
    Chosen {
        day: day.to_string(),
        totals: of.map_or_else(Vec::new, |of| of.counted.iter().map(total).collect()),
        all: dollars(Cents(holds.all.total_cents)),
        parcels: holds.all.shipments,
        needs_person: holds.undecided.shipments,
        voided: of.map_or(0, |of| of.voided),
        limits_of: of.map_or(0, |of| of.limits_of),
        next: (after.saturating_add(PAGE) < parcels.len()).then_some(after.saturating_add(PAGE)),
        rows,
        before: after,
        count: parcels.len(),
    }
}

fn row(one: &Standing) -> Row {
    let basis = one
        .posting
        .counted
        .and_then(|slot| Basis::ALL.get(slot.place()));
    let counts = match basis {
        _ if one.state == Place::Voided => "nothing: it does not come".to_owned(),
        Some(basis) => spaced(basis.as_str()),
        None if one.posting.undecided.is_some() => "needs a person".to_owned(),
        None => "nothing".to_owned(),
    };
    Row {
        shipment_id: one.shipment_id.clone(),
        state: state_word(one.state),
        value: dollars(Cents(one.posting.value_cents)),
        counts,
    }
}

fn group(own: &Someone, of: &Alike) -> Group {
    Group {
        together: dollars(of.together),
        limit: of.limit.map(dollars),
        over: of
            .limit
            .is_some_and(|limit| of.together > limit && own.counted <= limit),
        others: of.persons.iter().map(|one| other(own, one)).collect(),
    }
}

fn other(own: &Someone, one: &Someone) -> Other {
    let (key, ours) = (one.key.to_string(), own.key.to_string());
    let mut links = own.with.iter().filter(|with| with.key == key);
    let mut back = one.with.iter().filter(|with| with.key == ours);
    let link = links.next().or(back.next());
    let through = "only through another who may be both";
    Other {
        counts: dollars(one.counted),
        parcels: one.shipment_ids.iter().take(MOST_NAMED).cloned().collect(),
        more: one.shipment_ids.len().saturating_sub(MOST_NAMED),
        score: link.map(|link| link.score),
        evidence: link.map_or(through.to_owned(), |link| link.evidence.clone()),
        key,
    }
}

fn key_row(of: &OfKey) -> KeyRow {
    let spelling = |one: &Spelling| {
        let given = one.given.iter();
        let compared: Vec<&str> = one.compared.iter().map(|(_, text)| &**text).collect();
        SpellingRow {
            given: given
                .map(|(name, text)| (spaced(name), text.clone()))
                .collect(),
            compared: compared.join(" \u{b7} "),
            basis: spaced(&one.basis),
            parcels: one.parcels,
            shipment_id: one.shipment_id.clone(),
        }
    };
    KeyRow {
        key: of.key.to_string(),
        because: match of.because {
            Because::Own => "the person's own key",
            Because::Merged => "merged into this person by a human",
            Because::Given => "these parcels were given to this person by a human, the key was not",
        },
        parcels: of.parcels,
        spellings: of
            .spellings
            .iter()
            .take(MOST_SPELLINGS)
            .map(spelling)
            .collect(),
        more: of.spellings.len().saturating_sub(MOST_SPELLINGS),
    }
}
