//! Which headings speak of lines that are alike, remembered from parcel to parcel: headings with
//! their conditions answered, never amounts; bounded, and the caller's.

use super::Goods;
use super::ask::DutyGuess;
use super::stack::{Pick, Stack, find};
use crate::fold::Fold;
use crate::shipment::Line;
use deminimis_law::claim::Claim;
use deminimis_law::duties::{Duties, DutyMark};
use deminimis_law::kind::Rule;
use deminimis_law::names::{Clock, CustomsStatus, Layer, Mode, PostalServiceClass, Purpose};
use deminimis_tariff::Number;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// How many stacks are remembered before it starts anew.
const ENTRIES: usize = 1 << 14;
/// How many headings they may hold together.
const PICKS: usize = 1 << 17;
/// How many claims a line may make and still be remembered.
const CLAIMS: usize = 2;

/// A line as the conditions of duties read it, without values.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    mark: DutyMark,
    /// Days of entry between which the schedule does not change.
    epoch: u16,
    /// Of each clock, whether it is given and to the minute.
    clocks: u16,
    mode: Mode,
    purpose: Purpose,
    customs_status: CustomsStatus,
    postal_service_class: Option<PostalServiceClass>,
    flags: [bool; 2],
    shipped_from: u16,
    origin: Option<u16>,
    number: Option<Number>,
    claims: [Option<Claim>; CLAIMS],
    guess: DutyGuess,
}

/// Stacks of lines seen before.
pub struct DutyMemory {
    known: HashMap<Key, (u32, u32, u32), BuildHasherDefault<Fold>>,
    stacks: Vec<Stack>,
    picks: Vec<Pick>,
    keeps: bool,
    /// The law and schedule it was filled under.
    of: (u64, u64),
    /// Where what is remembered ends; behind it stands the stack of a line that is not.
    kept: (usize, usize),
}

impl DutyMemory {
    /// An empty memory; with `keeps` false nothing is remembered.
    #[must_use]
    pub fn new(keeps: bool) -> DutyMemory {
        let room = if keeps { ENTRIES } else { 0 };
        DutyMemory {
            known: HashMap::with_capacity_and_hasher(room, BuildHasherDefault::default()),
            stacks: Vec::with_capacity(room + 1),
            picks: Vec::with_capacity(if keeps { PICKS } else { 64 }),
            keeps,
            of: (0, 0),
            kept: (0, 0),
        }
    }

    /// Empties it where it answers for another law or schedule, or is full.
    pub(super) fn begin(&mut self, goods: Goods<'_>) {
        let of = (goods.law.mark(), goods.tariff.mark());
        let full = self.known.len() >= ENTRIES || self.picks.len() + 512 > PICKS;
        if self.of != of || full {
            self.of = of;
            self.known.clear();
            self.stacks.clear();
            self.picks.clear();
            self.kept = (0, 0);
        }
    }

    /// The headings that speak of a line, in the order of reporting.
    pub(super) fn stack(
        &mut self,
        goods: Goods<'_>,
        duties: &Duties,
        line: &Line,
        value: i64,
        guess: &DutyGuess,
    ) -> (&Stack, &[Pick]) {
        self.stacks.truncate(self.kept.0);
        self.picks.truncate(self.kept.1);
        let mark = DutyMark(std::array::from_fn(|clock| {
            duties.place(Clock::ALL[clock], goods.clocks.read[clock].moment)
        }));
        let key = key(goods, mark, line, guess).filter(|_| self.keeps);
        if let Some((stack, from, to)) = key.and_then(|key| self.known.get(&key)) {
            return (
                &self.stacks[*stack as usize],
                &self.picks[*from as usize..*to as usize],
            );
        }
        let stretch = duties.stretch(mark.0[Clock::EnteredAt as usize]);
        let from = self.picks.len();
        let stack = find(goods, line, value, stretch, guess, &mut self.picks);
        let layer = |pick: &Pick| match &goods.law.version(pick.rule).rule {
            Rule::Duty(duty) => duty.layer,
            _ => Layer::Schedule,
        };
        let place = |pick: &Pick| {
            stretch
                .layers
                .iter()
                .position(|known| *known == layer(pick))
        };
        self.picks[from..].sort_by_key(place);
        let by_value = stack.asked.by_value;
        self.stacks.push(stack);
        let (at, to) = (self.stacks.len() - 1, self.picks.len());
        if let Some(key) = key.filter(|_| !by_value && self.known.len() < ENTRIES) {
            self.known.insert(key, (at as u32, from as u32, to as u32));
            self.kept = (self.stacks.len(), self.picks.len());
        }
        (&self.stacks[at], &self.picks[from..to])
    }
}

/// The key of a line, if all that duties may read of it has room there.
fn key(goods: Goods<'_>, mark: DutyMark, line: &Line, guess: &DutyGuess) -> Option<Key> {
    let shipment = goods.shipment;
    if !line.facts.is_empty() || line.claims.len() > CLAIMS {
        return None;
    }
    let mut clocks = 0;
    for (at, read) in goods.clocks.read.iter().enumerate() {
        clocks |=
            u16::from(goods.clocks.given[at]) << (2 * at) | u16::from(read.exact) << (2 * at + 1);
        // A bare date that a boundary cuts is read by its day, which the key does not hold.
        let entered = at == Clock::EnteredAt as usize;
        if !read.exact && !entered && mark.0[at] != place_of_end(goods, at) {
            return None;
        }
    }
    Some(Key {
        mark,
        epoch: goods.tariff.epoch(shipment.entry_when().day.0),
        clocks,
        mode: shipment.mode,
        purpose: shipment.purpose,
        customs_status: shipment.customs_status,
        postal_service_class: shipment.postal_service_class,
        flags: [shipment.accompanied, shipment.at_express_hub],
        shipped_from: shipment.country_of_shipment.slot() as u16,
        origin: line.origin.map(|origin| origin.slot() as u16),
        number: line.number,
        claims: std::array::from_fn(|at| line.claims.get(at).copied()),
        guess: *guess,
    })
}

/// The stretch in which a bare date ends, if it began in the one it is read in.
fn place_of_end(goods: Goods<'_>, clock: usize) -> u16 {
    let day = goods.clocks.read[clock].day;
    let zone = goods.law.zone();
    let Some(duties) = goods.law.duties() else {
        return u16::MAX;
    };
    let clock = Clock::ALL[clock];
    let start = duties.place(clock, zone.midnight(day));
    let end = duties.place(clock, zone.midnight(day.plus(1)));
    if start == end { end } else { u16::MAX }
}
