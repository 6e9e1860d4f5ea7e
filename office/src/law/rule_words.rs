//! What a version of an instrument says beyond its dates, in words: one row a field of its kind.

use super::condition_words::{clock_word, or_list, path_word, paths};
use super::duty_words;
use crate::out::page;
use deminimis_law::compile::Scope;
use deminimis_law::condition::Cond;
use deminimis_law::instrument::{Instrument, Openness, Version};
use deminimis_law::kind::{Due, Exclusion, Group, Kind, Path, Period, Rule};
use deminimis_law::names::{Basis, Clock, Confidence, Counts, Crossing, Effect, Mode, Set};
use deminimis_law::time::Moment;
use deminimis_law::{Law, RuleRef};

/// A field of a rule and what it says.
pub type Said = (&'static str, String);

/// The fields that belong to the kind of a rule.
pub fn fields(rule: &Rule) -> Vec<Said> {
    match rule {
        Rule::Group(group) => vec![("holds", group_words(group))],
        Rule::Person(person) => vec![
            ("person", person.person.as_str().to_owned()),
            ("order", format!("asked at place {}", person.order)),
        ],
        Rule::Agency(agency) => vec![
            ("agency", agency.agency.as_str().to_owned()),
            ("effect", agency.effect.as_str().to_owned()),
            (
                "data",
                if agency.data {
                    "needed at release"
                } else {
                    "not needed"
                }
                .to_owned(),
            ),
        ],
        Rule::Ban => vec![("effect", Effect::Prohibits.as_str().to_owned())],
        Rule::Exclusion(exclusion) => exclusion_fields(exclusion),
        Rule::Suspension(suspension) => {
            let state = if suspension.lifted {
                "lifted"
            } else {
                "suspended"
            };
            vec![
                ("state", state.to_owned()),
                ("bases", bases(suspension.bases)),
            ]
        }
        Rule::ValueLimit(limit) => vec![
            ("basis", basis_word(limit.basis).to_owned()),
            (
                "limit",
                format!("${} a person and day; equality qualifies", limit.limit),
            ),
            ("above", sentence(&limit.reason_over)),
        ],
        Rule::DayCount(count) => day_count(count),
        Rule::Path(path) => path_fields(path),
        Rule::Flag(flag) => {
            let expected = flag.cbp_expected.iter();
            expected.map(|code| ("CBP shows", code.clone())).collect()
        }
        Rule::Question(question) => question
            .answers
            .iter()
            .map(|answer| ("answer", answer.clone()))
            .collect(),
        Rule::Deadline(deadline) => {
            vec![("what", deadline.what.clone()), ("due", due(deadline.due))]
        }
        Rule::RecordPeriod(period) => vec![
            ("what", period.what.clone()),
            (
                "kept",
                format!(
                    "{} from the day it {}",
                    length(period.period),
                    from(period.from)
                ),
            ),
            ("order", format!("asked at place {}", period.order)),
        ],
        Rule::Duty(duty) => duty_words::duty(duty),
        Rule::Program(program) => duty_words::program(program),
        Rule::MailDuty(duty) => duty_words::mail(duty),
        Rule::Fee(fee) => duty_words::fee(fee),
        Rule::ReportingOrder(order) => duty_words::order(order),
        Rule::Column2 => vec![("pays", "the rate of column 2".to_owned())],
        Rule::Note => Vec::new(),
    }
}

fn from(clock: Clock) -> String {
    match clock {
        Clock::ArrivesAt => "arrived".to_owned(),
        other => format!("was {}", clock_word(other)),
    }
}

/// A sentence of a rule with words where a parcel's own origin and amounts will stand.
pub fn sentence(reason: &str) -> String {
    let mut parts = reason.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| {
        let Some((name, rest)) = part.split_once('}') else {
            return said + "{" + part;
        };
        let word = match name {
            "value" => "the value",
            "day_total" => "the day's total",
            "limit" => "the limit",
            "origin" => "the origin",
            other => other,
        };
        // The sign belongs to the amount; no article after another or a genitive, no noun twice.
        let said = said.strip_suffix('$').unwrap_or(&said);
        let noun = word.strip_prefix("the ").unwrap_or(word);
        let bare = said.ends_with("'s ") || said.ends_with("the ");
        let rest = rest.strip_prefix(&format!(" {noun}")).unwrap_or(rest);
        format!("{said}{}{rest}", if bare { noun } else { word })
    })
}

/// A length of time.
pub fn length(period: Period) -> String {
    match period {
        Period::Years(1) => "1 year".to_owned(),
        Period::Years(years) => format!("{years} years"),
        Period::Days(days) => format!("{days} days"),
    }
}

fn exclusion_fields(exclusion: &Exclusion) -> Vec<Said> {
    let mut said = vec![("effect", exclusion.effect.as_str().to_owned())];
    if !exclusion.bases.is_empty() {
        said.push(("bases", bases(exclusion.bases)));
    }
    if !exclusion.paths.is_empty() {
        said.push(("paths", paths(exclusion.paths)));
    }
    said
}

fn day_count(count: &deminimis_law::kind::DayCount) -> Vec<Said> {
    let counts = match count.counts {
        Counts::Exempted => "parcels that entered free on this basis",
        Counts::All => "everything imported",
    };
    let crossing = match count.crossing {
        Crossing::ThatOne => "only the parcel that crosses the limit is denied",
        Crossing::FromCrossing => "that parcel and every later one of the day are denied",
        Crossing::WholeDay => "every parcel of the day is denied",
    };
    let mut said = vec![
        ("basis", basis_word(count.basis).to_owned()),
        ("counts", counts.to_owned()),
        ("crossing", crossing.to_owned()),
    ];
    if let Some(most) = count.max_shipments {
        said.push(("at most", format!("{most} parcels a person and day")));
    }
    said
}

fn path_fields(path: &Path) -> Vec<Said> {
    let free = if path.free_for.is_empty() {
        "no: duty is reckoned".to_owned()
    } else {
        bases(path.free_for)
    };
    let mut said = vec![
        ("path", format!("{} ({})", path_word(path.path), path.path)),
        ("free for", free),
        ("filings", path.filings.to_string()),
        ("filer", path.filer.clone()),
    ];
    for (label, text) in [("bond", &path.bond), ("time", &path.time)] {
        if !text.is_empty() {
            said.push((label, text.clone()));
        }
    }
    if !path.needs.is_empty() {
        said.push(("needs", path.needs.join("; ")));
    }
    said.push(("if closed", path.reason_closed.clone()));
    said
}

fn group_words(group: &Group) -> String {
    if let Some(list) = &group.list {
        return format!("the numbers of the list {list}");
    }
    let countries = group
        .origins
        .iter()
        .map(|country| country.as_str().to_owned());
    let numbers = group
        .numbers
        .iter()
        .map(|range| super::condition_words::number(*range));
    countries.chain(numbers).collect::<Vec<_>>().join(", ")
}

/// When something is due, in words.
pub fn due(due: Due) -> String {
    match due {
        Due::BeforeArrival(minutes) if minutes % 60 == 0 => {
            format!("{} before arrival", count(minutes / 60, "hour"))
        }
        Due::BeforeArrival(minutes) => format!("{} before arrival", count(minutes, "minute")),
        Due::BeforeLoading(hours) => format!("{} before loading", count(hours, "hour")),
        Due::AtArrival => "on arrival".to_owned(),
        Due::BeforeEntry => "before the entry is made".to_owned(),
        Due::AfterArrivalDays(days) => format!("{} after arrival", count(i64::from(days), "day")),
        Due::AfterEntryBusinessDays(days) => {
            format!("{} after entry", count(i64::from(days), "business day"))
        }
        Due::NextMonthDay(day) => format!("by day {day} of the month after arrival"),
        Due::NextMonthBusinessDay(day) => {
            format!("by business day {day} of the month after arrival")
        }
    }
}

fn count(count: i64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The bases of a set.
pub fn bases(set: Set<Basis>) -> String {
    if set.is_empty() {
        return "none".to_owned();
    }
    or_list(
        &set.iter()
            .map(|basis| basis_word(basis).to_owned())
            .collect::<Vec<_>>(),
    )
}

/// A basis as a person says it.
pub fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Documents => "documents",
        Basis::Gift321A => "gifts, 321(a)(2)(A)",
        Basis::Personal321B => "personal articles, 321(a)(2)(B)",
        Basis::Section321C => "the exemption, 321(a)(2)(C)",
        Basis::Informational1702B => "informational materials and donations, 50 USC 1702(b)",
    }
}

/// What a confidence mark means.
pub fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::C3 => "three or more independent sources",
        Confidence::C2 => "two independent sources",
        Confidence::S => "one source",
        Confidence::M => "common knowledge of the field, not checked against a source",
        Confidence::D => "derived by arithmetic or logic",
        Confidence::Open => "not settled",
    }
}

/// What an open rule means for a parcel.
pub fn openness_word(open: Openness) -> Option<&'static str> {
    match open {
        Openness::Settled => None,
        Openness::Material => Some("not settled; where it decides, a person must"),
        Openness::Stands => Some("not settled; the outcome stands without it"),
    }
}

/// Whether the version is public in the law as known.
pub fn is_known(law: &Law, version: &Version) -> bool {
    law.known_at()
        .is_none_or(|known_at| version.published.moment <= known_at)
}

/// The rule of an instrument that can speak at a moment: in force, not one that lifts, and not one
/// whose condition no mode can meet, which is how a law file closes a path.
pub fn speaking(law: &Law, place: usize, at: Moment) -> Option<RuleRef> {
    let rule = law.in_force_at(u16::try_from(place).ok()?, at)?;
    let (kind, clock) = (law.instrument(rule).kind, law.instrument(rule).selects_on);
    if kind.is_of_duty() {
        return (!is_never(&law.version(rule).when)).then_some(rule);
    }
    let stretch = law.stretch(clock, at);
    let can = |mode: &Mode| {
        let rules = |scope| law.rules(kind, scope, clock, stretch, *mode);
        [Scope::Shipment, Scope::Line]
            .into_iter()
            .any(|scope| rules(scope).contains(&rule))
    };
    (!kind.speaks() || Mode::ALL.iter().any(can)).then_some(rule)
}

/// Whether a condition holds a part and its opposite, which is how a law file ends a heading.
fn is_never(cond: &Cond) -> bool {
    let Cond::All(parts) = cond else {
        return false;
    };
    let opposed = |part: &Cond| matches!(part, Cond::Not(inner) if parts.contains(inner));
    parts.iter().any(opposed)
}

/// A stretch in which an instrument is in force: from, and until (exclusive) if it ends.
pub type Span = (Moment, Option<Moment>);

/// When an instrument is in force, in the law as known.
pub fn spans(law: &Law, place: usize) -> Vec<Span> {
    let Some(instrument) = law.book().instruments.get(place) else {
        return Vec::new();
    };
    let known = instrument
        .versions
        .iter()
        .filter(|version| is_known(law, version));
    let ends = |version: &Version| [Some(version.effective), version.until];
    let mut bounds: Vec<Moment> = known
        .flat_map(ends)
        .flatten()
        .map(|written| written.moment)
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut spans: Vec<Span> = Vec::new();
    for bound in bounds {
        let open = spans.last().is_some_and(|(_, until)| until.is_none());
        match (speaking(law, place, bound).is_some(), open) {
            (true, false) => spans.push((bound, None)),
            (false, true) => {
                if let Some(last) = spans.last_mut() {
                    last.1 = Some(bound);
                }
            }
            _ => {}
        }
    }
    spans
}

/// Spans as text: `2016-03-10 on`, `2025-02-04 00:01 EST to 2025-02-05`.
pub fn spans_text(law: &Law, spans: &[Span]) -> String {
    if spans.is_empty() {
        return "not in the law as known then".to_owned();
    }
    let one = |(from, until): &Span| match until {
        None => format!("{} on", page::boundary(law, *from)),
        Some(until) => {
            format!(
                "{} to {}",
                page::boundary(law, *from),
                page::boundary(law, *until)
            )
        }
    };
    spans.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The least supported of an instrument's known versions.
pub fn weakest(law: &Law, instrument: &Instrument) -> Option<Confidence> {
    let known = instrument
        .versions
        .iter()
        .filter(|version| is_known(law, version));
    known.map(|version| version.confidence).max()
}

/// The plural title of a kind.
pub fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "Groups of origins and numbers",
        Kind::Person => "Who the one person is",
        Kind::Agency => "Other agencies",
        Kind::Ban => "Bans",
        Kind::Exclusion => "Exclusions",
        Kind::Suspension => "Suspensions",
        Kind::ValueLimit => "Value limits",
        Kind::DayCount => "How a person's day counts",
        Kind::EntryPath => "Entry paths",
        Kind::Flag => "Flags",
        Kind::Question => "Questions",
        Kind::Deadline => "Deadlines",
        Kind::RecordPeriod => "How long records are kept",
        Kind::Duty => "Duties",
        Kind::Column2 => "Origins under column 2",
        Kind::Program => "Special programs",
        Kind::MailDuty => "Mail duty",
        Kind::Fee => "Fees",
        Kind::ReportingOrder => "Order of reporting",
        Kind::Note => "Notes",
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn gaps_are_told_in_words() {
        for (reason, said) in [
            (
                "${value} of this person's ${limit} that day, ${day_total} in all",
                "the value of this person's limit that day, the day's total in all",
            ),
            (
                "${value} is over the ${limit} limit",
                "the value is over the limit",
            ),
            ("goods of {origin}", "goods of the origin"),
            ("nothing { open", "nothing { open"),
        ] {
            assert_eq!(sentence(reason), said);
        }
    }
}
