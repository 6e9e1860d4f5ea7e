//! What the page of a person shows: the month as weeks, the chosen day, others who may be the person,
//! and the keys by which it is known, each made of what the ledger tells.

use deminimis_clearance::explain::{dollars_of, spaced};
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_law::time::Day;
use deminimis_office::ledger::{
    Alike, Because, Counted, MonthOfDays, OfKey, PersonDay, Someone, Spelling, state_word,
};
use deminimis_store::{PersonKey, Standing, State as Place};

/// Parcels of one page.
const PAGE: usize = 100;
/// Parcels of another person that are named.
const MOST_NAMED: usize = 5;
/// Names and addresses of one key that are shown.
const MOST_SPELLINGS: usize = 20;

/// A month of a person's days.
pub struct Calendar {
    /// `2024-05`, and in words.
    pub month: String,
    pub words: String,
    pub earlier: Option<String>,
    pub later: Option<String>,
    pub weeks: Vec<Vec<Option<Cell>>>,
    pub empty: bool,
}

/// A day of the month.
pub struct Cell {
    pub number: u32,
    pub told: Option<Told>,
}

/// What is told of a day that has parcels.
pub struct Told {
    pub day: String,
    pub here: bool,
    pub parcels: String,
    pub totals: Vec<String>,
    pub state: &'static str,
    pub words: &'static str,
}

/// The day whose parcels are shown.
pub struct Chosen {
    pub day: String,
    pub totals: Vec<Total>,
    pub all: String,
    pub parcels: String,
    pub needs_person: i64,
    pub voided: usize,
    pub limits_of: usize,
    pub rows: Vec<Row>,
    /// How many parcels stand before the first of the rows, and how many there are.
    pub before: usize,
    pub count: usize,
    pub next: Option<usize>,
}

/// What counts on it under one basis.
pub struct Total {
    pub basis: String,
    pub counts: String,
    pub parcels: i64,
    pub limit: String,
    pub crossed: i64,
    pub state: &'static str,
    pub words: &'static str,
}

/// One of its parcels.
pub struct Row {
    pub shipment_id: String,
    pub state: &'static str,
    pub value: String,
    pub counts: String,
}

/// Persons of the day who may all be the one at hand.
pub struct Group {
    pub together: String,
    pub limit: Option<String>,
    pub over: bool,
    pub others: Vec<Other>,
}

/// One of them.
pub struct Other {
    pub key: String,
    pub counts: String,
    pub parcels: Vec<String>,
    pub more: usize,
    pub score: Option<i32>,
    pub evidence: String,
}

/// A key by which the person is known.
pub struct KeyRow {
    pub key: String,
    pub because: &'static str,
    pub parcels: String,
    pub spellings: Vec<SpellingRow>,
    pub more: usize,
}

/// A name and address of a key.
pub struct SpellingRow {
    pub given: Vec<(String, String)>,
    pub compared: String,
    pub basis: String,
    pub parcels: String,
    pub shipment_id: String,
}

/// An amount for people.
pub fn dollars(cents: Cents) -> String {
    dollars_of(&cents.to_string())
}

/// How many parcels, in words.
pub fn counted(count: i64) -> String {
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
pub fn calendar(of: &MonthOfDays, chosen: Option<Day>) -> Calendar {
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

/// What counts under a basis, of its limit.
pub fn total_line(one: &Counted) -> String {
    let total = dollars(Cents(one.sum.total_cents));
    let of = one.limit.map(|limit| format!(" of {}", dollars(limit)));
    format!("{total}{}{}", of.unwrap_or_default(), named(one.basis))
}

fn told(of: &PersonDay, here: bool) -> Told {
    Told {
        day: of.day.to_string(),
        here,
        parcels: counted(of.holds.all.shipments),
        totals: of.counted.iter().map(total_line).collect(),
        state: of.state().as_str(),
        words: of.state().words(),
    }
}

/// The chosen day, with a page of its parcels.
pub fn choice(day: Day, of: Option<&PersonDay>, parcels: &[Standing], after: usize) -> Chosen {
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
        parcels: counted(holds.all.shipments),
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

/// Those who may be a person, where that person is one of them.
pub fn group(person: PersonKey, of: &Alike) -> Option<Group> {
    let own = of.persons.iter().find(|one| one.person == person)?;
    let others = of.persons.iter().filter(|one| one.person != person);
    Some(Group {
        together: dollars(of.together),
        limit: of.limit.map(dollars),
        over: of.is_over(),
        others: others.map(|one| other(own, one)).collect(),
    })
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

/// A key by which the person is known.
pub fn key_row(of: &OfKey) -> KeyRow {
    let spelling = |one: &Spelling| {
        let given = one.given.iter();
        let compared: Vec<&str> = one.compared.iter().map(|(_, text)| &**text).collect();
        SpellingRow {
            given: given
                .map(|(name, text)| (spaced(name), text.clone()))
                .collect(),
            compared: compared.join(" \u{b7} "),
            basis: spaced(&one.basis),
            parcels: counted(one.parcels as i64),
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
        parcels: counted(of.parcels as i64),
        spellings: of
            .spellings
            .iter()
            .take(MOST_SPELLINGS)
            .map(spelling)
            .collect(),
        more: of.spellings.len().saturating_sub(MOST_SPELLINGS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deminimis_office::ledger::Month;

    #[test]
    fn a_month_is_whole_weeks_from_sunday_on() {
        for (month, weeks, first) in [("2024-05", 5, 3), ("2024-09", 5, 0), ("2026-02", 4, 0)] {
            let of = MonthOfDays {
                month: Month::parse(month).unwrap(),
                days: Vec::new(),
                earlier: None,
                later: None,
                parcels: 0,
            };
            let shown = calendar(&of, None);
            assert_eq!(shown.weeks.len(), weeks, "{month}");
            assert!(shown.weeks.iter().all(|week| week.len() == 7));
            assert!(shown.empty);
            let cells = shown.weeks.iter().flatten();
            let begins = cells.clone().position(Option::is_some);
            assert_eq!(begins, Some(first), "{month}");
            let days = cells.flatten().filter(|cell| cell.told.is_none());
            assert_eq!(days.count(), of.month.days().count());
        }
    }
}
