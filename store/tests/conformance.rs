//! What every store must do, run on each of them.

mod common;

use common::{arrival, assess, claim, event, is_free, person, slot, stores};
use deminimis_store::{
    Act, Alike, Arrival, DayHolds, Kind, Ledger, Receipt, Refused, Request, State, StoreError, Sum,
    Verdict,
};

fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Refused {
    match result {
        Err(StoreError::Refused(refused)) => refused,
        other => panic!("refused was expected, not {other:?}"),
    }
}

fn reserve(ledger: &dyn Ledger, id: &str, day: i32, value_cents: i64) -> Receipt {
    let done = ledger.claim(claim(id, 1, day), assess(value_cents)).wait();
    done.expect("a claim")
}

fn holds(ledger: &dyn Ledger, day: i32) -> DayHolds {
    ledger.day("acme", person(1), day).wait().expect("a day")
}

fn sum(shipments: i64, total_cents: i64) -> Sum {
    Sum {
        shipments,
        total_cents,
    }
}

fn on_each(test: fn(&dyn Ledger)) {
    for store in stores() {
        println!("on {}", store.name);
        test(&*store.ledger);
        let verified = store.ledger.verify().wait();
        assert_eq!(verified, Ok(vec![]), "sums of {}", store.name);
    }
}

#[test]
fn the_parcel_that_crosses_and_those_after_it_do_not_count() {
    on_each(|ledger| {
        assert!(is_free(&reserve(ledger, "a", 10, 50_000)));
        assert!(is_free(&reserve(ledger, "b", 10, 30_000)));
        assert!(!is_free(&reserve(ledger, "c", 10, 1)));
        assert!(is_free(&reserve(ledger, "d", 11, 80_000)));
        let day = holds(ledger, 10);
        assert_eq!(day.counted[2], sum(2, 80_000));
        assert_eq!(day.could_count[2], sum(3, 80_001));
        assert_eq!(day.crossed[2], 1);
        assert_eq!(day.all, sum(3, 80_001));
    });
}

#[test]
fn other_persons_and_tenants_have_days_of_their_own() {
    on_each(|ledger| {
        reserve(ledger, "a", 10, 80_000);
        let theirs = ledger.claim(claim("b", 2, 10), assess(80_000)).wait();
        assert!(is_free(&theirs.unwrap()));
        let mut elsewhere = claim("a", 1, 10);
        elsewhere.tenant = "other".into();
        let elsewhere = ledger.claim(elsewhere, assess(80_000)).wait().unwrap();
        assert!(elsewhere.fresh && is_free(&elsewhere));
    });
}

#[test]
fn the_same_claim_again_has_the_same_answer_and_no_effect() {
    on_each(|ledger| {
        let first = reserve(ledger, "a", 10, 50_000);
        reserve(ledger, "b", 10, 20_000);
        // The assessment would say something else by now; it is not asked.
        let again = reserve(ledger, "a", 10, 70_000);
        assert!(first.fresh && !again.fresh);
        assert_eq!(
            (first.position, first.answer),
            (again.position, again.answer)
        );
        assert_eq!(holds(ledger, 10).all, sum(2, 70_000));
    });
}

#[test]
fn the_same_id_with_another_body_is_refused_and_changes_nothing() {
    on_each(|ledger| {
        reserve(ledger, "a", 10, 50_000);
        let mut other = claim("a", 1, 11);
        other.body_hash[0] ^= 1;
        let answer = ledger.claim(other, assess(1)).wait();
        assert_eq!(refused(answer), Refused::OtherBody);
        assert_eq!(holds(ledger, 10).all, sum(1, 50_000));
        assert_eq!(holds(ledger, 11), DayHolds::default());

        ledger.post(event("a", "1")).wait().unwrap();
        let mut other = event("a", "1");
        other.body_hash[0] ^= 1;
        assert_eq!(refused(ledger.post(other).wait()), Refused::OtherBody);
        assert_eq!(ledger.entries(0, 10).wait().unwrap().len(), 2);
    });
}

#[test]
fn a_voided_parcel_gives_its_place_back_once() {
    on_each(|ledger| {
        reserve(ledger, "a", 10, 80_000);
        let first = ledger.void(event("a", "1")).wait().unwrap();
        let again = ledger.void(event("a", "1")).wait().unwrap();
        assert_eq!((first.position, again.fresh), (again.position, false));
        assert_eq!(holds(ledger, 10), DayHolds::default());
        assert!(is_free(&reserve(ledger, "b", 10, 80_000)));
        let answer = ledger.void(event("a", "2")).wait();
        assert_eq!(refused(answer), Refused::WrongState(State::Voided));
        // Its claim is answered as it was.
        assert!(is_free(&reserve(ledger, "a", 10, 80_000)));
    });
}

#[test]
fn a_posted_parcel_keeps_its_place_and_can_only_be_amended() {
    on_each(|ledger| {
        reserve(ledger, "a", 10, 30_000);
        ledger.post(event("a", "1")).wait().unwrap();
        assert_eq!(holds(ledger, 10).counted[2], sum(1, 30_000));
        let answer = ledger.void(event("a", "2")).wait();
        assert_eq!(refused(answer), Refused::WrongState(State::Posted));
        let answer = ledger
            .move_to(event("a", "3"), arrival(11), assess(1))
            .wait();
        assert_eq!(refused(answer), Refused::WrongState(State::Posted));
        ledger
            .amend(event("a", "4"), assess(45_000))
            .wait()
            .unwrap();
        assert_eq!(holds(ledger, 10).counted[2], sum(1, 45_000));
        let kept = ledger.shipment("acme", "a").wait().unwrap().unwrap();
        assert_eq!(
            (kept.state, kept.posting.value_cents),
            (State::Posted, 45_000)
        );
    });
}

#[test]
fn a_move_leaves_one_day_and_enters_the_other_at_once() {
    on_each(|ledger| {
        reserve(ledger, "a", 10, 50_000);
        reserve(ledger, "b", 11, 50_000);
        let moved = ledger.move_to(event("a", "1"), arrival(11), assess(50_000));
        // The other day has no room for it: it is assessed there.
        assert!(!is_free(&moved.wait().unwrap()));
        assert_eq!(holds(ledger, 10), DayHolds::default());
        assert_eq!(holds(ledger, 11).all, sum(2, 100_000));
        assert_eq!(holds(ledger, 11).counted[2], sum(1, 50_000));
        let kinds: Vec<_> = ledger.entries(0, 10).wait().unwrap();
        let kinds: Vec<_> = kinds
            .iter()
            .map(|e| (e.kind, e.sign, e.arrival.day))
            .collect();
        assert_eq!(
            kinds,
            [
                (Kind::Reserve, 1, 10),
                (Kind::Reserve, 1, 11),
                (Kind::Move, -1, 10),
                (Kind::Move, 1, 11)
            ]
        );
    });
}

#[test]
fn an_amendment_does_not_count_against_itself() {
    on_each(|ledger| {
        reserve(ledger, "a", 10, 50_000);
        let amended = ledger
            .amend(event("a", "1"), assess(80_000))
            .wait()
            .unwrap();
        assert!(is_free(&amended));
        let lower = ledger
            .amend(event("a", "2"), assess(10_000))
            .wait()
            .unwrap();
        assert!(is_free(&lower));
        assert_eq!(holds(ledger, 10).counted[2], sum(1, 10_000));
        let signed = ledger.entries(1, 10).wait().unwrap();
        let signed: Vec<_> = signed
            .iter()
            .map(|e| e.sign * e.posting.value_cents)
            .collect();
        assert_eq!(signed, [-50_000, 80_000, -80_000, 10_000]);
    });
}

/// A request that moves or amends a parcel, resting on a decision.
fn resting(event_id: &str, rests_on: i64, moves: bool) -> Request {
    let (rests_on, assess) = (Some(rests_on), assess(20_000));
    let act = match moves {
        true => Act::Move {
            to: arrival(11),
            rests_on,
            alike: Alike::default(),
            assess,
        },
        false => Act::Amend {
            rests_on,
            alike: Alike::default(),
            assess,
        },
    };
    Request::Event(event("a", event_id), act)
}

fn decided(ledger: &dyn Ledger) -> i64 {
    let kept = ledger.shipment("acme", "a").wait().expect("a parcel");
    kept.expect("it was claimed").decided
}

#[test]
fn a_change_that_rests_on_an_older_decision_is_refused() {
    on_each(|ledger| {
        let claimed = reserve(ledger, "a", 10, 50_000).position;
        assert_eq!(decided(ledger), claimed);
        let amend = || ledger.submit(resting("1", claimed, false)).wait().unwrap();
        let amended = amend();
        assert_eq!(decided(ledger), amended.position);
        // Whoever saw the parcel as it was claimed does not write over the amendment.
        let stale = ledger.submit(resting("2", claimed, true)).wait();
        assert_eq!(refused(stale), Refused::Changed);
        let kept = ledger.shipment("acme", "a").wait().unwrap().unwrap();
        assert_eq!((kept.arrival.day, kept.posting.value_cents), (10, 20_000));
        // A request that had its effect has its receipt, whatever it rested on.
        assert_eq!((amend().fresh, amend().position), (false, amended.position));
        // Who reads anew can use the id of the refused request: it had no effect.
        let moved = ledger.submit(resting("2", amended.position, true)).wait();
        assert!(moved.unwrap().fresh);
        // An arrival decides nothing.
        let before = decided(ledger);
        ledger.post(event("a", "3")).wait().unwrap();
        assert_eq!(decided(ledger), before);
        assert!(ledger.submit(resting("4", before, false)).wait().is_ok());
    });
}

#[test]
fn of_a_move_and_an_amendment_at_once_one_is_told_that_the_other_was_first() {
    on_each(|ledger| {
        reserve(ledger, "a", 10, 50_000);
        for round in 0..20 {
            let seen = decided(ledger);
            let ask = |moves: bool| {
                let id = format!("{round} {moves}");
                ledger.submit(resting(&id, seen, moves)).wait()
            };
            let both = std::thread::scope(|scope| {
                let other = scope.spawn(|| ask(true));
                [ask(false), other.join().expect("an answer")]
            });
            let done = both.iter().filter(|one| one.is_ok()).count();
            assert_eq!(done, 1, "{both:?}");
            let told = both.into_iter().find(Result::is_err).expect("one of two");
            assert_eq!(refused(told), Refused::Changed);
        }
    });
}

#[test]
fn an_earlier_arrival_committed_later_is_told_so() {
    on_each(|ledger| {
        let at = |hour: i64| Arrival {
            day: 10,
            arrives_at: 864_000 + hour * 3_600,
            filed_at: None,
        };
        let told = |id: &str, hour| {
            let mut claim = claim(id, 1, 10);
            claim.arrival = at(hour);
            let answer = ledger.claim(claim, assess(100)).wait().unwrap().answer;
            String::from_utf8(answer)
                .unwrap()
                .contains("out_of_order: true")
        };
        assert!(!told("noon", 12));
        assert!(!told("noon again", 12));
        assert!(told("morning", 8));
        assert!(!told("evening", 18));
    });
}

#[test]
fn orders_span_days_and_bills_do_not() {
    on_each(|ledger| {
        let put = |id: &str, day| {
            let mut claim = claim(id, 1, day);
            claim.order = Some(u64::MAX);
            claim.bill = Some(7);
            let answer = ledger.claim(claim, assess(100)).wait().unwrap().answer;
            let text = String::from_utf8(answer).unwrap();
            let (_, text) = text.rsplit_once(", order: ").unwrap();
            text.to_owned()
        };
        let same = |shipments, span| {
            format!(
                "Same {{ others: Sum {{ shipments: {shipments}, total_cents: {} }}, span_days: {span} }}",
                shipments * 100
            )
        };
        let told = |order, span, bill| {
            let (order, bill) = (same(order, span), same(bill, 0));
            format!("{order}, bill: {bill}, alike: None }}")
        };
        assert_eq!(put("a", 10), told(0, 0, 0));
        assert_eq!(put("b", 13), told(1, 3, 0));
        assert_eq!(put("c", 13), told(2, 3, 1));
        ledger.void(event("a", "1")).wait().unwrap();
        assert_eq!(put("d", 14), told(2, 1, 0));
    });
}

#[test]
fn what_cannot_be_is_refused() {
    on_each(|ledger| {
        let unknown = ledger.post(event("nobody", "1")).wait();
        assert_eq!(refused(unknown), Refused::UnknownShipment);
        for id in ["", "a\0b", &"x".repeat(201)] {
            let answer = ledger.claim(claim(id, 1, 10), assess(1)).wait();
            assert_eq!(refused(answer), Refused::BadId("shipment_id"));
        }
        let answer = ledger.claim(claim("a", 1, 10), assess(-1)).wait();
        assert_eq!(refused(answer), Refused::BadValue);
        assert_eq!(ledger.shipment("acme", "a").wait(), Ok(None));
        assert_eq!(ledger.entries(0, 10).wait(), Ok(vec![]));
    });
}

#[test]
fn the_parcels_of_a_person_are_told_as_they_stand() {
    on_each(|ledger| {
        let at = |id: &str, hour: i64, day: i32| {
            let mut claim = claim(id, 1, day);
            claim.arrival.arrives_at = i64::from(day) * 86_400 + hour * 3_600;
            ledger.claim(claim, assess(100)).wait().unwrap();
        };
        at("late", 20, 10);
        at("early", 4, 10);
        at("same", 20, 10);
        at("next", 1, 11);
        ledger
            .claim(claim("theirs", 2, 10), assess(5))
            .wait()
            .unwrap();
        ledger.void(event("early", "1")).wait().unwrap();
        ledger.post(event("same", "1")).wait().unwrap();
        ledger.amend(event("same", "2"), assess(70)).wait().unwrap();
        let told = |who, day| {
            let found = ledger.parcels("acme", person(who), day).wait().unwrap();
            let told = found.into_iter().map(|one| {
                assert_eq!(one.person, person(who));
                (
                    one.shipment_id,
                    one.state,
                    one.posting.value_cents,
                    one.position,
                )
            });
            told.collect::<Vec<_>>()
        };
        let one = |id: &str, state, value, position| (id.to_owned(), state, value, position);
        let tenth = [
            one("early", State::Voided, 100, 2),
            one("late", State::Reserved, 100, 1),
            one("same", State::Posted, 70, 3),
        ];
        assert_eq!(told(1, Some(10)), tenth);
        let next = [one("next", State::Reserved, 100, 4)];
        assert_eq!(told(1, Some(11)), next);
        assert_eq!(told(1, None), [&tenth[..], &next[..]].concat());
        let moved = ledger.move_to(event("late", "1"), arrival(11), assess(1));
        moved.wait().unwrap();
        assert_eq!(told(1, Some(10)).len(), 2);
        // Who lost a parcel to another person has it no more.
        let split = ledger.split(common::said("s"), vec!["next".into()], person(2));
        split.wait().unwrap();
        assert_eq!(told(1, Some(11)).len(), 1);
        assert_eq!(told(2, None).len(), 2);
        assert_eq!(ledger.parcels("other", person(1), None).wait(), Ok(vec![]));
    });
}

#[test]
fn an_assessment_that_panics_fails_alone() {
    on_each(|ledger| {
        let bad = |_: &deminimis_store::DayView| -> Verdict { panic!("as the test wants") };
        let answer = ledger.claim(claim("a", 1, 10), Box::new(bad)).wait();
        assert!(matches!(answer, Err(StoreError::Failure(_))), "{answer:?}");
        assert!(reserve(ledger, "a", 10, 5).fresh);
    });
}

#[test]
fn every_slot_and_every_kind_of_open_parcel_is_kept() {
    use common::assess_in;
    use deminimis_store::Open;
    on_each(|ledger| {
        for number in 0..8_usize {
            let id = format!("in {number}");
            let value = 100 + i64::try_from(number).unwrap();
            let asked = assess_in(slot(number), value, None);
            ledger.claim(claim(&id, 1, 10), asked).wait().unwrap();
            assert_eq!(holds(ledger, 10).counted[number], sum(1, value));
        }
        for (id, open) in [("p", Open::Priced), ("u", Open::Unpriced)] {
            let asked = assess_in(slot(0), 1_000, Some(open));
            ledger.claim(claim(id, 1, 10), asked).wait().unwrap();
        }
        let open = holds(ledger, 10).undecided;
        assert_eq!(
            (open.shipments, open.unpriced, open.total_cents),
            (2, 1, 1_000)
        );
    });
}
