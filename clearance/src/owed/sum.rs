//! Amounts as exact fractions of a cent, until each is rounded once.

use super::rounding;
use deminimis_law::money::Cents;
use deminimis_law::rate::{Rate, WHOLE};
use deminimis_tariff::rate::Exact;

/// An amount before it is rounded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sum {
    /// So many millionths of a cent: what a share in parts per million comes to, exactly.
    Millionths(i64),
    /// Any other fraction of a cent.
    Fraction(Exact),
}

impl Sum {
    pub const NOTHING: Sum = Sum::Millionths(0);

    /// A share of a value, if it fits.
    pub fn share(of: Cents, rate: Rate) -> Option<Sum> {
        of.0.checked_mul(i64::from(rate.0)).map(Sum::Millionths)
    }

    fn exact(self) -> Option<Exact> {
        match self {
            Sum::Millionths(count) => Exact::new(count.into(), WHOLE.into()),
            Sum::Fraction(exact) => Some(exact),
        }
    }

    pub fn min(self, other: Sum) -> Sum {
        match (self, other) {
            (Sum::Millionths(mine), Sum::Millionths(its)) => Sum::Millionths(mine.min(its)),
            _ if other.exact() < self.exact() => other,
            _ => self,
        }
    }

    /// What is lacking to a share of a value.
    pub fn lacks(self, base: Cents, rate: Rate) -> Option<Sum> {
        if let (Sum::Millionths(mine), Some(Sum::Millionths(whole))) =
            (self, Sum::share(base, rate))
            && let Some(lacking) = whole.checked_sub(mine)
        {
            return Some(Sum::Millionths(lacking));
        }
        let whole = i128::from(base.0) * i128::from(rate.0);
        let floor = Exact::new(whole, WHOLE.into())?;
        floor.minus(self.exact()?).map(Sum::Fraction)
    }

    pub fn is_positive(self) -> bool {
        match self {
            Sum::Millionths(count) => count > 0,
            Sum::Fraction(exact) => exact > Exact::ZERO,
        }
    }

    pub fn rounded(self) -> Cents {
        match self {
            Sum::Millionths(count) => rounding::millionths(count),
            Sum::Fraction(exact) => rounding::duty(exact),
        }
    }
}
