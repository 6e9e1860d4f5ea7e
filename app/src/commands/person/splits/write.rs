//! Writes findings of split lots: as a table for people and as JSON, with the law that speaks of
//! each.

use super::parcels::{Gathered, Held};
use crate::out::page::{Page, Style as Ink};
use crate::out::style::{Style, dollars};
use deminimis_law::Law;
use deminimis_law::money::Cents;
use deminimis_law::names::Mode;
use deminimis_law::time::Day;
use deminimis_person::splitting::{Evidence, Finding, Kind, Level, SPLIT_RULES};
use serde_json::{Value, json};
use std::io::{self, Write};

/// As many parcels as a table names of one finding.
const MOST_NAMED: usize = 12;

/// Where it is said how often findings are right.
const RATES: &str = "docs/splits.md";

/// Findings, and the parcels they are of.
pub struct Found<'a> {
    pub law: &'a Law,
    pub gathered: &'a Gathered,
    pub findings: Vec<Finding>,
}

/// A rule that speaks of a finding.
struct Spoken<'l> {
    id: &'l str,
    title: &'l str,
    cite: &'l [String],
}

impl Found<'_> {
    fn parcels(&self, finding: &Finding) -> impl Iterator<Item = &Held> {
        let held = &self.gathered.held;
        finding.parcels.iter().filter_map(|index| held.get(*index))
    }

    /// The rules in force for the first parcel of a finding, the most decisive first. Which of them
    /// applies is for someone to decide: none is applied here.
    fn rules(&self, finding: &Finding) -> Vec<Spoken<'_>> {
        let Some(first) = self.parcels(finding).next() else {
            return Vec::new();
        };
        let by_mail = self.parcels(finding).any(|held| held.mode == Mode::Mail);
        let other = self.parcels(finding).any(|held| held.mode != Mode::Mail);
        let mut ids = vec!["s321.split-order"];
        match finding.kind {
            Kind::OneOrder => {
                ids.extend(other.then_some("s321.split-order-pattern"));
                ids.extend(by_mail.then_some("s321.split-order-mail"));
            }
            Kind::CutUnderLimit | Kind::RepeatedRun => ids.push("s321.day-count"),
            Kind::ManyNames => ids.extend(["s321.linked-over-limit", "s321.day-count"]),
        }
        if finding.in_favour.contains(&Evidence::SameMaster) {
            ids.push("s321.consolidated");
        }
        let spoken = |id: &str| {
            let mut instruments = self.law.book().instruments.iter().zip(0_u16..);
            let (instrument, at) = instruments.find(|(instrument, _)| instrument.id == id)?;
            let rule = self.law.in_force_at(at, first.entered)?;
            Some(Spoken {
                id: &instrument.id,
                title: &instrument.title,
                cite: &self.law.version(rule).cite,
            })
        };
        ids.into_iter().filter_map(spoken).collect()
    }

    pub fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        let style = Style::of_stdout();
        let mut page = Page::new(out, style.width, style.colour);
        if self.findings.is_empty() {
            page.say(0, Ink::Plain, "Nothing looks like a split lot.")?;
        }
        for finding in &self.findings {
            let heading = format!("{}: {}", level(finding), finding.kind.words());
            page.say(0, Ink::Bold, &heading)?;
            let named: Vec<&str> = self
                .parcels(finding)
                .take(MOST_NAMED)
                .map(|held| held.shipment_id.as_str())
                .collect();
            let more = match finding.of.saturating_sub(named.len()) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let parcels = format!("{}: {}{more}", finding.of, named.join(", "));
            page.field(2, "parcels", &parcels)?;
            page.field(2, "arriving", &days(finding))?;
            let (value, limit) = (Cents(finding.value_cents), Cents(finding.limit_cents));
            let together = format!(
                "{}, where the limit for one person and day is {}",
                dollars(value),
                dollars(limit)
            );
            page.field(2, "together", &together)?;
            let words = |all: &[Evidence]| {
                let words: Vec<&str> = all.iter().map(|one| one.words()).collect();
                match words.is_empty() {
                    true => "nothing".to_owned(),
                    false => words.join("; "),
                }
            };
            page.field(2, "for it", &words(&finding.in_favour))?;
            page.field(2, "against it", &words(&finding.against))?;
            for rule in self.rules(finding) {
                let cite = rule.cite.join("; ");
                page.field(2, "law", &format!("{} ({cite}): {}", rule.id, rule.title))?;
            }
            page.gap()?;
        }
        Ok(())
    }

    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let finding = |finding: &Finding| {
            let words = |all: &[Evidence]| all.iter().map(|one| one.words()).collect::<Vec<_>>();
            let ids = self.parcels(finding).map(|held| held.shipment_id.as_str());
            let law = self
                .rules(finding)
                .into_iter()
                .map(|rule| json!({ "rule": rule.id, "title": rule.title, "cite": rule.cite }));
            json!({
                "kind": kind(finding.kind),
                "level": level(finding),
                "score": finding.score,
                "over_limit": finding.over_limit,
                "means": finding.kind.words(),
                "shipment_ids": ids.collect::<Vec<_>>(),
                "shipments": finding.of,
                "first_day": Day(finding.days.0).to_string(),
                "last_day": Day(finding.days.1).to_string(),
                "value_usd": Cents(finding.value_cents).to_string(),
                "limit_usd": Cents(finding.limit_cents).to_string(),
                "in_favour": words(&finding.in_favour),
                "against": words(&finding.against),
                "law": law.collect::<Vec<Value>>(),
            })
        };
        let counts = &self.gathered.counts;
        let value = json!({
            "split_rules": SPLIT_RULES,
            "rulebook": self.law.hash(),
            "shipments": {
                "read": counts.shipments_read,
                "accepted": counts.shipments_accepted,
                "refused": counts.shipments_rejected,
                "within_reach": self.gathered.held.len(),
            },
            "spellings_matched": !self.gathered.unmatched,
            "decides": false,
            "error_rates": RATES,
            "findings": self.findings.iter().map(finding).collect::<Vec<Value>>(),
        });
        serde_json::to_writer_pretty(&mut *out, &value)?;
        writeln!(out)
    }

    /// What is said beside the findings; `rejects` is where refused rows went.
    pub fn say(&self, rejects: Option<&str>) {
        let counts = &self.gathered.counts;
        let held = self.gathered.held.len();
        eprintln!(
            "parcels: {} read = {} accepted + {} refused; {held} within reach of the exemption; \
             split_rules {SPLIT_RULES}",
            counts.shipments_read, counts.shipments_accepted, counts.shipments_rejected
        );
        if let Some(file) = rejects {
            eprintln!("refused, each with row and reason: {file}");
        }
        if self.gathered.unmatched {
            eprintln!("other spellings of a person were not looked for: too many persons");
        }
        let of = |wanted: Level| {
            let levels = self.findings.iter().map(Finding::level);
            levels.filter(|level| *level == wanted).count()
        };
        eprintln!(
            "findings: {} likely, {} possible, {} for information; none denies anything, and some \
             are wrong: see {RATES}",
            of(Level::Likely),
            of(Level::Possible),
            of(Level::Information)
        );
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::OneOrder => "one_order",
        Kind::CutUnderLimit => "cut_under_limit",
        Kind::RepeatedRun => "repeated_run",
        Kind::ManyNames => "many_names",
    }
}

fn level(finding: &Finding) -> &'static str {
    match finding.level() {
        Level::Likely => "likely",
        Level::Possible => "possible",
        Level::Information => "information",
    }
}

fn days(finding: &Finding) -> String {
    let (first, last) = finding.days;
    if first == last {
        return Day(first).to_string();
    }
    format!("{} to {}", Day(first), Day(last))
}
