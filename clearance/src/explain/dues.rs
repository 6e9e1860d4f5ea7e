//! Who owes what to whom for a parcel that must be entered, in words its receiver understands.

use super::Explanation;
use super::amount::dollars_of;
use crate::render::OwedText;
use crate::render::owed::FeeText;
use deminimis_law::names::{DutyTerms, EntryPath};

/// Why an amount cannot be said where its rates are not in hand.
const NO_SCHEDULE: &str = "schedule";

impl Explanation {
    /// Who owes and pays, how much, and how it is declared.
    pub(super) fn dues(&self) -> Vec<String> {
        let facts = &self.facts;
        let mut lines = vec![
            "Owed are any duty, taxes and fees on the goods.".to_owned(),
            self.who_owes_it().to_owned(),
            self.to_whom().to_owned(),
        ];
        if let Some(owed) = &self.decision.owed {
            lines.extend(self.how_much(owed));
        }
        let path = facts.path.as_str();
        match (path.strip_prefix("entry-"), facts.path) {
            (Some(number), _) => lines.push(format!(
                "It is declared to US Customs as entry type {number}."
            )),
            (None, EntryPath::MailWorksheet) => {
                lines.push("It is declared to US Customs on a worksheet for mail.".to_owned());
            }
            _ => {}
        }
        lines
    }

    fn who_owes_it(&self) -> &'static str {
        match self.facts.terms {
            Some(DutyTerms::Ddp) => {
                "The seller agreed to pay them, so the seller owes them, not the receiver."
            }
            Some(DutyTerms::Ddu) => "The receiver agreed to pay them, so the receiver owes them.",
            None => {
                "The importer owes them: that is the receiver, unless the seller agreed to pay or imports the goods."
            }
        }
    }

    fn to_whom(&self) -> &'static str {
        match (self.facts.path, self.facts.mode) {
            (EntryPath::MailCarrier, _) => {
                "The carrier of the mail, or a firm it works with, pays US Customs and gets the money back from whoever owes it."
            }
            (EntryPath::MailEntry, _) => {
                "US Customs works out the amount and the post collects it for US Customs."
            }
            (EntryPath::MailWorksheet | EntryPath::Entry13, _) => {
                "They are paid to US Customs by whoever files for the parcel; that filer asks for the money back."
            }
            (_, "express") => {
                "The express carrier usually pays US Customs first. Then the money is owed to the carrier."
            }
            _ => "They are paid to US Customs, often through a broker or the carrier.",
        }
    }

    fn how_much(&self, owed: &OwedText) -> Vec<String> {
        let mut lines = Vec::new();
        let open = |what: &str| owed.open.iter().any(|open| open.what == what);
        let (low, high) = (
            owed.range_low_usd.as_deref(),
            owed.range_high_usd.as_deref(),
        );
        let known = match (&owed.total_usd, &owed.duty_usd, &owed.fees_usd) {
            (Some(total), Some(duty), Some(fees)) => Some((total, duty, fees)),
            _ => None,
        };
        match (known, low, high) {
            (Some((total, duty, fees)), ..) => lines.push(amount(total, duty, fees)),
            (None, Some(low), Some(high)) => {
                let (low, high) = (dollars_of(low), dollars_of(high));
                lines.push(format!("The amount is at least {low} and at most {high}."));
                lines.extend(self.hangs_on());
            }
            _ if open(NO_SCHEDULE) => lines.push(
                "How much cannot be said here: the rates of that day are not at hand.".to_owned(),
            ),
            (None, Some(low), None) if low != "0.00" => {
                let low = dollars_of(low);
                lines.push(format!(
                    "It is at least {low}. How much more cannot be said yet."
                ));
                lines.extend(self.hangs_on());
            }
            _ => {
                lines.push("How much cannot be said yet.".to_owned());
                lines.extend(self.hangs_on());
            }
        }
        lines.extend(owed.fees.iter().filter_map(others_fee));
        if owed.refundable_usd != "0.00" {
            let part = dollars_of(&owed.refundable_usd);
            lines.push(format!("Of this, US Customs can pay {part} back."));
        }
        lines
    }

    /// What must be known before the amount is.
    fn hangs_on(&self) -> Vec<String> {
        let open = self.kept_open();
        if open.is_empty() {
            return Vec::new();
        }
        let mut lines = vec!["That depends on this:".to_owned()];
        lines.extend(open.iter().map(|(why, _)| format!("- {why}")));
        lines
    }
}

/// A known amount with its parts.
fn amount(total: &str, duty: &str, fees: &str) -> String {
    let shown = dollars_of(total);
    match (total, duty, fees) {
        ("0.00", ..) => "Nothing has to be paid for it: the duty is $0.00.".to_owned(),
        (_, _, "0.00") => format!("The amount is {shown}, all of it duty."),
        (_, "0.00", _) => format!("The amount is {shown}, all of it fees: the duty is $0.00."),
        _ => format!(
            "The amount is {shown}: {} duty and {} fees.",
            dollars_of(duty),
            dollars_of(fees)
        ),
    }
}

/// A fee that another than the importer owes; one whose amount is open is named with what is open.
fn others_fee(fee: &FeeText) -> Option<String> {
    let payer = match fee.payer.as_str() {
        "addressee" => "the person the mail is addressed to",
        "operator of the express consignment facility" => {
            "the firm that runs the hub for express parcels"
        }
        _ => return None,
    };
    let amount = fee.amount_usd.as_deref().filter(|usd| *usd != "0.00")?;
    let amount = dollars_of(amount);
    Some(format!("Of this, {amount} is a fee that {payer} owes."))
}
