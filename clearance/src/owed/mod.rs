//! What is owed: duty line by line, fees, and their totals, for one way of entering.
//!
//! In this order: which headings speak of a line ([`stack`]), what they come to ([`amounts`]), what
//! is collected besides ([`fees`], [`mail`]), and the sums ([`price`]). Rounding stands in
//! [`rounding`] alone. Nothing here decides how a parcel enters, and nothing here is law: rates,
//! headings and their conditions are data.

mod amounts;
mod ask;
mod by_line;
mod column;
mod fees;
mod key;
mod mail;
mod memory;
mod of;
mod origins;
mod price;
mod questions;
mod reads;
pub mod rounding;
mod stack;
mod sum;
pub mod words;

pub use by_line::{EnteredLine, LineFee, entered_lines};
pub use memory::DutyMemory;
pub use of::{ask_for_amounts, bear_duty, owe, owe_by};
pub use price::{price, total_if};
pub use questions::open_questions;

use crate::assess::Clocks;
use crate::decision::Unknown;
use crate::rates::Rates;
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::compile::RuleRef;
use deminimis_law::facts::FactId;
use deminimis_law::money::Cents;
use deminimis_law::names::EntryPath;
use deminimis_law::rate::Rate;
use deminimis_tariff::{RateRef, Schedule};

/// What is owed by one way of entering. Buffers are reused from parcel to parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// The way of entering it is reckoned for.
    pub path: Option<EntryPath>,
    /// Charges of the lines, line after line, each in the order of reporting.
    pub charges: Vec<Charge>,
    /// Fees.
    pub fees: Vec<Fee>,
    /// All duty.
    pub duty: Span,
    /// All fees.
    pub fee_total: Span,
    /// Duty and fees.
    pub total: Span,
    /// What keeps the total from being known.
    pub open: Vec<OpenAmount>,
    /// What each lawful way of entering would come to, this one first.
    pub paths: Vec<(EntryPath, Span)>,
    /// Claims that change nothing, with the line.
    pub ignored: Vec<(u16, deminimis_law::claim::Claim)>,
    /// The rates are those of the last release in hand, printed before the day.
    pub carried: bool,
    /// Value as entered, line after line, rounded as the path rounds it.
    pub entered: Cents,
}

/// An amount, or the least and the most it may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The least.
    pub low: Cents,
    /// The most; `None` where nothing bounds it.
    pub high: Option<Cents>,
}

impl Span {
    /// Nothing.
    pub const NOTHING: Span = Span::exactly(Cents(0));
    /// Anything.
    pub const UNBOUNDED: Span = Span {
        low: Cents(0),
        high: None,
    };

    /// Nothing, or any amount up to this.
    #[must_use]
    pub const fn up_to(most: Cents) -> Span {
        Span {
            low: Cents(0),
            high: Some(most),
        }
    }

    /// A known amount.
    #[must_use]
    pub const fn exactly(amount: Cents) -> Span {
        Span {
            low: amount,
            high: Some(amount),
        }
    }

    /// The amount, where it is known.
    #[must_use]
    pub fn known(self) -> Option<Cents> {
        self.high.filter(|high| *high == self.low)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Span) -> Span {
        Span {
            low: self.low.plus(other.low),
            high: self.high.zip(other.high).map(|(a, b)| a.plus(b)),
        }
    }

    /// What spans both.
    #[must_use]
    pub fn or(self, other: Span) -> Span {
        Span {
            low: self.low.min(other.low),
            high: self.high.zip(other.high).map(|(a, b)| a.max(b)),
        }
    }
}

/// One charge of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The line, from 1.
    pub line: u16,
    /// What charges.
    pub source: Source,
    /// Whether it charges.
    pub state: State,
    /// On what it is charged.
    pub base: Cents,
    /// The rate of a heading; nothing for a rate of the schedule, which has its own text.
    pub rate: Rate,
    /// The amount, rounded once; nothing where it is exempt or not known.
    pub amount: Cents,
    /// The rule that holds instead of an open one if that does not, or that displaces a displaced
    /// one.
    pub beside: Option<RuleRef>,
}

/// Where a charge comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A rate of the schedule.
    Schedule(Column, Option<RateRef>),
    /// A heading of the law, and its row where a table gives it.
    Heading(RuleRef, Option<u16>),
    /// What the carrier of the mail pays.
    Mail(RuleRef),
}

/// Which column of the schedule serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Column {
    /// Column 1, general.
    #[default]
    General,
    /// Column 1, special, under this program.
    Special(RuleRef, deminimis_law::claim::Claim),
    /// Column 2.
    Two(RuleRef),
}

/// Whether a charge or a fee charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does.
    Charged,
    /// A floor that column 1 reaches already.
    Met,
    /// The heading spares the line what its program would charge.
    Exempt,
    /// Another measure, column 2 or a provision of Chapter 98 comes before it: it charges nothing.
    Displaced,
    /// Whether or how much hangs on what is not known.
    Open,
    /// Its rate or list is not in hand.
    NotCovered,
}

impl State {
    /// The state as the contract writes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            State::Charged => "charged",
            State::Met => "met",
            State::Exempt => "exempt",
            State::Displaced => "displaced",
            State::Open => "open",
            State::NotCovered => "not_covered",
        }
    }
}

impl OpenAmount {
    /// Whether the total hangs on it; else it is a relief that was not claimed, or a date that would
    /// spare the goods.
    #[must_use]
    pub fn is_material(&self) -> bool {
        !matches!(
            self.why,
            Why::Unclaimed(_) | Why::Unknown(Unknown::Clock(_))
        )
    }
}

/// What keeps a total from being known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenAmount {
    /// The line, from 1; 0 is the parcel.
    pub line: u16,
    /// Why.
    pub why: Why,
}

/// Why an amount is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something was not given.
    Unknown(Unknown),
    /// A relief was not claimed, and might be: the total stands without it.
    Unclaimed(FactId),
    /// A heading's rate or a fee's amount is not in hand.
    NotCovered(RuleRef),
    /// The schedule of the day is not in hand.
    NoSchedule,
    /// The number is absent, too short, or not printed on the day.
    NoNumber,
    /// The number given is one of Chapter 98 or 99: it is claimed beside that of the article.
    HeadingAsNumber,
    /// The rate's text needs a person.
    RateText(deminimis_tariff::rate::Reason),
    /// A rate asks for a quantity in this unit.
    Quantity(deminimis_tariff::rate::Unit),
    /// A rate asks for the value of a part.
    Part(deminimis_tariff::rate::ValueOf),
    /// No value in dollars.
    Unpriced,
    /// Which way of paying mail duty the carrier elected.
    PostalMethod,
    /// No way of entering is known.
    NoPath,
    /// The duties of the day depend on one another in a circle.
    Circle,
}

/// A fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    /// Its rule.
    pub rule: RuleRef,
    /// The value it is reckoned on.
    pub base: Cents,
    /// Whether it charges: exempt where every line is spared, and it stays at nothing.
    pub state: State,
    /// The amount, or the least and the most it may be.
    pub amount: Span,
}

/// What reckoning reads of a parcel.
#[derive(Clone, Copy)]
pub struct Goods<'a> {
    /// The law.
    pub law: &'a Law,
    /// The schedule.
    pub tariff: &'a Schedule,
    /// Exchange rates.
    pub rates: &'a Rates,
    /// The parcel.
    pub shipment: &'a Shipment,
    /// Its dates.
    pub clocks: &'a Clocks,
}
