//! Random work on the model and on the stores, equal after every step.

mod common;

use common::{arrival, assess_in, claim, event, hash, person, said, slot, stores};
use deminimis_store::{
    Act, Alike, Assess, BlockingKey, KeptRecord, Ledger, Open, PersonsAct, Receipt, Request,
    StoreError,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// One request, small enough that ids, persons and days meet often.
#[derive(Clone, Debug)]
struct Step {
    what: u8,
    parcel: u8,
    /// Which event of the parcel; a repetition and, with another `body`, a conflict.
    event: u8,
    body: u8,
    day: i32,
    hour: i64,
    value_cents: i64,
    slot: usize,
    open: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let names = (0..14_u8, 0..8_u8, 0..4_u8, 0..8_u8);
    let facts = (0..3_i32, 0..4_i64, 0..60_000_i64, 0..3_usize, 0..6_u8);
    (names, facts).prop_map(|((what, parcel, event, body), facts)| {
        let (day, hour, value_cents, slot, open) = facts;
        Step {
            what,
            parcel,
            event,
            // Mostly the same body.
            body: u8::from(body == 0),
            day,
            hour,
            value_cents,
            slot,
            open,
        }
    })
}

impl Step {
    fn assess(&self) -> Assess {
        let open = match self.open {
            0 => Some(Open::Priced),
            1 => Some(Open::Unpriced),
            _ => None,
        };
        assess_in(slot(self.slot), self.value_cents, open)
    }

    /// What a change of the parcel rests on: mostly its latest decision, sometimes one before that, or
    /// whatever stands.
    fn rests_on(&self, ledger: &dyn Ledger) -> Option<i64> {
        let id = format!("parcel {}", self.parcel);
        let kept = ledger.shipment("acme", &id).wait().expect("a parcel");
        let decided = kept.map_or(1, |kept| kept.decided);
        match self.value_cents % 4 {
            0 => None,
            1 => Some(decided - 1),
            _ => Some(decided),
        }
    }

    /// The same where a group is on its way: nobody has seen a decision that is not committed, so that
    /// only what was overtaken rests on any.
    fn rests_on_in_groups(&self, rests_on: Option<i64>) -> Option<i64> {
        rests_on.filter(|_| self.value_cents % 4 == 1)
    }

    /// The persons that this one may be, in a step of four, and by what it is found.
    fn alike(&self) -> Alike {
        let other = |by: u8| person((self.parcel + by) % 3);
        let readings = match self.hour {
            3 => vec![vec![other(0), other(1)], vec![other(2), other(2)]],
            _ => Vec::new(),
        };
        Alike {
            keys: vec![BlockingKey([self.event; 16]), BlockingKey([9; 16])],
            readings,
        }
    }

    fn request(&self, rests_on: Option<i64>) -> Request {
        let id = format!("parcel {}", self.parcel);
        let mut to = arrival(self.day);
        to.arrives_at += self.hour * 3_600;
        to.filed_at = (self.hour % 2 == 0).then_some(to.arrives_at - 60);
        let body_hash = hash(&format!("body {}", self.body));
        let mut happens = event(&id, &format!("event {}", self.event));
        happens.body_hash = body_hash;
        let mut says = said(&format!("said {} {}", self.event, self.parcel / 2));
        says.body_hash = body_hash;
        let act = match self.what {
            10 | 11 => {
                let merge = PersonsAct::Merge {
                    from: person(self.parcel % 3),
                    into: person(self.event % 3),
                };
                return Request::Persons(says, merge);
            }
            12 => {
                let names = [self.parcel, (self.parcel + self.event) % 8];
                let split = PersonsAct::Split {
                    shipments: names.map(|name| format!("parcel {name}")).to_vec(),
                    to: person(u8::try_from(self.slot).expect("below 3")),
                };
                return Request::Persons(says, split);
            }
            13 => {
                let apart = PersonsAct::Apart {
                    one: person(self.parcel % 3),
                    other: person(self.event % 3),
                };
                return Request::Persons(says, apart);
            }
            0..=3 => {
                let mut claim = claim(&id, self.parcel % 3, self.day);
                claim.arrival = to;
                claim.body_hash = body_hash;
                claim.alike = self.alike();
                claim.order = (self.parcel < 5).then_some(u64::from(self.parcel % 2));
                claim.bill = (self.parcel > 2).then_some(u64::MAX);
                return Request::Claim(claim, self.assess());
            }
            4 => Act::Post,
            5 => Act::Void,
            6 | 7 => Act::Move {
                to,
                rests_on,
                alike: self.alike(),
                assess: self.assess(),
            },
            _ => Act::Amend {
                rests_on,
                alike: self.alike(),
                assess: self.assess(),
            },
        };
        Request::Event(happens, act)
    }
}

#[test]
fn the_stores_do_as_the_model_does() {
    let given = std::env::var("LEDGER_SEED").ok();
    let seed = given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.expect("a clock after 1970").as_nanos().to_string()
    });
    eprintln!("LEDGER_SEED={seed}");
    let cases = std::env::var("LEDGER_CASES").ok();
    let config = Config {
        cases: cases.map_or(24, |cases| cases.parse().expect("a number of cases")),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &hash(&seed));
    let mut runner = TestRunner::new_with_rng(config, rng);
    let run = runner.run(&prop::collection::vec(step(), 1..60), |steps| {
        compare(&steps);
        Ok(())
    });
    run.unwrap_or_else(|failed| panic!("LEDGER_SEED={seed}: {failed}"));
}

fn compare(steps: &[Step]) {
    let stores = stores();
    let (model, others) = stores.split_first().expect("the model comes first");
    let mut all_rest_on = Vec::new();
    for step in steps {
        let rests_on = step.rests_on(&*model.ledger);
        all_rest_on.push(step.rests_on_in_groups(rests_on));
        let told: Result<Receipt, StoreError> = model.ledger.submit(step.request(rests_on)).wait();
        let id = format!("parcel {}", step.parcel);
        for other in others {
            let name = other.name;
            let same = other.ledger.submit(step.request(rests_on)).wait();
            assert_eq!(same, told, "{name} at {step:?}");
            let kept = |store: &common::Store| store.ledger.shipment("acme", &id).wait();
            assert_eq!(kept(other), kept(model), "{name} at {step:?}");
            let apart = |store: &common::Store| store.ledger.apart("acme").wait();
            assert_eq!(apart(other), apart(model), "{name} at {step:?}");
            let keys = || [0, 9, 2].map(|key| BlockingKey([key; 16])).to_vec();
            let alike = |store: &common::Store| store.ledger.alike_on("acme", 1, keys(), 2).wait();
            assert_eq!(alike(other), alike(model), "{name} at {step:?}");
            for (who, day) in (0..3).flat_map(|who| (0..3).map(move |day| (who, day))) {
                let held =
                    |store: &common::Store| store.ledger.day("acme", person(who), day).wait();
                assert_eq!(held(other), held(model), "{name} at {step:?}");
            }
        }
    }
    for store in others {
        same_records(store, model);
    }
    let steps: Vec<_> = steps.iter().zip(all_rest_on).collect();
    in_groups(&steps, &*model.ledger);
    // One person is erased and what is due expires: still all say the same, and verify.
    for store in &stores {
        store.ledger.erase("acme", person(1)).wait().expect("done");
        store.ledger.expire(30, false).wait().expect("done");
    }
    for store in others {
        same_records(store, model);
    }
    for store in &stores {
        let entries = |store: &common::Store| store.ledger.entries(0, 10_000).wait();
        assert_eq!(entries(store), entries(model), "{}", store.name);
        assert_eq!(store.ledger.verify().wait(), Ok(vec![]), "{}", store.name);
    }
}

/// All records say the same; their leaves differ, because salts are drawn.
fn same_records(store: &common::Store, model: &common::Store) {
    let told = |store: &common::Store| -> Vec<KeptRecord> {
        let records = store.ledger.records("acme", 0, 10_000).wait();
        let mut records = records.expect("records");
        for record in &mut records {
            record.leaf = [0; 32];
        }
        records
    };
    assert_eq!(told(store), told(model), "{}", store.name);
    let audit = store.ledger.verify_records().wait().expect("an audit");
    assert_eq!((audit.found, audit.waiting), (vec![], 0), "{}", store.name);
}

/// The same steps on new stores without waiting, so that many share a commit: what a parcel did
/// earlier in its own group counts as well.
fn in_groups(steps: &[(&Step, Option<i64>)], model: &dyn Ledger) {
    let entries = model.entries(0, 10_000).wait();
    for other in stores() {
        let pending: Vec<_> = steps
            .iter()
            .map(|(step, rests_on)| other.ledger.submit(step.request(*rests_on)))
            .collect();
        let model = common::model();
        for ((step, rests_on), pending) in steps.iter().zip(pending) {
            let told = model.ledger.submit(step.request(*rests_on)).wait();
            assert_eq!(pending.wait(), told, "{} in groups at {step:?}", other.name);
        }
        assert_eq!(
            other.ledger.entries(0, 10_000).wait(),
            entries,
            "{}",
            other.name
        );
        assert_eq!(other.ledger.verify().wait(), Ok(vec![]), "{}", other.name);
    }
}
