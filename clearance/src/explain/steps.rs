//! The findings of a decision under the questions they answer.

use super::tree::BY_WHICH_PATH;
use super::{Seen, Spoken, Step, capital, read, spaced};
use crate::decision::{Decision, Finding, Say};
use crate::render::Rendered;
use deminimis_law::Law;
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::{Kind, Rule};
use deminimis_law::names::{Basis, EntryPath, Outcome};

/// The questions under which findings stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Person,
    Goods,
    Free,
    Path,
    Follows,
}

/// Under which question a finding stands.
pub(super) fn group(law: &Law, finding: &Finding) -> Group {
    if finding.say == Say::Unchecked {
        return Group::Follows;
    }
    // That no law is in hand for the date leaves open first of all whether it is free.
    if finding.say == Say::Gap {
        return Group::Free;
    }
    match law.instrument(finding.rule).kind {
        Kind::Person => Group::Person,
        Kind::Agency | Kind::Ban => Group::Goods,
        Kind::Exclusion => match &law.version(finding.rule).rule {
            Rule::Exclusion(exclusion) if exclusion.bases.is_empty() => Group::Path,
            _ => Group::Free,
        },
        Kind::Suspension | Kind::ValueLimit | Kind::DayCount => Group::Free,
        Kind::EntryPath => Group::Path,
        _ => Group::Follows,
    }
}

/// The questions in their order, each with its findings.
pub(super) fn steps(seen: &Seen<'_>, rendered: &Rendered) -> Vec<Step> {
    let groups = [
        Group::Person,
        Group::Goods,
        Group::Free,
        Group::Path,
        Group::Follows,
    ];
    let mut steps: Vec<Step> = Vec::new();
    for of in groups {
        let mut findings: Vec<Spoken> = Vec::new();
        for (at, finding) in seen.decision.findings.iter().enumerate() {
            if group(seen.books.law, finding) == of {
                add(seen, rendered, at, &mut findings);
            }
        }
        merge_gaps(seen, &mut findings);
        for spoken in &mut findings {
            let finding = &seen.decision.findings[spoken.finding];
            // What is only late or outside the law in hand read nothing but the date.
            if spoken.dated {
                spoken.read = read::by(seen, finding, &spoken.lines);
            }
        }
        let (question, answer, cite) = headline(seen, of, &findings);
        if of != Group::Follows || !findings.is_empty() {
            steps.push(Step {
                question,
                answer,
                cite,
                findings,
            });
        }
    }
    steps
}

/// Adds a finding, or its line to one that says the same of another line.
fn add(seen: &Seen<'_>, rendered: &Rendered, at: usize, findings: &mut Vec<Spoken>) {
    let finding = &seen.decision.findings[at];
    let same = findings.iter_mut().find(|spoken| {
        let other = &seen.decision.findings[spoken.finding];
        let reason = |at: usize| rendered.findings.get(at).map(|text| &text.reason);
        (other.rule, other.effect) == (finding.rule, finding.effect)
            && reason(spoken.finding) == reason(at)
    });
    match same {
        Some(spoken) if finding.line > 0 => spoken.lines.push(finding.line),
        Some(_) => {}
        None => findings.push(Spoken {
            finding: at,
            also: Vec::new(),
            lines: if finding.line > 0 {
                vec![finding.line]
            } else {
                Vec::new()
            },
            dated: !matches!(finding.say, Say::Gap | Say::Unchecked),
            read: Vec::new(),
        }),
    }
}

/// Of the rules that do not cover the date, that of the general limit first; the others as one.
fn merge_gaps(seen: &Seen<'_>, findings: &mut Vec<Spoken>) {
    let law = seen.books.law;
    let of = |spoken: &Spoken| &seen.decision.findings[spoken.finding];
    let (mut gaps, others): (Vec<Spoken>, Vec<Spoken>) = std::mem::take(findings)
        .into_iter()
        .partition(|spoken| of(spoken).say == Say::Gap);
    gaps.sort_by_key(|spoken| {
        let rule = &law.version(of(spoken).rule).rule;
        !matches!(rule, Rule::ValueLimit(limit) if limit.basis == Basis::Section321C)
    });
    let mut rest = gaps.split_off(gaps.len().min(1)).into_iter();
    findings.extend(gaps);
    if let Some(mut next) = rest.next() {
        next.also = rest.map(|spoken| spoken.finding).collect();
        findings.push(next);
    }
    findings.extend(others);
}

fn headline(
    seen: &Seen<'_>,
    of: Group,
    findings: &[Spoken],
) -> (&'static str, String, Vec<String>) {
    let decision = seen.decision;
    let answer = match of {
        Group::Person => {
            let cite = if findings.is_empty() {
                person_rule(seen)
            } else {
                Vec::new()
            };
            return (
                "Who is the person?",
                format!("The {}.", decision.person),
                cite,
            );
        }
        Group::Goods if decision.outcome == Outcome::Prohibited => "No.",
        Group::Goods if findings.is_empty() => "No ban speaks of them.",
        Group::Goods => "No ban speaks of them; agencies do.",
        Group::Free => free(decision),
        Group::Path => {
            let path = match (decision.way(), decision.path) {
                (Outcome::Free, EntryPath::None) => "None is needed.".to_owned(),
                (Outcome::NeedsPerson, _) => "Not decided.".to_owned(),
                (_, EntryPath::None) => "None.".to_owned(),
                (_, path) => format!("{}.", capital(&spaced(path.as_str()))),
            };
            return (BY_WHICH_PATH, path, Vec::new());
        }
        Group::Follows => return ("What follows?", String::new(), Vec::new()),
    };
    let question = if of == Group::Goods {
        "May the goods enter?"
    } else {
        "Free under Section 321?"
    };
    (question, answer.to_owned(), Vec::new())
}

fn free(decision: &Decision) -> &'static str {
    match (decision.way(), decision.basis) {
        (Outcome::Free, Some(Basis::Gift321A)) => "Yes, as a gift.",
        (Outcome::Free, Some(Basis::Personal321B)) => "Yes, as a traveler's own articles.",
        (Outcome::Free, Some(Basis::Informational1702B)) => {
            "Yes, as informational material or a donation."
        }
        (Outcome::Free, Some(Basis::Documents)) => "Free without it: documents.",
        (Outcome::Free, _) => "Yes.",
        (Outcome::EntryRequired, _) => "No.",
        (Outcome::NeedsPerson, _) => "Not decided: a person must answer what is open.",
        (Outcome::Prohibited, _) => "No: the goods may not enter at all.",
    }
}

/// The consignee is the person where nothing else is found: the rule that says so without condition.
fn person_rule(seen: &Seen<'_>) -> Vec<String> {
    let law = seen.books.law;
    let rules = (0..law.book().instruments.len() as u16)
        .filter_map(|at| law.in_force_at(at, seen.decision.read_at))
        .map(|rule: RuleRef| law.version(rule));
    let speaks =
        |rule: &Rule| matches!(rule, Rule::Person(person) if person.person == seen.decision.person);
    rules
        .filter(|version| speaks(&version.rule) && version.when.is_always())
        .map(|version| version.cite.clone())
        .next()
        .unwrap_or_default()
}
