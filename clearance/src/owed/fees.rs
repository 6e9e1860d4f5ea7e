//! Fees: what is collected for an entry, a bill or a postal item besides duty.

use super::ask::{Asker, DutyGuess};
use super::column::Paid;
use super::{Fee, Goods, OpenAmount, Owed, Span, State, Why, rounding};
use crate::shipment::Line;
use deminimis_law::duties::{DutyStretch, FEES};
use deminimis_law::kind::{FeeAmount, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::truth::Truth;

/// The fees of a stretch as bits, for one line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FeeBits {
    /// Collected on parcels that come this way.
    pub collected: u32,
    /// Of those, the line does not count.
    pub spared: u32,
    /// Of those, reckoned on the dutiable value alone.
    pub on_dutiable: u32,
}

/// The values of a line on which fees are reckoned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bases {
    /// As entered.
    pub entered: Cents,
    /// The part on which duty is assessed after a provision of Chapter 98, or what that hangs on.
    pub dutiable: Result<Cents, OpenAmount>,
}

impl Bases {
    /// Those of a line of which duty is assessed on all.
    pub fn whole(entered: Cents) -> Bases {
        Bases {
            entered,
            dutiable: Ok(entered),
        }
    }
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
            bits.on_dutiable |= u32::from(fee.on_dutiable_value) << at;
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
    /// What of each value may be no part of it, for want of a fact.
    unsure: [Cents; FEES],
    /// The first such want for each.
    wanting: [Option<OpenAmount>; FEES],
}

impl Counted {
    /// Counts a line for the fees that do not spare it.
    pub fn add(&mut self, bits: FeeBits, bases: Bases) {
        self.collected |= bits.collected;
        let mut counts = bits.collected & !bits.spared;
        self.counting |= counts;
        while counts != 0 {
            let at = counts.trailing_zeros() as usize;
            let value = match (bits.on_dutiable >> at & 1, bases.dutiable) {
                (0, _) => bases.entered,
                (_, Ok(dutiable)) => dutiable,
                (_, Err(open)) => {
                    self.unsure[at] = self.unsure[at].plus(bases.entered);
                    self.wanting[at] = self.wanting[at].or(Some(open));
                    bases.entered
                }
            };
            self.value[at] = self.value[at].plus(value);
            counts &= counts - 1;
        }
    }

    /// The least that may count for a fee.
    fn least(&self, at: usize) -> Cents {
        Cents(self.value[at].0 - self.unsure[at].0)
    }
}

/// Hands the fees that a path bears to `each`, with what keeps the value of one from being known.
pub(super) fn each(
    goods: Goods<'_>,
    stretch: &DutyStretch,
    path: EntryPath,
    counted: &Counted,
    duty: Span,
    mut each: impl FnMut(Fee, Option<OpenAmount>),
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
        let (mut state, mut amount) = match spared {
            true => (State::Exempt, Span::NOTHING),
            false => amount(fee.amount, counted.least(at), base),
        };
        // Where no duty may be due, the fee may not be either. What keeps the duty open is told
        // with the duty.
        if fee.with_duty_only && duty.low == Cents(0) && state == State::Charged {
            (state, amount.low) = (State::Open, Cents(0));
        }
        let fee = Fee {
            rule,
            base,
            state,
            amount,
        };
        each(fee, counted.wanting[at]);
    }
}

/// What a fee comes to on a value of at least `least` and at most `most`.
fn amount(amount: FeeAmount, least: Cents, most: Cents) -> (State, Span) {
    let span = match amount {
        FeeAmount::NotCovered => return (State::NotCovered, Span::UNBOUNDED),
        FeeAmount::Flat(flat) => Span::exactly(flat),
        FeeAmount::Share {
            rate,
            minimum,
            maximum,
        } => {
            let of = |value: Cents| {
                let share = rounding::share(value, rate).max(minimum);
                maximum.map_or(share, |maximum| share.min(maximum))
            };
            Span {
                low: of(least),
                high: Some(of(most)),
            }
        }
    };
    let state = span.known().map_or(State::Open, |_| State::Charged);
    (state, span)
}

/// Adds the fees that a path bears, and what keeps one of them open.
pub(super) fn collect(
    goods: Goods<'_>,
    stretch: &DutyStretch,
    path: EntryPath,
    counted: &Counted,
    owed: &mut Owed,
) {
    each(goods, stretch, path, counted, owed.duty, |fee, wanting| {
        owed.fee_total = owed.fee_total.plus(fee.amount);
        owed.fees.push(fee);
        let open = match fee.state {
            State::NotCovered => Some(OpenAmount {
                line: 0,
                why: Why::NotCovered(fee.rule),
            }),
            State::Open => wanting,
            State::Charged | State::Met | State::Exempt | State::Displaced => None,
        };
        if let Some(open) = open.filter(|open| !owed.open.contains(open)) {
            owed.open.push(open);
        }
    });
}
