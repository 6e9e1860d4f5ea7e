//! What an article owes: by the path the law opens, and by a dutiable one where it would be free.

use super::article::Article;
use crate::setup::Setup;
use deminimis_clearance::owed::{DutyMemory, Owed, Span, owe_by};
use deminimis_clearance::render::path_rule;
use deminimis_clearance::shipment::BadField;
use deminimis_clearance::{DayContext, Decision, Scratch, Shipment, assess_into};
use deminimis_law::money::Cents;
use deminimis_law::names::{EntryPath, Outcome};

/// Paths by which goods enter informally, as customs counts them; the rest bear a formal entry.
pub const INFORMAL: [EntryPath; 6] = [
    EntryPath::Entry11,
    EntryPath::Entry12,
    EntryPath::Entry13,
    EntryPath::MailEntry,
    EntryPath::MailCarrier,
    EntryPath::MailWorksheet,
];

/// Formal entries.
pub const FORMAL: [EntryPath; 5] = [
    EntryPath::Entry01,
    EntryPath::Entry02,
    EntryPath::Entry03,
    EntryPath::Entry06,
    EntryPath::Entry07,
];

/// Asks the assessment, with buffers that are used again.
pub struct Reckoner<'a> {
    /// The law and tables.
    pub setup: &'a Setup,
    /// Buffers.
    pub scratch: Scratch,
    memory: DutyMemory,
    day: DayContext,
}

/// What an article owes.
#[derive(Clone)]
pub struct Reckoned {
    /// The parcel.
    pub shipment: Shipment,
    /// What the law says of it.
    pub decision: Decision,
    /// The path for which it is reckoned; none where it may not enter.
    pub by: Option<EntryPath>,
    /// What is owed by that path.
    pub owed: Owed,
    /// The law does not ask for that path: the parcel would be free, or a person must decide.
    pub if_entered: bool,
}

/// A lawful way of entering and what it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The path.
    pub path: EntryPath,
    /// Duty and fees.
    pub total: Span,
    /// Nothing is owed because the parcel enters free.
    pub free: bool,
    /// No other way can come to less.
    pub cheapest: bool,
}

/// The values, in whole dollars, for which a formal entry costs less than an informal one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostsLess {
    /// The least.
    pub from: Cents,
    /// The greatest without a break.
    pub until: Cents,
    /// What the formal entry costs at the least.
    pub formal: Cents,
    /// What the informal one does.
    pub informal: Cents,
}

/// From which value on an entry is made differently, other things being equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Threshold {
    /// Where a formal entry costs less than an informal one, first.
    pub formal_costs_less: Option<CostsLess>,
    /// Wherever both are lawful, a formal entry certainly costs no less.
    pub formal_never_less: bool,
    /// The greatest value in whole dollars for which an informal entry is lawful.
    pub informal_until: Option<Cents>,
}

/// Values in whole dollars up to this are tried for a threshold: informal entry ended at $2,500 for
/// all goods that were ever let in by it, so that what lies above is formal alone.
const TRIED_DOLLARS: i64 = 3_000;

impl<'a> Reckoner<'a> {
    /// With fresh buffers.
    pub fn new(setup: &'a Setup) -> Reckoner<'a> {
        Reckoner {
            setup,
            scratch: Scratch::default(),
            memory: DutyMemory::new(true),
            day: DayContext::default(),
        }
    }

    /// The person's day: the article is alone on it.
    pub fn day(&self) -> DayContext {
        self.day.clone()
    }

    /// Reckons an article.
    ///
    /// # Errors
    /// A field that cannot be read.
    pub fn article(&mut self, article: &Article) -> Result<Reckoned, BadField> {
        Ok(self.shipment(article.shipment(self.setup)?))
    }

    /// What a shipment costs whose person's day holds this besides: where it is free nothing is
    /// reckoned, and where a person must decide it is reckoned for a formal entry at once. Many
    /// parcels are asked about, and trying every path for each, or every country for goods without an
    /// origin, would take minutes: without an origin the amount stays open.
    pub fn landed(&mut self, shipment: Shipment, day: DayContext) -> Reckoned {
        self.day = day;
        let decision = self.decide(&shipment);
        // An amount that is open leaves the way of entering known.
        let (by, owed) = match decision.way() {
            Outcome::NeedsPerson if shipment.lines.iter().any(|line| line.origin.is_none()) => {
                (None, decision.owed.clone())
            }
            Outcome::NeedsPerson => match self.formal(&shipment, &decision) {
                Some((path, owed)) => (Some(path), owed),
                None => (None, decision.owed.clone()),
            },
            Outcome::Free | Outcome::EntryRequired => (Some(decision.path), decision.owed.clone()),
            Outcome::Prohibited => (None, decision.owed.clone()),
        };
        Reckoned {
            shipment,
            if_entered: decision.way() == Outcome::NeedsPerson,
            decision,
            by,
            owed,
        }
    }

    /// Reckons a shipment.
    pub fn shipment(&mut self, shipment: Shipment) -> Reckoned {
        let decision = self.decide(&shipment);
        let entered = match decision.outcome {
            Outcome::EntryRequired => Some((decision.path, decision.owed.clone(), false)),
            Outcome::Prohibited => None,
            Outcome::Free | Outcome::NeedsPerson => self
                .if_entered(&shipment, &decision)
                .map(|(path, owed)| (path, owed, true)),
        };
        match entered {
            Some((path, owed, if_entered)) => Reckoned {
                shipment,
                decision,
                by: Some(path),
                owed,
                if_entered,
            },
            None => Reckoned {
                owed: decision.owed.clone(),
                shipment,
                decision,
                by: None,
                if_entered: false,
            },
        }
    }

    fn decide(&mut self, shipment: &Shipment) -> Decision {
        assess_into(self.setup.books(), shipment, &self.day, &mut self.scratch).clone()
    }

    fn by(&mut self, shipment: &Shipment, path: EntryPath) -> Owed {
        let mut owed = Owed::default();
        owe_by(
            self.setup.books(),
            shipment,
            path,
            &mut self.memory,
            &mut owed,
        );
        owed
    }

    /// The dutiable path that costs least, for a parcel that need not take one.
    fn if_entered(
        &mut self,
        shipment: &Shipment,
        decision: &Decision,
    ) -> Option<(EntryPath, Owed)> {
        let mut best: Option<(EntryPath, Owed)> = None;
        for path in INFORMAL.into_iter().chain(FORMAL) {
            if !self.may_elect(shipment, decision, path) {
                continue;
            }
            let owed = self.by(shipment, path);
            if best
                .as_ref()
                .is_none_or(|(_, known)| costs_less(owed.total, known.total))
            {
                best = Some((path, owed));
            }
        }
        best.or_else(|| self.formal(shipment, decision))
    }

    /// A formal entry, where a person decides how the parcel enters: it may be required of any
    /// importation (19 CFR 143.22), so what it would come to is told where the law of the day has it.
    fn formal(&mut self, shipment: &Shipment, decision: &Decision) -> Option<(EntryPath, Owed)> {
        let formal = EntryPath::Entry01;
        path_rule(&self.setup.law, decision, formal)?;
        Some((formal, self.by(shipment, formal)))
    }

    /// Whether the sender may take a dutiable path though another is open.
    fn may_elect(&mut self, shipment: &Shipment, decision: &Decision, path: EntryPath) -> bool {
        if decision.lawful.has(path) && decision.way() == Outcome::EntryRequired {
            return true;
        }
        let mut elected = shipment.clone();
        elected.entry_path = Some(path);
        let decision = self.decide(&elected);
        decision.way() == Outcome::EntryRequired && decision.path == path
    }

    /// Every lawful way of entering, the cheapest first.
    pub fn ways(&mut self, reckoned: &Reckoned) -> Vec<Way> {
        let (decision, law) = (&reckoned.decision, &self.setup.law);
        let mut ways: Vec<Way> = Vec::new();
        for path in decision.lawful.iter() {
            let rule = path_rule(law, decision, path);
            let free = decision
                .basis
                .is_some_and(|basis| rule.is_some_and(|rule| rule.free_for.has(basis)));
            if free {
                ways.push(Way {
                    path,
                    total: Span::NOTHING,
                    free,
                    cheapest: false,
                });
            }
        }
        for path in INFORMAL.into_iter().chain(FORMAL) {
            let listed = ways.iter().any(|way| way.path == path);
            if listed || !self.may_elect(&reckoned.shipment, decision, path) {
                continue;
            }
            let known = decision.owed.paths.iter().find(|(known, _)| *known == path);
            let total = match known {
                Some((_, total)) => *total,
                None => self.by(&reckoned.shipment, path).total,
            };
            ways.push(Way {
                path,
                total,
                free: false,
                cheapest: false,
            });
        }
        // Of equal totals the contract's order stands, so the sort must be stable.
        ways.sort_by_key(|way| (way.total.high.is_none(), way.total.high, way.total.low));
        let least = ways.iter().map(|way| way.total.low).min();
        if let Some(first) = ways.first_mut() {
            first.cheapest = first.total.high.is_some() && first.total.high <= least;
        }
        ways
    }

    /// Where formal entry begins to cost less than informal entry, and where informal entry ends.
    pub fn threshold(&mut self, shipment: &Shipment) -> Threshold {
        let mut threshold = Threshold {
            formal_never_less: true,
            ..Threshold::default()
        };
        let [line] = shipment.lines.as_slice() else {
            return threshold;
        };
        // Amounts in another currency would meet the dollar limits between their own units.
        if line.currency != deminimis_law::codes::Currency::USD {
            return threshold;
        }
        let mut tried = shipment.clone();
        tried.entry_path = None;
        for dollars in 1..=TRIED_DOLLARS {
            let value = Cents(dollars * 100);
            (tried.lines[0].value, tried.lines[0].fair_retail_value) = (value.0, value.0);
            let books = self.setup.books();
            let decision = assess_into(books, &tried, &self.day, &mut self.scratch);
            if decision.outcome != Outcome::EntryRequired {
                continue;
            }
            let least = |among: &[EntryPath]| {
                let of = decision
                    .owed
                    .paths
                    .iter()
                    .filter(|(path, _)| among.contains(path));
                of.map(|(_, total)| *total)
                    .min_by_key(|total| (total.high.is_none(), total.high))
            };
            let Some(informal) = least(&INFORMAL) else {
                continue;
            };
            threshold.informal_until = Some(value);
            if let Some(formal) = least(&FORMAL) {
                threshold.compare(value, formal, informal);
            }
        }
        // Lawful to the last value tried: no end is known.
        threshold.informal_until = threshold
            .informal_until
            .filter(|until| until.0 < TRIED_DOLLARS * 100);
        threshold
    }
}

impl Threshold {
    /// Notes what both kinds of entry cost at the next value.
    fn compare(&mut self, value: Cents, formal: Span, informal: Span) {
        self.formal_never_less &= informal.high.is_some_and(|informal| informal <= formal.low);
        let (Some(formal), Some(informal)) = (formal.known(), informal.known()) else {
            return;
        };
        if formal >= informal {
            return;
        }
        match &mut self.formal_costs_less {
            None => {
                self.formal_costs_less = Some(CostsLess {
                    from: value,
                    until: value,
                    formal,
                    informal,
                });
            }
            Some(less) if less.until.plus(Cents(100)) == value => less.until = value,
            Some(_) => {}
        }
    }
}

/// Whether one total is certainly the better choice of two.
fn costs_less(one: Span, other: Span) -> bool {
    match (one.high, other.high) {
        (Some(one), Some(other)) => one < other,
        (Some(_), None) => true,
        _ => false,
    }
}

impl Reckoned {
    /// The value in dollars, where it is known.
    pub fn value(&self) -> Option<Cents> {
        (!self.decision.unpriced).then_some(self.decision.entered_value)
    }

    /// The share of the value that the total takes, in hundredths of a percent, half up.
    pub fn effective(&self) -> Option<u64> {
        let value = u64::try_from(self.value()?.0)
            .ok()
            .filter(|value| *value > 0)?;
        let total = u64::try_from(self.owed.total.known()?.0).ok()?;
        Some((total.checked_mul(20_000)? + value) / (2 * value))
    }
}

/// Hundredths of a percent as text: `43.43 %`.
pub fn percent(hundredths: u64) -> String {
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}
