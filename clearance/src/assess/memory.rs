//! What may be remembered: which rules can speak at all for parcels that differ only in what no
//! rule reads to exclude itself. Never an answer, never an amount; bounded, and the caller's.
//!
//! A rule is left out only where its condition is certainly not met, whatever the values, the day
//! and the facts that are not part of the key. All other rules are asked anew for every parcel.

use crate::assess::asking::Touched;
use crate::assess::view::View;
use crate::day::DayContext;
use crate::decision::Unknown;
use crate::fold::Fold;
use crate::shipment::{Line, Shipment};
use deminimis_law::compile::{RuleRef, Scope};
use deminimis_law::facts::FactId;
use deminimis_law::instrument::Openness;
use deminimis_law::kind::Kind;
use deminimis_law::names::{
    Basis, Clock, CustomsStatus, EntryPath, Given, Mode, Outcome, PartyKind, PersonBasis,
    PostalServiceClass, Purpose, Set, SplitReason, ValueEvidence,
};
use deminimis_law::truth::Truth;
use deminimis_law::{Law, Stretch};
use deminimis_tariff::Number;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// How many parcels and lines are remembered before it starts anew.
const ENTRIES: usize = 1 << 15;
/// How many rules they may hold together.
const RULES: usize = 1 << 19;

/// The shipment as rules read it, without values and texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ParcelKey {
    stretch: Stretch,
    mode: Mode,
    /// The class of the country of shipment.
    shipped_from: u16,
    purpose: Purpose,
    customs_status: CustomsStatus,
    entry_path: Option<EntryPath>,
    flags: [bool; 3],
    sold_before_import: Option<bool>,
    importer_foreign: Option<bool>,
    consignee_kind: Option<PartyKind>,
    shipper_kind: Option<PartyKind>,
    value_evidence: Option<ValueEvidence>,
    postal_service_class: Option<PostalServiceClass>,
    split_reason: Option<SplitReason>,
    given: Set<Given>,
    /// Where the day holds nothing else: in how many parcels the order comes.
    alone: Option<u32>,
    /// After the decision: what conditions may read of it.
    decided: Option<(Outcome, Option<Basis>, EntryPath, PersonBasis)>,
}

/// A line of such a shipment as rules read it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct LineKey {
    parcel: u32,
    /// The class of the origin.
    origin: Option<u16>,
    /// The class of its number, else the number.
    class: Option<u32>,
    number: Option<Number>,
    digits: u8,
    /// It has no facts, claims or agencies' data.
    plain: bool,
}

/// The rules of the parcel at hand, and the memory they come from.
pub struct Articles {
    /// Where its rules stand in the memory: those about the shipment, then those of each line.
    pub runs: Vec<Runs>,
    /// What is remembered from parcel to parcel.
    pub memory: Memory,
}

/// Where rules stand, by kind.
pub type Runs = [u32; Kind::ALL.len() + 1];

/// What the key settles of a rule.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// Nothing: it must be asked.
    Ask(RuleRef),
    /// Its condition is met.
    Holds(RuleRef),
    /// It is not met. Kept only for limits, which are shown even where their basis is closed.
    Fails(RuleRef),
    /// A rule does not speak because of the meaning of this absent fact, which must be recorded.
    Absent(FactId),
}

impl Entry {
    /// The rule, where it may speak.
    pub fn rule(self) -> Option<RuleRef> {
        match self {
            Entry::Ask(rule) | Entry::Holds(rule) | Entry::Fails(rule) => Some(rule),
            Entry::Absent(_) => None,
        }
    }
}

/// The rules that can speak for parcels and lines seen before.
pub struct Memory {
    parcels: HashMap<ParcelKey, (u32, Runs), BuildHasherDefault<Fold>>,
    lines: HashMap<LineKey, Runs, BuildHasherDefault<Fold>>,
    rules: Vec<Entry>,
    keeps: bool,
    law: u64,
}

impl Memory {
    /// An empty memory; with `keeps` false every rule is asked of every parcel.
    pub fn new(keeps: bool) -> Memory {
        let room = if keeps { ENTRIES } else { 0 };
        Memory {
            parcels: HashMap::with_capacity_and_hasher(room, BuildHasherDefault::default()),
            lines: HashMap::with_capacity_and_hasher(room, BuildHasherDefault::default()),
            rules: Vec::with_capacity(RULES),
            keeps,
            law: 0,
        }
    }

    /// What stands at a place of [`Runs`].
    pub fn entry(&self, place: u32) -> Entry {
        self.rules[place as usize]
    }

    /// Finds the rules of a parcel and its lines: those asked before the decision, or after it.
    pub fn find(&mut self, view: View<'_>, after: bool, runs: &mut Vec<Runs>) {
        let lines = &view.shipment.lines;
        let most = (lines.len() + 1) * view.law.book().instruments.len();
        let entries = self.parcels.len().max(self.lines.len()) + lines.len() + 1;
        let full = entries > ENTRIES || self.rules.len() + most > RULES;
        if full || !self.keeps || self.law != view.law.mark() {
            self.law = view.law.mark();
            self.parcels.clear();
            self.lines.clear();
            self.rules.clear();
        }
        runs.clear();
        let key = parcel_key(&view, after);
        let (parcel, own) = match self.parcels.get(&key) {
            Some(known) => *known,
            None => {
                let own = self.gather(view, Scope::Shipment, after);
                let parcel = self.parcels.len() as u32;
                if self.keeps {
                    self.parcels.insert(key, (parcel, own));
                }
                (parcel, own)
            }
        };
        runs.push(own);
        for line in lines {
            let key = line_key(view.law, parcel, line);
            let own = match self.lines.get(&key) {
                Some(known) => *known,
                None => {
                    let view = View {
                        line: Some(line),
                        ..view
                    };
                    let own = self.gather(view, Scope::Line, after);
                    if self.keeps {
                        self.lines.insert(key, own);
                    }
                    own
                }
            };
            runs.push(own);
        }
    }

    fn gather(&mut self, view: View<'_>, scope: Scope, after: bool) -> Runs {
        let (law, mode, stretch) = (view.law, view.shipment.mode, view.decision.stretch);
        let mut runs = Runs::default();
        for kind in Kind::ALL {
            runs[*kind as usize] = self.rules.len() as u32;
            if kind.is_asked_after_the_decision() != after {
                continue;
            }
            for clock in Clock::ALL {
                for rule in law.rules(*kind, scope, *clock, stretch.0[*clock as usize], mode) {
                    let view = View {
                        at: view.clocks.read[*clock as usize].moment,
                        ..view
                    };
                    let first = runs[*kind as usize] as usize;
                    self.keep(view, *kind, *rule, first);
                }
            }
        }
        runs[Kind::ALL.len()] = self.rules.len() as u32;
        runs
    }
}

impl Memory {
    /// Keeps of a rule what the key does not settle; `first` is where its kind begins.
    fn keep(&mut self, view: View<'_>, kind: Kind, rule: RuleRef, first: usize) {
        let version = view.law.version(rule);
        let limit = kind == Kind::ValueLimit;
        let settled = version.open == Openness::Settled;
        if !self.keeps {
            return self.rules.push(Entry::Ask(rule));
        }
        let mut touched = Touched::default();
        match view.ask(&version.when, &mut touched) {
            Truth::No if limit && settled => self.rules.push(Entry::Fails(rule)),
            Truth::No if limit => self.rules.push(Entry::Ask(rule)),
            Truth::No => {}
            Truth::Yes if settled => self.rules.push(Entry::Holds(rule)),
            Truth::Unknown if !limit && touched.is_closed() => {
                let asking = view.asking.by_default();
                let mut still = Touched::default();
                let truth = View { asking, ..view }.ask(&version.when, &mut still);
                if truth != Truth::No || !still.is_closed() {
                    return self.rules.push(Entry::Ask(rule));
                }
                for what in touched.iter() {
                    let known = |entry: &Entry| matches!(entry, Entry::Absent(known) if Unknown::Fact(*known) == what);
                    if let Unknown::Fact(fact) = what
                        && !self.rules[first..].iter().any(known)
                    {
                        self.rules.push(Entry::Absent(fact));
                    }
                }
            }
            _ => self.rules.push(Entry::Ask(rule)),
        }
    }
}

fn parcel_key(view: &View<'_>, after: bool) -> ParcelKey {
    let (shipment, decision) = (view.shipment, view.decision);
    let decided = (
        decision.outcome,
        decision.basis,
        decision.path,
        decision.person,
    );
    ParcelKey {
        stretch: decision.stretch,
        mode: shipment.mode,
        shipped_from: view.law.class_of_origin(shipment.country_of_shipment),
        purpose: shipment.purpose,
        customs_status: shipment.customs_status,
        entry_path: shipment.entry_path,
        flags: [
            shipment.accompanied,
            shipment.shipper_is_consignee,
            shipment.at_express_hub,
        ],
        sold_before_import: shipment.sold_before_import,
        importer_foreign: shipment.importer_foreign,
        consignee_kind: shipment.consignee_kind,
        shipper_kind: shipment.shipper_kind,
        value_evidence: shipment.value_evidence,
        postal_service_class: shipment.postal_service_class,
        split_reason: shipment.split_reason,
        given: shipment.given.both(view.law.given_read()),
        alone: alone(shipment, view.day),
        decided: after.then_some(decided),
    }
}

/// In how many parcels the order comes, where the person's day holds nothing besides this one.
pub fn alone(shipment: &Shipment, day: &DayContext) -> Option<u32> {
    let empty = *day == DayContext::default();
    empty.then(|| shipment.order_parcels.unwrap_or(0).max(1))
}

/// Whether a line gives nothing that rules read besides origin, number, quantity and value.
pub fn is_plain(line: &Line) -> bool {
    line.facts.is_empty()
        && line.claims.is_empty()
        && line.pga.is_empty()
        && line.pga_disclaim.is_empty()
}

fn line_key(law: &Law, parcel: u32, line: &Line) -> LineKey {
    let class = line
        .number
        .and_then(|number| law.number_classes().class(number.range10()));
    LineKey {
        parcel,
        origin: line.origin.map(|origin| law.class_of_origin(origin)),
        class,
        number: line.number.filter(|_| class.is_none()),
        digits: line.number.map_or(0, Number::len),
        plain: is_plain(line),
    }
}
