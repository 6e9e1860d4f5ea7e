//! Mail duty that the carrier or a qualified party pays in place of all other duties.

use super::ask::{Asked, Asker, DutyGuess, means};
use super::fees::FeeBits;
use super::memory::DutyMemory;
use super::price::Lined;
use super::stack::{Pick, Stack, row};
use super::{Charge, Goods, Owed, Source, Span, State, Why, rounding};
use deminimis_law::compile::RuleRef;
use deminimis_law::duties::DutyStretch;
use deminimis_law::kind::{self, MailDuty, MailRate, Program, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::PostalMethod;
use deminimis_law::rate::Rate;
use deminimis_law::truth::Truth;

/// Adds what a line comes to by value, and gives the fees that concern it. The fixed amount a
/// package is [`package`]'s.
pub(super) fn line(
    lined: &Lined<'_>,
    stretch: &DutyStretch,
    guess: &DutyGuess,
    memory: &mut DutyMemory,
    owed: &mut Owed,
) -> FeeBits {
    let goods = lined.goods;
    let (stack, picks) = memory.stack(goods, lined.duties, lined.line, lined.value.0, guess);
    match duty(goods, stretch, lined, stack, guess) {
        None => owed.leave_open(lined.at, Why::NoPath),
        Some((rule, duty)) => match rate(goods, duty, picks) {
            Ok(rate) => {
                let amount = rounding::share(lined.value, rate);
                owed.charges.push(Charge {
                    line: lined.at,
                    source: Source::Mail(rule),
                    state: State::Charged,
                    base: lined.value,
                    rate,
                    amount,
                });
                owed.duty = owed.duty.plus(Span::exactly(amount));
            }
            Err(why) => owed.leave_open(lined.at, why),
        },
    }
    stack.fees
}

/// The rule of mail duty that reaches a line.
fn duty<'a>(
    goods: Goods<'a>,
    stretch: &DutyStretch,
    lined: &Lined<'_>,
    stack: &Stack,
    guess: &DutyGuess,
) -> Option<(RuleRef, &'a MailDuty)> {
    stretch.mail.iter().find_map(|rule| {
        let version = goods.law.version(*rule);
        let mut asker = Asker {
            goods,
            line: lined.line,
            value: lined.value.0,
            paid: stack.paid,
            picks: &[],
            guess,
            asked: Asked::default(),
            strict: false,
        };
        match &version.rule {
            Rule::MailDuty(duty) if asker.ask(&version.when) == Truth::Yes => Some((*rule, duty)),
            _ => None,
        }
    })
}

/// The rate by value of a line's goods.
fn rate(goods: Goods<'_>, duty: &MailDuty, picks: &[Pick]) -> Result<Rate, Why> {
    match &duty.ad_valorem {
        MailRate::Fixed(rate) => Ok(*rate),
        MailRate::SumOf(programs) => sum_of(goods, programs, picks),
    }
}

fn sum_of(goods: Goods<'_>, programs: &[Program], picks: &[Pick]) -> Result<Rate, Why> {
    let mut sum = 0;
    for pick in picks {
        if means(goods, pick, programs) == Truth::No {
            continue;
        }
        let Rule::Duty(duty) = &goods.law.version(pick.rule).rule else {
            continue;
        };
        let place = pick.row.and_then(|place| row(goods.law, duty, place));
        sum += match (&duty.charge, place) {
            _ if pick.open => return Err(Why::NotCovered(pick.rule)),
            (kind::Charge::AdValorem(rate) | kind::Charge::Floor(rate, _), _) => rate.0,
            (kind::Charge::Table(_), Some(row)) => row.rate.0,
            (kind::Charge::Exempt, _) => 0,
            (kind::Charge::NotCovered | kind::Charge::Table(_), _) => {
                return Err(Why::NotCovered(pick.rule));
            }
        };
    }
    Ok(Rate(sum))
}

/// Where the carrier elected the fixed amount, it replaces what the lines come to by value: one
/// amount for the package, by the highest rate of its goods. Where nobody says what the carrier
/// elected, both stand.
pub(super) fn package(goods: Goods<'_>, owed: &mut Owed) {
    let method = goods.shipment.postal_method;
    if method == Some(PostalMethod::AdValorem) || owed.charges.is_empty() {
        return;
    }
    let mut fixed: Option<(Charge, Cents)> = None;
    for charge in &owed.charges {
        let Source::Mail(rule) = charge.source else {
            continue;
        };
        let Rule::MailDuty(duty) = &goods.law.version(rule).rule else {
            continue;
        };
        let below = |step: &&(Option<Rate>, Cents)| step.0.is_none_or(|bound| charge.rate < bound);
        let Some((_, usd)) = duty.specific.iter().find(below) else {
            continue;
        };
        if fixed.is_none_or(|(_, most)| *usd > most) {
            fixed = Some((*charge, *usd));
        }
    }
    let Some((charge, usd)) = fixed else { return };
    if method == Some(PostalMethod::Specific) {
        owed.charges.clear();
        owed.charges.push(Charge {
            line: 0,
            amount: usd,
            base: Cents(0),
            ..charge
        });
        owed.duty = Span::exactly(usd);
        return;
    }
    owed.duty = owed.duty.or(Span::exactly(usd));
    owed.open.push(super::OpenAmount {
        line: 0,
        why: Why::PostalMethod,
    });
}
