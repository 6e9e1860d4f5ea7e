//! The sentence of a finding: the rule's own words with the parcel's figures filled in.

use crate::decision::{Decision, Due, Finding, Say, Unknown};
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::instrument::Version;
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Effect, Outcome};
use deminimis_law::time::{Day, Moment};

/// What a finding says. Without placeholders the rule's text is borrowed.
#[must_use]
pub fn sentence(law: &Law, shipment: &Shipment, decision: &Decision, finding: &Finding) -> String {
    let version = law.version(finding.rule);
    match finding.say {
        Say::Reason => fill(&version.reason, shipment, decision, finding),
        Say::Over => match &version.rule {
            Rule::ValueLimit(limit) => fill(&limit.reason_over, shipment, decision, finding),
            _ => version.reason.clone(),
        },
        Say::Closed => match &version.rule {
            Rule::Path(path) => fill(&path.reason_closed, shipment, decision, finding),
            _ => version.reason.clone(),
        },
        Say::TooMany => {
            let most = match &version.rule {
                Rule::DayCount(count) => count.max_shipments.unwrap_or(0),
                _ => 0,
            };
            format!(
                "this rule lets at most {most} free for one person and day; another came before"
            )
        }
        Say::Elected => {
            format!(
                "{} is taken although the parcel could enter free",
                decision.path
            )
        }
        Say::NoFreePath => "no path is open by which such goods could enter free".to_owned(),
        Say::Gap => gap(law, finding),
        Say::Unchecked => {
            let day = i32::try_from(finding.argument).map_or(Day(0), Day);
            format!("this rule was checked to {day}; the parcel is later")
        }
        Say::Open => version.question.clone(),
    }
}

fn gap(law: &Law, finding: &Finding) -> String {
    let instrument = law.instrument(finding.rule);
    let day = law.zone().day(Moment(finding.argument));
    if let (None, Some(known)) = (law.first_known(finding.rule.instrument), law.known_at()) {
        let known = law.zone().day(known);
        return format!("nothing of it was public on {known}: {}", instrument.title);
    }
    let show = |written: Option<deminimis_law::Written>, word: &str| {
        written.map_or(String::new(), |written| {
            format!(" {word} {}", written.show(law.zone()))
        })
    };
    let (from, until) = (
        show(instrument.covers_from, "from"),
        show(instrument.covers_until, "until"),
    );
    format!(
        "no law in hand for {day}; {} is covered{from}{until}",
        instrument.title
    )
}

fn fill(text: &str, shipment: &Shipment, decision: &Decision, finding: &Finding) -> String {
    let Some(first) = text.find('{') else {
        return text.to_owned();
    };
    let mut filled = String::with_capacity(text.len() + 16);
    filled.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        let Some(end) = rest[start..].find('}') else {
            break;
        };
        let name = &rest[start + 1..start + end];
        filled.push_str(&placeholder(name, shipment, decision, finding));
        rest = &rest[start + end + 1..];
    }
    filled.push_str(rest);
    filled
}

fn placeholder(name: &str, shipment: &Shipment, decision: &Decision, finding: &Finding) -> String {
    let limit = decision
        .limits
        .iter()
        .flatten()
        .find(|limit| limit.rule == finding.rule || limit.count_rule == Some(finding.rule));
    let limit =
        limit.or(decision.limits[deminimis_law::names::Basis::Section321C as usize].as_ref());
    match name {
        "value" => decision.value.to_string(),
        "day_total" if finding.argument > 0 => Cents(finding.argument).to_string(),
        "day_total" => decision.day_total.to_string(),
        "limit" => limit.map_or_else(String::new, |limit| limit.limit.to_string()),
        "origin" => {
            let line = finding
                .line
                .checked_sub(1)
                .and_then(|at| shipment.lines.get(at as usize));
            line.and_then(|line| line.origin)
                .map_or("unknown".to_owned(), |origin| origin.to_string())
        }
        // An unknown placeholder stands as written, so that a reader sees it.
        _ => format!("{{{name}}}"),
    }
}

/// The citation of a rule on one line: all authorities, the most decisive first.
#[must_use]
pub fn citation(version: &Version) -> String {
    version.cite.join("; ")
}

/// Why the outcome is what it is, in one sentence, with its citations: the decisive finding, or for
/// a parcel that needs a person the question that must be answered.
#[must_use]
pub fn why<'l>(
    law: &'l Law,
    shipment: &Shipment,
    decision: &Decision,
) -> Option<(String, &'l [String])> {
    if let Some(finding) = decisive(law, decision) {
        return Some((
            sentence(law, shipment, decision, finding),
            // No version says how far an instrument reaches, so a gap cites none.
            match finding.say {
                Say::Gap => &[],
                _ => &law.version(finding.rule).cite,
            },
        ));
    }
    let asked = decision.questions.iter().find(|asked| asked.material)?;
    match asked.what {
        Unknown::Fact(fact) => {
            let fact = &law.book().facts[fact.0 as usize];
            Some((fact.question.clone(), &fact.cite))
        }
        Unknown::Rule(rule) => {
            let version = law.version(rule);
            Some((version.question.clone(), &version.cite))
        }
        Unknown::Clock(clock) => Some((format!("at what time was {clock}?"), &[])),
        Unknown::ExchangeRate => Some((
            "no exchange rate is in hand for the date: give the values in USD".to_owned(),
            &[],
        )),
    }
}

/// The finding that says most of why the outcome is what it is.
#[must_use]
pub fn decisive<'d>(law: &Law, decision: &'d Decision) -> Option<&'d Finding> {
    let first =
        |test: &dyn Fn(&Finding) -> bool| decision.findings.iter().find(|finding| test(finding));
    let of = |effect: Effect| move |finding: &Finding| finding.effect == effect;
    let serves = |basis: Basis| move |finding: &Finding| matches!(&law.version(finding.rule).rule, Rule::ValueLimit(limit) if limit.basis == basis);
    match decision.way() {
        Outcome::Prohibited => first(&of(Effect::Prohibits)),
        Outcome::NeedsPerson => {
            let main = |finding: &Finding| {
                finding.effect == Effect::Asks && serves(Basis::Section321C)(finding)
            };
            first(&main).or_else(|| first(&of(Effect::Asks)))
        }
        Outcome::Free => {
            let basis = decision.basis.unwrap_or(Basis::Section321C);
            first(&|finding| finding.effect == Effect::Allows && serves(basis)(finding))
        }
        Outcome::EntryRequired => {
            let closes = |finding: &Finding| {
                let closed = match &law.version(finding.rule).rule {
                    Rule::Exclusion(exclusion) => exclusion.bases.has(Basis::Section321C),
                    Rule::Suspension(suspension) => suspension.bases.has(Basis::Section321C),
                    Rule::ValueLimit(limit) => limit.basis == Basis::Section321C,
                    Rule::DayCount(count) => count.basis == Basis::Section321C,
                    _ => false,
                };
                closed && finding.effect == Effect::Denies
            };
            first(&closes)
                .or_else(|| first(&|finding| finding.say == Say::Elected))
                .or_else(|| first(&of(Effect::Denies)))
        }
    }
}

/// The disposition CBP's own aggregation would have shown.
#[must_use]
pub fn cbp_expected<'l>(law: &'l Law, decision: &Decision) -> Option<&'l str> {
    match &law.version(decision.cbp_expected?).rule {
        deminimis_law::kind::Rule::Flag(flag) => flag.cbp_expected.as_deref(),
        _ => None,
    }
}

/// The name under which a question is known: a fact, a rule, a clock.
#[must_use]
pub fn name_of(law: &Law, what: Unknown) -> String {
    match what {
        Unknown::Fact(fact) => law.book().facts[fact.0 as usize].name.clone(),
        Unknown::Rule(rule) => law.instrument(rule).id.clone(),
        Unknown::Clock(clock) => clock.as_str().to_owned(),
        Unknown::ExchangeRate => "exchange_rate".to_owned(),
    }
}

/// A due date as text: a moment, a day, two days with `or` between, or `unknown`.
#[must_use]
pub fn show_due(law: &Law, due: Due) -> String {
    match due {
        Due::Moment(moment) => law.zone().show(moment),
        Due::Day(day) => day.to_string(),
        Due::EitherDay(first, second) => format!("{first} or {second}"),
        Due::Unknown => "unknown".to_owned(),
    }
}
