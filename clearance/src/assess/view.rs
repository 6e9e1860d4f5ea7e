//! Answers a condition for one parcel, or one line of it.
//!
//! An absent fact is first left open: only if the rule depends on it is its absence given a
//! meaning, and then that is recorded. So a presumption is listed where it decided something.

use crate::assess::asking::{Asking, Guess, Touched};
use crate::assess::dates::Clocks;
use crate::assess::memory::{alone, is_plain};
use crate::basis::bill_exceeds;
use crate::day::DayContext;
use crate::decision::Decision;
use crate::shipment::{Line, Shipment};
use deminimis_law::Law;
use deminimis_law::claim::Claim;
use deminimis_law::condition::{Cond, DayTest};
use deminimis_law::names::{Basis, Purpose};
use deminimis_law::time::Moment;
use deminimis_law::truth::Truth;

/// A parcel as conditions see it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub law: &'a Law,
    pub shipment: &'a Shipment,
    pub day: &'a DayContext,
    pub decision: &'a Decision,
    pub clocks: &'a Clocks,
    /// For each line, whether a heading of Chapter 99 charges it; empty where no rule reads it.
    pub additional: &'a [Truth],
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
    /// Whether the condition holds. Each condition is named once, so that a new one does not
    /// compile until it says how it is answered and whether the key of the memory holds it.
    pub fn ask(&self, cond: &Cond, touched: &mut Touched) -> Truth {
        let (shipment, decision) = (self.shipment, self.decision);
        let held = |answer: bool| Truth::from(answer);
        match cond {
            Cond::All(parts) => self.ask_all(parts, touched),
            Cond::Any(parts) => self.ask_any(parts, touched),
            Cond::Not(part) => self.ask(part, touched).not(),
            Cond::AnyLine(_) if self.asking.is_of_class() => touched.leave_open(),
            Cond::AnyLine(part) => self.ask_lines(part, touched),

            Cond::Number(set) => self.of_line(touched, |line, touched| {
                self.number_in_set(line, *set, touched)
            }),
            Cond::Origin(set) => {
                self.of_line(touched, |line, touched| self.origin_in(line, *set, touched))
            }
            Cond::NumberDigitsBelow(digits) => self.of_line(touched, |line, _| {
                let below = |number: deminimis_tariff::Number| number.len() < *digits;
                held(line.number.is_none_or(below))
            }),
            Cond::Fact(fact, test) => self.of_plain_line(touched, |line, touched| {
                self.fact(line, *fact, *test, touched)
            }),
            Cond::FactStated(facts) => self.of_plain_line(touched, |line, _| {
                let stated = |fact| line.facts.iter().any(|(given, _)| given == fact);
                held(facts.iter().any(stated))
            }),
            Cond::Claim(patterns) => self.of_plain_line(touched, |line, _| {
                let mut claims = line.claims.iter();
                held(claims.any(|claim| patterns.iter().any(|pattern| pattern.matches(claim))))
            }),
            Cond::Disclaimed(agencies) => self.of_plain_line(touched, |line, _| {
                held(any_shared(agencies, &line.pga_disclaim))
            }),
            Cond::Ready(agencies) => {
                self.of_plain_line(touched, |line, _| held(any_shared(agencies, &line.pga)))
            }
            Cond::QuantityAtLeast(least) => self.of_line(touched, |line, touched| {
                let reached = line.quantity.is_some_and(|quantity| quantity >= *least);
                self.anew(reached, touched)
            }),
            Cond::Undervalued => self.of_line(touched, |line, touched| {
                let nothing = line.value == 0 && shipment.purpose == Purpose::Sale;
                self.anew(line.value < line.fair_retail_value || nothing, touched)
            }),

            // What a line owes is not reckoned while it is decided how the parcel enters.
            Cond::SubjectTo(_)
            | Cond::Column1AtLeast(_)
            | Cond::EnteredFreeUnder(_)
            | Cond::Column2 => self.anew(false, touched),

            Cond::Mode(modes) => held(modes.has(shipment.mode)),
            Cond::Purpose(set) => held(set.has(shipment.purpose)),
            Cond::CustomsStatus(set) => held(set.has(shipment.customs_status)),
            Cond::ShippedFrom(set) => {
                let set = self.law.origin_set_of(*set).at(self.at);
                held(set.has(shipment.country_of_shipment))
            }
            Cond::Accompanied => held(shipment.accompanied),
            Cond::SoldBeforeImport(sold) => held(shipment.sold_before_import == Some(*sold)),
            Cond::PathAsked(set) => held(shipment.entry_path.is_some_and(|path| set.has(path))),
            Cond::ConsigneeKind(set) => {
                held(shipment.consignee_kind.is_some_and(|kind| set.has(kind)))
            }
            Cond::ShipperKind(set) => held(shipment.shipper_kind.is_some_and(|kind| set.has(kind))),
            Cond::Given(set) => held(set.iter().any(|field| shipment.given.has(field))),
            Cond::Missing(set) => held(set.iter().any(|field| !shipment.given.has(field))),
            Cond::ShipperIsConsignee => held(shipment.shipper_is_consignee),
            Cond::ImporterForeign => held(shipment.importer_foreign == Some(true)),
            Cond::AtExpressHub => held(shipment.at_express_hub),
            Cond::ValueEvidence(set) => {
                held(shipment.value_evidence.is_some_and(|kind| set.has(kind)))
            }
            Cond::PostalServiceClass(set) => {
                let class = shipment.postal_service_class;
                held(class.is_some_and(|class| set.has(class)))
            }
            Cond::SplitReason(set) => held(shipment.split_reason.is_some_and(|why| set.has(why))),

            Cond::Path(set) => self.of_decided(set.has(decision.path), touched),
            Cond::Basis(set) => {
                let among = decision.basis.is_some_and(|basis| set.has(basis));
                self.of_decided(among, touched)
            }
            Cond::Outcome(set) => self.of_decided(set.has(decision.outcome), touched),
            Cond::Person(set) => self.of_decided(set.has(decision.person), touched),

            Cond::ValueOver(limit) => self.anew(decision.value > *limit, touched),
            Cond::EnteredValueOver(limit) => self.anew(decision.entered_value > *limit, touched),
            Cond::AgencyData | Cond::Before(..) | Cond::FiledAfterArrival
                if self.asking.is_of_class() =>
            {
                touched.leave_open()
            }
            Cond::AgencyData => self.agency_data,
            Cond::Before(clock, moment) => self.before(*clock, *moment, touched),
            Cond::FiledAfterArrival => self.filed_after_arrival(touched),
            Cond::Day(test) if self.asking.is_of_class() => self.ask_lone_day(*test, touched),
            Cond::Day(test) => held(self.ask_day(*test)),
        }
    }

    fn ask_all(&self, parts: &[Cond], touched: &mut Touched) -> Truth {
        let mut all = Truth::Yes;
        for part in parts {
            all = all.and(self.ask(part, touched));
            if all == Truth::No {
                break;
            }
        }
        all
    }

    fn ask_any(&self, parts: &[Cond], touched: &mut Touched) -> Truth {
        let mut any = Truth::No;
        for part in parts {
            any = any.or(self.ask(part, touched));
            if any == Truth::Yes {
                break;
            }
        }
        any
    }

    fn ask_lines(&self, part: &Cond, touched: &mut Touched) -> Truth {
        let lines = self.shipment.lines.iter();
        lines.fold(Truth::No, |any, line| {
            let view = View {
                line: Some(line),
                ..*self
            };
            any.or(view.ask(part, touched))
        })
    }

    /// The answer of the line asked about; without one it stays open.
    fn of_line(
        &self,
        touched: &mut Touched,
        answer: impl FnOnce(&Line, &mut Touched) -> Truth,
    ) -> Truth {
        match self.line {
            Some(line) => answer(line, touched),
            None => touched.leave_open(),
        }
    }

    /// The same for what the key of the memory says only of a line that states nothing.
    fn of_plain_line(
        &self,
        touched: &mut Touched,
        answer: impl FnOnce(&Line, &mut Touched) -> Truth,
    ) -> Truth {
        self.of_line(touched, |line, touched| {
            if self.asking.is_of_class() && !is_plain(line) {
                touched.leave_open()
            } else {
                answer(line, touched)
            }
        })
    }

    /// An answer that hangs on amounts, which no key of the memory holds.
    fn anew(&self, answer: bool, touched: &mut Touched) -> Truth {
        if self.asking.is_of_class() {
            touched.leave_open()
        } else {
            answer.into()
        }
    }

    /// An answer that hangs on what is decided of the parcel.
    fn of_decided(&self, answer: bool, touched: &mut Touched) -> Truth {
        if self.asking.is_of_class() && !self.asking.is_of_decided() {
            touched.leave_open()
        } else {
            answer.into()
        }
    }

    /// What a day that holds nothing else says.
    fn ask_lone_day(&self, test: DayTest, touched: &mut Touched) -> Truth {
        let Some(parcels) = alone(self.shipment, self.day) else {
            return touched.leave_open();
        };
        match test {
            DayTest::OrderOverLimit if parcels == 1 => Truth::No,
            DayTest::OrderParcelsAtLeast(count) => (parcels >= count).into(),
            DayTest::ShipmentsAtLeast(count) => (1 >= count).into(),
            DayTest::LaterOverLimit
            | DayTest::LinkedOverLimit
            | DayTest::UndecidedOverLimit
            | DayTest::RefusedRows
            | DayTest::OutOfOrder => Truth::No,
            DayTest::OrderOverLimit | DayTest::BillOverLimit | DayTest::OverLimit => {
                touched.leave_open()
            }
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
            DayTest::OutOfOrder => day.out_of_order,
        }
    }
}

fn any_shared(a: &[Claim], b: &[Claim]) -> bool {
    a.iter().any(|code| b.contains(code))
}
