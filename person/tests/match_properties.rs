//! What holds of any rows, whatever they are: failures print the seed and the least case.

#[allow(dead_code, reason = "known_people uses other parts of it")]
mod people;
mod rows;

use deminimis_person::matching::{Outcome, Row, match_people};
use people::{Dice, Made, people};
use proptest::prelude::*;
use rows::{by_id, row};
use std::collections::BTreeSet;

fn rows_of<'a>(made: &'a [Made], ids: &'a [String]) -> Vec<Row<'a>> {
    let party = |made: &'a Made| {
        [
            &made.name,
            &made.street,
            &made.city,
            &made.state,
            &made.postal_code,
        ]
        .map(String::as_str)
    };
    let each = made.iter().zip(ids).map(|(made, id)| {
        let [name, street, city, state, postal_code] = party(made);
        row(id, &[name, street, city, state, postal_code, "US"])
    });
    each.collect()
}

fn any_part() -> impl Strategy<Value = String> {
    let words = proptest::sample::select(vec![
        "Ana", "Lopez", "J", "Jr", "LLC", "c/o", "C", "O", "12", "#4", "Apt", "Oak", "St", "N",
        "Box", "PO", "78701", "Austin", "王伟", "é", ",", "",
    ]);
    let line = proptest::collection::vec(words, 0..6).prop_map(|words| words.join(" "));
    prop_oneof![4 => line, 1 => "\\PC{0,12}", 1 => "[ -~]{0,60}"]
}

fn any_row() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(any_part(), 6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_pair_is_judged_alike_from_both_sides(a in any_row(), b in any_row()) {
        let party = |row: &[String]| -> [String; 6] { row.to_vec().try_into().unwrap() };
        let (a, b) = (party(&a), party(&b));
        let (a, b) = (a.each_ref().map(String::as_str), b.each_ref().map(String::as_str));
        let one = match_people(&[row("1", &a), row("2", &b)]);
        let two = match_people(&[row("1", &b), row("2", &a)]);
        prop_assert_eq!(one.pairs, two.pairs);
    }

    #[test]
    fn writing_does_not_matter(a in any_row()) {
        let upper: Vec<String> = a.iter().map(|part| format!("  {} ", part.to_ascii_uppercase())).collect();
        let party = |row: &[String]| -> [String; 6] { row.to_vec().try_into().unwrap() };
        let (a, upper) = (party(&a), party(&upper));
        let (a, upper) = (a.each_ref().map(String::as_str), upper.each_ref().map(String::as_str));
        let alike = match_people(&[row("1", &a), row("2", &a)]);
        let other = match_people(&[row("1", &a), row("2", &upper)]);
        prop_assert_eq!(alike.pairs, other.pairs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rows_does_not_matter(seed in any::<u64>(), turn in any::<u64>()) {
        let made = people(seed, 60, 40);
        let ids: Vec<String> = (0..made.len()).map(|at| format!("r{at}")).collect();
        let rows = rows_of(&made, &ids);
        let mut turned = rows.clone();
        let mut dice = Dice(turn);
        for at in (1..turned.len()).rev() {
            turned.swap(at, dice.below(at + 1));
        }
        let found = by_id(&rows, &match_people(&rows));
        prop_assert_eq!(found, by_id(&turned, &match_people(&turned)), "seed {}, turn {}", seed, turn);
    }

    #[test]
    fn clusters_and_pairs_say_the_same(seed in any::<u64>()) {
        let made = people(seed, 60, 40);
        let ids: Vec<String> = (0..made.len()).map(|at| format!("r{at}")).collect();
        let rows = rows_of(&made, &ids);
        let found = match_people(&rows);
        let mut within = 0;
        for cluster in &found.clusters {
            within += cluster.len() * (cluster.len() - 1) / 2;
        }
        let same = found.pairs.iter().filter(|pair| pair.outcome == Outcome::Same).count();
        prop_assert_eq!(within, same, "seed {}", seed);
        let all: Vec<usize> = found.clusters.iter().flatten().copied().collect();
        let distinct: BTreeSet<usize> = all.iter().copied().collect();
        prop_assert_eq!(all.len(), distinct.len(), "seed {}", seed);
    }
}
