//! Dollars for an amount in another currency, from a dated table. A date without a rate is a
//! question, never a guess.
//!
//! The rule is that of 31 USC 5151 and 19 CFR 159.34 and 159.35: the quarterly rate of the date of
//! exportation (19 CFR 152.1(c)), unless the rate certified for that very day differs from it by
//! five percent or more; then that one.

use deminimis_law::codes::Currency;
use deminimis_law::money::Cents;
use deminimis_law::time::Day;
use std::sync::Arc;

/// The least difference at which a daily rate displaces the quarterly one, in percent of the latter.
const VARIANCE_PERCENT: i128 = 5;

/// How many closed days may lie between a day and the last certified one before it.
const CLOSED_AT_MOST: i32 = 10;

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

/// Which of the two certified rates is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certified {
    /// The rate of the quarter.
    Quarterly,
    /// The rate of the day.
    Daily,
}

impl Certified {
    /// The word that a table of rates uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Certified::Quarterly => "quarterly",
            Certified::Daily => "daily",
        }
    }
}

/// Exchange rates; without rows, only dollars can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// By currency and first day.
    quarterly: Vec<Rate>,
    /// By currency and first day.
    daily: Vec<Rate>,
    /// Days besides weekends on which no rate is certified, ascending.
    closed: Vec<Day>,
    hash: Option<Arc<str>>,
}

impl Rates {
    /// A table of quarterly rates alone.
    #[must_use]
    pub fn new(quarterly: Vec<Rate>) -> Rates {
        Rates::certified(quarterly, Vec::new(), Vec::new(), None)
    }

    /// A table of quarterly and daily rates. `closed` names the holidays on which none is certified,
    /// and `hash` is what stands for the whole table in decisions.
    #[must_use]
    pub fn certified(
        mut quarterly: Vec<Rate>,
        mut daily: Vec<Rate>,
        mut closed: Vec<Day>,
        hash: Option<Arc<str>>,
    ) -> Rates {
        for rates in [&mut quarterly, &mut daily] {
            rates.sort_by_key(|rate| (rate.currency, rate.from));
        }
        closed.sort_unstable();
        Rates {
            quarterly,
            daily,
            closed,
            hash,
        }
    }

    /// What stands for the table in decisions; nothing for a table without rows.
    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// The rate for goods exported on a day, and which of the two it is.
    #[must_use]
    pub fn of(&self, currency: Currency, exported: Day) -> Option<(Rate, Certified)> {
        let daily = self.daily(currency, exported);
        let Some(quarterly) = find(&self.quarterly, currency, exported) else {
            // Some currencies have no quarterly rate at all, and for them the daily one serves. For
            // others a missing quarter leaves unknown whether the daily rate differs enough.
            let listed = self.quarterly.iter().any(|rate| rate.currency == currency);
            return daily
                .filter(|_| !listed)
                .map(|rate| (rate, Certified::Daily));
        };
        match daily.filter(|daily| varies(daily, &quarterly)) {
            Some(daily) => Some((daily, Certified::Daily)),
            None => Some((quarterly, Certified::Quarterly)),
        }
    }

    /// The rate certified for the day, on closed days for the last open one before it.
    fn daily(&self, currency: Currency, day: Day) -> Option<Rate> {
        for back in 0..=CLOSED_AT_MOST {
            let at = day.plus(-back);
            let found = find(&self.daily, currency, at);
            if found.is_some() || !self.is_closed(at) {
                return found;
            }
        }
        None
    }

    fn is_closed(&self, day: Day) -> bool {
        day.is_weekend() || self.closed.binary_search(&day).is_ok()
    }

    /// The amount in cents, rounded half up once; `None` without a rate for the day.
    #[must_use]
    pub fn cents(&self, minor: i64, currency: Currency, day: Day) -> Option<Cents> {
        if currency == Currency::USD {
            return Some(Cents(minor));
        }
        let (rate, _) = self.of(currency, day)?;
        let scale = 10_i128.pow(currency.decimals()) * 1_000_000;
        let twice = i128::from(minor) * i128::from(rate.micro_usd) * 200;
        i64::try_from((twice + scale) / (2 * scale)).ok().map(Cents)
    }
}

/// The row that holds on a day: the one that begins last before it, if it has not ended.
fn find(rates: &[Rate], currency: Currency, day: Day) -> Option<Rate> {
    let after = rates.partition_point(|rate| (rate.currency, rate.from) <= (currency, day));
    let rate = *rates.get(after.checked_sub(1)?)?;
    (rate.currency == currency && day < rate.until).then_some(rate)
}

/// Whether a daily rate differs from the quarterly one by five percent of it or more.
fn varies(daily: &Rate, quarterly: &Rate) -> bool {
    let apart = (i128::from(daily.micro_usd) - i128::from(quarterly.micro_usd)).abs();
    apart * 100 >= i128::from(quarterly.micro_usd) * VARIANCE_PERCENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn currency(text: &str) -> Currency {
        Currency::parse(text).unwrap()
    }

    fn rate(code: &str, from: &str, until: &str, micro_usd: i64) -> Rate {
        Rate {
            currency: currency(code),
            from: day(from),
            until: day(until),
            micro_usd,
        }
    }

    /// Sterling at exactly 1.25 in the second quarter of 2026, and what is certified for days.
    fn sterling(daily: &[(&str, i64)]) -> Rates {
        let quarter = rate("GBP", "2026-04-01", "2026-07-01", 1_250_000);
        let of_day = |(on, micro): &(&str, i64)| Rate {
            from: day(on),
            until: day(on).plus(1),
            ..rate("GBP", on, on, *micro)
        };
        let daily = daily.iter().map(of_day).collect();
        let closed = vec![day("2026-05-25")];
        Rates::certified(vec![quarter], daily, closed, None)
    }

    fn used(rates: &Rates, on: &str) -> Option<(i64, Certified)> {
        let found = rates.of(currency("GBP"), day(on));
        found.map(|(rate, which)| (rate.micro_usd, which))
    }

    #[test]
    fn converts_half_up_and_asks_without_a_rate() {
        let (gbp, jpy) = (currency("GBP"), currency("JPY"));
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
        assert_eq!(rates.cents(1000, gbp, Day(9)), None);
        assert_eq!(rates.cents(1000, Currency::USD, Day(99)), Some(Cents(1000)));
        assert_eq!(rates.cents(1000, currency("EUR"), Day(10)), None);
    }

    #[test]
    fn a_daily_rate_serves_from_five_percent_on() {
        // 5 % of 1.25 is 0.0625; a Wednesday.
        for (micro, which) in [
            (1_312_499, Certified::Quarterly),
            (1_312_500, Certified::Daily),
            (1_312_625, Certified::Daily),
            (1_187_501, Certified::Quarterly),
            (1_187_500, Certified::Daily),
            (1_187_375, Certified::Daily),
            (1_312_375, Certified::Quarterly),
        ] {
            let rates = sterling(&[("2026-05-13", micro)]);
            let expected = match which {
                Certified::Quarterly => 1_250_000,
                Certified::Daily => micro,
            };
            assert_eq!(
                used(&rates, "2026-05-13"),
                Some((expected, which)),
                "{micro}"
            );
            assert_eq!(
                used(&rates, "2026-05-14"),
                Some((1_250_000, Certified::Quarterly))
            );
        }
    }

    #[test]
    fn a_quarter_has_a_first_and_a_last_day() {
        let rates = sterling(&[]);
        let quarterly = Some((1_250_000, Certified::Quarterly));
        assert_eq!(used(&rates, "2026-03-31"), None);
        assert_eq!(used(&rates, "2026-04-01"), quarterly);
        assert_eq!(used(&rates, "2026-06-30"), quarterly);
        assert_eq!(used(&rates, "2026-07-01"), None);
    }

    #[test]
    fn closed_days_take_the_last_certified_day_before() {
        // Friday 2026-05-22, then a weekend and Memorial Day on Monday the 25th.
        let rates = sterling(&[("2026-05-22", 1_400_000)]);
        let daily = Some((1_400_000, Certified::Daily));
        for on in ["2026-05-22", "2026-05-23", "2026-05-24", "2026-05-25"] {
            assert_eq!(used(&rates, on), daily, "{on}");
        }
        let quarterly = Some((1_250_000, Certified::Quarterly));
        assert_eq!(used(&rates, "2026-05-26"), quarterly);
        // A Saturday does not reach behind a Friday for which nothing was certified apart.
        let rates = sterling(&[("2026-05-21", 1_400_000)]);
        assert_eq!(used(&rates, "2026-05-23"), quarterly);
    }

    #[test]
    fn a_missing_quarter_is_a_question_though_a_daily_rate_is_there() {
        let rates = sterling(&[("2026-07-01", 1_400_000)]);
        assert_eq!(used(&rates, "2026-07-01"), None);
        let only_daily = vec![rate("GBP", "2026-07-01", "2026-07-02", 1_400_000)];
        let rates = Rates::certified(Vec::new(), only_daily, Vec::new(), None);
        assert_eq!(
            used(&rates, "2026-07-01"),
            Some((1_400_000, Certified::Daily))
        );
        assert_eq!(used(&rates, "2026-07-02"), None);
    }
}
