//! Which headings speak of lines that are alike, remembered from parcel to parcel: headings with
//! their conditions answered, never amounts; bounded, and the caller's.

use super::Goods;
use super::ask::DutyGuess;
use super::key::{Head, Key};
use super::origins::classes;
use super::reads::Reads;
use super::stack::{Pick, Stack, find};
use crate::fold::Fold;
use crate::shipment::Line;
use deminimis_law::codes::Country;
use deminimis_law::duties::Duties;
use deminimis_law::names::Clock;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// How many stacks are remembered before it starts anew.
const ENTRIES: usize = 1 << 16;
/// How many headings they may hold together.
const PICKS: usize = 1 << 19;
/// How many days of entry keep the epoch of the schedule at hand: a power of two.
const DAYS: usize = 1 << 10;

/// Stacks of lines seen before.
pub struct DutyMemory {
    /// By the hash of the key, which stands in full with what was found: so this stays small.
    known: HashMap<u64, u32, BuildHasherDefault<Fold>>,
    stacks: Vec<Found>,
    picks: Vec<Pick>,
    keeps: bool,
    /// The law and schedule it was filled under.
    of: (u64, u64),
    /// Where what is remembered ends; behind it stands the stack of a line that is not.
    kept: (usize, usize),
    /// What the duties of each stretch read, found when a parcel first lies in it.
    reads: Vec<Option<Reads>>,
    /// Epochs of the schedule by day.
    epochs: Vec<(i32, u16)>,
    /// One origin for each way in which a stretch treats them, found when first asked for.
    origins: Vec<(u16, Vec<Country>)>,
    /// The parcel at hand.
    entered: u16,
    head: Option<Head>,
}

/// A stack, for which lines it was found, and where its picks stand.
struct Found {
    key: Option<Key>,
    stack: Stack,
    from: u32,
    until: u32,
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
            reads: Vec::new(),
            epochs: Vec::new(),
            origins: Vec::new(),
            entered: 0,
            head: None,
        }
    }

    /// Takes up a parcel, and gives the stretch in which it is entered. What was remembered goes
    /// where it answers for another law or schedule, or is full.
    pub(super) fn begin(&mut self, goods: Goods<'_>, duties: &Duties) -> u16 {
        let of = (goods.law.mark(), goods.tariff.mark());
        if self.of != of {
            self.of = of;
            self.reads.clear();
            self.epochs.clear();
            self.origins.clear();
            self.forget();
        } else if self.kept.0 >= ENTRIES || self.picks.len() + 512 > PICKS {
            self.forget();
        }
        let entered = Clock::EnteredAt as usize;
        self.entered = duties.place(Clock::EnteredAt, goods.clocks.read[entered].moment);
        self.head = None;
        if self.keeps {
            let reads = self.reads(goods, duties);
            let epoch = self.epoch(goods);
            self.head = Head::of(goods, duties, &reads, self.entered, epoch);
        }
        self.entered
    }

    /// Of the origins that the parcel's stretch tells apart, the one at a place.
    pub(super) fn origin(
        &mut self,
        goods: Goods<'_>,
        duties: &Duties,
        at: usize,
    ) -> Option<Country> {
        let entered = self.entered;
        let known = |(stretch, _): &&(u16, Vec<Country>)| *stretch == entered;
        if !self.origins.iter().any(|one| known(&one)) {
            let found = classes(goods, duties.stretch(entered));
            self.origins.push((entered, found));
        }
        let (_, origins) = self.origins.iter().find(known)?;
        origins.get(at).copied()
    }

    fn forget(&mut self) {
        self.known.clear();
        self.stacks.clear();
        self.picks.clear();
        self.kept = (0, 0);
    }

    fn reads(&mut self, goods: Goods<'_>, duties: &Duties) -> Reads {
        let entered = usize::from(self.entered);
        if self.reads.is_empty() {
            self.reads.resize(duties.entry_bounds().len() + 1, None);
        }
        let stretch = duties.stretch(self.entered);
        *self.reads[entered].get_or_insert_with(|| Reads::of(goods.law, stretch))
    }

    fn epoch(&mut self, goods: Goods<'_>) -> u16 {
        let day = goods.shipment.entry_when().day.0;
        if self.epochs.is_empty() {
            // No day of a parcel is this one.
            self.epochs.resize(DAYS, (i32::MIN, 0));
        }
        let held = &mut self.epochs[day as usize & (DAYS - 1)];
        if held.0 != day {
            *held = (day, goods.tariff.epoch(day));
        }
        held.1
    }

    /// The headings that speak of a line of the parcel taken up, in the order of reporting.
    pub(super) fn stack(
        &mut self,
        goods: Goods<'_>,
        duties: &Duties,
        line: &Line,
        value: i64,
        guess: &DutyGuess,
    ) -> (&Stack, &[Pick]) {
        let key = self.head.and_then(|head| head.line(line, guess));
        let known = key.as_ref().and_then(|key| self.known.get(&key.hash()));
        let at = match known.map(|at| *at as usize) {
            Some(at) if self.stacks[at].key == key => at,
            _ => self.find(goods, duties, line, value, guess, key),
        };
        let found = &self.stacks[at];
        let picks = &self.picks[found.from as usize..found.until as usize];
        (&found.stack, picks)
    }

    /// Asks for the headings of a line, and keeps them if they do not hang on its value; their place.
    fn find(
        &mut self,
        goods: Goods<'_>,
        duties: &Duties,
        line: &Line,
        value: i64,
        guess: &DutyGuess,
        key: Option<Key>,
    ) -> usize {
        self.stacks.truncate(self.kept.0);
        self.picks.truncate(self.kept.1);
        let stretch = duties.stretch(self.entered);
        let from = self.picks.len();
        let stack = find(goods, line, value, stretch, guess, &mut self.picks);
        let place = |pick: &Pick| stretch.layers.iter().position(|known| *known == pick.layer);
        self.picks[from..].sort_by_key(place);
        let by_value = stack.asked.by_value;
        self.stacks.push(Found {
            key,
            stack,
            from: from as u32,
            until: self.picks.len() as u32,
        });
        let at = self.stacks.len() - 1;
        let has_room = self.kept.0 < ENTRIES && self.picks.len() + 512 <= PICKS;
        if let Some(key) = key.filter(|_| !by_value && has_room) {
            self.known.insert(key.hash(), at as u32);
            self.kept = (self.stacks.len(), self.picks.len());
        }
        at
    }
}
