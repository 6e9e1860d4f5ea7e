//! `law show ID`: one instrument with everything it says.

use super::condition_words::{clock_word, condition, parts};
use super::list::summary;
use super::rule_words::{
    confidence_word, fields, is_known, openness_word, sentence, spans, spans_text,
};
use super::{LawContext, LawError};
use crate::out::page::{self, Format, Page, Style};
use deminimis_law::case::Case;
use deminimis_law::instrument::{Instrument, Version};
use deminimis_law::{CaseBook, Law};
use serde_json::{Value, json};
use std::io;

/// How many near ids are named when one is not known.
const NEAREST: usize = 5;

/// Writes the instrument `id`.
///
/// # Errors
/// There is none, or the page cannot be written.
pub fn run(
    context: &LawContext<'_>,
    id: &str,
    format: Format,
    page: &mut Page<'_>,
) -> Result<(), LawError> {
    let law = context.law;
    match format {
        Format::Json => page.json(&json(law, context.cases, id)?)?,
        Format::Table => {
            let place = place(law, id)?;
            let cases = cases_of(context.cases, id);
            text(law, place, &law.book().instruments[place], &cases, page)?;
        }
    }
    Ok(())
}

/// One instrument with all its versions and the cases of its file.
///
/// # Errors
/// There is none of that id.
pub fn json(law: &Law, cases: &CaseBook, id: &str) -> Result<Value, LawError> {
    let place = place(law, id)?;
    let instrument = &law.book().instruments[place];
    Ok(in_full(law, place, instrument, &cases_of(cases, id)))
}

fn place(law: &Law, id: &str) -> Result<usize, LawError> {
    let all = &law.book().instruments;
    let place = all.iter().position(|instrument| instrument.id == id);
    place.ok_or_else(|| LawError::NoInstrument {
        id: id.to_owned(),
        nearest: nearest(id, all.iter().map(|instrument| instrument.id.as_str())),
    })
}

fn cases_of<'c>(cases: &'c CaseBook, id: &str) -> Vec<&'c Case> {
    let of_it = |case: &&Case| case.instrument.as_deref() == Some(id);
    cases.cases.iter().filter(of_it).collect()
}

fn text(
    law: &Law,
    place: usize,
    instrument: &Instrument,
    cases: &[&Case],
    page: &mut Page<'_>,
) -> io::Result<()> {
    page.say(
        0,
        Style::Bold,
        &format!("{}: {}", instrument.id, instrument.title),
    )?;
    page.field(2, "kind", instrument.kind.as_str())?;
    page.field(2, "in force", &spans_text(law, &spans(law, place)))?;
    let clock = format!("when the parcel is {}", clock_word(instrument.selects_on));
    page.field(2, "read", &clock.replace("is arrived", "arrives"))?;
    let covers = [
        ("covers", "from", instrument.covers_from),
        ("covered", "until", instrument.covers_until),
    ];
    for (label, word, written) in covers {
        if let Some(written) = written {
            page.field(2, label, &format!("{word} {}", page::date(law, written)))?;
        }
    }
    page.field(2, "checked to", &instrument.checked.to_string())?;
    for (at, shown) in instrument.versions.iter().enumerate() {
        page.gap()?;
        version(law, at, shown, page)?;
    }
    page.gap()?;
    let heading = match cases.len() {
        0 => "No cases in its file".to_owned(),
        count => format!("Cases ({count})"),
    };
    page.say(0, Style::Bold, &heading)?;
    for case in cases {
        let source = if case.source.is_empty() {
            String::new()
        } else {
            format!(" [{}]", case.source)
        };
        page.say(2, Style::Plain, &format!("{}{source}", case.why))?;
        page.say(4, Style::Dim, &format!("{}:{}", case.file, case.line))?;
    }
    Ok(())
}

fn version(law: &Law, at: usize, version: &Version, page: &mut Page<'_>) -> io::Result<()> {
    let from = page::date(law, version.effective);
    let until = version
        .until
        .map(|until| format!(" until {}", page::date(law, until)));
    let hidden = if is_known(law, version) {
        ""
    } else {
        " (not yet public in the law as known)"
    };
    let heading = format!(
        "Version {} from {from}{}{hidden}",
        at + 1,
        until.unwrap_or_default()
    );
    page.say(0, Style::Bold, &heading)?;
    if !version.reason.is_empty() {
        page.field(2, "says", &sentence(&version.reason))?;
    }
    let mut label = "when";
    for part in parts(law, &version.when) {
        page.field(2, label, &part)?;
        label = "and";
    }
    for (label, said) in fields(&version.rule) {
        page.field(2, label, &said)?;
    }
    if let Some(open) = openness_word(version.open) {
        page.field(2, "open", open)?;
    }
    if !version.question.is_empty() {
        page.field(2, "question", &version.question)?;
    }
    let basis = if version.published_unknown {
        " (date of publication not known: the earliest date in the citation)"
    } else {
        ""
    };
    page.field(
        2,
        "published",
        &format!("{}{basis}", page::date(law, version.published)),
    )?;
    page.field(2, "cite", &version.cite.join("; "))?;
    let confidence = version.confidence;
    page.field(
        2,
        "support",
        &format!("{confidence}: {}", confidence_word(confidence)),
    )?;
    if !version.note.is_empty() {
        page.field(2, "note", &version.note)?;
    }
    Ok(())
}

fn in_full(law: &Law, place: usize, instrument: &Instrument, cases: &[&Case]) -> Value {
    let mut value = summary(law, place, instrument);
    value["selects_on"] = json!(instrument.selects_on.as_str());
    value["covers_from"] = json!(
        instrument
            .covers_from
            .map(|written| written.show(law.zone()))
    );
    value["covers_until"] = json!(
        instrument
            .covers_until
            .map(|written| written.show(law.zone()))
    );
    let versions = instrument
        .versions
        .iter()
        .map(|version| version_json(law, version));
    value["versions"] = versions.collect();
    value["cases"] = cases
        .iter()
        .map(|case| {
            json!({ "why": case.why, "source": case.source, "file": case.file, "line": case.line })
        })
        .collect();
    value
}

/// A version with all its fields, dates as the file writes them.
pub(super) fn version_json(law: &Law, version: &Version) -> Value {
    let said: Vec<Value> = fields(&version.rule)
        .into_iter()
        .map(|(field, text)| json!({ "field": field, "text": text }))
        .collect();
    json!({
        "effective": version.effective.show(law.zone()),
        "until": version.until.map(|until| until.show(law.zone())),
        "published": version.published.show(law.zone()),
        "published_basis": version.published_unknown.then_some("unknown"),
        "known": is_known(law, version),
        "confidence": version.confidence.as_str(),
        "cite": version.cite,
        "reason": version.reason,
        "when": condition(law, &version.when),
        "says": said,
        "open": openness_word(version.open),
        "question": (!version.question.is_empty()).then_some(&version.question),
        "note": version.note,
    })
}

/// The ids that share most with `text`: pairs of letters in a row, in any order of words, since a
/// person remembers the words of an id and not their order.
fn nearest<'n>(text: &str, ids: impl Iterator<Item = &'n str>) -> Vec<String> {
    let wanted = pairs(text);
    let mut ranked: Vec<(usize, &str)> = ids
        .filter_map(|id| {
            let own = pairs(id);
            let shared = wanted.iter().filter(|pair| own.contains(pair)).count();
            let enough = shared * 2 >= wanted.len().max(1);
            // Per thousand of what either has, so that the shorter of two that fit comes first.
            enough.then(|| (2000 * shared / (wanted.len() + own.len()).max(1), id))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    ranked
        .into_iter()
        .take(NEAREST)
        .map(|(_, id)| id.to_owned())
        .collect()
}

fn pairs(text: &str) -> Vec<(char, char)> {
    let letters: Vec<char> = text
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let mut pairs: Vec<_> = letters.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_an_id_by_words_in_any_order_and_with_a_slip() {
        let ids = [
            "suspension.china-2025-02",
            "s321.value-limit",
            "path.entry-86",
        ];
        assert_eq!(
            nearest("limit-value", ids.into_iter()),
            ["s321.value-limit"]
        );
        assert_eq!(
            nearest("suspenson.china", ids.into_iter()),
            ["suspension.china-2025-02"]
        );
        assert_eq!(nearest("entry86", ids.into_iter()), ["path.entry-86"]);
        assert!(nearest("xyz", ids.into_iter()).is_empty());
    }
}
