//! Rows of parties, as the tests of the rules write them.

use deminimis_person::matching::{Matches, Pair, Row};
use std::collections::BTreeSet;

/// Name, street, city, state, postal code, country.
pub type Party<'a> = [&'a str; 6];

/// A row of that party.
pub fn row<'a>(id: &'a str, party: &Party<'a>) -> Row<'a> {
    let [name, street, city, state, postal_code, country] = *party;
    Row {
        id,
        name,
        street,
        city,
        state,
        postal_code,
        country,
        ..Row::default()
    }
}

/// Pairs and clusters by id.
pub fn by_id(rows: &[Row<'_>], found: &Matches) -> (BTreeSet<String>, Vec<Vec<String>>) {
    let pair = |pair: &Pair| {
        format!(
            "{} {} {} {}",
            rows[pair.a].id, rows[pair.b].id, pair.score, pair.evidence
        )
    };
    let ids = |cluster: &Vec<usize>| cluster.iter().map(|row| rows[*row].id.to_owned()).collect();
    let pairs: BTreeSet<String> = found.pairs.iter().map(pair).collect();
    assert_eq!(pairs.len(), found.pairs.len(), "each pair is listed once");
    (pairs, found.clusters.iter().map(ids).collect())
}
