//! What the reader tests share: a small rulebook of facts, and reading a whole text.
#![allow(dead_code, reason = "each test file uses a part")]

use deminimis_clearance::shipment::build::PortZones;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::facts::{Absence, Fact, FactType};
use deminimis_law::names::Confidence;
use deminimis_law::time::Zone;
use deminimis_office::read::{Counts, Options, Read, ReadError, Reject, open};
use std::sync::LazyLock;

/// Facts of each type, sorted by name.
pub fn facts() -> Vec<Fact> {
    let fact = |name: &str, kind| Fact {
        name: name.to_owned(),
        kind,
        absence: Absence::Material,
        asked: false,
        means: String::new(),
        question: String::new(),
        cite: Vec::new(),
        confidence: Confidence::Open,
    };
    vec![
        fact("adcvd_case", FactType::Text),
        fact("alcohol", FactType::Bool),
        fact("metal_weight_share", FactType::Share),
        fact("perfume_with_alcohol", FactType::Bool),
        fact("steel_value_usd", FactType::Usd),
        fact("tobacco", FactType::Bool),
    ]
}

// Made once: the table of a zone takes longer than most inputs.
static FACTS: LazyLock<Vec<Fact>> = LazyLock::new(facts);
static PORTS: LazyLock<PortZones> = LazyLock::new(PortZones::default);
static ZONE: LazyLock<Zone> =
    LazyLock::new(|| Zone::named("America/New_York").expect("the zone is compiled in"));

/// What reading a whole input gave.
#[derive(Debug, Default)]
pub struct Outcome {
    pub accepted: Vec<(Shipment, Texts)>,
    pub rejected: Vec<Reject>,
    pub counts: Counts,
    /// Reading stopped with it.
    pub error: Option<ReadError>,
}

impl Outcome {
    /// The ids of the accepted shipments.
    pub fn ids(&self) -> Vec<&str> {
        self.accepted
            .iter()
            .map(|(shipment, _)| shipment.id.as_str())
            .collect()
    }

    /// The message that stopped reading, or nothing.
    pub fn message(&self) -> String {
        self.error
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

/// Reads all of `input` under the file name `name`, with the options that `change` makes.
pub fn read_with(input: &[u8], name: &str, change: impl FnOnce(&mut Options<'static>)) -> Outcome {
    let mut options = Options::new(&FACTS, &ZONE, &PORTS);
    change(&mut options);
    let mut outcome = Outcome::default();
    let mut source = match open(Box::new(input), name, &options) {
        Ok(source) => source,
        Err(error) => {
            outcome.error = Some(error);
            return outcome;
        }
    };
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    loop {
        match source.next(&mut shipment, &mut texts) {
            Ok(Some(Read::Shipment { .. })) => {
                outcome.accepted.push((shipment.clone(), texts.clone()))
            }
            Ok(Some(Read::Refused(reject))) => outcome.rejected.push(*reject),
            Ok(None) => break,
            Err(error) => {
                outcome.error = Some(error);
                break;
            }
        }
    }
    outcome.counts = source.counts();
    assert!(outcome.counts.balance(), "{:?}", outcome.counts);
    assert_eq!(
        outcome.counts.shipments_accepted,
        outcome.accepted.len() as u64
    );
    assert_eq!(
        outcome.counts.shipments_rejected,
        outcome.rejected.len() as u64
    );
    outcome
}

/// Reads all of `input` without further options.
pub fn read(input: &[u8], name: &str) -> Outcome {
    read_with(input, name, |_| {})
}
