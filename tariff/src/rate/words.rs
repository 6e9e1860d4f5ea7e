//! What was read from a rate, in one fixed form, so that a person can compare it with the text.

use super::{Duty, Rate, Ratio, Term, ValueOf};
use std::fmt;

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rate::Free => f.write_str("Free"),
            Rate::NeedsPerson(reason) => write!(f, "needs a person: {reason}"),
            Rate::Duty(duty) => duty.fmt(f),
            Rate::PerDegree(sugar) => {
                money(f, sugar.cents)?;
                write!(f, " per {}, ", sugar.per)?;
                money(f, sugar.less)?;
                write!(f, " less for each degree under {}, at least ", sugar.under)?;
                money(f, sugar.least)?;
                write!(f, " per {}", sugar.per)
            }
        }
    }
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, term) in self.terms().enumerate() {
            if place > 0 {
                f.write_str(" + ")?;
            }
            term.fmt(f)?;
        }
        if let Some(least) = self.least {
            write!(f, ", at least {least}")?;
        }
        if let Some(most) = self.most {
            write!(f, ", at most {most}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Percent {
                percent,
                of: ValueOf::Entered,
            } => write!(f, "{percent}%"),
            Term::Percent { percent, of } => write!(f, "{percent}% of {}", of.words()),
            Term::PerUnit { cents, per } => {
                money(f, *cents)?;
                write!(f, " per {per}")
            }
        }
    }
}

fn money(f: &mut fmt::Formatter<'_>, cents: Ratio) -> fmt::Result {
    write!(f, "{cents}\u{a2}")
}
