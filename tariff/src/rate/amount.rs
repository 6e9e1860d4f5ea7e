//! What a rate comes to for a value and quantities, to the exact fraction of a cent.
//! It must not round, and must not take a quantity for nought that was not given.

use super::{Exact, PerDegree, Rate, Ratio, Reason, Term, Unit, ValueOf};
use std::cmp::Ordering;

/// A quantity: `digits` with the last `places` of them behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Of what.
    pub unit: Unit,
    /// All digits as one integer; not negative.
    pub digits: i64,
    /// How many of them are behind the point; at most eighteen.
    pub places: u8,
}

/// What a rate comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// This fraction of a cent.
    Known(Exact),
    /// It depends on a quantity that was not given, nor one that converts to it exactly.
    MissingQuantity(Unit),
    /// It depends on the value of a part.
    MissingValue(ValueOf),
    /// A person must work it out.
    NeedsPerson(Reason),
}

/// What is given of a line.
#[derive(Clone, Copy)]
struct Given<'a> {
    base_cents: i64,
    quantities: &'a [Quantity],
    values: &'a [(ValueOf, i64)],
}

impl Rate {
    /// What the rate comes to. `base_cents` is the entered value as the path rounds it; `values`
    /// are those of parts (the case of a watch), in cents. Does not allocate.
    #[must_use]
    pub fn amount(
        &self,
        base_cents: i64,
        quantities: &[Quantity],
        values: &[(ValueOf, i64)],
    ) -> Amount {
        let given = Given {
            base_cents,
            quantities,
            values,
        };
        match self.exact(given) {
            Ok(exact) => Amount::Known(exact),
            Err(other) => other,
        }
    }

    /// How the rate compares with so many percent of the value, exactly: the question of a floor
    /// such as "15 percent unless column 1 is higher".
    ///
    /// # Errors
    /// What the amount is instead, if it is not known.
    pub fn compare_with_percent(
        &self,
        percent: Ratio,
        base_cents: i64,
        quantities: &[Quantity],
        values: &[(ValueOf, i64)],
    ) -> Result<Ordering, Amount> {
        let given = Given {
            base_cents,
            quantities,
            values,
        };
        let of_value = share(percent, base_cents)?;
        Ok(self.exact(given)?.cmp(&of_value))
    }

    /// Errors are never [`Amount::Known`].
    fn exact(&self, given: Given<'_>) -> Result<Exact, Amount> {
        match self {
            Rate::Free => Ok(Exact::ZERO),
            Rate::NeedsPerson(reason) => Err(Amount::NeedsPerson(*reason)),
            Rate::PerDegree(sugar) => sugar.exact(given),
            Rate::Duty(duty) => {
                let mut sum = Exact::ZERO;
                for term in duty.terms() {
                    sum = sum.plus(term.exact(given)?).ok_or(TOO_LARGE)?;
                }
                if let Some(least) = duty.least {
                    sum = sum.max(least.exact(given)?);
                }
                if let Some(most) = duty.most {
                    sum = sum.min(most.exact(given)?);
                }
                Ok(sum)
            }
        }
    }
}

const TOO_LARGE: Amount = Amount::NeedsPerson(Reason::TooLarge);
const NOT_AN_AMOUNT: Amount = Amount::NeedsPerson(Reason::NotAnAmount);

impl Term {
    fn exact(self, given: Given<'_>) -> Result<Exact, Amount> {
        match self {
            Term::Percent { percent, of } => share(percent, given.value(of)?),
            Term::PerUnit { cents, per } => {
                let times = given.quantity(per)?;
                times.times(Exact::from(cents)).ok_or(TOO_LARGE)
            }
        }
    }
}

impl PerDegree {
    fn exact(&self, given: Given<'_>) -> Result<Exact, Amount> {
        let times = given.quantity(self.per)?;
        let degrees = given.quantity(Unit::DEGREE)?;
        // Above the degree from which is counted down nothing is taken off, and nothing is added.
        let below = Exact::from(self.under).minus(degrees).ok_or(TOO_LARGE)?;
        let off = below.max(Exact::ZERO).times(Exact::from(self.less));
        let cents = off.and_then(|off| Exact::from(self.cents).minus(off));
        let cents = cents.ok_or(TOO_LARGE)?.max(Exact::from(self.least));
        cents.times(times).ok_or(TOO_LARGE)
    }
}

impl Given<'_> {
    fn value(self, of: ValueOf) -> Result<i64, Amount> {
        if of == ValueOf::Entered {
            return Ok(self.base_cents);
        }
        let found = self.values.iter().find(|(part, _)| *part == of);
        found
            .map(|(_, cents)| *cents)
            .ok_or(Amount::MissingValue(of))
    }

    fn quantity(self, unit: Unit) -> Result<Exact, Amount> {
        let found = in_unit(unit, self.quantities).ok_or(Amount::MissingQuantity(unit))?;
        let (times, by) = unit
            .conversion(found.unit)
            .ok_or(Amount::MissingQuantity(unit))?;
        if found.digits < 0 || found.places > 18 {
            return Err(NOT_AN_AMOUNT);
        }
        let numer = i128::from(found.digits) * i128::from(times);
        let denom = 10_i128.pow(u32::from(found.places)) * i128::from(by);
        Exact::new(numer, denom).ok_or(NOT_AN_AMOUNT)
    }
}

/// The quantity in `unit`: one given in it, else one that converts without loss.
fn in_unit(unit: Unit, quantities: &[Quantity]) -> Option<&Quantity> {
    let same = quantities.iter().find(|one| one.unit == unit);
    let mut near = quantities.iter();
    same.or_else(|| near.find(|one| unit.conversion(one.unit).is_some()))
}

impl Rate {
    /// The quantity by which the rate is reckoned, of its first term by quantity; nothing for a rate
    /// by value alone.
    #[must_use]
    pub fn measured<'q>(&self, quantities: &'q [Quantity]) -> Option<&'q Quantity> {
        let unit = match self {
            Rate::Duty(duty) => {
                let terms = duty.terms().chain(duty.least).chain(duty.most);
                terms.into_iter().find_map(|term| match term {
                    Term::PerUnit { per, .. } => Some(per),
                    Term::Percent { .. } => None,
                })?
            }
            Rate::PerDegree(sugar) => sugar.per,
            Rate::Free | Rate::NeedsPerson(_) => return None,
        };
        in_unit(unit, quantities)
    }
}

fn share(percent: Ratio, cents: i64) -> Result<Exact, Amount> {
    if cents < 0 {
        return Err(NOT_AN_AMOUNT);
    }
    let (numer, denom) = percent.parts();
    let product = i128::from(numer) * i128::from(cents);
    Exact::new(product, i128::from(denom) * 100).ok_or(NOT_AN_AMOUNT)
}
