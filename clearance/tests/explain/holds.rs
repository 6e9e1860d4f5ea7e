//! What every explanation keeps, whatever the parcel.

use crate::{LAW, books, day, explained};
use deminimis_clearance::cases::build_parcels;
use deminimis_clearance::day::DayContext;
use deminimis_clearance::explain::{Edit, Explanation, Style};
use deminimis_clearance::render::TotalText;
use deminimis_clearance::shipment::Texts;
use deminimis_clearance::{Scratch, Shipment, assess_into};
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Outcome};

/// What every explanation keeps, whatever the parcel.
fn holds(parcel: &(Shipment, Texts), day: &DayContext) {
    let explanation = explained(parcel, day);
    let id = &parcel.0;
    assert!(explanation.changes.len() <= 6, "{id:?}");
    let before = assess_into(books(), &parcel.0, day, &mut Scratch::without_memory()).clone();
    let after = |edit: &Edit| {
        let (shipment, day) = edit.apply(books(), &parcel.0, day, &before);
        assess_into(books(), &shipment, &day, &mut Scratch::without_memory()).clone()
    };
    let mut words: Vec<&str> = Vec::new();
    for change in &explanation.changes {
        let to = after(&change.edit);
        assert_eq!(
            to.way().as_str(),
            change.outcome,
            "{} of {id:?}",
            change.words
        );
        assert_eq!(
            to.path.as_str(),
            change.entry_path,
            "{} of {id:?}",
            change.words
        );
        assert_eq!(
            to.basis.map(Basis::as_str),
            change.basis,
            "{} of {id:?}",
            change.words
        );
        let lighter = to.way() == Outcome::EntryRequired && to.path != before.path;
        assert!(
            to.way() != before.way() || lighter,
            "{} of {id:?}",
            change.words
        );
        let less = match change.edit {
            Edit::ValueLess(by) => Some(Edit::ValueLess(Cents(by.0 - 1))),
            Edit::ValueMore(by) => Some(Edit::ValueMore(Cents(by.0 - 1))),
            Edit::Further(basis, by) => Some(Edit::Further(basis, Cents(by.0 - 1))),
            _ => None,
        };
        if let Some(less) = less {
            let nearly = after(&less);
            let same = (nearly.way(), nearly.path) == (to.way(), to.path);
            assert!(!same, "one cent less would do: {} of {id:?}", change.words);
        }
        assert!(
            !words.contains(&change.words.as_str()),
            "twice: {}",
            change.words
        );
        words.push(&change.words);
    }
    for saving in &explanation.savings {
        let to = after(&saving.edit);
        let what = format!("{} of {id:?}", saving.words);
        assert_eq!(to.way(), Outcome::EntryRequired, "{what}");
        assert_eq!(to.path.as_str(), saving.entry_path, "{what}");
        assert_eq!(TotalText::of(to.owed.total), saving.total, "{what}");
        assert_ne!(to.owed.total, before.owed.total, "{what}");
        assert!(to.owed.total.high.is_some(), "{what}");
        let answers = saving.words.contains("answered ") || saving.words.contains("carrier pays");
        let less = to.owed.total.low <= before.owed.total.low;
        assert!(answers || less, "{what}");
        assert!(!words.contains(&saving.words.as_str()), "twice: {what}");
        words.push(&saving.words);
    }
    assert!(words.len() <= 6, "{id:?}");
    let again = explained(parcel, day);
    assert_eq!(
        serde_json::to_string(&explanation).unwrap(),
        serde_json::to_string(&again).unwrap()
    );
    fits(&explanation, &again);
    plain_is_plain(&explanation.plain());
}

/// The tree keeps to its width, and colour adds nothing but colour.
fn fits(explanation: &Explanation, again: &Explanation) {
    for width in [40, 73, 120] {
        let tree = explanation.tree(Style {
            width,
            colour: false,
        });
        assert_eq!(
            tree,
            again.tree(Style {
                width,
                colour: false
            })
        );
        for line in tree.lines() {
            assert!(
                line.chars().count() <= width,
                "wider than {width}: {line:?}"
            );
            assert_eq!(line, line.trim_end(), "space at the end of {line:?}");
        }
        let coloured = explanation.tree(Style {
            width,
            colour: true,
        });
        assert_eq!(bare(&coloured), tree, "colour changes nothing else");
    }
}

/// Text without its colours.
fn bare(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut bare = parts.next().unwrap_or("").to_owned();
    parts.for_each(|part| bare.push_str(part.split_once('m').map_or(part, |(_, rest)| rest)));
    bare
}

fn plain_is_plain(text: &str) {
    assert!(text.ends_with('\n') && !text.contains('\u{1b}'));
    for line in text
        .lines()
        .filter(|line| !line.starts_with("The rule: ") && !line.starts_with("- "))
    {
        for term in [
            " CFR",
            " USC",
            "EO 1",
            " FR ",
            "CSMS",
            "section 321",
            "importer of record",
            "ACE",
            "\u{a7}",
        ] {
            assert!(!line.contains(term), "{term} in {line:?}");
        }
    }
    assert!(text.contains("duty"), "{text}");
}

#[test]
fn every_change_is_so_for_every_parcel_of_the_cases() {
    let book = deminimis_law_us::cases().unwrap();
    let mut seen = std::collections::HashSet::new();
    for case in book.cases.iter().filter(|case| case.known_at.is_none()) {
        for parcel in build_parcels(&LAW, case, &book.models).unwrap() {
            let mut shipment = parcel.0.clone();
            shipment.id.clear();
            // Every fifth of the different ones, a third of them late on a full day.
            if seen.insert(format!("{shipment:?}")) && seen.len() % 5 == 0 {
                holds(&parcel, &day(if seen.len() % 3 == 0 { 79_000 } else { 0 }));
            }
        }
    }
    assert!(seen.len() > 500, "{}", seen.len());
}
