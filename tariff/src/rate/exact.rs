//! Fractions without loss: of cents, of percent, of units.
//! It must not round, except in the one function that says so.

use std::cmp::Ordering;
use std::fmt;

/// A fraction as a rate prints it: `33 1/3` is 100/3, `4.4` is 22/5. Lowest terms, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    numer: i64,
    denom: i64,
}

impl Ratio {
    /// The fraction in lowest terms; `None` if it is negative or the divisor is not positive.
    #[must_use]
    pub const fn new(numer: i64, denom: i64) -> Option<Ratio> {
        if numer < 0 || denom <= 0 {
            return None;
        }
        let divisor = gcd(numer as u128, denom as u128) as i64;
        Some(Ratio {
            numer: numer / divisor,
            denom: denom / divisor,
        })
    }

    /// Above the line and below it, in lowest terms.
    #[must_use]
    pub const fn parts(self) -> (i64, i64) {
        (self.numer, self.denom)
    }

    /// Reads a decimal without sign: `4.4`, `.5`, `1,000`. At most eighteen digits.
    #[must_use]
    pub fn decimal(text: &str) -> Option<Ratio> {
        let (mut numer, mut denom, mut digits, mut after) = (0_i64, 1_i64, 0, false);
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    numer = numer.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                    if after {
                        denom = denom.checked_mul(10)?;
                    }
                }
                b'.' if !after => after = true,
                b',' if !after && digits > 0 => {}
                _ => return None,
            }
        }
        (digits > 0 && digits <= 18).then(|| Ratio::new(numer, denom))?
    }
}

impl fmt::Display for Ratio {
    /// A decimal where it ends, else whole number and fraction: `4.4`, `33 1/3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, mut rest) = (self.numer / self.denom, self.numer % self.denom);
        let mut ends = self.denom;
        for factor in [2, 5] {
            while ends % factor == 0 {
                ends /= factor;
            }
        }
        if ends != 1 {
            return match whole {
                0 => write!(f, "{rest}/{}", self.denom),
                _ => write!(f, "{whole} {rest}/{}", self.denom),
            };
        }
        write!(f, "{whole}")?;
        if rest != 0 {
            write!(f, ".")?;
        }
        while rest != 0 {
            let ten = i128::from(rest) * 10;
            write!(f, "{}", ten / i128::from(self.denom))?;
            rest = (ten % i128::from(self.denom)) as i64;
        }
        Ok(())
    }
}

/// An exact fraction of a cent. Lowest terms, the divisor positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exact {
    numer: i128,
    denom: i128,
}

impl Exact {
    /// Nothing owed.
    pub const ZERO: Exact = Exact { numer: 0, denom: 1 };

    /// The fraction in lowest terms; `None` if the divisor is not positive.
    #[must_use]
    pub fn new(numer: i128, denom: i128) -> Option<Exact> {
        if denom <= 0 {
            return None;
        }
        let divisor = i128::try_from(gcd(numer.unsigned_abs(), denom.unsigned_abs())).ok()?;
        Some(match divisor {
            1 => Exact { numer, denom },
            _ => Exact {
                numer: numer / divisor,
                denom: denom / divisor,
            },
        })
    }

    /// Above the line and below it, in lowest terms.
    #[must_use]
    pub const fn parts(self) -> (i128, i128) {
        (self.numer, self.denom)
    }

    /// The sum; `None` if it does not fit.
    #[must_use]
    pub fn plus(self, other: Exact) -> Option<Exact> {
        let shared = i128::try_from(gcd(self.denom.unsigned_abs(), other.denom.unsigned_abs()));
        let shared = shared.ok()?;
        let (mine, its) = (other.denom / shared, self.denom / shared);
        let numer = self
            .numer
            .checked_mul(mine)?
            .checked_add(other.numer.checked_mul(its)?)?;
        Exact::new(numer, self.denom.checked_mul(mine)?)
    }

    /// The difference; `None` if it does not fit.
    #[must_use]
    pub fn minus(self, other: Exact) -> Option<Exact> {
        self.plus(Exact {
            numer: other.numer.checked_neg()?,
            denom: other.denom,
        })
    }

    /// The product; `None` if it does not fit.
    #[must_use]
    pub fn times(self, other: Exact) -> Option<Exact> {
        // Cancelled crosswise first: the factors are in lowest terms, so the product is too.
        let left = Exact::new(self.numer, other.denom)?;
        let right = Exact::new(other.numer, self.denom)?;
        Some(Exact {
            numer: left.numer.checked_mul(right.numer)?,
            denom: left.denom.checked_mul(right.denom)?,
        })
    }

    /// Whole cents, half a cent up. This is the only place where a duty is rounded, and it is done
    /// once for each duty of a line. 19 CFR 159.3 rounds the *value* to whole dollars before a rate
    /// is applied; the value that comes here has been rounded by its path already. `None` if the
    /// amount is negative or does not fit.
    #[must_use]
    pub fn half_up_to_the_cent(self) -> Option<i64> {
        if self.denom == 1 && self.numer >= 0 {
            return i64::try_from(self.numer).ok();
        }
        let (whole, rest) = (self.numer / self.denom, self.numer % self.denom);
        if self.numer < 0 {
            return None;
        }
        // rest >= denom - rest says 2 * rest >= denom without a product that could be too large.
        let up = i128::from(rest >= self.denom - rest);
        i64::try_from(whole + up).ok()
    }
}

impl From<i64> for Exact {
    fn from(whole: i64) -> Exact {
        Exact {
            numer: i128::from(whole),
            denom: 1,
        }
    }
}

impl From<Ratio> for Exact {
    fn from(ratio: Ratio) -> Exact {
        Exact {
            numer: i128::from(ratio.numer),
            denom: i128::from(ratio.denom),
        }
    }
}

impl Ord for Exact {
    /// Compares without products: the whole parts, then the turned rests, as Euclid's algorithm
    /// runs. It ends because the divisors become smaller at each step.
    fn cmp(&self, other: &Exact) -> Ordering {
        let (mut a, mut b) = ((self.numer, self.denom), (other.numer, other.denom));
        loop {
            let wholes = (a.0.div_euclid(a.1), b.0.div_euclid(b.1));
            let rests = (a.0.rem_euclid(a.1), b.0.rem_euclid(b.1));
            match (wholes.0.cmp(&wholes.1), rests) {
                (Ordering::Equal, (0, 0)) => return Ordering::Equal,
                (Ordering::Equal, (0, _)) => return Ordering::Less,
                (Ordering::Equal, (_, 0)) => return Ordering::Greater,
                // Of two rests the one whose turned fraction is greater is the lesser.
                (Ordering::Equal, (x, y)) => (a, b) = ((b.1, y), (a.1, x)),
                (unequal, _) => return unequal,
            }
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Division of 128 bits is slow and almost never needed: as soon as both fit, 64 bits are used.
const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if a >> 64 == 0 && b >> 64 == 0 {
            let (mut x, mut y) = (a as u64, b as u64);
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return x as u128;
        }
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(numer: i128, denom: i128) -> Exact {
        Exact::new(numer, denom).unwrap()
    }

    #[test]
    fn decimals_are_exact_and_shown_as_printed() {
        for (text, parts, shown) in [
            ("4.4", (22, 5), "4.4"),
            ("0.0622005", (124_401, 2_000_000), "0.0622005"),
            ("6.58170", (65_817, 10_000), "6.5817"),
            ("1,000", (1000, 1), "1000"),
            (".5", (1, 2), "0.5"),
            ("0", (0, 1), "0"),
        ] {
            let ratio = Ratio::decimal(text).unwrap();
            assert_eq!((ratio.parts(), ratio.to_string().as_str()), (parts, shown));
        }
        assert_eq!(Ratio::new(100, 3).unwrap().to_string(), "33 1/3");
        for text in ["", ".", "1.2.3", "-1", "1e3", ",5", "9999999999999999999"] {
            assert_eq!(Ratio::decimal(text), None, "{text}");
        }
    }

    #[test]
    fn half_a_cent_goes_up_and_less_goes_down() {
        for (numer, denom, cents) in [
            (0, 1, Some(0)),
            (1, 2, Some(1)),
            (49, 100, Some(0)),
            (3, 2, Some(2)),
            (i128::MAX, i128::MAX - 1, Some(1)),
            (-1, 2, None),
            (i128::MAX, 1, None),
        ] {
            let rounded = exact(numer, denom).half_up_to_the_cent();
            assert_eq!(rounded, cents, "{numer}/{denom}");
        }
    }

    #[test]
    fn order_needs_no_products() {
        let big = i128::MAX;
        assert!(exact(1, 3) < exact(334, 1000));
        assert!(exact(-1, 3) < exact(-333, 1000));
        assert!(exact(big, big - 1) > exact(1, 1));
        assert!(exact(big - 1, big) < exact(big, big - 1));
        assert_eq!(exact(2, 6).cmp(&exact(1, 3)), Ordering::Equal);
    }

    #[test]
    fn sums_and_products_are_refused_when_too_large() {
        assert_eq!(exact(1, 2).plus(exact(1, 3)), Some(exact(5, 6)));
        assert_eq!(exact(1, 2).minus(exact(1, 3)), Some(exact(1, 6)));
        assert_eq!(exact(2, 3).times(exact(3, 2)), Some(exact(1, 1)));
        assert_eq!(exact(i128::MAX, 1).plus(exact(1, 1)), None);
        assert_eq!(exact(i128::MAX, 1).times(exact(3, 1)), None);
    }
}
