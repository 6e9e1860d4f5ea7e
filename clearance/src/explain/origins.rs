//! Other countries of origin under which the outcome would be another.

use super::changes::{Change, Search, Verdict, change};
use super::edit::Edit;
use crate::decision::Unknown;
use deminimis_law::codes::Country;
use deminimis_law::names::Outcome;

/// Up to how many countries are named one by one.
const NAMED: usize = 6;

/// Whether the parcel waits for its origin.
pub(super) fn unknown(search: &Search<'_>) -> bool {
    let asked = Unknown::Fact(search.books.law.origin_fact());
    search
        .decision
        .questions
        .iter()
        .any(|one| one.what == asked && one.material)
}

/// The best that another origin would lead to, with the countries that lead there.
pub(super) fn other(search: &mut Search<'_>) -> Option<Change> {
    let law = search.books.law;
    let missing = unknown(search);
    let mut tried: Vec<(Country, Verdict)> = Vec::new();
    for class in law.origin_classes() {
        let to = search.verdict(&Edit::Origin(*class, missing));
        tried.push((*class, to));
    }
    let turns = tried.iter().filter(|(_, to)| search.turns(*to));
    let to = turns
        .map(|(_, to)| *to)
        .min_by_key(|to| (to.outcome, to.path))?;
    let leads: Vec<Country> = tried
        .iter()
        .filter(|(_, there)| *there == to)
        .map(|(class, _)| *class)
        .collect();
    let (mut countries, mut others) = (Vec::new(), Vec::new());
    for country in Country::all() {
        let class = law.class_of_origin(country);
        if leads.iter().any(|one| law.class_of_origin(*one) == class) {
            &mut countries
        } else {
            &mut others
        }
        .push(country);
    }
    let example = search.shipment.country_of_shipment;
    let example = *countries
        .iter()
        .find(|country| **country == example)
        .or(countries.first())?;
    let goods = if missing {
        "origin given: made"
    } else {
        "made"
    };
    let words = if others.len() <= NAMED {
        let except = if others.is_empty() {
            String::new()
        } else {
            format!(" but {}", list(&others))
        };
        format!("{goods} in any country{except}")
    } else if countries.len() <= NAMED {
        format!("{goods} in {}", list(&countries))
    } else {
        format!(
            "{goods} in one of {} countries, such as {example}",
            countries.len()
        )
    };
    debug_assert_ne!(search.decision.way(), Outcome::Free);
    Some(change(Edit::Origin(example, missing), words, to))
}

fn list(countries: &[Country]) -> String {
    let names: Vec<&str> = countries.iter().map(Country::as_str).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
