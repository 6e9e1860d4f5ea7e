//! `law diff WHEN WHEN`: what changed between two moments, in the law and for plain parcels.

use super::LawContext;
use super::condition_words::{condition, mode_word};
use super::probe::{Asker, ORIGINS, OriginGroup, PROBES, Possible, Probe};
use super::rule_words::{Said, fields, sentence, speaking};
use crate::out::page::{Format, Page, Style, date, minute};
use deminimis_law::names::Mode;
use deminimis_law::time::{Moment, When};
use deminimis_law::{Law, RuleRef};
use deminimis_tariff::Schedule;
use serde_json::{Value, json};
use std::io;

/// What happened to an instrument between two moments.
enum Change {
    Began(RuleRef),
    Ended(RuleRef),
    Became(RuleRef, RuleRef),
}

/// Whether a change is of one sort.
type Test = fn(&Change) -> bool;

/// What changed for a plain parcel.
struct Moved {
    probe: Probe,
    origin: OriginGroup,
    modes: Vec<Mode>,
    before: Possible,
    after: Possible,
}

/// Writes what changed between the two moments.
///
/// # Errors
/// The page cannot be written.
pub fn run(
    context: &LawContext<'_>,
    (before, after): (When, When),
    format: Format,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let law = context.law;
    let span = (before.moment, after.moment);
    if format == Format::Json {
        return page.json(&json(law, context.tariff, (before, after)));
    }
    let changes = changes(law, span);
    let moved = moved(law, context.tariff, span);
    let heading = format!("From {} to {}", minute(law, span.0), minute(law, span.1));
    page.say(0, Style::Bold, &heading)?;
    page.gap()?;
    page.say(0, Style::Bold, "Plain parcels")?;
    if moved.is_empty() {
        page.say(2, Style::Plain, "nothing changed for them")?;
    }
    for one in &moved {
        let modes: Vec<&str> = one.modes.iter().map(|mode| mode_word(*mode)).collect();
        let title = format!(
            "{}, {}, by {}",
            one.probe.title,
            lower(one.origin.title),
            modes.join(", ")
        );
        page.say(2, Style::Plain, &title)?;
        page.field(4, "was", &one.before.words())?;
        page.field(4, "is", &one.after.words())?;
    }
    let groups: [(&str, Test); 3] = [
        ("Came into force", |change| {
            matches!(change, Change::Began(_))
        }),
        ("Changed", |change| matches!(change, Change::Became(..))),
        ("Ended", |change| matches!(change, Change::Ended(_))),
    ];
    for (title, belongs) in groups {
        let of_group: Vec<&Change> = changes.iter().filter(|change| belongs(change)).collect();
        page.gap()?;
        page.say(0, Style::Bold, &format!("{title} ({})", of_group.len()))?;
        of_group
            .into_iter()
            .try_for_each(|change| write_change(law, change, page))?;
    }
    Ok(())
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

fn changes(law: &Law, (before, after): (Moment, Moment)) -> Vec<Change> {
    let places = 0..law.book().instruments.len();
    places
        .filter_map(
            |place| match (speaking(law, place, before), speaking(law, place, after)) {
                (None, Some(rule)) => Some(Change::Began(rule)),
                (Some(rule), None) => Some(Change::Ended(rule)),
                (Some(old), Some(new)) if old != new => Some(Change::Became(old, new)),
                _ => None,
            },
        )
        .collect()
}

fn moved(law: &Law, tariff: &Schedule, (before, after): (Moment, Moment)) -> Vec<Moved> {
    let mut asker = Asker::new(law, tariff);
    let mut found: Vec<Moved> = Vec::new();
    for probe in PROBES {
        for origin in ORIGINS {
            for mode in Mode::ALL {
                let was = asker.ask(probe, *mode, origin, before);
                let is = asker.ask(probe, *mode, origin, after);
                if was == is {
                    continue;
                }
                let same = found.iter_mut().find(|one| {
                    (one.probe, one.origin, one.before, one.after) == (probe, origin, was, is)
                });
                match same {
                    Some(one) => one.modes.push(*mode),
                    None => found.push(Moved {
                        probe,
                        origin,
                        modes: vec![*mode],
                        before: was,
                        after: is,
                    }),
                }
            }
        }
    }
    found
}

/// The fields of two versions that differ: the field, what it was, what it is.
fn differing(law: &Law, old: RuleRef, new: RuleRef) -> Vec<(&'static str, String, String)> {
    let all = |rule: RuleRef| -> Vec<Said> {
        let version = law.version(rule);
        let mut said = vec![
            ("says", sentence(&version.reason)),
            ("when", condition(law, &version.when)),
        ];
        said.extend(fields(&version.rule));
        said
    };
    let (old, new) = (all(old), all(new));
    let text = |said: &[Said], label: &str| {
        let of_label = said.iter().filter(|(known, _)| *known == label);
        of_label
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let mut labels: Vec<&'static str> = old.iter().chain(&new).map(|(label, _)| *label).collect();
    let mut seen = Vec::new();
    labels.retain(|label| {
        !seen.contains(label) && {
            seen.push(*label);
            true
        }
    });
    labels
        .into_iter()
        .map(|label| (label, text(&old, label), text(&new, label)))
        .filter(|(_, old, new)| old != new)
        .collect()
}

fn write_change(law: &Law, change: &Change, page: &mut Page<'_>) -> io::Result<()> {
    let (Change::Began(rule) | Change::Ended(rule) | Change::Became(_, rule)) = change;
    let (instrument, version) = (law.instrument(*rule), law.version(*rule));
    let title = format!(
        "{} ({}): {}",
        instrument.id,
        instrument.kind.as_str(),
        instrument.title
    );
    page.say(2, Style::Id, &title)?;
    match change {
        Change::Began(_) => {
            page.field(4, "from", &date(law, version.effective))?;
            says(page, "says", &version.reason)?;
        }
        Change::Became(old, new) => {
            page.field(4, "from", &date(law, version.effective))?;
            let differing = differing(law, *old, *new);
            if differing.is_empty() {
                page.field(
                    4,
                    "text",
                    "continued; only dates, citations or notes differ",
                )?;
            }
            for (label, was, is) in differing {
                let was = if was.is_empty() { "nothing" } else { &was };
                let is = if is.is_empty() { "nothing" } else { &is };
                page.field(4, label, &format!("{is} (was: {was})"))?;
            }
        }
        Change::Ended(_) => {
            says(page, "said", &version.reason)?;
        }
    }
    page.field(4, "cite", &version.cite.join("; "))
}

/// Groups have no sentence of their own.
fn says(page: &mut Page<'_>, label: &str, reason: &str) -> io::Result<()> {
    if reason.is_empty() {
        Ok(())
    } else {
        page.field(4, label, &sentence(reason))
    }
}

/// What changed between the two moments.
#[must_use]
pub fn json(law: &Law, tariff: &Schedule, (before, after): (When, When)) -> Value {
    let span = (before.moment, after.moment);
    let changes: Vec<Value> = changes(law, span)
        .iter()
        .map(|change| {
            let (kind, old, new) = match change {
                Change::Began(rule) => ("began", None, Some(*rule)),
                Change::Ended(rule) => ("ended", Some(*rule), None),
                Change::Became(old, new) => ("changed", Some(*old), Some(*new)),
            };
            let version = |rule: RuleRef| super::show::version_json(law, law.version(rule));
            let id = old.or(new).map(|rule| law.instrument(rule).id.as_str());
            json!({
                "id": id,
                "change": kind,
                "before": old.map(version),
                "after": new.map(version),
            })
        })
        .collect();
    let possible = |possible: Possible| {
        json!({
            "outcome": possible.outcome.as_str(),
            "entry_path": possible.path.as_str(),
            "also": possible.also.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        })
    };
    let parcels: Vec<Value> = moved(law, tariff, span)
        .iter()
        .map(|one| {
            json!({
                "parcel": one.probe.title,
                "origin": one.origin.origin,
                "goods": one.origin.title,
                "modes": one.modes.iter().map(|mode| mode.as_str()).collect::<Vec<_>>(),
                "before": possible(one.before),
                "after": possible(one.after),
            })
        })
        .collect();
    json!({
        "before": law.zone().show(span.0),
        "after": law.zone().show(span.1),
        "instruments": changes,
        "parcels": parcels,
    })
}
