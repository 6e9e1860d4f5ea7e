//! Mail duty that the carrier or a qualified party pays in place of all other duties.

use super::ask::{Asker, DutyGuess, means};
use super::fees::FeeBits;
use super::memory::DutyMemory;
use super::price::Lined;
use super::stack::{Charges, Pick, Stack};
use super::{Charge, Goods, Owed, Source, Span, State, Why, rounding};
use deminimis_law::compile::RuleRef;
use deminimis_law::duties::DutyStretch;
use deminimis_law::kind::{MailDuty, MailRate, Program, Rule};
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
        _ if stack.paid.open == Some(Why::HeadingAsNumber) => {
            owed.leave_open(lined.at, Why::HeadingAsNumber);
        }
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
                    beside: None,
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
            paid: stack.paid,
            ..Asker::new(goods, lined.line, lined.value.0, guess)
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
        sum += match pick.charges {
            _ if pick.open => return Err(Why::NotCovered(pick.rule)),
            Charges::Share(rate, _) => rate.0,
            Charges::Exempt | Charges::Displaced(_) => 0,
            Charges::NotCovered | Charges::Row => return Err(Why::NotCovered(pick.rule)),
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
    let mut without = None;
    for charge in &mut owed.charges {
        let Source::Mail(rule) = charge.source else {
            continue;
        };
        let Rule::MailDuty(duty) = &goods.law.version(rule).rule else {
            continue;
        };
        let below = |step: &&(Option<Rate>, Cents)| step.0.is_none_or(|bound| charge.rate < bound);
        let Some((_, usd)) = duty.specific.iter().find(below) else {
            if method == Some(PostalMethod::Specific) {
                (charge.state, charge.amount) = (State::NotCovered, Cents(0));
                without = Some((charge.line, rule));
            }
            continue;
        };
        if fixed.is_none_or(|(_, most)| *usd > most) {
            fixed = Some((*charge, *usd));
        }
    }
    // The carrier elected amounts that the law of the day does not name.
    if let Some((line, rule)) = without {
        owed.duty.low = Cents(0);
        owed.leave_open(line, Why::NotCovered(rule));
        return;
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
