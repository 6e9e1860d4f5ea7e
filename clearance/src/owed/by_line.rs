//! What an entry states of each line besides its duty: the value it is entered at, and the fees that
//! are a share of it. The parcel's own fees, with their bounds, stand in [`Owed::fees`].

use super::fees::{Bases, FeeBits};
use super::price::reckon_lines;
use super::{DutyMemory, Goods, Owed, State, rounding};
use crate::assess::{Books, Clocks};
use crate::shipment::Shipment;
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::{FeeAmount, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;

/// A line as an entry states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnteredLine {
    /// The value as entered, rounded as the path rounds it.
    pub entered: Cents,
    /// The fees that are a share of the value and do not spare the line, in the order of
    /// [`Owed::fees`].
    pub fees: Vec<LineFee>,
}

/// A fee on one line, before the bounds that hold for the entry as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFee {
    /// Its rule.
    pub rule: RuleRef,
    /// The value it is reckoned on.
    pub base: Cents,
    /// The share, rounded once.
    pub amount: Cents,
}

/// The lines of a parcel that enters by `path`, in its order. A line without a value in dollars
/// ends the list: such a parcel has no total. `owed` is a spare buffer.
pub fn entered_lines(
    books: Books<'_>,
    shipment: &Shipment,
    path: EntryPath,
    memory: &mut DutyMemory,
    owed: &mut Owed,
) -> Vec<EnteredLine> {
    let clocks = Clocks::of(shipment);
    let goods = Goods {
        law: books.law,
        tariff: books.tariff,
        rates: books.rates,
        shipment,
        clocks: &clocks,
    };
    let mut lines: Vec<(FeeBits, Bases)> = Vec::new();
    let stretch = reckon_lines(goods, path, memory, owed, |fees, bases| {
        lines.push((fees, bases));
    });
    let Some(stretch) = stretch else {
        return Vec::new();
    };
    let charged = owed.fees.iter().filter(|fee| fee.state == State::Charged);
    let shares: Vec<_> = charged
        .filter_map(|fee| match &goods.law.version(fee.rule).rule {
            Rule::Fee(rule) => match rule.amount {
                FeeAmount::Share { rate, .. } => {
                    let place = stretch.fees.iter().position(|known| *known == fee.rule)?;
                    Some((fee.rule, place, rate))
                }
                FeeAmount::Flat(_) | FeeAmount::NotCovered => None,
            },
            _ => None,
        })
        .collect();
    let line = |(bits, bases): (FeeBits, Bases)| EnteredLine {
        entered: bases.entered,
        fees: shares
            .iter()
            .filter(|(_, place, _)| (bits.collected & !bits.spared) >> place & 1 != 0)
            .map(|(rule, place, rate)| {
                let base = match bits.on_dutiable >> place & 1 {
                    0 => bases.entered,
                    _ => bases.dutiable.unwrap_or(bases.entered),
                };
                LineFee {
                    rule: *rule,
                    base,
                    amount: rounding::share(base, *rate),
                }
            })
            .collect(),
    };
    lines.into_iter().map(line).collect()
}
