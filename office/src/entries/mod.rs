//! Entries of decided parcels, put into one message. Numbers are given from outside, after an entry
//! is made, so that none is used up for a parcel that is refused.

pub mod config;

pub use config::{CONFIG, Filing, FilingError, of_tenants, read};

use deminimis_clearance::owed::{DutyMemory, Owed, entered_lines};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{Books, Decision};
use deminimis_filing::identifiers::entry_number::EntryNumber;
use deminimis_filing::messages::catair::encode;
use deminimis_filing::messages::catair::entry::{
    Batch, Built, Form, NotTaken, NumbersError, Parcel, Problem, build, other_filer,
};
use deminimis_law::money::Cents;
use deminimis_law::time::Day;

/// The names of [`cells`].
pub const COLUMNS: [&str; 8] = [
    "shipment_id",
    "entry_number",
    "entry_type",
    "port_of_entry",
    "value_usd",
    "duty_usd",
    "fees_usd",
    "paid_elsewhere_usd",
];

/// What is listed of an entry: whose it is, its number, type and port, whole dollars of value, and
/// what is paid with it and elsewhere.
#[must_use]
pub fn cells(built: &Built) -> [String; 8] {
    let entry = &built.entry;
    let (duty, fees) = amounts(built);
    [
        built.shipment_id.clone(),
        entry.shown_number(),
        entry.entry_type.code().to_owned(),
        entry.port_of_entry.clone(),
        entry.value_usd().to_string(),
        duty.to_string(),
        fees.to_string(),
        elsewhere(built).to_string(),
    ]
}

/// Fees of an entry that are paid outside of it.
#[must_use]
pub fn elsewhere(built: &Built) -> Cents {
    let fees = built.elsewhere.iter().map(|fee| fee.amount);
    fees.fold(Cents(0), Cents::plus)
}

/// Duty and fees of an entry; nothing in a cargo release.
#[must_use]
pub fn amounts(built: &Built) -> (Cents, Cents) {
    let summary = built.entry.summary.as_ref();
    summary.map_or((Cents(0), Cents(0)), |summary| (summary.duty, summary.fees))
}

/// A parcel that was decided.
#[derive(Clone, Copy)]
pub struct Ready<'p> {
    /// What it was decided with.
    pub books: Books<'p>,
    /// What the law reads.
    pub shipment: &'p Shipment,
    /// What was given, as text.
    pub texts: &'p Texts,
    /// The decision.
    pub decision: &'p Decision,
}

/// Where entries are made one after the other, for one message.
pub struct Maker<'a> {
    filing: &'a Filing,
    form: Form,
    sent_on: Day,
    batch: Batch<'a>,
    memory: DutyMemory,
    owed: Owed,
}

impl<'a> Maker<'a> {
    /// For a message of that form which is sent on that day.
    #[must_use]
    pub fn new(filing: &'a Filing, form: Form, sent_on: Day) -> Maker<'a> {
        Maker {
            filing,
            form,
            sent_on,
            batch: Batch::new(&filing.filer, form, sent_on, &filing.password),
            memory: DutyMemory::new(true),
            owed: Owed::default(),
        }
    }

    /// Makes the entry of a parcel, still without its number.
    ///
    /// # Errors
    /// Every reason why there is none.
    pub fn build(&mut self, parcel: Ready<'_>) -> Result<Built, Vec<Problem>> {
        let Ready {
            books,
            shipment,
            texts,
            decision,
        } = parcel;
        let filer = &self.filing.filer;
        if let Some(other) = other_filer(texts, filer) {
            let reason = "is another filer than the configuration's".to_owned();
            let right = &filer.filer_code;
            return Err(vec![Problem::of_parcel("filer_code", other, reason, right)]);
        }
        let (memory, owed) = (&mut self.memory, &mut self.owed);
        let lines = entered_lines(books, shipment, decision.path, memory, owed);
        let parcel = Parcel {
            books,
            shipment,
            texts,
            decision,
            lines: &lines,
        };
        build(parcel, filer, self.form, self.sent_on).map_err(|refusal| refusal.problems)
    }

    /// Puts an entry with its number into the message.
    ///
    /// # Errors
    /// Every reason why the message does not take it; it is as it was.
    pub fn add(&mut self, built: Built, number: &EntryNumber) -> Result<Built, Vec<Problem>> {
        let built = built.numbered(number);
        match self.batch.add(&built.entry) {
            Ok(()) => Ok(built),
            Err(NotTaken::Unsound(problems)) => Err(problems),
            Err(other) => {
                let port = built.entry.port_of_entry.as_str();
                let right = "a port that this message takes";
                let problem = Problem::of_parcel("port_of_entry", port, other.to_string(), right);
                Err(vec![problem])
            }
        }
    }

    /// Whether the message has no entry and may not be sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// The message's bytes.
    ///
    /// # Errors
    /// The configuration does not fit the envelope.
    pub fn message(&self) -> Result<Vec<u8>, FilingError> {
        let message = self.batch.message();
        let message = message.map_err(|error| FilingError::envelope(&error))?;
        Ok(encode(&message))
    }
}

/// Why a parcel gets no number, as a problem of the parcel.
#[must_use]
pub fn no_number(error: &NumbersError, own: Option<&str>) -> Problem {
    let right = "XXX-NNNNNNN-C, used once";
    Problem::of_parcel("entry_number", own.unwrap_or(""), error.to_string(), right)
}

/// A problem in one sentence: its place in the message, the reason, and what is right.
#[must_use]
pub fn reason(problem: &Problem) -> String {
    let place = problem.place();
    let place = match place.is_empty() {
        true => String::new(),
        false => format!("{place}: "),
    };
    let line = problem.line;
    let line = line.map_or_else(String::new, |line| format!(", line {line}"));
    format!(
        "{place}{}{line}; right is {}",
        problem.reason, problem.right
    )
}
