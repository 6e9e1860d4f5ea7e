//! The explanation in words that the receiver of a parcel understands, and who owes what to whom.

use super::Explanation;
use super::amount::{dollars, dollars_of};
use crate::decision::Say;
use deminimis_law::kind::Kind;
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, EntryPath, Outcome};
use deminimis_law::time::Day;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How many articles are named.
const NAMED: usize = 3;

impl Explanation {
    /// Short sentences without terms of the trade, one to a line.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut lines = vec![self.what_it_is(), self.answer()];
        lines.extend(self.why());
        lines.extend(self.who_owes());
        lines.extend(self.what_else());
        if let Some(rule) = self.rule() {
            lines.push(rule);
        }
        let mut text = lines.join("\n");
        text.push('\n');
        text
    }

    fn what_it_is(&self) -> String {
        let parcel = &self.parcel;
        let names: Vec<&str> = parcel
            .lines
            .iter()
            .take(NAMED)
            .map(|line| line.description.as_str())
            .collect();
        let more = if parcel.lines.len() > NAMED {
            " and more"
        } else {
            ""
        };
        let arrives = date(self.facts.arrives);
        format!(
            "Parcel {}: {}{more}, worth {}, arriving on {arrives}.",
            parcel.shipment_id,
            names.join("; "),
            dollars_of(&parcel.value_usd)
        )
    }

    fn answer(&self) -> String {
        match self.facts.outcome {
            Outcome::Free => "It may come into the United States without duty.",
            Outcome::EntryRequired => {
                "It may come into the United States, but not as a free parcel. It must be declared to US Customs."
            }
            Outcome::Prohibited => "It may not come into the United States.",
            Outcome::NeedsPerson => {
                "It cannot be said yet whether it may come in without duty."
            }
        }
        .to_owned()
    }

    fn why(&self) -> Vec<String> {
        let facts = &self.facts;
        match facts.outcome {
            Outcome::Free => vec![self.why_free()],
            Outcome::NeedsPerson => self.what_is_missing(),
            Outcome::EntryRequired | Outcome::Prohibited => vec![self.why_not()],
        }
    }

    /// What counts that day, this parcel included; of an unknown total the parcel alone.
    fn day_total(&self) -> String {
        let total = self.decision.day_total_usd.as_deref();
        dollars_of(total.unwrap_or(&self.parcel.value_usd))
    }

    fn why_free(&self) -> String {
        let value = dollars_of(&self.parcel.value_usd);
        let total = self.day_total();
        let limit = self.facts.limit.as_ref().map_or("", |(_, limit)| limit);
        match self.facts.basis {
            Some(Basis::Gift321A) => format!(
                "It is a gift. Gifts worth up to {limit} for one person on one day come in without duty."
            ),
            Some(Basis::Personal321B) => format!(
                "A traveler brings it in as their own. Up to {limit} of such things on one day come in without duty."
            ),
            Some(Basis::Documents) => {
                "It holds only papers that have no value of their own.".to_owned()
            }
            Some(Basis::Informational1702B) => format!(
                "It holds things like books or films, or a donation. These come in without duty up to {limit} for one person on one day."
            ),
            Some(Basis::Section321C) | None if value == total => format!(
                "Goods worth up to {limit} for one person on one day come in without duty. This parcel is worth {value}."
            ),
            Some(Basis::Section321C) | None => format!(
                "Goods worth up to {limit} for one person on one day come in without duty. This parcel is worth {value}. With the parcels before it that day it makes {total}."
            ),
        }
    }

    fn why_not(&self) -> String {
        let facts = &self.facts;
        let (basis, limit) = match &facts.limit {
            Some((basis, limit)) => (Some(*basis), limit.as_str()),
            None => (None, ""),
        };
        let of_what = match basis {
            Some(Basis::Gift321A) => " of gifts",
            Some(Basis::Personal321B) => " of a traveler's own things",
            _ => "",
        };
        let Some((at, kind, say)) = facts.decisive else {
            return "None of the rules that let goods in without duty fits this parcel.".to_owned();
        };
        let finding = self.decision.findings.get(at);
        let reason = finding.map_or("", |finding| finding.reason.as_str());
        match (kind, say) {
            (Kind::Ban, _) => "The United States does not let such goods in.".to_owned(),
            (_, Say::Elected) => {
                "It could have come in without duty, but the sender chose to declare it and pay."
                    .to_owned()
            }
            (Kind::Suspension, _) => {
                "Parcels of low value used to come in without duty. For parcels like this one that has been stopped.".to_owned()
            }
            (Kind::Exclusion, _) => {
                "Goods or parcels of this kind do not come in without duty.".to_owned()
            }
            (Kind::ValueLimit, Say::Over) => format!(
                "It is worth {}. Without duty, only {limit}{of_what} for one person on one day may come in.",
                dollars_of(&self.parcel.value_usd)
            ),
            (_, Say::TooMany) => {
                "Too many parcels came in without duty for the same person on that day.".to_owned()
            }
            (Kind::DayCount, _) if !of_what.is_empty() => format!(
                "Together with what came before it that day it is over the limit. Without duty, only {limit}{of_what} for one person on one day may come in."
            ),
            (Kind::DayCount, _) => format!(
                "Together with the parcels before it that day it makes {}. Without duty, only {limit} for one person on one day may come in.",
                self.day_total()
            ),
            _ => format!("The reason: {reason}."),
        }
    }

    fn what_is_missing(&self) -> Vec<String> {
        let deciding: Vec<String> = self
            .decision
            .questions
            .iter()
            .filter(|question| question.decides)
            .map(|question| question.question.clone())
            .collect();
        if deciding.is_empty() {
            return vec![
                "The law of its date is not at hand here, so a person must look at it.".to_owned(),
            ];
        }
        let mut lines = vec!["This must be answered first:".to_owned()];
        lines.extend(deciding.iter().map(|question| format!("- {question}")));
        lines
    }

    fn who_owes(&self) -> Vec<String> {
        let facts = &self.facts;
        match facts.outcome {
            Outcome::Free => {
                let mut lines = vec!["Nobody owes duty for it.".to_owned()];
                let nothing = matches!(facts.path, EntryPath::None | EntryPath::ManifestRelease);
                if nothing && facts.basis != Some(Basis::Personal321B) {
                    lines.push("The receiver has nothing to file.".to_owned());
                } else if let Some(path) = self.path.as_ref().filter(|_| !nothing) {
                    lines.push(format!(
                        "It must still be declared to US Customs. Who may do that: {}.",
                        path.filer
                    ));
                } else {
                    lines.push("The traveler declares it on arrival.".to_owned());
                }
                lines
            }
            Outcome::EntryRequired => self.dues(),
            Outcome::Prohibited => vec![
                "No duty can be paid to bring it in. US Customs may refuse or seize it.".to_owned(),
            ],
            Outcome::NeedsPerson => {
                vec!["Who owes what cannot be said before that.".to_owned()]
            }
        }
    }

    /// What may be worth knowing: room left that day, the nearest date, how long to keep papers.
    fn what_else(&self) -> Vec<String> {
        use super::Edit;
        let mut lines = Vec::new();
        for change in &self.changes {
            match &change.edit {
                Edit::Further(Basis::Section321C, by) => {
                    let room = dollars(Cents(by.0.saturating_sub(1)));
                    lines.push(format!(
                        "That leaves {room} for the same person's other parcels of that day."
                    ));
                }
                Edit::AnotherDay if change.outcome == "free" => lines.push(
                    "On a day without other parcels for the same person it would have come in without duty.".to_owned(),
                ),
                Edit::EnteredOn(day) if change.outcome == "free" => {
                    let early = *day < self.facts.arrives;
                    let would = if early { "would have come" } else { "would come" };
                    let if_so = if early { "if it had been" } else { "if it were" };
                    let day = date(*day);
                    lines.push(format!(
                        "A parcel like it {would} in without duty {if_so} declared on {day}."
                    ));
                }
                _ => {}
            }
        }
        if let Some(until) = self.facts.records_until {
            lines.push(format!(
                "Keep the invoice and other papers until {}.",
                date(until)
            ));
        }
        lines
    }

    /// The only line with citations.
    fn rule(&self) -> Option<String> {
        let (at, ..) = self.facts.decisive?;
        let finding = self.decision.findings.get(at)?;
        Some(format!(
            "The rule: {} ({}).",
            finding.reason,
            finding.cite.join("; ")
        ))
    }
}

/// A day as people write it: `November 20, 2026`.
#[must_use]
pub fn date(day: Day) -> String {
    let (year, month, of_month) = day.ymd();
    let name = MONTHS
        .get((month as usize).saturating_sub(1))
        .copied()
        .unwrap_or("");
    format!("{name} {of_month}, {year}")
}
