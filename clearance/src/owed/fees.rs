//! Fees: what is collected for an entry, a bill or a postal item besides duty.

use super::ask::{Asker, DutyGuess};
use super::column::Paid;
use super::{Fee, Goods, Owed, Span, rounding};
use crate::shipment::Line;
use deminimis_law::duties::DutyStretch;
use deminimis_law::kind::{FeeAmount, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::truth::Truth;

/// How many fees a stretch may hold; the law is refused with more when it is compiled.
pub(super) const FEES: usize = 32;

/// The fees of a stretch as bits, for one line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FeeBits {
    /// Collected on parcels that come this way.
    pub collected: u32,
    /// Of those, the line does not count.
    pub spared: u32,
}

/// Which fees concern a line, by their places among those of the stretch, and whether that hangs on
/// its value.
pub(super) fn bits(
    goods: Goods<'_>,
    line: &Line,
    value: i64,
    paid: Paid,
    stretch: &DutyStretch,
    guess: &DutyGuess,
) -> (FeeBits, bool) {
    let (mut bits, mut by_value) = (FeeBits::default(), false);
    for (at, rule) in stretch.fees.iter().enumerate().take(FEES) {
        let version = goods.law.version(*rule);
        let Rule::Fee(fee) = &version.rule else {
            continue;
        };
        let mut asker = Asker {
            paid,
            ..Asker::new(goods, line, value, guess)
        };
        if asker.ask(&version.when) == Truth::Yes {
            bits.collected |= 1 << at;
            let by_program = fee.spares_programs && paid.mpf_exempt;
            let mut spares = |cond| asker.ask(cond) == Truth::Yes;
            if by_program || fee.spares.as_ref().is_some_and(&mut spares) {
                bits.spared |= 1 << at;
            }
        }
        by_value |= asker.asked.by_value;
    }
    (bits, by_value)
}

/// The value of the lines that count for each fee.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    value: [Cents; FEES],
    /// Fees for which some line counts.
    counting: u32,
    /// Fees that are collected on some line.
    collected: u32,
}

impl Counted {
    /// Counts a line for the fees that do not spare it.
    pub fn add(&mut self, bits: FeeBits, value: Cents) {
        self.collected |= bits.collected;
        let mut counts = bits.collected & !bits.spared;
        self.counting |= counts;
        while counts != 0 {
            let at = counts.trailing_zeros() as usize;
            self.value[at] = self.value[at].plus(value);
            counts &= counts - 1;
        }
    }
}

/// Hands the fees that a path bears to `each`.
pub(super) fn each(
    goods: Goods<'_>,
    stretch: &DutyStretch,
    path: EntryPath,
    counted: &Counted,
    duty: Span,
    mut each: impl FnMut(Fee),
) {
    let mut collected = counted.collected;
    while collected != 0 {
        let at = collected.trailing_zeros() as usize;
        collected &= collected - 1;
        let rule = stretch.fees[at];
        let Rule::Fee(fee) = &goods.law.version(rule).rule else {
            continue;
        };
        let nothing_due = duty.known() == Some(Cents(0));
        if !fee.paths.has(path) || (fee.with_duty_only && nothing_due) {
            continue;
        }
        let (base, spared) = (counted.value[at], counted.counting >> at & 1 == 0);
        let amount = match fee.amount {
            _ if spared => Cents(0),
            FeeAmount::Flat(flat) => flat,
            FeeAmount::Share {
                rate,
                minimum,
                maximum,
            } => {
                let share = rounding::share(base, rate).max(minimum);
                maximum.map_or(share, |maximum| share.min(maximum))
            }
        };
        each(Fee {
            rule,
            base,
            amount,
            spared,
        });
    }
}

/// Adds the fees that a path bears.
pub(super) fn collect(
    goods: Goods<'_>,
    stretch: &DutyStretch,
    path: EntryPath,
    counted: &Counted,
    owed: &mut Owed,
) {
    each(goods, stretch, path, counted, owed.duty, |fee| {
        owed.fee_total = owed.fee_total.plus(Span::exactly(fee.amount));
        owed.fees.push(fee);
    });
}
