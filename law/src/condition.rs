//! The closed tree of conditions a rule may stand under (`when`).
//!
//! Conditions are data: reading them is here, answering them is the assessment's.

use crate::claim::{Claim, ClaimPattern};
use crate::facts::{FactId, FactValue, TextHash};
use crate::kind::Program;
use crate::money::Cents;
use crate::names::{
    Basis, Clock, CustomsStatus, EntryPath, Given, Mode, Outcome, PartyKind, PersonBasis,
    PostalServiceClass, Purpose, Set, SplitReason, ValueEvidence,
};
use crate::rate::{Rate, WHOLE};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// A set of numbers or origins by its place in the rulebook's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetId(pub u16);

/// A condition. Several keys of one table must all hold; a list inside a key is any of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cond {
    /// Every part holds; the empty list always holds.
    All(Vec<Cond>),
    /// At least one part holds.
    Any(Vec<Cond>),
    /// The part does not hold.
    Not(Box<Cond>),
    /// Some line of the shipment meets the part; asked of the shipment.
    AnyLine(Box<Cond>),
    /// The line's number lies in the set.
    Number(SetId),
    /// The line's number is absent or has fewer digits.
    NumberDigitsBelow(u8),
    /// The line's country of origin lies in the set.
    Origin(SetId),
    /// A fact of the line.
    Fact(FactId, FactTest),
    /// The line states one of these facts, whatever its answer.
    FactStated(Vec<FactId>),
    /// The line claims one of these.
    Claim(Vec<ClaimPattern>),
    /// The line disclaims one of these agencies.
    Disclaimed(Vec<Claim>),
    /// The line's data for one of these agencies is ready.
    Ready(Vec<Claim>),
    /// The line's quantity, in thousandths, is at least this.
    QuantityAtLeast(i64),
    /// A heading of one of these programs charges the line.
    SubjectTo(Vec<Program>),
    /// The rate that the line pays in column 1 is at least this.
    Column1AtLeast(Rate),
    /// The line enters free of column 1 duty under one of these special programs.
    EnteredFreeUnder(Vec<Claim>),
    /// The line pays the rate of column 2.
    Column2,
    /// A line is valued below its fair retail value, or at nothing though sold.
    Undervalued,
    /// The mode is one of these.
    Mode(Set<Mode>),
    /// The purpose is one of these.
    Purpose(Set<Purpose>),
    /// The customs status is one of these.
    CustomsStatus(Set<CustomsStatus>),
    /// Shipped from a country in the set.
    ShippedFrom(SetId),
    /// Carried by an arriving traveller.
    Accompanied,
    /// Sold to the named consignee before arrival, or said not to be.
    SoldBeforeImport(bool),
    /// The path the sender names is one of these.
    PathAsked(Set<EntryPath>),
    /// The path decided is one of these.
    Path(Set<EntryPath>),
    /// The basis decided is one of these.
    Basis(Set<Basis>),
    /// The outcome decided is one of these.
    Outcome(Set<Outcome>),
    /// The one person is one of these parties.
    Person(Set<PersonBasis>),
    /// What the consignee is.
    ConsigneeKind(Set<PartyKind>),
    /// What the shipper is.
    ShipperKind(Set<PartyKind>),
    /// One of these fields is given.
    Given(Set<Given>),
    /// One of these fields is not given.
    Missing(Set<Given>),
    /// Shipper and consignee bear one name.
    ShipperIsConsignee,
    /// The importer of record is foreign.
    ImporterForeign,
    /// Entered at an express consignment hub.
    AtExpressHub,
    /// What supports the value.
    ValueEvidence(Set<ValueEvidence>),
    /// Class of the postal item.
    PostalServiceClass(Set<PostalServiceClass>),
    /// Why the order was split.
    SplitReason(Set<SplitReason>),
    /// Total fair retail value strictly above.
    ValueOver(Cents),
    /// Total line value (transaction value) strictly above.
    EnteredValueOver(Cents),
    /// An agency's data is needed for release of some line.
    AgencyData,
    /// Filed after arrival.
    FiledAfterArrival,
    /// A clock of the parcel is before a moment.
    Before(Clock, Moment),
    /// What the person's day holds.
    Day(DayTest),
}

/// Conditions over the person's day, answered from the day context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayTest {
    /// The order came in two or more parcels and its total exceeds the limit.
    OrderOverLimit,
    /// The order came in at least this many parcels.
    OrderParcelsAtLeast(u32),
    /// Two or more shipments for the consignee on one master bill, above the limit together.
    BillOverLimit,
    /// The day's total of the 321(a)(2)(C) basis exceeds the limit.
    OverLimit,
    /// The person imported at least this many shipments that day.
    ShipmentsAtLeast(u32),
    /// A later parcel of the day took the person over the limit.
    LaterOverLimit,
    /// Over the limit only if uncertain matches are the same person.
    LinkedOverLimit,
    /// Over the limit if parcels that a person must decide enter free.
    UndecidedOverLimit,
    /// A refused input row named this person on this day.
    RefusedRows,
    /// A later parcel of the day was answered before this one.
    OutOfOrder,
}

/// What is asked of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactTest {
    /// A yes-or-no fact has this value; a text fact is given and not `none` (or the opposite).
    Is(bool),
    /// A text fact equals this text.
    Text(TextHash),
    /// An amount in cents, or a share in ten-thousandths, is at least this.
    AtLeast(i64),
    /// An amount is at least this share of the line's value.
    AtLeastOfValue(Rate),
}

impl FactTest {
    /// Whether a stated value meets the test on a line worth so many cents.
    #[must_use]
    pub fn is_met(self, value: FactValue, line_cents: i64) -> bool {
        match (value, self) {
            (FactValue::Bool(value), FactTest::Is(wanted)) => value == wanted,
            (FactValue::Text(text), FactTest::Is(wanted)) => (text != TextHash::NONE) == wanted,
            (FactValue::Text(text), FactTest::Text(wanted)) => text == wanted,
            (FactValue::Usd(cents), FactTest::AtLeast(least)) => cents.0 >= least,
            (FactValue::Share(share), FactTest::AtLeast(least)) => i64::from(share) >= least,
            (FactValue::Usd(cents), FactTest::AtLeastOfValue(rate)) => {
                i128::from(cents.0) * i128::from(WHOLE)
                    >= i128::from(line_cents) * i128::from(rate.0)
            }
            // A test of another type is refused when the law is read.
            (FactValue::Bool(_) | FactValue::Text(_), FactTest::AtLeast(_))
            | (FactValue::Bool(_) | FactValue::Usd(_) | FactValue::Share(_), FactTest::Text(_))
            | (FactValue::Usd(_) | FactValue::Share(_), FactTest::Is(_))
            | (
                FactValue::Bool(_) | FactValue::Text(_) | FactValue::Share(_),
                FactTest::AtLeastOfValue(_),
            ) => false,
        }
    }
}

impl Cond {
    /// Whether a condition always holds.
    #[must_use]
    pub fn is_always(&self) -> bool {
        matches!(self, Cond::All(parts) if parts.is_empty())
    }

    /// Calls `visit` on this condition and every part of it.
    pub fn walk(&self, visit: &mut impl FnMut(&Cond)) {
        visit(self);
        match self {
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Cond::Not(part) | Cond::AnyLine(part) => part.walk(visit),
            _ => {}
        }
    }

    /// Whether some part is of the kind `test` recognises.
    #[must_use]
    pub fn mentions(&self, test: impl Fn(&Cond) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= test(part));
        found
    }

    /// Whether the condition speaks of a line, so that its rule is asked line by line.
    #[must_use]
    pub fn is_about_a_line(&self) -> bool {
        match self {
            Cond::All(parts) | Cond::Any(parts) => parts.iter().any(Cond::is_about_a_line),
            Cond::Not(part) => part.is_about_a_line(),
            Cond::Number(_)
            | Cond::NumberDigitsBelow(_)
            | Cond::Origin(_)
            | Cond::Fact(..)
            | Cond::FactStated(_)
            | Cond::Claim(_)
            | Cond::Disclaimed(_)
            | Cond::Ready(_)
            | Cond::QuantityAtLeast(_)
            | Cond::SubjectTo(_)
            | Cond::Column1AtLeast(_)
            | Cond::EnteredFreeUnder(_)
            | Cond::Column2
            | Cond::Undervalued => true,
            _ => false,
        }
    }

    /// Whether the condition reads what is only decided later (path, basis, outcome).
    #[must_use]
    pub fn reads_the_decision(&self) -> bool {
        self.mentions(|part| matches!(part, Cond::Path(_) | Cond::Basis(_) | Cond::Outcome(_)))
    }

    /// Whether this part reads which duties a line bears.
    #[must_use]
    pub fn reads_what_is_owed(&self) -> bool {
        matches!(
            self,
            Cond::SubjectTo(_)
                | Cond::Column1AtLeast(_)
                | Cond::EnteredFreeUnder(_)
                | Cond::Column2
        )
    }

    /// This part as a condition of duties; nothing where it may not stand in one. Duties ask of the
    /// goods, the way they come and the dates, not of persons, days or what is decided of the parcel.
    /// The one list of which is which: every condition is named.
    #[must_use]
    pub fn of_duty(&self) -> Option<DutyCond<'_>> {
        Some(match self {
            Cond::All(parts) => DutyCond::All(parts),
            Cond::Any(parts) => DutyCond::Any(parts),
            Cond::Not(part) => DutyCond::Not(part),
            Cond::Number(set) => DutyCond::OfLine(LineCond::Number(*set)),
            Cond::Origin(set) => DutyCond::OfLine(LineCond::Origin(*set)),
            Cond::Fact(fact, test) => DutyCond::OfLine(LineCond::Fact(*fact, *test)),
            Cond::FactStated(facts) => DutyCond::OfLine(LineCond::FactStated(facts)),
            Cond::Claim(patterns) => DutyCond::OfLine(LineCond::Claim(patterns)),
            Cond::SubjectTo(programs) => DutyCond::OfLine(LineCond::SubjectTo(programs)),
            Cond::Column1AtLeast(rate) => DutyCond::OfLine(LineCond::Column1AtLeast(*rate)),
            Cond::EnteredFreeUnder(claims) => DutyCond::OfLine(LineCond::EnteredFreeUnder(claims)),
            Cond::Column2 => DutyCond::OfLine(LineCond::Column2),
            Cond::Mode(set) => DutyCond::OfParcel(ParcelCond::Mode(*set)),
            Cond::Purpose(set) => DutyCond::OfParcel(ParcelCond::Purpose(*set)),
            Cond::CustomsStatus(set) => DutyCond::OfParcel(ParcelCond::CustomsStatus(*set)),
            Cond::ShippedFrom(set) => DutyCond::OfParcel(ParcelCond::ShippedFrom(*set)),
            Cond::Accompanied => DutyCond::OfParcel(ParcelCond::Accompanied),
            Cond::AtExpressHub => DutyCond::OfParcel(ParcelCond::AtExpressHub),
            Cond::PostalServiceClass(set) => {
                DutyCond::OfParcel(ParcelCond::PostalServiceClass(*set))
            }
            Cond::Before(clock, moment) => DutyCond::OfParcel(ParcelCond::Before(*clock, *moment)),
            Cond::AnyLine(_)
            | Cond::NumberDigitsBelow(_)
            | Cond::Disclaimed(_)
            | Cond::Ready(_)
            | Cond::QuantityAtLeast(_)
            | Cond::Undervalued
            | Cond::SoldBeforeImport(_)
            | Cond::PathAsked(_)
            | Cond::Path(_)
            | Cond::Basis(_)
            | Cond::Outcome(_)
            | Cond::Person(_)
            | Cond::ConsigneeKind(_)
            | Cond::ShipperKind(_)
            | Cond::Given(_)
            | Cond::Missing(_)
            | Cond::ShipperIsConsignee
            | Cond::ImporterForeign
            | Cond::ValueEvidence(_)
            | Cond::SplitReason(_)
            | Cond::ValueOver(_)
            | Cond::EnteredValueOver(_)
            | Cond::AgencyData
            | Cond::FiledAfterArrival
            | Cond::Day(_) => return None,
        })
    }

    /// Whether the condition reads the person's day.
    #[must_use]
    pub fn reads_the_day(&self) -> bool {
        self.mentions(|part| matches!(part, Cond::Day(_)))
    }
}

/// A condition that may stand under a duty.
#[derive(Clone, Copy, Debug)]
pub enum DutyCond<'a> {
    /// Every part holds.
    All(&'a [Cond]),
    /// At least one part holds.
    Any(&'a [Cond]),
    /// The part does not hold.
    Not(&'a Cond),
    /// Asked of a line, or of what was found for it before.
    OfLine(LineCond<'a>),
    /// Asked of the parcel's head.
    OfParcel(ParcelCond),
}

/// What duties ask of a line; see [`Cond`] for each.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each says what the condition of its name says")]
pub enum LineCond<'a> {
    Number(SetId),
    Origin(SetId),
    Fact(FactId, FactTest),
    FactStated(&'a [FactId]),
    Claim(&'a [ClaimPattern]),
    SubjectTo(&'a [Program]),
    Column1AtLeast(Rate),
    EnteredFreeUnder(&'a [Claim]),
    Column2,
}

/// What duties ask of a parcel's head; see [`Cond`] for each.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each says what the condition of its name says")]
pub enum ParcelCond {
    Mode(Set<Mode>),
    Purpose(Set<Purpose>),
    CustomsStatus(Set<CustomsStatus>),
    ShippedFrom(SetId),
    Accompanied,
    AtExpressHub,
    PostalServiceClass(Set<PostalServiceClass>),
    Before(Clock, Moment),
}
