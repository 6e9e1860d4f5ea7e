//! The kinds of instrument: one file each, one arm of [`Rule`] each.
//!
//! A kind says which fields a version of it has and in which phase it is asked. What it does when
//! it speaks is the assessment's; the compiler lists the places when an arm is added.

mod agency;
mod day_count;
mod deadline;
mod duty;
mod entry_path;
mod exclusion;
mod fee;
mod group;
mod person;
mod record_period;
mod small;
mod value_limit;

pub use agency::Agency;
pub use day_count::DayCount;
pub use deadline::{Deadline, Due};
pub use duty::{Base, Charge, Duty, MailDuty, MailRate, Program, ReportingOrder, SpecialProgram};
pub use entry_path::Path;
pub use exclusion::Exclusion;
pub use fee::{Fee, FeeAmount};
pub use group::Group;
pub use person::PersonRule;
pub use record_period::{Period, RecordPeriod};
pub use small::{Flag, Question, Suspension};
pub use value_limit::ValueLimit;

use crate::condition_text::Names;
use crate::error::LawError;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// What a version of an instrument does, by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// A named set of origins or numbers.
    Group(Group),
    /// Who the one person is.
    Person(PersonRule),
    /// What an agency needs.
    Agency(Agency),
    /// Goods that may not enter.
    Ban,
    /// Goods or ways that a basis or path does not serve.
    Exclusion(Exclusion),
    /// A basis closed for a time.
    Suspension(Suspension),
    /// A basis and its limit.
    ValueLimit(ValueLimit),
    /// How a day counts.
    DayCount(DayCount),
    /// A way to enter.
    Path(Path),
    /// Worth a look.
    Flag(Flag),
    /// Not settled, or not known; the outcome stands.
    Question(Question),
    /// Something due.
    Deadline(Deadline),
    /// How long records are kept.
    RecordPeriod(RecordPeriod),
    /// A heading that adds to, tops up, replaces or spares duty.
    Duty(Duty),
    /// Origins whose goods pay the rates of column 2.
    Column2,
    /// A special program.
    Program(SpecialProgram),
    /// What the carrier of the mail pays.
    MailDuty(MailDuty),
    /// A fee.
    Fee(Fee),
    /// In which order charges are reported.
    ReportingOrder(ReportingOrder),
    /// History; says nothing of a parcel.
    Note,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// The kinds of instrument, in the order in which they are asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind { $($(#[$doc])* $variant),+ }

        impl Kind {
            /// Every kind in the order in which they are asked.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),+];

            /// The name a law file writes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Kind::$variant => $text),+ }
            }
        }
    };
}

kinds! {
    /// A named set.
    Group = "group",
    /// Who the one person is.
    Person = "person",
    /// What an agency needs.
    Agency = "agency",
    /// Goods that may not enter.
    Ban = "ban",
    /// Goods or ways not served.
    Exclusion = "exclusion",
    /// A basis closed for a time.
    Suspension = "suspension",
    /// A basis and its limit.
    ValueLimit = "value-limit",
    /// How a day counts.
    DayCount = "day-count",
    /// A way to enter.
    EntryPath = "entry-path",
    /// Worth a look.
    Flag = "flag",
    /// Not settled or not known.
    Question = "question",
    /// Something due.
    Deadline = "deadline",
    /// How long records are kept.
    RecordPeriod = "record-period",
    /// History.
    Note = "note",
    /// A heading of Chapter 98 or 99.
    Duty = "duty",
    /// Origins under column 2.
    Column2 = "column-2",
    /// A special program.
    Program = "program",
    /// What the carrier of the mail pays.
    MailDuty = "mail-duty",
    /// A fee.
    Fee = "fee",
    /// The order of reporting.
    ReportingOrder = "reporting-order",
}

impl Kind {
    /// How many kinds are asked to decide how a parcel enters: those before [`Kind::Duty`].
    pub const ASKED: usize = Kind::Duty as usize;

    /// Reads the name a law file writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// Whether its conditions may read path, basis and outcome.
    #[must_use]
    pub fn is_asked_after_the_decision(self) -> bool {
        matches!(
            self,
            Kind::Flag | Kind::Question | Kind::Deadline | Kind::RecordPeriod
        )
    }

    /// Whether it says what is owed. Such rules are asked line by line, apart from those that decide
    /// how a parcel enters.
    #[must_use]
    pub fn is_of_duty(self) -> bool {
        self as usize >= Kind::ASKED
    }

    /// Whether its versions must follow one another without a gap.
    #[must_use]
    pub fn forbids_gaps(self) -> bool {
        matches!(self, Kind::ValueLimit | Kind::DayCount)
    }

    /// Whether it speaks of parcels, so that its versions need cases.
    #[must_use]
    pub fn speaks(self) -> bool {
        !matches!(self, Kind::Group | Kind::Note)
    }

    /// Reads the fields of a version that belong to this kind alone.
    pub(crate) fn read(self, table: &Table<'_>, names: &mut Names) -> Result<Rule, LawError> {
        Ok(match self {
            Kind::Group => Rule::Group(Group::read(table)?),
            Kind::Person => Rule::Person(PersonRule::read(table)?),
            Kind::Agency => Rule::Agency(Agency::read(table)?),
            Kind::Ban => Rule::Ban,
            Kind::Exclusion => Rule::Exclusion(Exclusion::read(table)?),
            Kind::Suspension => Rule::Suspension(Suspension::read(table)?),
            Kind::ValueLimit => Rule::ValueLimit(ValueLimit::read(table)?),
            Kind::DayCount => Rule::DayCount(DayCount::read(table)?),
            Kind::EntryPath => Rule::Path(Path::read(table)?),
            Kind::Flag => Rule::Flag(Flag::read(table)?),
            Kind::Question => Rule::Question(Question::read(table)?),
            Kind::Deadline => Rule::Deadline(Deadline::read(table)?),
            Kind::RecordPeriod => Rule::RecordPeriod(RecordPeriod::read(table)?),
            Kind::Duty => Rule::Duty(Duty::read(table, names)?),
            Kind::Column2 => Rule::Column2,
            Kind::Program => Rule::Program(SpecialProgram::read(table)?),
            Kind::MailDuty => Rule::MailDuty(MailDuty::read(table)?),
            Kind::Fee => Rule::Fee(Fee::read(table, names)?),
            Kind::ReportingOrder => Rule::ReportingOrder(ReportingOrder::read(table)?),
            Kind::Note => Rule::Note,
        })
    }
}
