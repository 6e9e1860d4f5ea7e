//! Which headings speak of a line: one of each program, in the order in which programs are asked.
//! No amounts: a stack serves every value.

use super::ask::{Asked, Asker, DutyGuess};
use super::column::{Paid, paid};
use super::fees::{self, FeeBits};
use super::{Goods, Why};
use crate::decision::Unknown;
use crate::shipment::Line;
use deminimis_law::Law;
use deminimis_law::claim::Claim;
use deminimis_law::compile::RuleRef;
use deminimis_law::duties::{DutyStretch, rate_row};
use deminimis_law::kind::{Base, Charge, Duty, Rule};
use deminimis_law::lists::RateRow;
use deminimis_law::names::{FloorOver, Layer};
use deminimis_law::rate::Rate;
use deminimis_law::truth::Truth;
use deminimis_tariff::RateRef;
use deminimis_tariff::rate::{self, Shape, Term, ValueOf};

/// The heading of a program that speaks of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pick {
    /// Its rule.
    pub rule: RuleRef,
    /// Its row, where a table gives heading and rate.
    pub row: Option<u16>,
    /// Whether it speaks hangs on what is not known.
    pub open: bool,
    /// Where it is reported.
    pub layer: Layer,
    /// What it charges, of its own or of the row.
    pub charges: Charges,
    /// It is charged on the whole value.
    pub on_value: bool,
    /// The heading that applies instead if an open one does not, or that displaces a displaced one.
    pub beside: Option<RuleRef>,
}

/// What a heading charges, with the row of its table looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charges {
    /// Nothing.
    Exempt,
    /// It applies and its rate is not in hand.
    NotCovered,
    /// A share, or as much as column 1 lacks to it.
    Share(Rate, Option<FloorOver>),
    /// What the row of an origin says that is not known.
    Row,
    /// Nothing: it would charge so much if another measure did not come before it.
    Displaced(Rate),
}

impl Pick {
    /// Whether another measure keeps it from charging.
    pub fn is_displaced(&self) -> bool {
        matches!(self.charges, Charges::Displaced(_))
    }

    /// Whether a heading of Chapter 99 charges something.
    pub fn is_additional(&self) -> bool {
        let of_chapter_99 = !matches!(self.layer, Layer::Chapter98 | Layer::Schedule);
        of_chapter_99 && !matches!(self.charges, Charges::Exempt | Charges::Displaced(_))
    }
}

/// What stands of a line besides its picks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stack {
    /// Its rate of the schedule.
    pub paid: Paid,
    /// What was not known.
    pub asked: Asked,
    /// The fees that concern it.
    pub fees: FeeBits,
    /// Claims that change nothing, bounded.
    pub ignored: [Option<Claim>; 4],
    /// Nothing was asked and no claim ignored.
    pub plain: bool,
    /// The rate of the schedule that the line pays and the general one, where each is a share of
    /// the value in whole parts per million.
    pub shares: (Option<Rate>, Option<Rate>),
}

/// Finds the headings that speak of a line and adds them to `picks`.
pub(super) fn find(
    goods: Goods<'_>,
    line: &Line,
    value: i64,
    stretch: &DutyStretch,
    guess: &DutyGuess,
    picks: &mut Vec<Pick>,
) -> Stack {
    let first = picks.len();
    let mut stack = Stack::default();
    let mut asker = Asker::new(goods, line, value, guess);
    let (mut ignored, mut count) = (stack.ignored, 0);
    stack.paid = paid(goods, line, stretch, &mut asker, |claim| {
        if let Some(slot) = ignored.get_mut(count) {
            *slot = Some(claim);
            count += 1;
        }
    });
    (stack.asked, stack.ignored) = (asker.asked, ignored);
    let (fees, by_value) = fees::bits(goods, line, value, stack.paid, stretch, guess);
    stack.fees = fees;
    stack.asked.by_value |= by_value;
    let share = |rate: RateRef| share_of(goods.tariff.rate(rate));
    stack.shares = (
        stack.paid.rate.and_then(share),
        stack.paid.general.and_then(share),
    );
    // Of a number that names no article nothing else can be said.
    let families = match stack.paid.open {
        Some(Why::HeadingAsNumber) => &[],
        _ => stretch.families.as_slice(),
    };
    for family in families {
        let before = stack.asked;
        let pick = of_family(&family.headings, &mut stack.asked, || Asker {
            paid: stack.paid,
            picks: &picks[first..],
            asked: before,
            ..Asker::new(goods, line, value, guess)
        });
        picks.extend(pick);
    }
    stack.plain = stack.asked.items[0].is_none() && stack.ignored[0].is_none() && !stack.asked.full;
    stack
}

/// The heading of a family that speaks, or the first that another measure keeps from speaking.
fn of_family<'a>(
    headings: &[RuleRef],
    asked: &mut Asked,
    asker: impl Fn() -> Asker<'a>,
) -> Option<Pick> {
    let fresh = |asked: &Asked| Asker {
        asked: *asked,
        ..asker()
    };
    let mut displaced = None;
    for (at, rule) in headings.iter().enumerate() {
        let mut asker = fresh(asked);
        let Some(mut pick) = one(&mut asker, *rule) else {
            if displaced.is_none() && asker.precedence.is_some() {
                displaced = alone(fresh(asked), *rule, asker.precedence);
            }
            // A heading that does not speak asks only for the relief it would then give.
            *asked = relief(asker, *rule, *asked);
            continue;
        };
        *asked = asker.asked;
        if pick.open && pick.charges == Charges::Exempt {
            let mut asker = fresh(asked);
            pick = hanging(pick, &headings[at + 1..], &mut asker);
            asked.by_value |= asker.asked.by_value;
        }
        return Some(pick);
    }
    displaced
}

/// An exemption that hangs on what is not known: the heading that charges if it does not hold. It
/// stands where no other heading would charge.
fn hanging(exempt: Pick, rest: &[RuleRef], asker: &mut Asker<'_>) -> Pick {
    for rule in rest {
        match one(asker, *rule) {
            Some(next) if next.charges != Charges::Exempt => {
                return Pick {
                    open: true,
                    beside: Some(exempt.rule),
                    ..next
                };
            }
            Some(next) if !next.open => break,
            Some(_) | None => {}
        }
    }
    exempt
}

/// A heading that would charge if nothing came before it.
fn alone(asker: Asker<'_>, rule: RuleRef, by: Option<RuleRef>) -> Option<Pick> {
    let mut asker = Asker {
        alone: true,
        ..asker
    };
    let pick = one(&mut asker, rule).filter(|pick| !pick.open)?;
    match pick.charges {
        Charges::Share(rate, _) => Some(Pick {
            charges: Charges::Displaced(rate),
            beside: by,
            ..pick
        }),
        Charges::Exempt | Charges::NotCovered | Charges::Row | Charges::Displaced(_) => None,
    }
}

/// A rate that is a share of the entered value, where whole parts per million hold it.
fn share_of(rate: &rate::Rate) -> Option<Rate> {
    let duty = match rate {
        rate::Rate::Free => return Some(Rate(0)),
        rate::Rate::Duty(duty) => duty,
        rate::Rate::PerDegree(_) | rate::Rate::NeedsPerson(_) => return None,
    };
    let mut terms = duty.terms();
    let (only, more) = (terms.next()?, terms.next());
    let bounded = duty.least.is_some() || duty.most.is_some();
    let Term::Percent {
        percent,
        of: ValueOf::Entered,
    } = only
    else {
        return None;
    };
    let (numer, denom) = percent.parts();
    let parts = numer.checked_mul(10_000)?;
    let whole = more.is_none() && !bounded && parts % denom == 0;
    u32::try_from(parts / denom)
        .ok()
        .filter(|_| whole)
        .map(Rate)
}

/// What a heading that does not speak leaves to ask: facts that were not claimed, or a date that was
/// not given, if the heading would speak with them.
fn relief(asker: Asker<'_>, rule: RuleRef, before: Asked) -> Asked {
    let asked = asker.asked;
    let mut after = before;
    after.by_value |= asked.by_value;
    let is_new = |why: &Why| !before.items.contains(&Some(*why));
    let mut guess = *asker.guess;
    let mut any = false;
    for why in asked.items.iter().flatten().filter(|why| is_new(why)) {
        any |= matches!(why, Why::Unclaimed(_) | Why::Unknown(Unknown::Clock(_)));
        if let Why::Unclaimed(fact) = why
            && let Some(slot) = guess.facts.iter_mut().find(|slot| slot.is_none())
        {
            *slot = Some((*fact, true));
        }
    }
    if !any {
        return after;
    }
    let mut claiming = Asker {
        guess: &guess,
        strict: true,
        asked: before,
        ..asker
    };
    let law = claiming.goods.law;
    let speaks = claiming.ask(&law.version(rule).when) != Truth::No;
    after.by_value |= claiming.asked.by_value;
    if speaks {
        for why in asked.items.iter().flatten().filter(|why| is_new(why)) {
            if matches!(why, Why::Unclaimed(_) | Why::Unknown(Unknown::Clock(_))) {
                after.add(*why);
            }
        }
    }
    after
}

/// The pick of a heading, if it speaks or may speak.
fn one(asker: &mut Asker<'_>, rule: RuleRef) -> Option<Pick> {
    let law = asker.goods.law;
    let version = law.version(rule);
    let truth = asker.ask(&version.when);
    let Rule::Duty(duty) = &version.rule else {
        return None;
    };
    let open = match truth {
        Truth::No => return None,
        Truth::Yes => false,
        Truth::Unknown => true,
    };
    let mut pick = Pick {
        rule,
        row: None,
        open,
        layer: duty.layer,
        charges: Charges::Row,
        on_value: duty.base == Base::Value,
        beside: None,
    };
    let name = match &duty.charge {
        Charge::AdValorem(rate) => {
            pick.charges = Charges::Share(*rate, None);
            return Some(pick);
        }
        Charge::Floor(rate, over) => {
            pick.charges = Charges::Share(*rate, Some(*over));
            return Some(pick);
        }
        Charge::Exempt => {
            pick.charges = Charges::Exempt;
            return Some(pick);
        }
        Charge::NotCovered => {
            pick.charges = Charges::NotCovered;
            return Some(pick);
        }
        Charge::Table(name) => name,
    };
    let table = law.book().rates.iter().find(|table| table.name == *name)?;
    match asker.origin() {
        Some(origin) => {
            let (place, row) = rate_row(table, origin, asker.entered(), law.known_at())?;
            pick.row = Some(place);
            pick.charges = Charges::Share(row.rate, row.floor);
        }
        None => pick.open = true,
    }
    Some(pick)
}

/// The row of a table by its place.
pub(super) fn row<'a>(law: &'a Law, duty: &Duty, row: u16) -> Option<&'a RateRow> {
    let Charge::Table(name) = &duty.charge else {
        return None;
    };
    let table = law.book().rates.iter().find(|table| table.name == *name)?;
    table.rows.get(usize::from(row))
}

/// Whether a rate's share of the value is the same for every value.
#[must_use]
pub fn is_ad_valorem(rate: &rate::Rate) -> bool {
    matches!(rate.shape(), Shape::Free | Shape::AdValorem)
}

impl Stack {
    /// The facts without an answer that may change what is owed.
    pub fn material(&self) -> impl Iterator<Item = Why> + '_ {
        let items = self.asked.items.iter().flatten().copied();
        items.filter(|why| !matches!(why, Why::Unclaimed(_)))
    }
}
