//! An instrument of law: its versions, their dates and their citations.

use crate::condition::Cond;
use crate::condition_text::Names;
use crate::error::LawError;
use crate::kind::{Kind, Rule};
use crate::names::{Clock, Confidence};
use crate::table::{Table, Written};
use crate::time::{Day, Moment};
use serde::{Deserialize, Serialize};

/// A rule that came into being once and changed by versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// Its name, unique in the rulebook.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// A short noun phrase.
    pub title: String,
    /// Which date of the parcel picks the version.
    pub selects_on: Clock,
    /// Before this the law existed and is not in hand.
    pub covers_from: Option<Written>,
    /// From this on the law is not in hand.
    pub covers_until: Option<Written>,
    /// To which day its facts were checked.
    pub checked: Day,
    /// Its versions in the order of the file.
    pub versions: Vec<Version>,
}

/// One state of an instrument. Never edited once published: a change is a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// When it applies.
    pub effective: Written,
    /// Exclusive end, if the same text states one.
    pub until: Option<Written>,
    /// First public text.
    pub published: Written,
    /// The date of publication is not known; the earliest date in the citation stands in.
    pub published_unknown: bool,
    /// How well it is supported.
    pub confidence: Confidence,
    /// Authorities, the most decisive first.
    pub cite: Vec<String>,
    /// The sentence shown when the rule speaks.
    pub reason: String,
    /// Longer text that is not law.
    pub note: String,
    /// When it speaks.
    pub when: Cond,
    /// Its condition speaks of lines.
    pub by_line: bool,
    /// Its condition reads what lies on the same master bill.
    pub by_bill: bool,
    /// Whether it is settled that it reaches the parcel.
    pub open: Openness,
    /// The question to ask where it is not.
    pub question: String,
    /// What it does.
    pub rule: Rule,
}

/// Whether it is settled that a rule reaches the parcels it describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Openness {
    /// Settled.
    Settled,
    /// Not settled, and a person must decide where it matters.
    Material,
    /// Not settled; the outcome stands without the rule and a question is shown.
    Stands,
}

impl Version {
    /// Whether its window holds `at`.
    #[must_use]
    pub fn holds(&self, at: Moment) -> bool {
        self.effective.moment <= at && self.until.is_none_or(|until| at < until.moment)
    }

    /// Whether the two windows share a moment.
    #[must_use]
    pub fn overlaps(&self, other: &Version) -> bool {
        let end = |version: &Version| version.until.map_or(Moment::MAX, |until| until.moment);
        self.effective.moment < end(other) && other.effective.moment < end(self)
    }
}

impl Instrument {
    /// Reads everything of an instrument file but its cases.
    pub(crate) fn read(table: &Table<'_>, names: &mut Names) -> Result<Instrument, LawError> {
        let text = table.need_text("kind")?;
        let kind = Kind::parse(&text)
            .ok_or_else(|| table.error("kind", format!("`{text}` is not a kind of instrument")))?;
        let checked = table.need_when("checked")?;
        let mut instrument = Instrument {
            id: table.need_text("id")?,
            kind,
            title: table.need_text("title")?,
            selects_on: table.name("selects_on")?.unwrap_or(Clock::EnteredAt),
            covers_from: table.when("covers_from")?,
            covers_until: table.when("covers_until")?,
            checked: table.source.zone.day(checked.moment),
            versions: Vec::new(),
        };
        for version in table.tables("version")? {
            instrument
                .versions
                .push(Version::read(&version, kind, names)?);
        }
        if instrument.versions.is_empty() {
            return Err(table.missing("version"));
        }
        Ok(instrument)
    }
}

impl Version {
    fn read(table: &Table<'_>, kind: Kind, names: &mut Names) -> Result<Version, LawError> {
        let effective = table.need_when("effective")?;
        let until = table.when("until")?;
        if until.is_some_and(|until| until.moment <= effective.moment) {
            return Err(table.error("until", "must be after effective"));
        }
        let cite: Vec<_> = table
            .texts("cite")?
            .into_iter()
            .map(str::to_owned)
            .collect();
        if cite.is_empty() {
            return Err(table.error("cite", "every version needs a citation"));
        }
        let when = match table.table("when")? {
            Some(when) => names.read(&when)?,
            None => Cond::All(Vec::new()),
        };
        check_condition(table, kind, &when)?;
        let open = match table.text("open")? {
            None => Openness::Settled,
            Some("material") => Openness::Material,
            Some("stands") => Openness::Stands,
            Some(_) => return Err(table.error("open", "must be material or stands")),
        };
        let question = table.text("question")?.unwrap_or_default().to_owned();
        if question.is_empty() && (open != Openness::Settled || kind == Kind::Question) {
            return Err(table.error("question", "what is open must be asked"));
        }
        let version = Version {
            effective,
            until,
            published: table.need_when("published")?,
            published_unknown: published_unknown(table)?,
            confidence: table.need_name("confidence")?,
            cite,
            reason: reason(table, kind)?,
            note: table.text("note")?.unwrap_or_default().to_owned(),
            by_line: when.is_about_a_line(),
            by_bill: when.reads_the_day(),
            when,
            open,
            question,
            rule: kind.read(table, names)?,
        };
        table.finish()?;
        Ok(version)
    }
}

fn published_unknown(table: &Table<'_>) -> Result<bool, LawError> {
    match table.text("published_basis")? {
        None => Ok(false),
        Some("unknown") => Ok(true),
        Some(_) => Err(table.error("published_basis", "can only be unknown")),
    }
}

/// Groups say nothing to a user; everything else needs its sentence.
fn reason(table: &Table<'_>, kind: Kind) -> Result<String, LawError> {
    let lifted = matches!(table.text("state")?, Some("lifted"));
    for field in ["reason_over", "reason_closed"] {
        if let Some(text) = table.text(field)? {
            check_sentence(table, field, text)?;
        }
    }
    match table.text("reason")? {
        Some(reason) => check_sentence(table, "reason", reason).map(|()| reason.to_owned()),
        None if kind == Kind::Group || lifted => Ok(String::new()),
        None => Err(table.missing("reason")),
    }
}

/// What may stand in braces in a sentence.
const PLACEHOLDERS: [&str; 4] = ["value", "day_total", "limit", "origin"];

/// A sentence is short, ends without a period, and its braces hold what the program can fill in.
fn check_sentence(table: &Table<'_>, field: &str, text: &str) -> Result<(), LawError> {
    if text.chars().count() > 90 || text.ends_with('.') {
        return Err(table.error(
            field,
            "must be at most 90 characters without a period at its end",
        ));
    }
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or("");
        if !PLACEHOLDERS.contains(&name) {
            let known = PLACEHOLDERS.join(", ");
            return Err(table.error(field, format!("`{{{name}}}` is not one of {known}")));
        }
    }
    Ok(())
}

/// A rule may only ask what has been decided before it is asked.
fn check_condition(table: &Table<'_>, kind: Kind, when: &Cond) -> Result<(), LawError> {
    use crate::condition::DayTest;
    if when.reads_the_decision() && !kind.is_asked_after_the_decision() {
        return Err(table.error(
            "when",
            "path, basis and outcome are not yet decided for this kind",
        ));
    }
    let only_bill =
        !when.mentions(|part| matches!(part, Cond::Day(test) if *test != DayTest::BillOverLimit));
    if !kind.is_asked_after_the_decision()
        && when.reads_the_day()
        && !(only_bill && kind == Kind::Exclusion)
    {
        return Err(table.error(
            "when",
            "of the day, an exclusion may read only bill_over_limit",
        ));
    }
    let reads_duty = when.mentions(Cond::reads_what_is_owed);
    if reads_duty && !kind.is_of_duty() && kind != Kind::Exclusion {
        return Err(table.error("when", "only duties and exclusions may read what is owed"));
    }
    if kind.is_of_duty() && when.mentions(|part| part.of_duty().is_none()) {
        return Err(table.error("when", "holds something that no duty may depend on"));
    }
    let too_early = matches!(kind, Kind::Person | Kind::Agency)
        && when.mentions(|part| matches!(part, Cond::AgencyData | Cond::Person(_)));
    if too_early {
        return Err(table.error(
            "when",
            "agency_data and person are not yet decided for this kind",
        ));
    }
    Ok(())
}
