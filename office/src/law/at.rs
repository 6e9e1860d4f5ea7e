//! `law at WHEN`: what is in force at a moment, on one page.

use super::LawContext;
use super::condition_words::{mode_word, path_word};
use super::on_path;
use super::probe::{Asker, ORIGINS, PLAIN, Possible};
use super::rule_words::{bases, basis_word, due, kind_title, length, spans, speaking};
use super::show::version_json;
use crate::out::page::{Format, Page, Style, boundary, minute};
use deminimis_law::compile::Scope;
use deminimis_law::kind::{Kind, Rule};
use deminimis_law::names::{Clock, EntryPath, Mode};
use deminimis_law::time::{Moment, When};
use deminimis_law::{Law, RuleRef};
use serde_json::{Value, json};
use std::io;

/// Writes what is in force at `when`.
///
/// # Errors
/// The page cannot be written.
pub fn run(
    context: &LawContext<'_>,
    when: When,
    format: Format,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let at = when.moment;
    if format == Format::Json {
        return page.json(&json(context.law, at));
    }
    let heading = format!("The law at {}", minute(context.law, at));
    page.say(0, Style::Bold, &heading)?;
    possible(context, at, page)?;
    limits(context.law, at, page)?;
    suspensions(context.law, at, page)?;
    paths(context.law, at, page)?;
    deadlines(context.law, at, page)?;
    records(context.law, at, page)?;
    for kind in [Kind::Ban, Kind::Exclusion, Kind::Agency, Kind::Person] {
        titles(context.law, at, kind, page)?;
    }
    page.gap()?;
    let counts: Vec<String> = [Kind::Flag, Kind::Question, Kind::Group, Kind::Note]
        .iter()
        .map(|kind| {
            format!(
                "{} {}s",
                in_force(context.law, at, *kind).len(),
                kind.as_str()
            )
        })
        .collect();
    let more = format!(
        "Also in force: {}. `deminimis law list` names them.",
        counts.join(", ")
    );
    page.say(0, Style::Dim, &more)
}

/// The rules of a kind that speak at a moment, by whatever clock they read.
pub(super) fn in_force(law: &Law, at: Moment, kind: Kind) -> Vec<RuleRef> {
    let instruments = law.book().instruments.iter().enumerate();
    instruments
        .filter(|(_, instrument)| instrument.kind == kind)
        .filter_map(|(place, _)| speaking(law, place, at))
        .collect()
}

/// The same for one mode: a rule that can never hold for it is left out.
pub(super) fn of_mode(law: &Law, at: Moment, kind: Kind, mode: Mode) -> Vec<RuleRef> {
    let mut rules = Vec::new();
    for clock in Clock::ALL {
        let stretch = law.stretch(*clock, at);
        for scope in [Scope::Shipment, Scope::Line] {
            rules.extend(law.rules(kind, scope, *clock, stretch, mode));
        }
    }
    rules.sort_unstable();
    rules
}

fn heading(page: &mut Page<'_>, text: &str) -> io::Result<()> {
    page.gap()?;
    page.say(0, Style::Bold, text)
}

fn possible(context: &LawContext<'_>, at: Moment, page: &mut Page<'_>) -> io::Result<()> {
    heading(page, &format!("A plain {}", PLAIN.title))?;
    let mut asker = Asker::new(context.law, context.tariff);
    let mut rows = Vec::new();
    for origin in ORIGINS {
        let mut groups: Vec<(Possible, Vec<&str>)> = Vec::new();
        for mode in Mode::ALL {
            let found = asker.ask(PLAIN, *mode, origin, at);
            match groups.iter_mut().find(|(possible, _)| *possible == found) {
                Some((_, modes)) => modes.push(mode_word(*mode)),
                None => groups.push((found, vec![mode_word(*mode)])),
            }
        }
        for (place, (found, modes)) in groups.iter().enumerate() {
            let title = if place == 0 { origin.title } else { "" };
            rows.push(vec![title.to_owned(), modes.join(", "), found.words()]);
        }
    }
    page.table(2, &[Style::Plain, Style::Id, Style::Plain], &rows)
}

fn limits(law: &Law, at: Moment, page: &mut Page<'_>) -> io::Result<()> {
    heading(page, kind_title(Kind::ValueLimit))?;
    let mut rows = Vec::new();
    for rule in in_force(law, at, Kind::ValueLimit) {
        let Rule::ValueLimit(limit) = &law.version(rule).rule else {
            continue;
        };
        rows.push(vec![
            format!("${}", limit.limit),
            basis_word(limit.basis).to_owned(),
            law.instrument(rule).id.clone(),
            first_cite(law, rule),
        ]);
    }
    page.table(
        2,
        &[Style::Plain, Style::Plain, Style::Id, Style::Dim],
        &rows,
    )
}

fn suspensions(law: &Law, at: Moment, page: &mut Page<'_>) -> io::Result<()> {
    heading(page, kind_title(Kind::Suspension))?;
    let rules = in_force(law, at, Kind::Suspension);
    if rules.is_empty() {
        return page.say(2, Style::Plain, "none");
    }
    for rule in rules {
        let instrument = law.instrument(rule);
        let Rule::Suspension(suspension) = &law.version(rule).rule else {
            continue;
        };
        let spans = spans(law, rule.instrument as usize);
        let since = spans
            .iter()
            .rev()
            .map(|(from, _)| *from)
            .find(|from| *from <= at);
        let since = since.map_or_else(String::new, |since| boundary(law, since));
        let title = format!("{} since {since}", instrument.title);
        page.say(2, Style::Plain, &title)?;
        page.say(4, Style::Id, &instrument.id)?;
        let closes = format!(
            "closes {}; {}",
            bases(suspension.bases),
            first_cite(law, rule)
        );
        page.say(4, Style::Dim, &closes)?;
    }
    Ok(())
}

fn paths(law: &Law, at: Moment, page: &mut Page<'_>) -> io::Result<()> {
    heading(page, "Entry paths that can be lawful, by mode")?;
    let mut groups: Vec<((String, String), Vec<&str>)> = Vec::new();
    for mode in Mode::ALL {
        let (mut free, mut dutiable) = (Vec::new(), Vec::new());
        for rule in of_mode(law, at, Kind::EntryPath, *mode) {
            let Rule::Path(path) = &law.version(rule).rule else {
                continue;
            };
            let side = if path.free_for.is_empty() {
                &mut dutiable
            } else {
                &mut free
            };
            let word = path_word(path.path);
            if !side.contains(&word) {
                side.push(word);
            }
        }
        let said = (free.join(", "), dutiable.join(", "));
        match groups.iter_mut().find(|(known, _)| *known == said) {
            Some((_, modes)) => modes.push(mode_word(*mode)),
            None => groups.push((said, vec![mode_word(*mode)])),
        }
    }
    for ((free, dutiable), modes) in groups {
        page.say(2, Style::Id, &format!("by {}", modes.join(", ")))?;
        page.field(4, "free", if free.is_empty() { "none" } else { &free })?;
        page.field(
            4,
            "dutiable",
            if dutiable.is_empty() {
                "none"
            } else {
                &dutiable
            },
        )?;
    }
    let free = "A free path serves a parcel only where its basis is not suspended or excluded.";
    page.say(2, Style::Dim, free)
}

fn deadlines(law: &Law, at: Moment, page: &mut Page<'_>) -> io::Result<()> {
    heading(page, kind_title(Kind::Deadline))?;
    let mut rows = Vec::new();
    for rule in in_force(law, at, Kind::Deadline) {
        let Rule::Deadline(deadline) = &law.version(rule).rule else {
            continue;
        };
        let paths = on_path::named(&law.version(rule).when);
        let lawful = |mode: &Mode| on_path::both(paths, on_path::open(law, at, Some(*mode)));
        let modes: Vec<&str> = Mode::ALL
            .iter()
            .filter(|mode| of_mode(law, at, Kind::Deadline, **mode).contains(&rule))
            .filter(|mode| !lawful(mode).is_empty())
            .map(|mode| mode_word(*mode))
            .collect();
        if modes.is_empty() {
            continue;
        }
        let modes = if modes.len() == Mode::ALL.len() {
            "all".to_owned()
        } else {
            modes.join(", ")
        };
        let what = if EntryPath::ALL.iter().all(|path| paths.has(*path)) {
            deadline.what.clone()
        } else {
            let lawful = on_path::both(paths, on_path::open(law, at, None));
            format!("{} (for {})", deadline.what, on_path::short(lawful))
        };
        rows.push(vec![
            modes,
            what,
            due(deadline.due),
            law.instrument(rule).id.clone(),
        ]);
    }
    page.table(
        2,
        &[Style::Plain, Style::Plain, Style::Plain, Style::Id],
        &rows,
    )
}

fn records(law: &Law, at: Moment, page: &mut Page<'_>) -> io::Result<()> {
    heading(page, kind_title(Kind::RecordPeriod))?;
    let mut rows = Vec::new();
    for rule in in_force(law, at, Kind::RecordPeriod) {
        let Rule::RecordPeriod(period) = &law.version(rule).rule else {
            continue;
        };
        let id = law.instrument(rule).id.clone();
        rows.push(vec![length(period.period), period.what.clone(), id]);
    }
    page.table(2, &[Style::Plain, Style::Plain, Style::Id], &rows)
}

fn titles(law: &Law, at: Moment, kind: Kind, page: &mut Page<'_>) -> io::Result<()> {
    let rules = in_force(law, at, kind);
    heading(page, &format!("{} ({})", kind_title(kind), rules.len()))?;
    let titles: Vec<&str> = rules
        .iter()
        .map(|rule| law.instrument(*rule).title.as_str())
        .collect();
    let text = if titles.is_empty() {
        "none".to_owned()
    } else {
        titles.join("; ")
    };
    page.say(2, Style::Plain, &text)
}

fn first_cite(law: &Law, rule: RuleRef) -> String {
    law.version(rule).cite.first().cloned().unwrap_or_default()
}

/// Everything in force at a moment, by kind in the order of asking.
#[must_use]
pub fn json(law: &Law, at: Moment) -> Value {
    let mut rules = Vec::new();
    for (place, instrument) in law.book().instruments.iter().enumerate() {
        let Some(rule) = speaking(law, place, at) else {
            continue;
        };
        let mut value = version_json(law, law.version(rule));
        value["id"] = json!(instrument.id);
        value["kind"] = json!(instrument.kind.as_str());
        value["title"] = json!(instrument.title);
        value["selects_on"] = json!(instrument.selects_on.as_str());
        value["checked"] = json!(instrument.checked.to_string());
        rules.push(value);
    }
    json!({
        "at": law.zone().show(at),
        "known_at": law.known_at().map(|known_at| law.zone().show(known_at)),
        "rulebook": law.hash(),
        "in_force": rules,
    })
}
