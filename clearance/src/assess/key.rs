//! What a whole reading of the law depends on, folded into words: parcels with equal keys are
//! decided alike, but for the amounts and dates that are filled in from each.
//!
//! No amount and no date stands in a key: amounts stand as bands between the constants of the law,
//! dates as the stretches in which no rule changes. The parcel is taken apart field by field, so
//! that a new field does not compile until it says here whether rules read it; what conditions
//! compare with is gathered in the same way by [`deminimis_law::bands::Bands`].

use crate::assess::dates::{Clocks, Dates};
use crate::day::DayContext;
use crate::shipment::{Line, Shipment};
use deminimis_law::money::Cents;
use deminimis_law::names::{Clock, Mode, Purpose};
use deminimis_law::truth::Truth;
use deminimis_law::{Law, Stretch};
use deminimis_tariff::Number;

/// The longest key; a parcel that needs more is read anew.
const WORDS: usize = 96;

/// The totals of a parcel in dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// Total fair retail value.
    pub value: Cents,
    /// Total line value.
    pub entered_value: Cents,
}

/// What is remembered by. Kept by the caller, so that a parcel fills it and does not make it.
pub struct Key {
    words: [u64; WORDS],
    length: usize,
}

impl Default for Key {
    fn default() -> Key {
        Key {
            words: [0; WORDS],
            length: 0,
        }
    }
}

impl Key {
    /// Its words.
    pub fn words(&self) -> &[u64] {
        &self.words[..self.length]
    }

    /// Describes a parcel; whether the key holds all that its reading depends on.
    pub fn describe(
        &mut self,
        dates: &Dates<'_>,
        stretch: Stretch,
        day: &DayContext,
        amounts: Amounts,
    ) -> bool {
        let mode = dates.shipment.mode;
        self.length = 0;
        let least = dates.shipment.lines.len() * 2;
        // What else the day holds is amounts too many to remember.
        if least > WORDS
            || !is_held(dates.law, stretch, mode)
            || *day != DayContext::default()
            || !self.parcel(dates, stretch, amounts)
        {
            return false;
        }
        let lines = &dates.shipment.lines;
        let mut lines = lines.iter().enumerate();
        lines.all(|(at, line)| self.line(dates, line, dates.additional.get(at)))
    }

    fn push(&mut self, word: u64) -> bool {
        let Some(place) = self.words.get_mut(self.length) else {
            return false;
        };
        *place = word;
        self.length += 1;
        true
    }

    /// The shipment without its lines.
    fn parcel(&mut self, dates: &Dates<'_>, stretch: Stretch, amounts: Amounts) -> bool {
        let (law, bands) = (dates.law, dates.law.bands());
        let Shipment {
            mode,
            country_of_shipment,
            entry_path,
            purpose,
            accompanied,
            customs_status,
            sold_before_import,
            order_total,
            order_parcels,
            split_reason,
            value_evidence,
            postal_service_class,
            at_express_hub,
            importer_foreign,
            consignee_kind,
            shipper_kind,
            shipper_is_consignee,
            given,
            lines,
            // The stretches, and the bands of the clocks, hold what rules read of the dates.
            arrives_at: _,
            entered_at: _,
            filed_at: _,
            loaded_at: _,
            exported_on: _,
            // No rule reads these.
            id: _,
            postal_method: _,
        } = dates.shipment;
        let Stretch([entered, arrives, filed, loaded, exported]) = stretch;
        let filed_after = dates
            .is_filed_after_arrival()
            .map_or(0, |after| 1 + u64::from(after));
        let flags = [*accompanied, *shipper_is_consignee, *at_express_hub];
        let flags = flags
            .iter()
            .fold(filed_after, |bits, flag| bits << 1 | u64::from(*flag));
        let parcels = bands.parcels(order_parcels.unwrap_or(0));
        let before = |clock| u64::from(before(dates, clock));
        self.push(fold(16, [entered, arrives, filed, loaded].map(u64::from)))
            && self.push(fold(
                8,
                [
                    u64::from(exported >> 8),
                    u64::from(exported & 0xff),
                    *mode as u64,
                    *purpose as u64,
                    *customs_status as u64,
                    entry_path.map_or(0, |path| path as u64 + 1),
                    flags,
                    fold(2, [yes_no(*sold_before_import), yes_no(*importer_foreign)]),
                ],
            ))
            && self.push(fold(
                8,
                [
                    consignee_kind.map_or(0, |kind| kind as u64 + 1),
                    shipper_kind.map_or(0, |kind| kind as u64 + 1),
                    value_evidence.map_or(0, |kind| kind as u64 + 1),
                    postal_service_class.map_or(0, |class| class as u64 + 1),
                    split_reason.map_or(0, |why| why as u64 + 1),
                ],
            ))
            && self.push(fold(
                32,
                [
                    u64::from(given.both(law.given_read()).bits),
                    u64::from(law.class_of_origin(*country_of_shipment)) << 16 | lines.len() as u64,
                ],
            ))
            && self.push(fold(
                32,
                [
                    u64::from(bands.value(amounts.value)),
                    u64::from(bands.entered_value(amounts.entered_value)),
                ],
            ))
            && self.push(fold(
                32,
                [
                    u64::from(bands.value(order_total.unwrap_or_default())),
                    u64::from(parcels) << 16 | before(Clock::ExportedOn),
                ],
            ))
            && self.push(fold(
                16,
                [
                    before(Clock::EnteredAt),
                    before(Clock::ArrivesAt),
                    before(Clock::FiledAt),
                    before(Clock::LoadedAt),
                ],
            ))
    }

    fn line(&mut self, dates: &Dates<'_>, line: &Line, additional: Option<&Truth>) -> bool {
        let (law, bands) = (dates.law, dates.law.bands());
        let Line {
            origin,
            number,
            value,
            fair_retail_value,
            quantity,
            claims,
            facts,
            pga,
            pga_disclaim,
            // The amounts are in dollars where a reading is remembered.
            currency: _,
            // Only what is owed is reckoned from these.
            measures: _,
        } = line;
        let class = number.and_then(|number| law.number_classes().class(number.range10()));
        let class = class.filter(|class| !bands.is_changing(*class));
        let nothing = *value == 0 && dates.shipment.purpose == Purpose::Sale;
        let undervalued = value < fair_retail_value || nothing;
        let codes = !(claims.is_empty() && pga.is_empty() && pga_disclaim.is_empty());
        let changing = number.is_some() && class.is_none();
        let place = self.length;
        let mut held = self.push(0)
            && self.push(match class {
                Some(class) => u64::from(class),
                None => number.map_or(0, Number::digits),
            });
        if changing {
            let read = |clock: Clock| {
                u64::from(bands.period(clock, dates.clocks.read[clock as usize].moment))
            };
            held &= self.push(fold(
                16,
                [
                    read(Clock::EnteredAt),
                    read(Clock::ArrivesAt),
                    read(Clock::FiledAt),
                    read(Clock::LoadedAt),
                ],
            )) && self.push(read(Clock::ExportedOn));
        }
        if codes {
            bands.codes(claims, pga_disclaim, pga, |word| held &= self.push(word));
        }
        let mut read = 0;
        for (fact, value) in facts {
            if let Some(code) = bands.fact(*fact, *value) {
                read += 1;
                held &= self.push(u64::from(code));
            }
        }
        if !held || read > 0xff {
            return false;
        }
        // The first word says which words follow, so that no two lines run into one another.
        self.words[place] = fold(
            16,
            [
                origin.map_or(0, |origin| u64::from(law.class_of_origin(origin)) + 1),
                quantity.map_or(0, |quantity| u64::from(bands.quantity(quantity))),
                additional.map_or(0, |truth| *truth as u64 + 1) << 3
                    | u64::from(undervalued) << 2
                    | u64::from(codes) << 1
                    | u64::from(changing),
                number.map_or(0, |number| u64::from(number.len())) << 8 | read,
            ],
        );
        true
    }
}

/// Whether no rule that may speak reads what a key cannot hold.
fn is_held(law: &Law, stretch: Stretch, mode: Mode) -> bool {
    let mut clocks = Clock::ALL.iter();
    clocks.all(|clock| law.is_held(*clock, stretch.0[*clock as usize], mode))
}

/// How every condition on a clock being before a moment is answered.
fn before(dates: &Dates<'_>, clock: Clock) -> u16 {
    let bands = dates.law.bands();
    let Clocks { read, given } = &dates.clocks;
    if !bands.asks_before(clock) {
        return 0;
    }
    let always = matches!(clock, Clock::EnteredAt | Clock::ArrivesAt);
    if !given[clock as usize] && !always {
        return u16::MAX;
    }
    let when = read[clock as usize];
    bands.before(clock, when, when.exact || clock == Clock::EnteredAt)
}

fn yes_no(answer: Option<bool>) -> u64 {
    answer.map_or(0, |answer| 1 + u64::from(answer))
}

/// Lays parts of so many bits side by side.
fn fold<const N: usize>(bits: u32, parts: [u64; N]) -> u64 {
    parts.into_iter().fold(0, |word, part| word << bits | part)
}
