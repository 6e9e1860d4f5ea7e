//! `law timeline`: the histories, the table and the picture.

use super::{LAW, flat, json, known, moment, refused, said};
use deminimis_law::names::{EntryPath, Mode, Outcome};
use deminimis_office::law::{History, Possible, histories, picture};
use deminimis_tariff::Schedule;

#[test]
fn histories_have_no_gaps_and_change_only_where_they_say() {
    let all = histories(&LAW, Schedule::embedded());
    assert_eq!(all.len(), 2 * Mode::ALL.len());
    for history in &all {
        assert_eq!(history.periods[0].from, moment("2016-01-01T00:00-05:00"));
        assert_eq!(
            history.periods.last().unwrap().until,
            moment("2028-01-01T00:00-05:00")
        );
        for pair in history.periods.windows(2) {
            assert_eq!(pair[0].until, pair[1].from);
            assert_ne!(pair[0].possible, pair[1].possible);
        }
    }
    let on = |mode: Mode, origin: &str, at: &str| -> Possible {
        let of = |one: &&_| matches_row(one, mode, origin);
        let history = all.iter().find(of).unwrap();
        let at = moment(at);
        history
            .periods
            .iter()
            .find(|one| one.from <= at && at < one.until)
            .unwrap()
            .possible
    };
    let old = on(Mode::Air, "CN", "2016-06-01T12:00-04:00");
    assert_eq!(
        (old.outcome, old.path),
        (Outcome::Free, EntryPath::ManifestRelease)
    );
    assert!(old.also.is_empty());
    assert!(
        on(Mode::Air, "CN", "2024-06-01T12:00-04:00")
            .also
            .has(EntryPath::Entry86)
    );
    assert_eq!(
        on(Mode::Air, "CN", "2025-02-06T12:00-05:00").outcome,
        Outcome::NeedsPerson
    );
    let mail = on(Mode::Mail, "CN", "2025-06-01T12:00-04:00");
    assert_eq!(
        (mail.outcome, mail.path),
        (Outcome::EntryRequired, EntryPath::MailCarrier)
    );
    assert_eq!(
        on(Mode::Mail, "VN", "2025-06-01T12:00-04:00").outcome,
        Outcome::Free
    );
    assert_eq!(
        on(Mode::Truck, "VN", "2025-08-29T00:01-04:00").path,
        EntryPath::Entry11
    );
}

fn matches_row(history: &History, mode: Mode, origin: &str) -> bool {
    history.mode == mode && history.origin.origin == origin
}

#[test]
fn a_history_as_known_earlier_does_not_know_what_came_later() {
    let law = known(Some(moment("2025-01-15T12:00-05:00")));
    for history in histories(&law, Schedule::embedded()) {
        let last = history.periods.last().unwrap().possible;
        assert_eq!(last.outcome, Outcome::Free, "{:?}", history.mode);
    }
}

#[test]
fn the_timeline_is_a_table_and_a_picture() {
    let file = std::env::temp_dir().join(format!("deminimis-timeline-{}.svg", std::process::id()));
    let text = flat(&said(&format!("timeline --svg {}", file.display())));
    let svg = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(
        text.contains("by air, express, truck, rail, ocean"),
        "{text}"
    );
    assert!(
        text.contains("2025-08-29 00:01 EDT Suspension for every country"),
        "{text}"
    );
    assert_eq!(svg, picture(&LAW, &histories(&LAW, Schedule::embedded())));
    assert!(svg.contains("<title id=\"title\">") && svg.contains("<desc id=\"desc\">"));
    assert!(svg.contains("width=\"1200.0\"") && svg.contains("role=\"img\""));
    for history in json("timeline")["rows"].as_array().unwrap() {
        assert!(!history["periods"].as_array().unwrap().is_empty());
    }
    let gone = refused("timeline --svg /nowhere/at/all.svg");
    assert!(
        !gone.is_usage() && gone.to_string().contains("/nowhere/at/all.svg"),
        "{gone}"
    );
}

#[test]
fn the_picture_is_well_formed_and_every_letter_is_explained() {
    let svg = picture(&LAW, &histories(&LAW, Schedule::embedded()));
    let mut open: Vec<&str> = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (inside, text) = tag.split_once('>').unwrap();
        assert!(!text.contains('&') || text.contains("&amp;"), "{text}");
        let name = inside
            .split([' ', '/'])
            .find(|part| !part.is_empty())
            .unwrap();
        if inside.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{inside}");
        } else if !inside.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let letters = |part: &str| -> Vec<String> {
        let labels = part.split("class=\"l\"").skip(1);
        let mut found: Vec<String> = labels
            .map(|label| label.split(['>', '<']).nth(1).unwrap().to_owned())
            .collect();
        found.sort();
        found.dedup();
        found
    };
    let (bands, legend) = svg.split_once("What was possible").unwrap();
    let legend = letters(legend);
    assert!(
        letters(bands).iter().all(|letter| legend.contains(letter)),
        "{legend:?}"
    );
    assert!(legend.len() >= 6, "{legend:?}");
}
