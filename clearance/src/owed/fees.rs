//! Fees: what is collected for an entry, a bill or a postal item besides duty.

use super::ask::{Asker, DutyGuess};
use super::column::Paid;
use super::{Fee, Goods, OpenAmount, Owed, Span, State, Why, rounding};
use crate::shipment::Line;
use deminimis_law::Law;
use deminimis_law::compile::RuleRef;
use deminimis_law::duties::{DutyStretch, FEES};
use deminimis_law::kind::{FeeAmount, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::rate::Rate;
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

/// What the lines that count for each fee come to.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    value: [Cents; FEES],
    /// The sum of the lines' shares, each rounded: at least, and at most. An entry states the fee of
    /// each line, and its total is their sum within the fee's bounds (Entry Summary Create/Update,
    /// July 2026, notes (n), (o), (w) and (hh)).
    shares: [(Cents, Cents); FEES],
    /// Fees for which some line counts.
    counting: u32,
    /// Fees that are collected on some line.
    collected: u32,
    /// The first fact for want of which a part of each may not count.
    wanting: [Option<OpenAmount>; FEES],
}

impl Counted {
    /// Counts a line for the fees that do not spare it.
    pub fn add(&mut self, law: &Law, stretch: &DutyStretch, bits: FeeBits, bases: Bases) {
        self.collected |= bits.collected;
        let mut counts = bits.collected & !bits.spared;
        self.counting |= counts;
        let dutiable = bases.dutiable.unwrap_or(bases.entered);
        while counts != 0 {
            let at = counts.trailing_zeros() as usize;
            let on_dutiable = bits.on_dutiable >> at & 1 != 0;
            let open = bases.dutiable.err().filter(|_| on_dutiable);
            self.wanting[at] = self.wanting[at].or(open);
            let value = match on_dutiable {
                false => bases.entered,
                true => dutiable,
            };
            self.value[at] = self.value[at].plus(value);
            if let Some(rate) = rate_of(law, stretch.fees[at]) {
                let share = rounding::share(value, rate);
                let (least, most) = self.shares[at];
                let sure = if open.is_none() { share } else { Cents(0) };
                self.shares[at] = (least.plus(sure), most.plus(share));
            }
            counts &= counts - 1;
        }
    }
}

/// The rate of a fee that is a share of the value.
fn rate_of(law: &Law, rule: RuleRef) -> Option<Rate> {
    match &law.version(rule).rule {
        Rule::Fee(fee) => match fee.amount {
            FeeAmount::Share { rate, .. } => Some(rate),
            FeeAmount::Flat(_) | FeeAmount::NotCovered => None,
        },
        _ => None,
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
            false => amount(fee.amount, counted.shares[at]),
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

/// What a fee comes to where the lines' shares are at least `least` and at most `most`.
fn amount(amount: FeeAmount, (least, most): (Cents, Cents)) -> (State, Span) {
    let span = match amount {
        FeeAmount::NotCovered => return (State::NotCovered, Span::UNBOUNDED),
        FeeAmount::Flat(flat) => Span::exactly(flat),
        FeeAmount::Share {
            minimum, maximum, ..
        } => {
            let of = |shares: Cents| {
                let share = shares.max(minimum);
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
