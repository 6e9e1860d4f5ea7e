//! Answers a condition for one parcel, or one line of it.
//!
//! An absent fact is first left open: only if the rule depends on it is its absence given a
//! meaning, and then that is recorded. So a presumption is listed where it decided something.

use crate::assess::memory::{alone, is_plain};
use crate::basis::bill_exceeds;
use crate::day::DayContext;
use crate::decision::{Decision, Unknown};
use crate::shipment::{Line, Shipment};
use deminimis_law::claim::Claim;
use deminimis_law::condition::{Cond, DayTest, FactTest};
use deminimis_law::facts::{Absence, FactId, FactValue, TextHash};
use deminimis_law::names::{Basis, Clock, Purpose};
use deminimis_law::sets::{Lies, NumberSet};
use deminimis_law::time::{Moment, When};
use deminimis_law::truth::Truth;
use deminimis_law::{Law, codes::Country};

/// The parcel's clocks, each with its fallback applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// By [`Clock`].
    pub read: [When; Clock::ALL.len()],
    /// Whether the parcel gave the date itself.
    pub given: [bool; Clock::ALL.len()],
}

/// Answers tried for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guess {
    /// The origin of every line that gives none.
    pub origin: Option<Country>,
    /// Whether numbers that are absent or too short lie in the sets asked for.
    pub number: Option<bool>,
    /// A yes-or-no answer to other unknowns.
    pub answers: [Option<(Unknown, bool)>; GUESSES],
}

/// How many other unknowns can be tried at once; more go to a person at once.
pub const GUESSES: usize = 5;

impl Guess {
    /// The answer tried for `what`.
    pub fn answer(&self, what: Unknown) -> Option<bool> {
        self.answers
            .iter()
            .flatten()
            .find(|(asked, _)| *asked == what)
            .map(|(_, answer)| *answer)
    }
}

/// What was asked and not known while a condition was answered. Bounded: what does not fit is
/// still unknown, it is only not named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Touched {
    items: [Option<Unknown>; 8],
    /// Something was asked that the key of the memory does not say, or did not fit.
    open: bool,
}

impl Touched {
    fn add(&mut self, what: Unknown) {
        for slot in &mut self.items {
            match slot {
                Some(known) if *known == what => return,
                Some(_) => {}
                None => {
                    *slot = Some(what);
                    return;
                }
            }
        }
        self.open = true;
    }

    /// Whether everything that was not known is named.
    pub fn is_closed(&self) -> bool {
        !self.open
    }

    /// The answer to what the key of the memory does not say.
    fn leave_open(&mut self) -> Truth {
        self.open = true;
        Truth::Unknown
    }

    /// What was touched.
    pub fn iter(&self) -> impl Iterator<Item = Unknown> {
        self.items.into_iter().flatten()
    }
}

/// How a condition is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Absent facts stay open.
    Strictly,
    /// Absence means what `facts.toml` says; what is material takes its guess, else stays open.
    ByDefault,
    /// Only what is part of the key of the memory is known: for what may be remembered.
    OfClass,
    /// The same once outcome, basis, path and person are known too.
    OfDecided,
    /// As `OfClass`, and absence means what `facts.toml` says.
    OfClassByDefault,
    /// As `OfDecided`, and absence means what `facts.toml` says.
    OfDecidedByDefault,
}

impl Asking {
    fn is_of_class(self) -> bool {
        !matches!(self, Asking::Strictly | Asking::ByDefault)
    }

    fn is_of_decided(self) -> bool {
        matches!(self, Asking::OfDecided | Asking::OfDecidedByDefault)
    }

    fn is_by_default(self) -> bool {
        !matches!(self, Asking::Strictly | Asking::OfClass | Asking::OfDecided)
    }

    /// The same with absent facts given their meaning.
    pub fn by_default(self) -> Asking {
        match self {
            Asking::Strictly | Asking::ByDefault => Asking::ByDefault,
            Asking::OfClass | Asking::OfClassByDefault => Asking::OfClassByDefault,
            Asking::OfDecided | Asking::OfDecidedByDefault => Asking::OfDecidedByDefault,
        }
    }
}

/// A parcel as conditions see it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub law: &'a Law,
    pub shipment: &'a Shipment,
    pub day: &'a DayContext,
    pub decision: &'a Decision,
    pub clocks: &'a Clocks,
    pub guess: &'a Guess,
    pub agency_data: Truth,
    /// The line asked about; shipment conditions are asked without.
    pub line: Option<&'a Line>,
    /// The moment at which dated sets are read: the rule's own clock.
    pub at: Moment,
    pub asking: Asking,
    /// Assume that the shipments on the master bill exceed the limit together.
    pub bill_over: bool,
}

impl View<'_> {
    /// Whether the condition holds.
    pub fn ask(&self, cond: &Cond, touched: &mut Touched) -> Truth {
        match cond {
            Cond::All(parts) => {
                let mut all = Truth::Yes;
                for part in parts {
                    all = all.and(self.ask(part, touched));
                    if all == Truth::No {
                        break;
                    }
                }
                all
            }
            Cond::Any(parts) => {
                let mut any = Truth::No;
                for part in parts {
                    any = any.or(self.ask(part, touched));
                    if any == Truth::Yes {
                        break;
                    }
                }
                any
            }
            Cond::Not(part) => self.ask(part, touched).not(),
            Cond::AnyLine(_) if self.asking.is_of_class() => touched.leave_open(),
            Cond::AnyLine(part) => {
                let lines = self.shipment.lines.iter();
                lines.fold(Truth::No, |any, line| {
                    any.or(View {
                        line: Some(line),
                        ..*self
                    }
                    .ask(part, touched))
                })
            }
            Cond::Mode(modes) => modes.has(self.shipment.mode).into(),
            Cond::Number(_)
            | Cond::NumberDigitsBelow(_)
            | Cond::Origin(_)
            | Cond::Fact(..)
            | Cond::FactStated(_)
            | Cond::Claim(_)
            | Cond::Disclaimed(_)
            | Cond::Ready(_)
            | Cond::QuantityAtLeast(_)
            | Cond::Undervalued => match self.line {
                Some(line) => self.ask_line(line, cond, touched),
                None => touched.leave_open(),
            },
            _ if self.asking.is_of_class() => self.ask_class(cond, touched),
            Cond::Day(test) => self.ask_day(*test).into(),
            Cond::Before(clock, moment) => self.before(*clock, *moment, touched),
            Cond::FiledAfterArrival => self.filed_after_arrival(touched),
            Cond::AgencyData => self.agency_data,
            _ => self.ask_shipment(cond).into(),
        }
    }

    fn ask_shipment(&self, cond: &Cond) -> bool {
        let (shipment, decision) = (self.shipment, self.decision);
        match cond {
            Cond::Purpose(set) => set.has(shipment.purpose),
            Cond::CustomsStatus(set) => set.has(shipment.customs_status),
            Cond::ShippedFrom(set) => self
                .law
                .origin_set_of(*set)
                .at(self.at)
                .has(shipment.country_of_shipment),
            Cond::Accompanied => shipment.accompanied,
            Cond::SoldBeforeImport(sold) => shipment.sold_before_import == Some(*sold),
            Cond::PathAsked(set) => shipment.entry_path.is_some_and(|path| set.has(path)),
            Cond::Path(set) => set.has(decision.path),
            Cond::Basis(set) => decision.basis.is_some_and(|basis| set.has(basis)),
            Cond::Outcome(set) => set.has(decision.outcome),
            Cond::Person(set) => set.has(decision.person),
            Cond::ConsigneeKind(set) => shipment.consignee_kind.is_some_and(|kind| set.has(kind)),
            Cond::ShipperKind(set) => shipment.shipper_kind.is_some_and(|kind| set.has(kind)),
            Cond::Given(set) => set.iter().any(|field| shipment.given.has(field)),
            Cond::Missing(set) => set.iter().any(|field| !shipment.given.has(field)),
            Cond::ShipperIsConsignee => shipment.shipper_is_consignee,
            Cond::ImporterForeign => shipment.importer_foreign == Some(true),
            Cond::AtExpressHub => shipment.at_express_hub,
            Cond::ValueEvidence(set) => shipment.value_evidence.is_some_and(|kind| set.has(kind)),
            Cond::PostalServiceClass(set) => shipment
                .postal_service_class
                .is_some_and(|class| set.has(class)),
            Cond::SplitReason(set) => shipment.split_reason.is_some_and(|why| set.has(why)),
            Cond::ValueOver(limit) => decision.value > *limit,
            Cond::EnteredValueOver(limit) => decision.entered_value > *limit,
            // The other conditions are answered where they are recognised.
            _ => false,
        }
    }

    /// What the key of the memory says of the shipment; the rest stays open.
    fn ask_class(&self, cond: &Cond, touched: &mut Touched) -> Truth {
        match cond {
            Cond::Purpose(_)
            | Cond::CustomsStatus(_)
            | Cond::ShippedFrom(_)
            | Cond::Accompanied
            | Cond::SoldBeforeImport(_)
            | Cond::PathAsked(_)
            | Cond::ConsigneeKind(_)
            | Cond::ShipperKind(_)
            | Cond::Given(_)
            | Cond::Missing(_)
            | Cond::ShipperIsConsignee
            | Cond::ImporterForeign
            | Cond::AtExpressHub
            | Cond::ValueEvidence(_)
            | Cond::PostalServiceClass(_)
            | Cond::SplitReason(_) => self.ask_shipment(cond).into(),
            Cond::Path(_) | Cond::Basis(_) | Cond::Outcome(_) | Cond::Person(_)
                if self.asking.is_of_decided() =>
            {
                self.ask_shipment(cond).into()
            }
            Cond::Day(test) => match (alone(self.shipment, self.day), test) {
                (Some(1), DayTest::OrderOverLimit) => Truth::No,
                (Some(parcels), DayTest::OrderParcelsAtLeast(count)) => (parcels >= *count).into(),
                (Some(_), DayTest::ShipmentsAtLeast(count)) => (1 >= *count).into(),
                (
                    Some(_),
                    DayTest::LaterOverLimit
                    | DayTest::LinkedOverLimit
                    | DayTest::UndecidedOverLimit
                    | DayTest::RefusedRows,
                ) => Truth::No,
                _ => touched.leave_open(),
            },
            _ => touched.leave_open(),
        }
    }

    /// What the key of the memory says of a line besides number and origin.
    fn ask_line_class(&self, line: &Line, cond: &Cond, touched: &mut Touched) -> Truth {
        match cond {
            _ if !is_plain(line) => touched.leave_open(),
            Cond::FactStated(_) | Cond::Claim(_) | Cond::Disclaimed(_) | Cond::Ready(_) => {
                Truth::No
            }
            Cond::Fact(fact, test) => self.fact(line, *fact, *test, touched),
            _ => touched.leave_open(),
        }
    }

    fn ask_day(&self, test: DayTest) -> bool {
        let (shipment, day, decision) = (self.shipment, self.day, self.decision);
        let limit = decision.limits[Basis::Section321C as usize];
        match test {
            DayTest::OrderOverLimit => {
                let parcels = shipment.order_parcels.unwrap_or(0).max(day.order.count + 1);
                let total = shipment.order_total.unwrap_or_default();
                let total = total.max(day.order.total.plus(decision.value));
                parcels >= 2 && limit.is_some_and(|limit| total > limit.limit)
            }
            DayTest::OrderParcelsAtLeast(count) => {
                shipment.order_parcels.unwrap_or(0).max(day.order.count + 1) >= count
            }
            DayTest::BillOverLimit => {
                self.bill_over || bill_exceeds(&decision.limits, decision.value, day)
            }
            DayTest::OverLimit => limit.is_some_and(|limit| {
                limit.total(Basis::Section321C, decision.value, day) > limit.limit
            }),
            DayTest::ShipmentsAtLeast(count) => day.shipments_before + 1 >= count,
            DayTest::LaterOverLimit => day.later_over,
            DayTest::LinkedOverLimit => {
                limit
                    .zip(day.counted_if_linked)
                    .is_some_and(|(limit, linked)| {
                        linked.plus(decision.value) > limit.limit
                            && limit.total(Basis::Section321C, decision.value, day) <= limit.limit
                    })
            }
            DayTest::UndecidedOverLimit => limit.is_some_and(|limit| {
                let total = limit.total(Basis::Section321C, decision.value, day);
                let open = day.undecided;
                let over = total.plus(open.total) > limit.limit || open.unpriced > 0;
                open.count > 0 && over && total <= limit.limit
            }),
            DayTest::RefusedRows => day.refused_rows > 0,
        }
    }

    fn ask_line(&self, line: &Line, cond: &Cond, touched: &mut Touched) -> Truth {
        match cond {
            Cond::Number(set)
                if self.asking.is_of_class() && !self.law.number_set_of(*set).is_constant() =>
            {
                // The set may change within what is remembered: only what never was in it is out.
                let ever = self.law.number_set_ever(*set);
                match line.number.map(|number| ever.holds(number.range10())) {
                    Some(Lies::Outside) => Truth::No,
                    _ => touched.leave_open(),
                }
            }
            Cond::Number(set) => {
                self.number_in(line, self.law.number_set_of(*set).at(self.at), touched)
            }
            Cond::Origin(set) => {
                let set = self.law.origin_set_of(*set).at(self.at);
                match line.origin.or(self.guess.origin) {
                    Some(origin) => set.has(origin).into(),
                    // A guess of the origin is read at once, not by default.
                    None if self.asking.is_of_class() => touched.leave_open(),
                    None => self.unknown(Unknown::Fact(self.law.origin_fact()), touched),
                }
            }
            Cond::NumberDigitsBelow(digits) => line
                .number
                .is_none_or(|number| number.len() < *digits)
                .into(),
            _ if self.asking.is_of_class() => self.ask_line_class(line, cond, touched),
            Cond::Fact(fact, test) => self.fact(line, *fact, *test, touched),
            Cond::FactStated(facts) => {
                let stated = |fact| line.facts.iter().any(|(given, _)| given == fact);
                facts.iter().any(stated).into()
            }
            Cond::Claim(patterns) => patterns
                .iter()
                .any(|pattern| line.claims.iter().any(|claim| pattern.matches(claim)))
                .into(),
            Cond::Disclaimed(agencies) => any_shared(agencies, &line.pga_disclaim).into(),
            Cond::Ready(agencies) => any_shared(agencies, &line.pga).into(),
            Cond::QuantityAtLeast(least) => line
                .quantity
                .is_some_and(|quantity| quantity >= *least)
                .into(),
            Cond::Undervalued => {
                let nothing = line.value == 0 && self.shipment.purpose == Purpose::Sale;
                (line.value < line.fair_retail_value || nothing).into()
            }
            _ => Truth::No,
        }
    }

    fn number_in(&self, line: &Line, set: &NumberSet, touched: &mut Touched) -> Truth {
        match line.number.map(|number| set.holds(number.range10())) {
            Some(Lies::Inside) => Truth::Yes,
            Some(Lies::Outside) => Truth::No,
            Some(Lies::Across) | None => match self.guess.number {
                Some(guess) if self.asking.is_by_default() => guess.into(),
                _ => self.unknown(Unknown::Fact(self.law.number_fact()), touched),
            },
        }
    }

    fn fact(&self, line: &Line, fact: FactId, test: FactTest, touched: &mut Touched) -> Truth {
        if let Some((_, value)) = line.facts.iter().find(|(given, _)| *given == fact) {
            return meets(*value, test).into();
        }
        let absent = |value: bool| match test {
            FactTest::Is(wanted) => Truth::from(value == wanted),
            FactTest::Text(_) | FactTest::AtLeast(_) => Truth::No,
        };
        let by_default = self.asking.is_by_default();
        match &self.law.book().facts[fact.0 as usize].absence {
            Absence::Derived { without_number, .. } => {
                let derived = line
                    .number
                    .map(|number| self.law.fact_numbers(fact).holds(number.range10()));
                match (derived, without_number) {
                    (Some(Lies::Inside), _) => absent(true),
                    (Some(Lies::Outside), _) => absent(false),
                    (_, Some(presumed)) if by_default => absent(*presumed),
                    _ => self.guessed(Unknown::Fact(fact), touched, absent),
                }
            }
            Absence::Presumed(value) if by_default => absent(*value),
            Absence::Claim if by_default => absent(false),
            Absence::Presumed(_) | Absence::Claim => self.unknown(Unknown::Fact(fact), touched),
            Absence::Material => self.guessed(Unknown::Fact(fact), touched, absent),
        }
    }

    /// The guess for what has no default; open as long as none is made.
    fn guessed(&self, what: Unknown, touched: &mut Touched, then: impl Fn(bool) -> Truth) -> Truth {
        // What would be read off a number that is not given goes with the guess on the number.
        let derived = matches!(what, Unknown::Fact(fact) if self.law.is_derived(fact));
        let by_number = self.guess.number.filter(|_| derived);
        match self.guess.answer(what).or(by_number) {
            Some(answer) if self.asking.is_by_default() => then(answer),
            _ => self.unknown(what, touched),
        }
    }

    fn before(&self, clock: Clock, moment: Moment, touched: &mut Touched) -> Truth {
        let read = self.clocks.read[clock as usize];
        if !self.clocks.given[clock as usize]
            && !matches!(clock, Clock::EnteredAt | Clock::ArrivesAt)
        {
            return self.guessed(Unknown::Clock(clock), touched, Truth::from);
        }
        // A bare date of entry is noon by the contract; another bare date may lie on either side.
        if read.exact || clock == Clock::EnteredAt {
            return (read.moment < moment).into();
        }
        let start = self.law.zone().midnight(read.day);
        let end = self.law.zone().midnight(read.day.plus(1));
        if start.plus_minutes(1) >= moment {
            Truth::No
        } else if end <= moment {
            Truth::Yes
        } else {
            self.guessed(Unknown::Clock(clock), touched, Truth::from)
        }
    }

    fn filed_after_arrival(&self, touched: &mut Touched) -> Truth {
        let Some(filed) = self.shipment.filed_at else {
            if self.asking == Asking::ByDefault {
                return Truth::No;
            }
            return self.unknown(Unknown::Clock(Clock::FiledAt), touched);
        };
        let arrives = self.shipment.arrives_at;
        let end = if arrives.exact {
            arrives.moment
        } else {
            self.law.zone().midnight(arrives.day.plus(1))
        };
        (filed > end).into()
    }

    fn unknown(&self, what: Unknown, touched: &mut Touched) -> Truth {
        touched.add(what);
        Truth::Unknown
    }
}

fn any_shared(a: &[Claim], b: &[Claim]) -> bool {
    a.iter().any(|code| b.contains(code))
}

fn meets(value: FactValue, test: FactTest) -> bool {
    match (value, test) {
        (FactValue::Bool(value), FactTest::Is(wanted)) => value == wanted,
        (FactValue::Text(text), FactTest::Is(wanted)) => (text != TextHash::NONE) == wanted,
        (FactValue::Text(text), FactTest::Text(wanted)) => text == wanted,
        (FactValue::Usd(cents), FactTest::AtLeast(least)) => cents.0 >= least,
        (FactValue::Share(share), FactTest::AtLeast(least)) => i64::from(share) >= least,
        // A test of another type is refused when the law is read.
        _ => false,
    }
}
