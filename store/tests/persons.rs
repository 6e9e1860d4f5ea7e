//! A human says that two persons are one, or that one is two, on every store.

mod common;

use common::records::{on_each, put, refused, told};
use common::{arrival, assess, claim, event, is_free, person, said};
use deminimis_store::{
    Act, Alike, Apart, BlockingKey, DayHolds, Kind, Ledger, Refused, Request, State, Sum,
};

#[test]
fn a_merge_joins_days_and_later_parcels_follow() {
    on_each(|ledger| {
        assert!(is_free(&put(ledger, "a", 1, 10, 50_000)));
        assert!(is_free(&put(ledger, "b", 2, 10, 40_000)));
        put(ledger, "c", 2, 11, 30_000);
        ledger.void(event("c", "1")).wait().unwrap();
        let merged = ledger
            .merge(said("m"), person(2), person(1))
            .wait()
            .unwrap();
        let affected = merged.affected().unwrap();
        let days: Vec<_> = affected
            .iter()
            .map(|one| {
                let all = |holds: &DayHolds| holds.all.total_cents;
                (one.person, one.day, all(&one.before), all(&one.after))
            })
            .collect();
        assert_eq!(
            days,
            [(person(1), 10, 50_000, 90_000), (person(2), 10, 40_000, 0)]
        );
        // Answers stand: both parcels still count, and the caller sees that it is too much.
        assert_eq!(affected[0].after.counted[2].total_cents, 90_000);
        let again = ledger
            .merge(said("m"), person(2), person(1))
            .wait()
            .unwrap();
        assert_eq!((again.fresh, again.answer), (false, merged.answer));
        let mut other = said("m");
        other.body_hash[0] ^= 1;
        let other = ledger.merge(other, person(2), person(1)).wait();
        assert_eq!(refused(other), Refused::OtherBody);
        let same = ledger.merge(said("n"), person(1), person(2)).wait();
        assert_eq!(refused(same), Refused::AlreadyOne);

        assert_eq!(ledger.person("acme", person(2)).wait(), Ok(person(1)));
        assert!(
            !is_free(&put(ledger, "d", 2, 10, 1)),
            "the joined day is full"
        );
        let kept = ledger.shipment("acme", "d").wait().unwrap().unwrap();
        assert_eq!((kept.person, kept.state), (person(1), State::Reserved));
        let kinds = ledger.entries(0, 20).wait().unwrap();
        let kinds: Vec<_> = kinds.iter().map(|one| (one.kind, one.sign)).collect();
        assert_eq!(kinds[4..6], [(Kind::Merge, -1), (Kind::Merge, 1)]);
        ledger.post(event("b", "1")).wait().unwrap();
        // The tenant of another ledger knows nothing of it.
        assert_eq!(ledger.person("other", person(2)).wait(), Ok(person(2)));
    });
}

#[test]
fn a_split_takes_parcels_apart_and_undoes_a_merge() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 50_000);
        put(ledger, "b", 2, 10, 40_000);
        ledger
            .merge(said("m"), person(2), person(1))
            .wait()
            .unwrap();
        put(ledger, "c", 2, 10, 5_000);
        let ids = vec!["b".to_owned(), "c".to_owned(), "b".to_owned()];
        let split = ledger
            .split(said("s"), ids.clone(), person(2))
            .wait()
            .unwrap();
        assert_eq!(split.affected().unwrap().len(), 2);
        let again = ledger.split(said("s"), ids, person(2)).wait().unwrap();
        assert_eq!((again.fresh, again.position), (false, split.position));
        let day = |who| ledger.day("acme", person(who), 10).wait().unwrap().all;
        let sum = |shipments, total_cents| Sum {
            shipments,
            total_cents,
        };
        assert_eq!((day(1), day(2)), (sum(1, 50_000), sum(2, 45_000)));
        assert_eq!(ledger.person("acme", person(2)).wait(), Ok(person(2)));
        put(ledger, "d", 2, 10, 1);
        assert_eq!(day(2), sum(3, 45_001));
        let unknown = ledger.split(said("t"), vec!["x".into()], person(3)).wait();
        assert_eq!(refused(unknown), Refused::UnknownShipment);
        ledger.void(event("d", "1")).wait().unwrap();
        let ids = vec!["a".into(), "x".into()];
        let unknown = ledger.split(said("t"), ids, person(3)).wait();
        assert_eq!(refused(unknown), Refused::UnknownShipment);
        // A refused split left no trace: its id can be used.
        let done = ledger.split(said("t"), vec!["a".into()], person(3)).wait();
        assert!(done.unwrap().fresh);
        assert_eq!((day(1), day(3)), (sum(0, 0), sum(1, 50_000)));
    });
}

#[test]
fn two_who_are_said_to_be_two_are_so_until_they_are_merged() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 50_000);
        put(ledger, "b", 2, 10, 40_000);
        let apart = || ledger.apart("acme").wait().unwrap();
        let keys = |of: &[u8]| of.iter().map(|one| person(*one)).collect::<Vec<_>>();
        let pair = |one: &[u8], other: &[u8]| Apart {
            one: keys(one),
            other: keys(other),
        };
        let set = |name: &str, one, other| {
            let done = ledger.set_apart(said(name), person(one), person(other));
            done.wait()
        };
        let receipt = set("1", 2, 1).unwrap();
        assert_eq!((receipt.position, receipt.affected()), (0, Ok(vec![])));
        assert_eq!(apart(), [pair(&[1], &[2])]);
        // Said again, by the same request and by another, it is so once.
        assert!(!set("1", 2, 1).unwrap().fresh);
        assert!(set("2", 1, 2).unwrap().fresh);
        let mut other = said("1");
        other.body_hash[0] ^= 1;
        let other = ledger.set_apart(other, person(1), person(3)).wait();
        assert_eq!(refused(other), Refused::OtherBody);
        assert_eq!(refused(set("3", 1, 1)), Refused::AlreadyOne);
        assert_eq!(apart(), [pair(&[1], &[2])]);
        // It moves nothing and decides nothing.
        assert_eq!(ledger.entries(0, 9).wait().unwrap().len(), 2);
        // Whoever is merged into one of them is not the other either.
        let merge = |name: &str, from, into| {
            let done = ledger.merge(said(name), person(from), person(into));
            done.wait().unwrap();
        };
        set("4", 3, 4).unwrap();
        merge("5", 3, 2);
        assert_eq!(apart(), [pair(&[1], &[2, 3]), pair(&[2, 3], &[4])]);
        // A merge of the two takes it back, and a split says it no more.
        merge("6", 1, 3);
        assert_eq!(apart(), [pair(&[2, 1, 3], &[4])]);
        let split = ledger.split(said("7"), vec!["a".into()], person(1));
        split.wait().unwrap();
        assert_eq!(apart(), [pair(&[2, 3], &[4])]);
        assert_eq!(ledger.apart("other").wait(), Ok(vec![]));
    });
}

#[test]
fn those_who_may_be_one_are_counted_beside_the_day() {
    on_each(|ledger| {
        let key = |by: u8| BlockingKey([by; 16]);
        let ask = |id: &str, who: u8, cents: i64, readings: &[&[u8]]| {
            let mut claim = claim(id, who, 10);
            let persons = |reading: &&[u8]| reading.iter().map(|one| person(*one)).collect();
            claim.alike = Alike {
                keys: vec![key(7), key(who)],
                readings: readings.iter().map(persons).collect(),
            };
            let done = ledger.claim(claim, assess(cents)).wait().unwrap();
            String::from_utf8(done.answer).unwrap()
        };
        let found = |by: u8, most: u32| {
            let found = ledger
                .alike_on("acme", 10, vec![key(by)], most)
                .wait()
                .unwrap();
            found
                .into_iter()
                .map(|(_, person)| person)
                .collect::<Vec<_>>()
        };
        assert!(ask("a", 1, 50_000, &[]).contains("alike: None"));
        // Who has no parcel yet has nothing, and may come later.
        assert!(ask("b", 2, 20_000, &[&[3]]).contains("counted_cents: [0, 0, 0, 0"));
        assert!(ask("c", 3, 81_000, &[]).contains("alike: None"));
        // The greatest of the readings; what did not count is among all parcels alone.
        let told = ask("d", 4, 100, &[&[1, 2, 1], &[3], &[4]]);
        assert!(told.contains("counted_cents: [0, 0, 70000, 0"), "{told}");
        assert!(told.contains("all_cents: 81000"), "{told}");
        assert!(ask("e", 4, 100, &[&[4]]).contains("alike: None"));
        assert_eq!(found(7, 9), [1, 2, 3, 4].map(person));
        assert_eq!(found(7, 2), [1, 2].map(person));
        assert_eq!((found(2, 9), found(8, 9)), (vec![person(2)], vec![]));
        let other_day = ledger.alike_on("acme", 11, vec![key(7)], 9).wait();
        assert_eq!(other_day, Ok(vec![]));
        // A key that was merged is asked for as the person that it is now.
        let merged = ledger.merge(said("m"), person(2), person(1));
        merged.wait().unwrap();
        assert!(ask("f", 5, 100, &[&[2]]).contains("counted_cents: [0, 0, 70000, 0"));
        assert!(
            ask("g", 2, 100, &[&[1]]).contains("alike: None"),
            "they are one"
        );
        // More than a request can name is refused and leaves nothing.
        let mut many = claim("h", 6, 10);
        many.alike.readings = vec![vec![person(1); 1_025]];
        let refusal = ledger.claim(many, assess(1)).wait();
        assert_eq!(refused(refusal), Refused::TooManyAlike);
        assert_eq!(ledger.shipment("acme", "h").wait(), Ok(None));
        // A moved parcel is told of those of the day that it goes to.
        let act = Act::Move {
            to: arrival(11),
            rests_on: None,
            alike: Alike {
                keys: vec![key(9)],
                readings: vec![vec![person(1)]],
            },
            assess: assess(100),
        };
        let moved = ledger.submit(Request::Event(event("f", "1"), act)).wait();
        let told = String::from_utf8(moved.unwrap().answer).unwrap();
        assert!(told.contains("counted_cents: [0, 0, 0, 0"), "{told}");
        let on_the_day = ledger.alike_on("acme", 11, vec![key(9)], 9).wait();
        assert_eq!(on_the_day, Ok(vec![(key(9), person(5))]));
    });
}

#[test]
fn erasure_follows_merges_and_splits() {
    on_each(|ledger| {
        for (id, who) in [("a", 1), ("b", 2), ("c", 3), ("d", 3)] {
            put(ledger, id, who, 10, 100);
        }
        let merge = |name: &str, from, into| {
            let done = ledger.merge(said(name), person(from), person(into));
            done.wait().unwrap();
        };
        merge("1", 3, 2);
        merge("2", 2, 1);
        // Parcel d turns out to be somebody else's: their data must outlive the erasure.
        let split = ledger.split(said("3"), vec!["d".into()], person(4));
        split.wait().unwrap();
        let erased = ledger.erase("acme", person(3)).wait().unwrap();
        assert_eq!((erased.keys, erased.records), (3, 3));
        let names: Vec<String> = told(ledger)
            .into_iter()
            .map(|mut one| one.remove(3))
            .collect();
        assert_eq!(names, ["Erased", "Erased", "Erased", "Anna 100"]);
        let erased = ledger.erase("acme", person(4)).wait().unwrap();
        assert_eq!((erased.keys, erased.records), (1, 1));
    });
}

#[test]
fn what_is_kept_goes_with_the_parcel_when_a_merge_is_undone_in_part() {
    on_each(|ledger| {
        for id in ["a", "b"] {
            put(ledger, id, 1, 10, 100);
        }
        let merged = ledger.merge(said("1"), person(1), person(2)).wait();
        merged.unwrap();
        let split = ledger.split(said("2"), vec!["b".into()], person(1)).wait();
        split.unwrap();
        // Parcel a stayed with person 2: the erasure of person 1 is not its erasure.
        let names = |ledger: &dyn Ledger| -> Vec<String> {
            let told = told(ledger).into_iter();
            told.map(|mut one| one.remove(3)).collect()
        };
        let erased = ledger.erase("acme", person(1)).wait().unwrap();
        assert_eq!((erased.keys, erased.records), (1, 1));
        assert_eq!(names(ledger), ["Anna 100", "Erased"]);
        let erased = ledger.erase("acme", person(2)).wait().unwrap();
        assert_eq!((erased.keys, erased.records), (1, 1));
        assert_eq!(names(ledger), ["Erased", "Erased"]);
    });
}

#[test]
fn a_voided_parcel_goes_to_whose_it_is_and_is_erased_with_them() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 100);
        put(ledger, "b", 1, 10, 200);
        let merged = ledger.merge(said("1"), person(1), person(2)).wait();
        merged.unwrap();
        ledger.void(event("a", "1")).wait().unwrap();
        let ids = vec!["a".to_owned(), "b".to_owned()];
        let split = ledger.split(said("2"), ids, person(1)).wait().unwrap();
        // The voided one changes no day.
        let all = |one: &deminimis_store::Affected| (one.before.all, one.after.all);
        let sum = |shipments, total_cents| Sum {
            shipments,
            total_cents,
        };
        let affected: Vec<_> = split.affected().unwrap().iter().map(all).collect();
        assert_eq!(
            affected,
            [(sum(0, 0), sum(1, 200)), (sum(1, 200), sum(0, 0))]
        );
        let kept = ledger.shipment("acme", "a").wait().unwrap().unwrap();
        assert_eq!((kept.person, kept.state), (person(1), State::Voided));
        assert_eq!(
            ledger.day("acme", person(1), 10).wait().unwrap().all,
            sum(1, 200)
        );
        let erased = ledger.erase("acme", person(1)).wait().unwrap();
        assert_eq!(erased.records, 2);
        for told in told(ledger) {
            assert_eq!(told[3], "Erased");
        }
    });
}

#[test]
fn what_a_person_is_looked_for_by_does_not_outlive_a_split() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 100);
        put(ledger, "b", 1, 10, 200);
        let key = common::installation().blocking(b"elm street");
        ledger.block("acme", person(1), vec![key]).wait().unwrap();
        ledger.block("acme", person(3), vec![key]).wait().unwrap();
        // Whose parcel gave the key is not known: it may be that of parcel b.
        let split = ledger.split(said("1"), vec!["b".into()], person(2));
        split.wait().unwrap();
        assert_eq!(ledger.blocked("acme", key).wait(), Ok(vec![person(3)]));
    });
}

#[test]
fn a_split_of_more_parcels_than_a_server_has_locks_is_answered() {
    on_each(|ledger| {
        put(ledger, "a", 1, 10, 100);
        let ids = (0..20_000).map(|number| format!("parcel {number}"));
        let split = ledger.split(said("1"), ids.collect(), person(2)).wait();
        assert_eq!(refused(split), Refused::UnknownShipment);
    });
}
