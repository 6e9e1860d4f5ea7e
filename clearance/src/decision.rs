//! What the law says of one parcel, compact: rules by number, dates by moment, no text.

use crate::basis::{Candidate, Limits, Open};
use crate::owed::Owed;
use deminimis_law::compile::{RuleRef, Stretch};
use deminimis_law::facts::FactId;
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Clock, Effect, EntryPath, Outcome, PersonBasis, Set};
use deminimis_law::time::{Day, Moment};

/// A compact decision; [`crate::render`] makes the contract's text of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// May it enter free?
    pub outcome: Outcome,
    /// Why it is free.
    pub basis: Option<Basis>,
    /// By which path it enters.
    pub path: EntryPath,
    /// The rule of that path.
    pub path_rule: Option<RuleRef>,
    /// Every path that is lawful for the parcel, the chosen one included.
    pub lawful: Set<EntryPath>,
    /// Which party is the one person.
    pub person: PersonBasis,
    /// Whose law was read: the moment of entry.
    pub read_at: Moment,
    /// The stretch of each clock.
    pub stretch: Stretch,
    /// Total fair retail value.
    pub value: Cents,
    /// Total line value.
    pub entered_value: Cents,
    /// Some line has no value in dollars: the totals are not known.
    pub unpriced: bool,
    /// What counts against the limit shown, this parcel included.
    pub day_total: Cents,
    /// Everything imported that day up to and including this parcel.
    pub day_all: Cents,
    /// What would count if uncertain matches are one person.
    pub day_total_if_linked: Option<Cents>,
    /// Every rule that spoke, in the order of asking.
    pub findings: Vec<Finding>,
    /// What is not known or not settled.
    pub questions: Vec<Asked>,
    /// Facts taken by a presumption.
    pub assumed: Vec<Assumed>,
    /// What is due by when.
    pub deadlines: Vec<DueAt>,
    /// How long records must be kept, and the rule.
    pub records: Option<(Day, RuleRef)>,
    /// The flag that names CBP's own disposition.
    pub cbp_expected: Option<RuleRef>,
    /// The earliest day to which a rule used was checked.
    pub checked_until: Day,
    /// What is owed by the way of entering decided.
    pub owed: Owed,
    /// For the walk of the day: what stands without regard to it.
    pub candidate: Candidate,
    /// For the walk of the day: the limits.
    pub limits: Limits,
}

/// A rule that spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleRef,
    /// What it does.
    pub effect: Effect,
    /// Which of its sentences.
    pub say: Say,
    /// The line it speaks of, from 1; 0 for the shipment.
    pub line: u16,
    /// The amount, count or day that belongs into the sentence.
    pub argument: i64,
}

/// Which sentence of a rule is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// Its reason.
    Reason,
    /// A limit's reason when it is exceeded.
    Over,
    /// The number of parcels a day is exceeded.
    TooMany,
    /// A path's reason when it is asked for and closed.
    Closed,
    /// The sender takes a dutiable path though a free one is open.
    Elected,
    /// The basis is open, but no free path is.
    NoFreePath,
    /// The date lies outside what the instrument covers.
    Gap,
    /// The date lies after the day to which the rule was checked.
    Unchecked,
    /// Whether the rule reaches the parcel is not settled.
    Open,
}

/// Something not known or not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unknown {
    /// A fact of a line that was not given.
    Fact(FactId),
    /// Whether an open rule reaches the parcel.
    Rule(RuleRef),
    /// The time of day of a bare date, or a date that was not given.
    Clock(Clock),
    /// The dollar value of a currency on its date.
    ExchangeRate,
}

/// A question of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is asked.
    pub what: Unknown,
    /// The line, from 1; 0 for the shipment.
    pub line: u16,
    /// The answer decides outcome or path, and no lawful default exists.
    pub material: bool,
}

/// A fact taken by a presumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// The fact.
    pub fact: FactId,
    /// The line, from 1.
    pub line: u16,
}

/// Something due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueAt {
    /// The rule.
    pub rule: RuleRef,
    /// When.
    pub due: Due,
}

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// By this moment.
    Moment(Moment),
    /// By the end of this day.
    Day(Day),
    /// By the end of the first day, or of the second if a weekend or holiday moves it: not cited.
    EitherDay(Day, Day),
    /// Reckoned from a date that the parcel does not give, or from holidays not in hand.
    Unknown,
}

/// What the answers to open questions must agree on.
pub(crate) type Verdict = (Outcome, EntryPath);

impl Default for Decision {
    fn default() -> Decision {
        Decision {
            outcome: Outcome::NeedsPerson,
            basis: None,
            path: EntryPath::None,
            path_rule: None,
            lawful: Set::EMPTY,
            person: PersonBasis::Consignee,
            read_at: Moment(0),
            stretch: Stretch::default(),
            value: Cents(0),
            entered_value: Cents(0),
            unpriced: false,
            day_total: Cents(0),
            day_all: Cents(0),
            day_total_if_linked: None,
            findings: Vec::new(),
            questions: Vec::new(),
            assumed: Vec::new(),
            deadlines: Vec::new(),
            records: None,
            cbp_expected: None,
            checked_until: Day(i32::MAX),
            owed: Owed::default(),
            candidate: Candidate::default(),
            limits: Limits::default(),
        }
    }
}

impl Decision {
    /// Empties it for the next parcel, keeping its buffers.
    pub(crate) fn clear(&mut self) {
        let mut buffers = (
            std::mem::take(&mut self.findings),
            std::mem::take(&mut self.questions),
            std::mem::take(&mut self.assumed),
            std::mem::take(&mut self.deadlines),
        );
        buffers.0.clear();
        buffers.1.clear();
        buffers.2.clear();
        buffers.3.clear();
        let owed = std::mem::take(&mut self.owed);
        *self = Decision::default();
        self.owed = owed;
        (self.findings, self.questions, self.assumed, self.deadlines) = buffers;
    }

    /// The outcome without regard to the amount: a parcel whose way of entering is known, and only
    /// what it owes is not, needs an entry.
    #[must_use]
    pub fn way(&self) -> Outcome {
        match self.outcome {
            Outcome::NeedsPerson if self.path_rule.is_some() => Outcome::EntryRequired,
            outcome => outcome,
        }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        (self.outcome, self.path)
    }

    /// Leaves the parcel to a person. What is prohibited stays so.
    pub(crate) fn needs_person(&mut self) {
        if self.outcome == Outcome::Prohibited {
            return;
        }
        (self.outcome, self.basis) = (Outcome::NeedsPerson, None);
        (self.path, self.path_rule) = (EntryPath::None, None);
        self.lawful = Set::EMPTY;
        self.candidate.open = Set::EMPTY;
        self.candidate.undecided = Some(if self.unpriced {
            Open::Unpriced
        } else {
            Open::Priced
        });
    }
}
