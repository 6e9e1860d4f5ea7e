//! Answers the conditions of duties for one line.
//!
//! Only what is [`Cond::of_duty`] is asked; the law is refused with anything else when it is read.

use super::column::Paid;
use super::stack::Pick;
use super::{Column, Goods, Why};
use crate::decision::Unknown;
use crate::shipment::Line;
use deminimis_law::claim::Claim;
use deminimis_law::codes::Country;
use deminimis_law::compile::RuleRef;
use deminimis_law::condition::{Cond, DutyCond, FactTest, LineCond, ParcelCond};
use deminimis_law::facts::{Absence, FactId, FactValue};
use deminimis_law::kind::{Charge, Program, Rule};
use deminimis_law::names::{Clock, Layer};
use deminimis_law::rate::Rate;
use deminimis_law::sets::Lies;
use deminimis_law::time::Moment;
use deminimis_law::truth::Truth;
use deminimis_tariff::rate::{Amount, Ratio};
use std::cmp::Ordering;

/// How many unknowns of one line are told apart.
pub(super) const UNKNOWNS: usize = 4;

/// Answers tried for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DutyGuess {
    /// The origin of lines that give none.
    pub origin: Option<Country>,
    /// Answers to facts.
    pub facts: [Option<(FactId, bool)>; UNKNOWNS],
}

/// What was asked and not known, bounded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub items: [Option<Why>; 2 * UNKNOWNS],
    /// More was asked than has room: the most it may come to is not bounded.
    pub full: bool,
    /// Something was read that is not part of the key under which a stack is remembered.
    pub by_value: bool,
}

impl Asked {
    pub fn add(&mut self, why: Why) {
        for slot in &mut self.items {
            match slot {
                Some(known) if *known == why => return,
                Some(_) => {}
                None => {
                    *slot = Some(why);
                    return;
                }
            }
        }
        self.full = true;
    }
}

/// A line as the conditions of duties see it.
pub(super) struct Asker<'a> {
    pub goods: Goods<'a>,
    pub line: &'a Line,
    /// The entered value of the line, in cents.
    pub value: i64,
    pub paid: Paid,
    pub picks: &'a [Pick],
    pub guess: &'a DutyGuess,
    pub asked: Asked,
    /// What hangs on an answer that is not known is left open rather than taken as not given.
    pub strict: bool,
    /// As if no other measure, column or provision stood beside the heading.
    pub alone: bool,
    /// The first other measure, column 2 or provision of Chapter 98 that was read and holds.
    pub precedence: Option<RuleRef>,
}

impl<'a> Asker<'a> {
    /// Asks of a line for which nothing has been found yet.
    pub fn new(goods: Goods<'a>, line: &'a Line, value: i64, guess: &'a DutyGuess) -> Asker<'a> {
        Asker {
            goods,
            line,
            value,
            paid: Paid::default(),
            picks: &[],
            guess,
            asked: Asked::default(),
            strict: false,
            alone: false,
            precedence: None,
        }
    }

    /// Whether the condition holds.
    pub fn ask(&mut self, cond: &Cond) -> Truth {
        // A part that does not suit a duty is refused when law is read.
        match cond.of_duty() {
            Some(DutyCond::All(parts)) => {
                let mut all = Truth::Yes;
                for part in parts {
                    all = all.and(self.ask(part));
                    if all == Truth::No {
                        break;
                    }
                }
                all
            }
            Some(DutyCond::Any(parts)) => {
                let mut any = Truth::No;
                for part in parts {
                    any = any.or(self.ask(part));
                    if any == Truth::Yes {
                        break;
                    }
                }
                any
            }
            Some(DutyCond::Not(part)) => self.ask(part).not(),
            Some(DutyCond::OfLine(part)) => self.of_line(part),
            Some(DutyCond::OfParcel(part)) => self.of_parcel(part),
            None => Truth::Unknown,
        }
    }

    fn of_line(&mut self, part: LineCond<'_>) -> Truth {
        match part {
            LineCond::Number(set) => {
                let set = self.goods.law.number_set_of(set).at(self.entered());
                match self.line.number.map(|number| set.holds(number.range10())) {
                    Some(Lies::Inside) => Truth::Yes,
                    Some(Lies::Outside) => Truth::No,
                    Some(Lies::Across) | None => self.unknown(Why::NoNumber),
                }
            }
            LineCond::Origin(set) => match self.origin() {
                Some(origin) => {
                    let set = self.goods.law.origin_set_of(set).at(self.entered());
                    set.has(origin).into()
                }
                None => self.unknown(Why::Unknown(Unknown::Fact(self.goods.law.origin_fact()))),
            },
            LineCond::Fact(fact, test) => self.fact(fact, test),
            LineCond::FactStated(facts) => {
                let stated = |fact| self.line.facts.iter().any(|(given, _)| given == fact);
                facts.iter().any(stated).into()
            }
            LineCond::Claim(patterns) => {
                let claims = &self.line.claims;
                let claimed =
                    |claim: &&Claim| patterns.iter().any(|pattern| pattern.matches(claim));
                let of_chapter_98 = |claim: &Claim| claim.as_str().starts_with("98");
                match claims.iter().find(claimed) {
                    Some(claim) if of_chapter_98(claim) => {
                        let provision = |pick: &&Pick| pick.layer == Layer::Chapter98;
                        let by = self.picks.iter().find(provision).map(|pick| pick.rule);
                        self.displacing(Truth::Yes, by)
                    }
                    claim => claim.is_some().into(),
                }
            }
            LineCond::SubjectTo(programs) => {
                let (truth, by) = self.subject_to(programs);
                self.displacing(truth, by)
            }
            LineCond::Column1AtLeast(rate) => self.column_1_at_least(rate),
            LineCond::EnteredFreeUnder(symbols) => {
                let program = self.paid.program;
                let claimed = program.is_some_and(|claim| symbols.contains(&claim));
                (claimed && self.paid.free).into()
            }
            LineCond::Column2 => {
                let by = match self.paid.column {
                    Column::Two(rule) => Some(rule),
                    Column::General | Column::Special(..) => None,
                };
                self.displacing(by.is_some().into(), by)
            }
        }
    }

    fn of_parcel(&mut self, part: ParcelCond) -> Truth {
        let shipment = self.goods.shipment;
        match part {
            ParcelCond::Mode(modes) => modes.has(shipment.mode).into(),
            ParcelCond::Purpose(set) => set.has(shipment.purpose).into(),
            ParcelCond::CustomsStatus(set) => set.has(shipment.customs_status).into(),
            ParcelCond::ShippedFrom(set) => {
                let set = self.goods.law.origin_set_of(set).at(self.entered());
                set.has(shipment.country_of_shipment).into()
            }
            ParcelCond::Accompanied => shipment.accompanied.into(),
            ParcelCond::AtExpressHub => shipment.at_express_hub.into(),
            ParcelCond::PostalServiceClass(set) => shipment
                .postal_service_class
                .is_some_and(|class| set.has(class))
                .into(),
            ParcelCond::Before(clock, moment) => self.before(clock, moment),
        }
    }

    /// What another measure, column 2 or a provision of Chapter 98 answers: nothing where the
    /// heading is looked at as if it stood alone.
    fn displacing(&mut self, truth: Truth, by: Option<RuleRef>) -> Truth {
        if truth == Truth::Yes {
            self.precedence = self.precedence.or(by);
        }
        if self.alone { Truth::No } else { truth }
    }

    /// The origin given or tried.
    pub fn origin(&self) -> Option<Country> {
        self.line.origin.or(self.guess.origin)
    }

    /// The moment of entry.
    pub fn entered(&self) -> Moment {
        self.goods.clocks.read[Clock::EnteredAt as usize].moment
    }

    fn unknown(&mut self, why: Why) -> Truth {
        self.asked.add(why);
        Truth::Unknown
    }

    fn subject_to(&mut self, programs: &[Program]) -> (Truth, Option<RuleRef>) {
        let mut truth = Truth::No;
        for pick in self.picks {
            truth = truth.or(means(self.goods, pick, programs));
            if truth == Truth::Yes {
                return (truth, Some(pick.rule));
            }
        }
        (truth, None)
    }

    fn fact(&mut self, fact: FactId, test: FactTest) -> Truth {
        let given = self.line.facts.iter().find(|(given, _)| *given == fact);
        if let Some((_, value)) = given {
            self.asked.by_value |= matches!(value, FactValue::Usd(_));
            return test.is_met(*value, self.value).into();
        }
        let absent = |value: bool| match test {
            FactTest::Is(wanted) => Truth::from(value == wanted),
            FactTest::Text(_) | FactTest::AtLeast(_) | FactTest::AtLeastOfValue(_) => value.into(),
        };
        let tried = self
            .guess
            .facts
            .iter()
            .flatten()
            .find(|(known, _)| *known == fact);
        if let Some((_, answer)) = tried {
            return absent(*answer);
        }
        let law = self.goods.law;
        match &law.book().facts[fact.0 as usize].absence {
            Absence::Claim => {
                // Relief not claimed is not given; what it would change is shown as a question.
                self.asked.add(Why::Unclaimed(fact));
                absent(false)
            }
            Absence::Presumed(value) => absent(*value),
            Absence::Derived { without_number, .. } => {
                let derived = self
                    .line
                    .number
                    .map(|number| law.fact_numbers(fact).holds(number.range10()));
                match (derived, without_number) {
                    (Some(Lies::Inside), _) => absent(true),
                    (Some(Lies::Outside), _) => absent(false),
                    (_, Some(presumed)) => absent(*presumed),
                    _ => self.unknown(Why::Unknown(Unknown::Fact(fact))),
                }
            }
            Absence::Material | Absence::Owed => self.unknown(Why::Unknown(Unknown::Fact(fact))),
        }
    }

    fn column_1_at_least(&mut self, rate: Rate) -> Truth {
        let Some(paid) = self.paid.rate else {
            let why = self.paid.open.unwrap_or(Why::NoNumber);
            return self.unknown(why);
        };
        let Some(percent) = Ratio::new(i64::from(rate.0), 10_000) else {
            return Truth::Unknown;
        };
        let (quantities, count) = self.line.measures.given();
        let printed = self.goods.tariff.rate(paid);
        self.asked.by_value |= !super::stack::is_ad_valorem(printed);
        match printed.compare_with_percent(percent, self.value, &quantities[..count], &[]) {
            Ok(Ordering::Less) => Truth::No,
            Ok(_) => Truth::Yes,
            Err(Amount::MissingQuantity(unit)) => self.unknown(Why::Quantity(unit)),
            Err(Amount::MissingValue(part)) => self.unknown(Why::Part(part)),
            Err(Amount::NeedsPerson(reason)) => self.unknown(Why::RateText(reason)),
            Err(Amount::Known(_)) => Truth::Unknown,
        }
    }

    fn before(&mut self, clock: Clock, moment: Moment) -> Truth {
        let goods = self.goods;
        if let Some(before) = goods.clocks.is_before(goods.law.zone(), clock, moment) {
            return before.into();
        }
        // What came earlier is spared: who does not say when it was loaded claims nothing.
        self.asked.add(Why::Unknown(Unknown::Clock(clock)));
        if self.strict && !goods.clocks.given[clock as usize] {
            Truth::Unknown
        } else {
            Truth::No
        }
    }
}

/// Whether a pick is what a condition names: a program by what it charges, a heading by being the
/// one that applies.
pub(super) fn means(goods: Goods<'_>, pick: &Pick, programs: &[Program]) -> Truth {
    let Rule::Duty(duty) = &goods.law.version(pick.rule).rule else {
        return Truth::No;
    };
    if pick.is_displaced() {
        return Truth::No;
    }
    let row = pick
        .row
        .and_then(|row| super::stack::row(goods.law, duty, row));
    let headings = [duty.heading, duty.heading_met, row.map(|row| row.heading)];
    let named = |program: &Program| {
        if program.is_heading() {
            let more = duty.heading_candidates.iter().copied();
            let mut all = headings.iter().flatten().copied().chain(more);
            all.any(|heading| program.means(heading.as_str()))
        } else {
            program.means(&duty.program) && duty.charge != Charge::Exempt
        }
    };
    if !programs.iter().any(named) {
        Truth::No
    } else if pick.open {
        Truth::Unknown
    } else {
        Truth::Yes
    }
}
