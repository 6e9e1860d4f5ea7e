//! Dollars for an amount in another currency, from a dated table. A date without a rate is a
//! question, never a guess.

use deminimis_law::codes::Currency;
use deminimis_law::money::Cents;
use deminimis_law::time::Day;

/// One rate: dollars for one unit of a currency, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The currency.
    pub currency: Currency,
    /// First day.
    pub from: Day,
    /// First day on which it no longer holds.
    pub until: Day,
    /// Dollars for one unit, in millionths.
    pub micro_usd: i64,
}

/// Exchange rates; without rows, only dollars can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    rates: Vec<Rate>,
}

impl Rates {
    /// A table of rates.
    #[must_use]
    pub fn new(rates: Vec<Rate>) -> Rates {
        Rates { rates }
    }

    /// The amount in cents, rounded half up once; `None` without a rate for the day.
    #[must_use]
    pub fn cents(&self, minor: i64, currency: Currency, day: Day) -> Option<Cents> {
        if currency == Currency::USD {
            return Some(Cents(minor));
        }
        let holds =
            |rate: &&Rate| rate.currency == currency && rate.from <= day && day < rate.until;
        let rate = self.rates.iter().find(holds)?;
        let scale = 10_i128.pow(currency.decimals()) * 1_000_000;
        let twice = i128::from(minor) * i128::from(rate.micro_usd) * 200;
        i64::try_from((twice + scale) / (2 * scale)).ok().map(Cents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_half_up_and_asks_without_a_rate() {
        let gbp = Currency::parse("GBP").unwrap();
        let jpy = Currency::parse("JPY").unwrap();
        let rate = |currency, micro_usd| Rate {
            currency,
            from: Day(10),
            until: Day(20),
            micro_usd,
        };
        let rates = Rates::new(vec![rate(gbp, 1_557_000), rate(jpy, 6_500)]);
        assert_eq!(rates.cents(1000, gbp, Day(10)), Some(Cents(1557)));
        assert_eq!(rates.cents(1, gbp, Day(19)), Some(Cents(2)));
        assert_eq!(rates.cents(1001, jpy, Day(10)), Some(Cents(651)));
        assert_eq!(rates.cents(1000, gbp, Day(20)), None);
        assert_eq!(rates.cents(1000, Currency::USD, Day(99)), Some(Cents(1000)));
    }
}
