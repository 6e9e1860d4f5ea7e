//! Rates of duty: the texts of the columns general, special and column 2, as something that can be
//! computed.
//! It must not say which column applies, nor add duties of chapter 99: those are law.

mod amount;
mod exact;
mod read;
mod special;
mod unit;
mod words;

pub use amount::{Amount, Quantity};
pub use exact::{Exact, Ratio};
pub use read::plain;
pub use special::{Program, Programs, SpecialPart, read_special};
pub use unit::{Of, Size, Unit};

/// How many terms a rate has at most: a watch is taxed by piece, case, strap and battery.
pub const MOST_TERMS: usize = 4;

/// A rate of duty. What a person must read is never a number here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Free of duty, without a condition.
    Free,
    /// A sum of terms, perhaps with a least and a greatest amount.
    Duty(Duty),
    /// Sugar, by its polarization.
    PerDegree(PerDegree),
    /// Not a figure.
    NeedsPerson(Reason),
}

/// A sum of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    terms: [Option<Term>; MOST_TERMS],
    /// "but not less than".
    pub least: Option<Term>,
    /// "but not more than".
    pub most: Option<Term>,
}

impl Duty {
    /// The terms, which are added.
    pub fn terms(&self) -> impl Iterator<Item = Term> + '_ {
        self.terms.iter().flatten().copied()
    }
}

/// One term of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// So many hundredths of a value.
    Percent {
        /// Percent: 100/3 for `33 1/3%`.
        percent: Ratio,
        /// Of which value.
        of: ValueOf,
    },
    /// So many cents for each unit.
    PerUnit {
        /// Cents.
        cents: Ratio,
        /// Per which unit.
        per: Unit,
    },
}

/// "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in
/// proportion) but not less than 3.143854¢/kg".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerDegree {
    /// Cents per unit at full polarization.
    pub cents: Ratio,
    /// Cents less for each degree.
    pub less: Ratio,
    /// The degrees from which is counted down.
    pub under: Ratio,
    /// Never fewer cents than this.
    pub least: Ratio,
    /// Per which unit.
    pub per: Unit,
}

/// The value to which a percentage is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the parts")]
pub enum ValueOf {
    /// The entered value of the line.
    Entered,
    Case,
    StrapBandOrBracelet,
    CaseAndStrapBandOrBracelet,
    Battery,
    Movement,
    MovementAndCase,
    Apparatus,
    Rifle,
    TelescopicSight,
    LeadContent,
    EntireSet,
    FairRetail,
    FullImportedArticle,
}

impl ValueOf {
    /// What it is, in the schedule's words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            ValueOf::Entered => "the entered value",
            ValueOf::Case => "the case",
            ValueOf::StrapBandOrBracelet => "the strap, band or bracelet",
            ValueOf::CaseAndStrapBandOrBracelet => "the case and strap, band or bracelet",
            ValueOf::Battery => "the battery",
            ValueOf::Movement => "the movement",
            ValueOf::MovementAndCase => "the movement and case",
            ValueOf::Apparatus => "the apparatus",
            ValueOf::Rifle => "the rifle",
            ValueOf::TelescopicSight => "the telescopic sight",
            ValueOf::LeadContent => "the lead content",
            ValueOf::EntireSet => "the entire set",
            ValueOf::FairRetail => "the fair retail value",
            ValueOf::FullImportedArticle => "the full value of the imported article",
        }
    }
}

/// Why a person must read a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// The column is empty.
    #[error("no rate is printed")]
    NoRate,
    /// Free only under bond or on terms of a note.
    #[error("free only on a condition")]
    Conditional,
    /// The rate of another article or number.
    #[error("the rate is that of another article or number")]
    AnotherRate,
    /// The rate of the number under which the goods would otherwise be, with or without more.
    #[error("the rate is built on that of the applicable subheading")]
    ApplicableSubheading,
    /// "See" a heading.
    #[error("the rate is printed in another heading")]
    SeeHeading,
    /// "See" a note.
    #[error("the rate is set by a note")]
    SeeNote,
    /// The value is cut by costs or contents that a note defines.
    #[error("the duty falls on a part of the value that a note defines")]
    PartOfValue,
    /// The duty of a watch's pieces, capped by that of the complete movement.
    #[error("the duty on pieces is capped by that on the complete movement")]
    WatchPieces,
    /// "No change".
    #[error("the rate is said not to change")]
    NoChange,
    /// A figure in the special column beside which no program is named.
    #[error("the special column names no program")]
    NoProgram,
    /// Nothing known was recognised.
    #[error("the text is not understood")]
    Unread,
    /// An amount that does not fit.
    #[error("the amount is too large to compute exactly")]
    TooLarge,
    /// A negative value or quantity, or one of more than eighteen decimals.
    #[error("a value or quantity is not an amount")]
    NotAnAmount,
}

/// The shapes in which rates are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the shapes")]
pub enum Shape {
    Free,
    AdValorem,
    Specific,
    Compound,
    PartOfValue,
    PerDegree,
    NeedsPerson,
}

impl Shape {
    /// The name in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Shape::Free => "free",
            Shape::AdValorem => "ad valorem",
            Shape::Specific => "specific",
            Shape::Compound => "compound",
            Shape::PartOfValue => "on parts of the value",
            Shape::PerDegree => "by degrees of sugar",
            Shape::NeedsPerson => "needs a person",
        }
    }
}

impl Rate {
    /// Reads a text of the columns general or column 2. Marks of HTML, spacing and footnote marks
    /// do not matter. What is not understood is [`Rate::NeedsPerson`].
    #[must_use]
    pub fn read(text: &str) -> Rate {
        read::rate(text)
    }

    /// The shape in which it is counted.
    #[must_use]
    pub fn shape(&self) -> Shape {
        let duty = match self {
            Rate::Free => return Shape::Free,
            Rate::PerDegree(_) => return Shape::PerDegree,
            Rate::NeedsPerson(_) => return Shape::NeedsPerson,
            Rate::Duty(duty) => duty,
        };
        let (mut percent, mut specific) = (0, 0);
        for term in duty.terms() {
            match term {
                Term::Percent { of, .. } if of != ValueOf::Entered => return Shape::PartOfValue,
                Term::Percent { .. } => percent += 1,
                Term::PerUnit { .. } => specific += 1,
            }
        }
        match (percent, specific) {
            (_, 0) => Shape::AdValorem,
            (0, 1) => Shape::Specific,
            _ => Shape::Compound,
        }
    }
}
