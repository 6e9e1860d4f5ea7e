//! From a decided parcel to its entry, or to every reason why there is none.

use super::from::Filer;
use super::gather::{At, Gather};
use super::header::field;
use super::money::{Elsewhere, Money};
use super::{
    Entry, EntryType, Form, Payment, Problem, Refusal, Summary, bills, form, header, lines, money,
    parties,
};
use deminimis_clearance::owed::EnteredLine;
use deminimis_clearance::shipment::fields::id;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{Books, Decision};
use deminimis_law::kind::Rule;
use deminimis_law::names::{CustomsStatus, Effect, EntryPath, Outcome, Purpose};
use deminimis_law::time::Day;

/// The most lines of an entry summary; a cargo release takes 999, as many as a parcel has.
const SUMMARY_LINES: usize = 998;

/// Statement dates lie at most so many days ahead (AE usage note (y)).
const STATEMENT_WITHIN_DAYS: i32 = 90;

/// A parcel with its decision.
#[derive(Clone, Copy)]
pub struct Parcel<'a> {
    /// What it was decided with.
    pub books: Books<'a>,
    /// The parcel.
    pub shipment: &'a Shipment,
    /// Its texts.
    pub texts: &'a Texts,
    /// The decision.
    pub decision: &'a Decision,
    /// Its lines as the decision's path enters them
    /// ([`entered_lines`](deminimis_clearance::owed::entered_lines)).
    pub lines: &'a [EnteredLine],
}

/// An entry, still without its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The parcel.
    pub shipment_id: String,
    /// The entry; filer and number are empty.
    pub entry: Entry,
    /// Fees that the decision owes and that are paid outside the entry.
    pub elsewhere: Vec<Elsewhere>,
}

/// Makes the entry of a parcel for a message that is sent on `sent_on`. The number is given to it
/// afterwards, so that none is used up for a parcel that is refused.
///
/// # Errors
/// Every field that is missing or does not fit; or, where the decision leads to no entry that is
/// written here, that alone.
pub fn build(
    parcel: Parcel<'_>,
    filer: &Filer,
    form: Form,
    sent_on: Day,
) -> Result<Built, Refusal> {
    let refused = |problems| Refusal {
        shipment_id: parcel.shipment.id.clone(),
        problems,
    };
    let entry_type = entry_type(parcel).map_err(|problem| refused(vec![problem]))?;
    let mut gather = Gather::new(parcel.texts, form.application());
    ways(&mut gather, parcel, form);
    let (entry, elsewhere) = entry(&mut gather, parcel, filer, (form, entry_type), sent_on);
    if !gather.problems.is_empty() {
        return Err(refused(gather.problems));
    }
    Ok(Built {
        shipment_id: parcel.shipment.id.clone(),
        entry,
        elsewhere,
    })
}

/// The entry type of the decision, if it leads to one that is written.
fn entry_type(parcel: Parcel<'_>) -> Result<EntryType, Problem> {
    let decision = parcel.decision;
    let refused = |from: &str, value: &str, reason: &str, right: &str| {
        Err(Problem::of_parcel(from, value, reason.to_owned(), right))
    };
    let outcome = decision.outcome.as_str();
    match decision.outcome {
        Outcome::EntryRequired => {}
        Outcome::Free => {
            let reason = "the parcel enters free: the decision reckons no entry for it";
            return refused("outcome", outcome, reason, "a parcel that needs an entry");
        }
        Outcome::NeedsPerson => {
            let reason = "the decision is left to a person: deminimis explain tells its questions";
            return refused("outcome", outcome, reason, "answers to the questions");
        }
        Outcome::Prohibited => {
            let reason = "the goods may not enter";
            return refused("outcome", outcome, reason, "no entry");
        }
    }
    let path = decision.path;
    if let Some(entry_type) = EntryType::of_path(path) {
        return Ok(entry_type);
    }
    let reason = match path {
        EntryPath::Entry86 => "entry type 86 has ended: it is read, and never written",
        EntryPath::Entry13 => "no columns of entry type 13 are in hand: it is told as JSON",
        EntryPath::MailEntry | EntryPath::MailCarrier | EntryPath::MailWorksheet => {
            "mail that enters this way is filed by no entry message"
        }
        EntryPath::ManifestRelease | EntryPath::None => "this way of entering has no entry",
        _ => "entries of this type are not written",
    };
    refused("entry_path", path.as_str(), reason, "entry-11 or entry-01")
}

/// What no record of these forms could say of the parcel.
fn ways(gather: &mut Gather<'_>, parcel: Parcel<'_>, form: Form) {
    let shipment = parcel.shipment;
    let mut refuse = |from: &str, value: &str, reason: String, right: &str| {
        let problem = Problem::of_parcel(from, value, reason, right);
        gather.problems.push(problem);
    };
    if shipment.customs_status != CustomsStatus::Direct {
        let reason = "the contract has no date of the movement in bond and no withdrawal, which \
                      the records need"
            .to_owned();
        let status = shipment.customs_status.as_str();
        refuse("customs_status", status, reason, "direct");
    }
    let law = parcel.books.law;
    for finding in &parcel.decision.findings {
        if let Rule::Agency(agency) = &law.version(finding.rule).rule
            && finding.effect == Effect::Requires
            && agency.data
        {
            let name = agency.agency.as_str();
            let reason = format!("data for {name} is required, and its records are not written");
            refuse("pga", name, reason, "an entry filed with the agency's data");
        }
    }
    for line in &shipment.lines {
        for code in line.pga.iter().chain(&line.pga_disclaim) {
            let reason = "records for agencies are not written".to_owned();
            let right = "an entry filed with the agency's data";
            refuse("pga", code.as_str(), reason, right);
        }
    }
    if form == Form::Summary && shipment.lines.len() > SUMMARY_LINES {
        let count = shipment.lines.len().to_string();
        let reason = format!("an entry summary has at most {SUMMARY_LINES} lines");
        refuse("lines", &count, reason, "several entries");
    }
}

fn entry(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    filer: &Filer,
    (form, entry_type): (Form, EntryType),
    sent_on: Day,
) -> (Entry, Vec<Elsewhere>) {
    let shipment = parcel.shipment;
    let port_of_entry = header::port_of_entry(gather, form);
    let mode = header::mode(gather, form, shipment.mode, filer);
    let importer = header::importer(gather, form);
    let contact = (form == Form::Release).then(|| header::contact(gather, filer));
    let arrives_at = match form {
        Form::Summary => At("11", "date_of_importation"),
        Form::Release => At("SE16", "date_of_arrival"),
    };
    let arrives_on = Some(shipment.arrives_at.day);
    let arrives_on = gather.must_day(arrives_at, "arrives_at", None, arrives_on);
    let conveyance = header::conveyance(gather, form, shipment.mode, arrives_on);
    let bills = bills::bills(gather, parcel, form);
    let non_ams = bills.iter().any(|bill| bill.arrival.is_some());
    let bond = header::bond(gather, form, entry_type);
    let configured = filer.consignee_number.as_deref();
    let consignee = parties::consignee_number(parcel, &importer, configured);
    let value_usd = u64::try_from(parcel.decision.owed.entered.0 / 100).unwrap_or(0);
    let named = (consignee.as_deref(), value_usd);
    let parties = parties::of_entry(gather, parcel, entry_type, named);
    let count = shipment.lines.len();
    let shared = (form == Form::Summary).then(|| lines::of_parcel(gather, parcel));
    let kind = (form, entry_type);
    let lines: Vec<_> = (0..count)
        .map(|at| lines::line(gather, parcel, kind, shared.as_ref(), at))
        .collect();
    let money = match form {
        // Where fields are missing the sums are not yet those of an entry.
        Form::Summary if gather.problems.is_empty() => money::of_entry(gather, parcel, &lines),
        _ => Money::default(),
    };
    let elsewhere = money.elsewhere.clone();
    let summary = (form == Form::Summary).then(|| {
        summary(
            gather,
            parcel,
            filer,
            (entry_type, sent_on, consignee),
            money,
        )
    });
    let entry = Entry {
        filer: String::new(),
        number: String::new(),
        entry_type,
        port_of_entry,
        mode,
        importer,
        contact,
        conveyance,
        bills,
        non_ams,
        bond,
        express: shipment.at_express_hub,
        parties,
        lines,
        summary,
    };
    (entry, elsewhere)
}

fn summary(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    filer: &Filer,
    (entry_type, sent_on, consignee): (EntryType, Day, Option<String>),
    money: Money,
) -> Summary {
    let formal = entry_type == EntryType::Consumption;
    let shipment = parcel.shipment;
    let consignee_at = At("11", "consignee_number");
    let consignee_number = match (formal, consignee) {
        (true, None) => {
            let right = "the consignee's number, or an importer of record of the same name";
            gather.missing(consignee_at, "[filing] consignee_number", None, right);
            None
        }
        // An informal entry names its consignee by address; a number is not asked for.
        (false, _) => None,
        (true, Some(number)) => {
            let from = "[filing] consignee_number";
            Some(gather.fit(consignee_at, from, None, number))
        }
    };
    let state_at = At("11", "us_state_of_destination_code");
    let state = field!("state_of_destination");
    let entry_at = At("11", "estimated_entry_date");
    let entered_on = Some(shipment.entry_when().day);
    Summary {
        certified: true,
        usage: match shipment.purpose {
            Purpose::Sample => Some("X".to_owned()),
            Purpose::PersonalEffects => Some("P".to_owned()),
            Purpose::Sale | Purpose::Gift | Purpose::Return | Purpose::Documents => None,
        },
        payment: payment(gather, filer, sent_on),
        consignee_number,
        estimated_entry_on: gather.must_day(entry_at, "entered_at", None, entered_on),
        imported_on: shipment.arrives_at.day,
        state: match formal {
            true => Some(gather.must(state_at, state, None)),
            false => gather.may(state_at, state, None),
        },
        header_fees: money.header_fees,
        fee_totals: money.fee_totals,
        duty: money.duty,
        fees: money.fees,
    }
}

/// How the entry is paid (AE usage note (y)). Holidays are not in hand: only weekends are refused.
fn payment(gather: &mut Gather<'_>, filer: &Filer, sent_on: Day) -> Payment {
    let kind_at = At("10", "payment_type_code");
    let kind = gather.must(kind_at, field!("payment_type"), None);
    let (periodic, daily) = (form::is_periodic(&kind), form::is_daily(&kind));
    if !kind.is_empty() && !form::is_payment(&kind) {
        let right = Err(form::PAYMENT.to_owned());
        gather.formed(kind_at, "payment_type", None, &kind, right);
    }
    let date_at = At("10", "preliminary_statement_print_date");
    let given = gather.text(field!("statement_date"), None);
    let statement_on = given.as_deref().and_then(Day::parse);
    match (daily || periodic, statement_on) {
        (true, None) => gather.missing(
            date_at,
            "statement_date",
            None,
            "the print date of the preliminary statement",
        ),
        (true, Some(day)) => {
            let ahead = day.0 - sent_on.0;
            if day.is_weekend() || !(1..=STATEMENT_WITHIN_DAYS).contains(&ahead) {
                let right = format!(
                    "a working day after {sent_on}, at most {STATEMENT_WITHIN_DAYS} days ahead"
                );
                gather.formed(
                    date_at,
                    "statement_date",
                    None,
                    &day.to_string(),
                    Err(right),
                );
            }
        }
        (false, Some(day)) if kind == "1" => {
            let right = Err("no date with payment type 1".to_owned());
            gather.formed(date_at, "statement_date", None, &day.to_string(), right);
        }
        (false, _) => {}
    }
    let month_at = At("10", "periodic_statement_month");
    let month = periodic
        .then(|| filer.periodic_statement_month.clone())
        .flatten();
    if periodic && month.is_none() {
        let key = "[filing] periodic_statement_month";
        gather.missing(month_at, key, None, "the month, two digits");
    }
    let branch = (daily || periodic)
        .then(|| filer.statement_client_branch.clone())
        .flatten();
    let key = "[filing] statement_client_branch";
    let branch_at = At("10", "statement_client_branch_identifier");
    Payment {
        kind,
        statement_on,
        month: month
            .map(|month| gather.fit(month_at, "[filing] periodic_statement_month", None, month)),
        branch: branch.map(|branch| gather.fit(branch_at, key, None, branch)),
    }
}

/// The parcel's own entry number, as it was given.
#[must_use]
pub fn own_number(texts: &Texts) -> Option<&str> {
    texts.get(field!("entry_number"))
}

impl Built {
    /// Gives the entry its number.
    #[must_use]
    pub fn numbered(mut self, number: &crate::identifiers::entry_number::EntryNumber) -> Built {
        number.filer().clone_into(&mut self.entry.filer);
        self.entry.number = number.in_record();
        self
    }
}

/// The parcel's filer code, if it names another filer than the configuration.
#[must_use]
pub fn other_filer<'t>(texts: &'t Texts, filer: &Filer) -> Option<&'t str> {
    texts
        .get(id::FILER_CODE)
        .filter(|code| !code.eq_ignore_ascii_case(&filer.filer_code))
}
