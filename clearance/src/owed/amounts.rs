//! What the headings of a line come to, each rounded once.

use super::ask::DutyGuess;
use super::column::Paid;
use super::stack::{Charges, Pick};
use super::sum::Sum;
use super::{Charge, Goods, Source, Span, State, Why, rounding};
use crate::decision::Unknown;
use crate::shipment::Line;
use deminimis_law::facts::{Absence, FactId, FactValue};
use deminimis_law::kind::{self, Base, Rule};
use deminimis_law::money::Cents;
use deminimis_law::names::{FloorOver, Layer};
use deminimis_law::rate::Rate;
use deminimis_tariff::RateRef;
use deminimis_tariff::rate::Amount;

/// A line whose headings are known, ready to be reckoned.
#[derive(Clone, Copy)]
pub(super) struct Reckoned<'a> {
    pub goods: Goods<'a>,
    pub line: &'a Line,
    /// From 1.
    pub at: u16,
    /// The entered value.
    pub value: Cents,
    pub paid: &'a Paid,
    /// See [`super::stack::Stack::shares`].
    pub shares: (Option<Rate>, Option<Rate>),
    /// In the order of reporting.
    pub picks: &'a [Pick],
    pub guess: &'a DutyGuess,
}

/// What a line comes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineSum {
    /// Duty.
    pub duty: Span,
    /// A fact in dollars that was not given and would change it.
    pub content: Option<FactId>,
    /// A value that could be claimed and would be taken off.
    pub unclaimed: Option<FactId>,
    /// What a floor makes certain though column 1 is not known.
    floor: Cents,
    /// The value on which column 1 is assessed after a provision of Chapter 98, or the fact it
    /// hangs on.
    pub dutiable: Result<Cents, FactId>,
}

impl Reckoned<'_> {
    /// Reckons every charge and hands it to `each`; what keeps an amount open goes to `open`.
    pub fn charges(&self, mut each: impl FnMut(Charge), mut open: impl FnMut(Why)) -> LineSum {
        let mut sum = LineSum {
            duty: Span::NOTHING,
            content: None,
            unclaimed: None,
            floor: Cents(0),
            dutiable: Ok(self.value),
        };
        let dutiable = self.dutiable(&mut sum);
        let column_base = dutiable.column;
        let column = self.column(column_base, &mut open);
        let schedule = Charge {
            line: self.at,
            source: Source::Schedule(self.paid.column, self.paid.rate),
            state: match column {
                Some(_) => State::Charged,
                None if self.paid.open == Some(Why::NoSchedule) => State::NotCovered,
                None => State::Open,
            },
            base: column_base,
            rate: Rate(0),
            amount: column.map(Sum::rounded).unwrap_or_default(),
            beside: None,
        };
        let mut add = |charge: Charge, span: Span, sum: &mut LineSum| {
            sum.duty = sum.duty.plus(span);
            each(charge);
        };
        for pick in self.picks {
            let (charge, span) = self.heading(pick, dutiable.others, column, &mut sum, &mut open);
            add(charge, span, &mut sum);
        }
        let span = match column {
            Some(_) => Span::exactly(schedule.amount),
            None => Span {
                low: sum.floor,
                high: None,
            },
        };
        add(schedule, span, &mut sum);
        sum
    }

    /// The value on which column 1 and the headings of Chapter 99 are reckoned, after a provision of
    /// Chapter 98.
    fn dutiable(&self, sum: &mut LineSum) -> Dutiable {
        let whole = Dutiable {
            column: self.value,
            others: self.value,
        };
        for pick in self.picks {
            if pick.layer != Layer::Chapter98 || pick.open || pick.is_displaced() {
                continue;
            }
            let dutiable = match self.base_of(pick, self.value, sum) {
                _ if pick.on_value => Dutiable {
                    column: Cents(0),
                    ..whole
                },
                Some(base) => Dutiable {
                    column: base,
                    others: base,
                },
                None => {
                    sum.dutiable = sum.content.map_or(sum.dutiable, Err);
                    return whole;
                }
            };
            sum.dutiable = Ok(dutiable.column);
            return dutiable;
        }
        whole
    }

    /// Column 1 or 2, exactly. A special rate never raises the duty.
    fn column(&self, base: Cents, open: &mut impl FnMut(Why)) -> Option<Sum> {
        if base == Cents(0) && self.value != Cents(0) {
            return Some(Sum::NOTHING);
        }
        if let Some(why) = self.paid.open {
            open(why);
            return None;
        }
        let special = matches!(self.paid.column, super::Column::Special(..));
        let general = self.paid.general.filter(|_| special);
        let own = self
            .paid
            .rate
            .map(|rate| self.rate(rate, self.shares.0, base))?;
        let general = general.map(|rate| self.rate(rate, self.shares.1, base));
        match (own, general) {
            (Ok(own), Some(Ok(general))) => Some(own.min(general)),
            (Ok(own), _) => Some(own),
            (Err(other), _) => {
                open(match other {
                    Amount::MissingQuantity(unit) => Why::Quantity(unit),
                    Amount::MissingValue(part) => Why::Part(part),
                    Amount::NeedsPerson(reason) => Why::RateText(reason),
                    Amount::Known(_) => return None,
                });
                None
            }
        }
    }

    /// What a rate comes to, or why that is not known.
    fn rate(&self, rate: RateRef, share: Option<Rate>, base: Cents) -> Result<Sum, Amount> {
        if let Some(sum) = share.and_then(|share| Sum::share(base, share)) {
            return Ok(sum);
        }
        let (quantities, count) = self.line.measures.given();
        let printed = self.goods.tariff.rate(rate);
        match printed.amount(base.0, &quantities[..count], &[]) {
            Amount::Known(exact) => Ok(Sum::Fraction(exact)),
            other => Err(other),
        }
    }

    /// One heading of Chapter 98 or 99.
    fn heading(
        &self,
        pick: &Pick,
        value: Cents,
        column: Option<Sum>,
        sum: &mut LineSum,
        open: &mut impl FnMut(Why),
    ) -> (Charge, Span) {
        let mut charge = Charge {
            line: self.at,
            source: Source::Heading(pick.rule, pick.row),
            state: State::Charged,
            base: value,
            rate: Rate(0),
            amount: Cents(0),
            beside: pick.beside,
        };
        let (rate, floor) = match pick.charges {
            Charges::Exempt => {
                charge.state = State::Exempt;
                return (charge, Span::NOTHING);
            }
            Charges::Displaced(rate) => {
                (charge.state, charge.rate) = (State::Displaced, rate);
                return (charge, Span::NOTHING);
            }
            Charges::NotCovered => {
                charge.state = State::NotCovered;
                open(Why::NotCovered(pick.rule));
                return (charge, Span::UNBOUNDED);
            }
            Charges::Row => {
                charge.state = State::Open;
                return (charge, Span::UNBOUNDED);
            }
            Charges::Share(rate, floor) => (rate, floor),
        };
        charge.rate = rate;
        // What a heading itself takes off is taken off the whole value, once.
        let whole = if pick.on_value { value } else { self.value };
        let base = match pick.open {
            true => None,
            false => self.base_of(pick, whole, sum),
        };
        let Some(base) = base else {
            charge.state = State::Open;
            return (charge, Span::up_to(rounding::share(value, rate)));
        };
        charge.base = base;
        match floor {
            None => {
                charge.amount = rounding::share(base, rate);
                (charge, Span::exactly(charge.amount))
            }
            Some(over) => self.top_up(charge, rate, over, column, sum),
        }
    }

    /// As much as column 1 lacks to the floor.
    fn top_up(
        &self,
        mut charge: Charge,
        rate: Rate,
        over: FloorOver,
        column: Option<Sum>,
        sum: &mut LineSum,
    ) -> (Charge, Span) {
        let paid = match over {
            FloorOver::GeneralOrSpecial => column,
            FloorOver::General => {
                let general = self.paid.general;
                general.and_then(|rate| self.rate(rate, self.shares.1, charge.base).ok())
            }
        };
        let lacking = paid.and_then(|paid| paid.lacks(charge.base, rate));
        match lacking {
            Some(lacking) if lacking.is_positive() => {
                charge.amount = lacking.rounded();
                (charge, Span::exactly(charge.amount))
            }
            Some(_) => {
                charge.state = State::Met;
                (charge, Span::NOTHING)
            }
            None => {
                charge.state = State::Open;
                let same = matches!(self.paid.column, super::Column::General);
                if column.is_none() && (same || over == FloorOver::GeneralOrSpecial) {
                    let certain = rounding::share_at_least(charge.base, rate);
                    sum.floor = sum.floor.max(certain);
                }
                (charge, Span::up_to(rounding::share(charge.base, rate)))
            }
        }
    }

    /// What a pick is charged on; its heading is looked up only where that is not the value.
    fn base_of(&self, pick: &Pick, value: Cents, sum: &mut LineSum) -> Option<Cents> {
        if pick.on_value {
            return Some(value);
        }
        match &self.goods.law.version(pick.rule).rule {
            Rule::Duty(duty) => self.base(&duty.base, value, sum),
            _ => Some(value),
        }
    }

    /// What a heading is charged on; `None` where a fact is missing.
    fn base(&self, base: &Base, value: Cents, sum: &mut LineSum) -> Option<Cents> {
        match base {
            Base::Value => Some(value),
            Base::Content(fact) => self.content(*fact, value, sum),
            Base::Minus(fact, at_most) => {
                let most = at_most.map_or(value, |share| rounding::share(value, share));
                let less = self.content(*fact, value, sum)?.min(most);
                Some(Cents((value.0 - less.0).max(0)))
            }
            Base::WithoutContentOf(programs) => {
                let mut rest = value.0;
                for pick in self.picks.iter().filter(|pick| !pick.is_displaced()) {
                    let Rule::Duty(duty) = &self.goods.law.version(pick.rule).rule else {
                        continue;
                    };
                    let named = programs.iter().any(|program| program.means(&duty.program));
                    if named && !pick.open && duty.charge != kind::Charge::Exempt {
                        rest -= self.base(&duty.base, value, sum)?.0;
                    }
                }
                Some(Cents(rest.max(0)))
            }
        }
    }

    fn is_claim(&self, fact: FactId) -> bool {
        let fact = &self.goods.law.book().facts[usize::from(fact.0)];
        fact.absence == Absence::Claim
    }

    /// The value that a fact states, or that is tried for it: all that is left of the line.
    fn content(&self, fact: FactId, value: Cents, sum: &mut LineSum) -> Option<Cents> {
        let stated = |wanted: FactId| {
            let mut facts = self.line.facts.iter();
            facts.find_map(|(known, value)| match value {
                FactValue::Usd(cents) if *known == wanted => Some(*cents),
                _ => None,
            })
        };
        if let Some(cents) = stated(fact) {
            return Some(cents.min(value));
        }
        let tried = self
            .guess
            .facts
            .iter()
            .flatten()
            .find(|(known, _)| *known == fact);
        match tried {
            Some((_, false)) => Some(Cents(0)),
            Some((_, true)) => {
                let picks = self.picks.iter().filter(|pick| !pick.is_displaced());
                let contents = picks.filter_map(|pick| content_of(self.goods, pick));
                let others = contents.filter(|other| *other != fact).filter_map(stated);
                let taken: i64 = others.map(|cents| cents.0).sum();
                Some(Cents((value.0 - taken).max(0)))
            }
            // What would be taken off must be claimed.
            None if self.is_claim(fact) => {
                sum.unclaimed = sum.unclaimed.or(Some(fact));
                Some(Cents(0))
            }
            None => {
                sum.content = sum.content.or(Some(fact));
                None
            }
        }
    }
}

/// The values on which a line is reckoned.
#[derive(Clone, Copy)]
struct Dutiable {
    /// By the schedule.
    column: Cents,
    /// By headings of Chapter 99.
    others: Cents,
}

/// The fact whose value a pick is charged on.
fn content_of(goods: Goods<'_>, pick: &Pick) -> Option<FactId> {
    match &goods.law.version(pick.rule).rule {
        Rule::Duty(duty) => match duty.base {
            Base::Content(fact) => Some(fact),
            _ => None,
        },
        _ => None,
    }
}

/// The question of a fact in dollars.
pub(super) fn missing(fact: FactId) -> Why {
    Why::Unknown(Unknown::Fact(fact))
}
