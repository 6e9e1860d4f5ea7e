//! Reads the texts of rates. The texts differ in spacing from release to release, so all phrases
//! are compared without blanks.
//! It must not guess: a text of which anything is left over is [`Reason::Unread`].

use super::{Duty, MOST_TERMS, PerDegree, Rate, Ratio, Reason, Size, Term, Unit, ValueOf};

/// Stands for the blank of `33 1/3` while the other blanks are taken out.
const AND: char = '_';

/// The text of a cell as a person would see it: without marks of HTML, each run of blanks as one.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let tag = rest.strip_prefix('<').and_then(|tag| {
            let begins = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
            tag.find('>').filter(|_| begins).map(|end| &tag[end + 1..])
        });
        if let Some(after) = tag {
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if !c.is_whitespace() {
            shown.push(c);
        } else if !shown.is_empty() && !shown.ends_with(' ') {
            shown.push(' ');
        }
    }
    shown.truncate(shown.trim_end().len());
    shown
}

pub fn rate(text: &str) -> Rate {
    let shown = plain(text);
    let unmarked = without_footnote_marks(&shown);
    let text = squeezed(unmarked);
    if let Some(reason) = in_words(&text) {
        return Rate::NeedsPerson(reason);
    }
    if text == "free" {
        return Rate::Free;
    }
    let figures = if text.contains("foreachdegreeunder") {
        per_degree(&text).map(Rate::PerDegree)
    } else {
        // A full stop may end a sentence or an abbreviation ("doz.").
        let stopped = || text.strip_suffix('.').and_then(duty);
        duty(&text).or_else(stopped).map(Rate::Duty)
    };
    figures.unwrap_or(Rate::NeedsPerson(Reason::Unread))
}

/// Takes off marks such as ` 1/` behind the text, which lead to a footnote.
fn without_footnote_marks(text: &str) -> &str {
    let mut text = text;
    while let Some((before, mark)) = text.rsplit_once(' ') {
        let digits = mark.strip_suffix('/').unwrap_or_default();
        let is_mark = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_mark {
            break;
        }
        text = before;
    }
    text
}

/// Small letters without blanks, except between a whole number and its fraction.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        out.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        let whole = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let fraction = |next: &&str| {
            let ends = next.trim_end_matches('%');
            let halves = ends.split_once('/');
            halves.is_some_and(|(a, b)| digits_only(a) && digits_only(b))
        };
        if whole && words.peek().is_some_and(fraction) {
            out.push(AND);
        }
    }
    out
}

fn digits_only(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Texts that are no figures. They are known by how they begin or by what no figure contains.
fn in_words(text: &str) -> Option<Reason> {
    let begins = [
        ("nochange", Reason::NoChange),
        ("free,", Reason::Conditional),
        ("free(see", Reason::Conditional),
        ("seeadditionalu.s.note", Reason::SeeNote),
        ("seeu.s.note", Reason::SeeNote),
        ("see", Reason::SeeHeading),
        ("thedutyprovidedinsubheading", Reason::AnotherRate),
        ("thedutyprovided", Reason::ApplicableSubheading),
        ("[thedutyprovided", Reason::ApplicableSubheading),
        ("thedutyrateprovided", Reason::ApplicableSubheading),
        (
            "therateapplicableintheabsence",
            Reason::ApplicableSubheading,
        ),
        ("therateapplicable", Reason::AnotherRate),
        ("therateprovided", Reason::AnotherRate),
        ("therateofdutyappli", Reason::AnotherRate),
        ("adutyuponthe", Reason::PartOfValue),
        ("adutyequalto", Reason::AnotherRate),
        ("aduty(inlieuof", Reason::AnotherRate),
    ];
    if text.is_empty() {
        return Some(Reason::NoRate);
    }
    if text.contains("foreachotherpieceorpart") {
        return Some(Reason::WatchPieces);
    }
    if text.contains("percentofthecostof") {
        return Some(Reason::PartOfValue);
    }
    let found = begins.iter().find(|(words, _)| text.starts_with(words));
    found.map(|(_, reason)| *reason)
}

fn duty(text: &str) -> Option<Duty> {
    let (text, most) = bound(text, &["butnotmorethan", "normorethan"])?;
    let (text, least) = bound(text, &["butnotlessthan", "norlessthan"])?;
    let mut terms = [None; MOST_TERMS];
    for (place, part) in text.split('+').enumerate() {
        *terms.get_mut(place)? = Some(term(part)?);
    }
    Some(Duty { terms, least, most })
}

/// Cuts off a bound by the words that begin it. `None` if the words are there but no term follows.
fn bound<'a>(text: &'a str, words: &[&str]) -> Option<(&'a str, Option<Term>)> {
    for words in words {
        if let Some((before, after)) = text.split_once(words) {
            return Some((before.trim_end_matches(','), Some(term(after)?)));
        }
    }
    Some((text, None))
}

fn term(text: &str) -> Option<Term> {
    if let Some((number, after)) = text.split_once('%').or_else(|| text.split_once("percent")) {
        let (percent, of) = (fraction(number)?, value_of(after)?);
        return Some(Term::Percent { percent, of });
    }
    let (cents, per) = money(text)?;
    Some(Term::PerUnit {
        cents,
        per: unit(per)?,
    })
}

/// `4.4¢/kg` or `$1.50/1000`: cents, and the words behind.
fn money(text: &str) -> Option<(Ratio, &str)> {
    if let Some(dollars) = text.strip_prefix('$') {
        let end = dollars.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
        let (number, after) = dollars.split_at(end.unwrap_or(dollars.len()));
        let (numer, denom) = Ratio::decimal(number)?.parts();
        return Some((Ratio::new(numer.checked_mul(100)?, denom)?, after));
    }
    let (number, after) = text
        .split_once('\u{a2}')
        .or_else(|| text.split_once("cents"))?;
    Some((fraction(number)?, after))
}

fn unit(after: &str) -> Option<Unit> {
    match after {
        "each" => Some(Unit::NUMBER),
        _ => Unit::parse(
            after
                .strip_prefix('/')
                .or_else(|| after.strip_prefix("per"))?,
        ),
    }
}

/// `4.4`, `1/2` or `33_1/3`.
fn fraction(text: &str) -> Option<Ratio> {
    let (whole, part) = match text.split_once(AND) {
        Some((whole, part)) => (whole.parse::<i64>().ok()?, part),
        None if text.contains('/') => (0, text),
        None => return Ratio::decimal(text),
    };
    let (numer, denom) = part.split_once('/')?;
    if !digits_only(numer) || !digits_only(denom) {
        return None;
    }
    let (numer, denom) = (numer.parse::<i64>().ok()?, denom.parse::<i64>().ok()?);
    Ratio::new(whole.checked_mul(denom)?.checked_add(numer)?, denom)
}

fn value_of(after: &str) -> Option<ValueOf> {
    let known = [
        ("", ValueOf::Entered),
        ("advalorem", ValueOf::Entered),
        ("case", ValueOf::Case),
        ("strap,bandorbracelet", ValueOf::StrapBandOrBracelet),
        (
            "caseandstrap,bandorbracelet",
            ValueOf::CaseAndStrapBandOrBracelet,
        ),
        ("battery", ValueOf::Battery),
        ("movement", ValueOf::Movement),
        ("movementandcase", ValueOf::MovementAndCase),
        ("apparatus", ValueOf::Apparatus),
        ("valueoftherifle", ValueOf::Rifle),
        ("valueofthetelescopicsight,ifany", ValueOf::TelescopicSight),
        ("valueofthetelescopicsight", ValueOf::TelescopicSight),
        ("valueoftheleadcontent", ValueOf::LeadContent),
        ("entireset", ValueOf::EntireSet),
        ("fairretailvalue", ValueOf::FairRetail),
        (
            "fullvalueoftheimportedarticle",
            ValueOf::FullImportedArticle,
        ),
    ];
    let part = ["onthe", "on", "ofthe", "uponthe"]
        .iter()
        .find_map(|words| after.strip_prefix(words))
        .unwrap_or(after);
    if part.is_empty() && !after.is_empty() {
        return None;
    }
    let found = known.iter().find(|(words, _)| *words == part);
    found.map(|(_, of)| *of)
}

/// The rates of sugar: see [`PerDegree`].
fn per_degree(text: &str) -> Option<PerDegree> {
    let (full, rest) = text.split_once("less")?;
    let (less, rest) = rest.split_once("foreachdegreeunder")?;
    let (under, rest) = rest.split_once("degrees(andfractionsofadegreeinproportion)")?;
    let least = rest.strip_prefix("butnotless")?;
    let least = least.strip_prefix("than").unwrap_or(least);
    let part = |text| {
        let (cents, per) = money(text)?;
        Some((cents, unit(per)?))
    };
    let (full, less, least) = (part(full)?, part(less)?, part(least)?);
    let alike = full.1 == less.1 && full.1 == least.1 && full.1.size != Size::Degree;
    alike.then_some(PerDegree {
        cents: full.0,
        less: less.0,
        under: Ratio::decimal(under)?,
        least: least.0,
        per: full.1,
    })
}
