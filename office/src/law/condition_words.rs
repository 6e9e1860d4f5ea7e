//! A condition of the law in plain English, with the names of its sets, facts and groups.

use crate::out::page;
use deminimis_clearance::owed::words::dotted;
use deminimis_law::Law;
use deminimis_law::claim::{Claim, ClaimPattern};
use deminimis_law::condition::{Cond, DayTest, FactTest, SetId};
use deminimis_law::facts::FactId;
use deminimis_law::names::{Clock, EntryPath, Mode, Named, Set};
use deminimis_law::sets::NumberRange;
use deminimis_tariff::Prefix;

/// The whole condition as one sentence without a period.
#[must_use]
pub fn condition(law: &Law, cond: &Cond) -> String {
    words(law, cond, true)
}

/// The parts that must all hold, one sentence each.
pub fn parts(law: &Law, cond: &Cond) -> Vec<String> {
    match cond {
        Cond::All(parts) if !parts.is_empty() => {
            parts.iter().map(|part| condition(law, part)).collect()
        }
        _ => vec![condition(law, cond)],
    }
}

fn words(law: &Law, cond: &Cond, holds: bool) -> String {
    match cond {
        Cond::All(parts) => joined(law, parts, holds, true),
        Cond::Any(parts) => joined(law, parts, holds, false),
        Cond::Not(part) => words(law, part, !holds),
        Cond::AnyLine(part) if holds => format!("some line meets ({})", words(law, part, true)),
        Cond::AnyLine(part) => format!("no line meets ({})", words(law, part, true)),
        Cond::Day(test) => day(*test, holds),
        Cond::Before(clock, moment) => {
            let when = if holds { "before" } else { "at or after" };
            format!(
                "{} {when} {}",
                clock_word(*clock),
                page::boundary(law, *moment)
            )
        }
        _ => line(law, cond, holds)
            .or_else(|| choice(law, cond, holds))
            .unwrap_or_else(|| yes_or_no(cond, holds)),
    }
}

/// Conditions under one `all` or `any`. What is denied turns the word between them.
fn joined(law: &Law, parts: &[Cond], holds: bool, all: bool) -> String {
    if parts.is_empty() {
        return if holds == all { "always" } else { "never" }.to_owned();
    }
    let said: Vec<String> = parts
        .iter()
        .map(|part| {
            let text = words(law, part, holds);
            if is_compound(part) && parts.len() > 1 {
                format!("({text})")
            } else {
                text
            }
        })
        .collect();
    said.join(if holds == all { " and " } else { " or " })
}

fn is_compound(cond: &Cond) -> bool {
    match cond {
        Cond::All(parts) | Cond::Any(parts) => parts.len() > 1,
        Cond::Not(part) => is_compound(part),
        _ => false,
    }
}

/// Conditions over a line.
fn line(law: &Law, cond: &Cond, holds: bool) -> Option<String> {
    let not = if holds { "" } else { "not " };
    Some(match cond {
        Cond::Number(set) => format!("the number is {not}{}", numbers(law, *set)),
        Cond::NumberDigitsBelow(digits) if holds => {
            format!("the number is absent or has fewer than {digits} digits")
        }
        Cond::NumberDigitsBelow(digits) => format!("the number has at least {digits} digits"),
        Cond::Origin(set) => format!("the origin is {not}{}", origins(law, *set)),
        Cond::Fact(fact, test) => fact_words(law, *fact, *test, holds),
        Cond::Claim(patterns) => {
            let claims: Vec<_> = patterns.iter().map(claim).collect();
            let verb = if holds { "claims" } else { "does not claim" };
            format!("the line {verb} {}", or_list(&claims))
        }
        Cond::FactStated(facts) => {
            let names: Vec<_> = facts.iter().map(|fact| fact_name(law, *fact)).collect();
            let verb = if holds { "states" } else { "does not state" };
            format!("the line {verb} the fact {}", or_list(&names))
        }
        Cond::Disclaimed(codes) => {
            let verb = if holds {
                "disclaims"
            } else {
                "does not disclaim"
            };
            format!("the line {verb} {}", agencies(codes))
        }
        Cond::Ready(codes) => format!("the data for {} is {not}ready", agencies(codes)),
        Cond::QuantityAtLeast(thousandths) => {
            let than = if holds { "at least" } else { "below" };
            format!("the quantity is {than} {}", thousandths_text(*thousandths))
        }
        Cond::Undervalued if holds => {
            "the line is valued below its fair retail value, or at nothing though sold".to_owned()
        }
        Cond::Undervalued => "the line is not valued below its fair retail value".to_owned(),
        Cond::SubjectTo(programs) => {
            let names: Vec<_> = programs.iter().map(super::duty_words::name).collect();
            format!("the line is {not}subject to {}", or_list(&names))
        }
        Cond::Column1AtLeast(rate) => {
            let than = if holds { "at least" } else { "below" };
            format!("column 1 is {than} {rate}")
        }
        Cond::EnteredFreeUnder(symbols) => {
            let names: Vec<_> = symbols
                .iter()
                .map(|code| code.as_str().to_owned())
                .collect();
            format!("the line is {not}entered free under {}", or_list(&names))
        }
        Cond::Column2 => format!(
            "column 2 {}",
            if holds { "applies" } else { "does not apply" }
        ),
        _ => return None,
    })
}

/// Conditions that name one or more of a closed list.
fn choice(law: &Law, cond: &Cond, holds: bool) -> Option<String> {
    let not = if holds { "" } else { "not " };
    Some(match cond {
        Cond::Mode(set) => {
            let modes: Vec<_> = set.iter().map(|mode| mode_word(mode).to_owned()).collect();
            format!("{not}by {}", or_list(&modes))
        }
        Cond::Purpose(set) => format!("the purpose is {not}{}", any_of(*set)),
        Cond::CustomsStatus(set) => format!("the customs status is {not}{}", any_of(*set)),
        Cond::ShippedFrom(set) => format!("{not}shipped from {}", origins(law, *set)),
        Cond::PathAsked(set) => {
            let verb = if holds {
                "the sender names"
            } else {
                "the sender does not name"
            };
            format!("{verb} {}", paths(*set))
        }
        Cond::Path(set) => format!("the path is {not}{}", paths(*set)),
        Cond::Basis(set) => format!("the basis is {not}{}", any_of(*set)),
        Cond::Outcome(set) => format!("the outcome is {not}{}", any_of(*set)),
        Cond::Person(set) => format!("the one person is {not}the {}", any_of(*set)),
        Cond::ConsigneeKind(set) => format!("the consignee is {not}a {}", any_of(*set)),
        Cond::ShipperKind(set) => format!("the shipper is {not}a {}", any_of(*set)),
        Cond::Given(set) if holds => format!("{} is given", any_of(*set)),
        Cond::Given(set) => format!("no {} is given", any_of(*set)),
        Cond::Missing(set) if holds => format!("{} is not given", any_of(*set)),
        Cond::Missing(set) => format!("{} is given", all_of(*set)),
        Cond::ValueEvidence(set) => format!("the value is {not}supported by {}", any_of(*set)),
        Cond::PostalServiceClass(set) => format!("the postal class is {not}{}", any_of(*set)),
        Cond::SplitReason(set) => format!("the order was {not}split for {}", any_of(*set)),
        Cond::ValueOver(limit) if holds => format!("the fair retail value is over ${limit}"),
        Cond::ValueOver(limit) => format!("the fair retail value is at most ${limit}"),
        Cond::EnteredValueOver(limit) if holds => format!("the entered value is over ${limit}"),
        Cond::EnteredValueOver(limit) => format!("the entered value is at most ${limit}"),
        _ => return None,
    })
}

fn yes_or_no(cond: &Cond, holds: bool) -> String {
    let (yes, no) = match cond {
        Cond::Accompanied => ("a traveler brings it", "no traveler brings it"),
        Cond::SoldBeforeImport(true) => (
            "it is said to be sold before arrival",
            "it is not said to be sold before arrival",
        ),
        Cond::SoldBeforeImport(false) => (
            "it is said not to be sold before arrival",
            "it is not said to be unsold at arrival",
        ),
        Cond::ShipperIsConsignee => (
            "shipper and consignee bear one name",
            "shipper and consignee bear different names",
        ),
        Cond::ImporterForeign => (
            "the importer of record is foreign",
            "the importer of record is not said to be foreign",
        ),
        Cond::AtExpressHub => (
            "it is entered at an express hub",
            "it is not entered at an express hub",
        ),
        Cond::AgencyData => (
            "an agency needs data at release",
            "no agency needs data at release",
        ),
        Cond::FiledAfterArrival => ("it is filed after arrival", "it is not filed after arrival"),
        _ => (
            "a condition that this program has no words for holds",
            "it does not hold",
        ),
    };
    if holds { yes } else { no }.to_owned()
}

fn day(test: DayTest, holds: bool) -> String {
    let (yes, no) = match test {
        DayTest::OrderParcelsAtLeast(count) if holds => {
            return format!("the order came in at least {count} parcels");
        }
        DayTest::OrderParcelsAtLeast(count) => {
            return format!("the order came in fewer than {count} parcels");
        }
        DayTest::ShipmentsAtLeast(count) if holds => {
            return format!("the person imported at least {count} shipments that day");
        }
        DayTest::ShipmentsAtLeast(count) => {
            return format!("the person imported fewer than {count} shipments that day");
        }
        DayTest::OrderOverLimit => (
            "the order came in several parcels that exceed the limit together",
            "the order does not exceed the limit in several parcels",
        ),
        DayTest::BillOverLimit => (
            "the consignee's shipments on one master bill exceed the limit together",
            "the consignee's shipments on one master bill stay within the limit",
        ),
        DayTest::OverLimit => (
            "the person's day is over the limit",
            "the person's day is within the limit",
        ),
        DayTest::LaterOverLimit => (
            "a later parcel of the day took the person over the limit",
            "no later parcel of the day took the person over the limit",
        ),
        DayTest::LinkedOverLimit => (
            "the day is over the limit only if uncertain matches are one person",
            "uncertain matches do not take the day over the limit",
        ),
        DayTest::UndecidedOverLimit => (
            "over the limit if parcels that a person must decide enter free",
            "not over the limit even if parcels that a person must decide enter free",
        ),
        DayTest::RefusedRows => (
            "a refused input row named this person on this day",
            "no refused input row named this person on this day",
        ),
        DayTest::OutOfOrder => (
            "a later parcel of the day was answered before this one",
            "no later parcel of the day was answered before this one",
        ),
    };
    if holds { yes } else { no }.to_owned()
}

fn fact_words(law: &Law, fact: FactId, test: FactTest, holds: bool) -> String {
    let name = fact_name(law, fact);
    let than = if holds { "at least" } else { "below" };
    match test {
        FactTest::Is(value) => {
            let yes = if value == holds { "yes" } else { "no" };
            format!("the fact {name} is {yes}")
        }
        // Only a hash of the text is kept: the file of the instrument has the words.
        FactTest::Text(_) if holds => format!("the fact {name} is the one named in the law file"),
        FactTest::Text(_) => format!("the fact {name} is not the one named in the law file"),
        FactTest::AtLeast(least) => format!("the fact {name} is {than} {}", hundredths_text(least)),
        FactTest::AtLeastOfValue(share) => {
            format!("the fact {name} is {than} {share} of the value")
        }
    }
}

fn fact_name(law: &Law, fact: FactId) -> String {
    let fact = law.book().facts.get(fact.0 as usize);
    fact.map_or("a fact", |fact| fact.name.as_str()).to_owned()
}

fn agencies(codes: &[Claim]) -> String {
    let names: Vec<_> = codes.iter().map(|code| code.as_str().to_owned()).collect();
    or_list(&names)
}

/// Two decimals; an amount in cents, or a share in hundredths of a percent as a percentage.
fn hundredths_text(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

fn thousandths_text(amount: i64) -> String {
    let text = format!("{}.{:03}", amount / 1000, amount % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn claim(pattern: &ClaimPattern) -> String {
    let shown = |code: &Claim| {
        let heading = code
            .as_str()
            .starts_with(|first: char| first.is_ascii_digit());
        if heading {
            dotted(code.as_str())
        } else {
            code.as_str().to_owned()
        }
    };
    match pattern {
        ClaimPattern::Exactly(code) => shown(code),
        ClaimPattern::Begins(start) => format!("a heading that begins {}", shown(start)),
        ClaimPattern::Any => "anything".to_owned(),
        ClaimPattern::Program => "a special program".to_owned(),
    }
}

/// The numbers of a condition: prefixes and the titles of groups.
fn numbers(law: &Law, set: SetId) -> String {
    let Some(test) = law.book().numbers.get(set.0 as usize) else {
        return String::new();
    };
    let ranges = test.ranges.iter().map(|range| number(*range));
    let said: Vec<_> = ranges
        .chain(test.groups.iter().map(|group| titled(law, group)))
        .collect();
    format!("in {}", or_list(&said))
}

fn origins(law: &Law, set: SetId) -> String {
    let Some(test) = law.book().origins.get(set.0 as usize) else {
        return String::new();
    };
    let countries = test
        .countries
        .iter()
        .map(|country| country.as_str().to_owned());
    let said: Vec<_> = countries
        .chain(test.groups.iter().map(|group| titled(law, group)))
        .collect();
    or_list(&said)
}

fn titled(law: &Law, group: &str) -> String {
    match law.book().instrument(group) {
        Some(found) => format!("“{}” ({group})", found.title),
        None => group.to_owned(),
    }
}

/// A prefix as it is printed: `2203`, `6109.10`, `2208.30.30`.
pub fn number((low, high): NumberRange) -> String {
    let (mut span, mut digits, mut value) = (high - low + 1, 10_u8, low);
    while span >= 10 && digits > 2 {
        (span, digits, value) = (span / 10, digits - 1, value / 10);
    }
    match Prefix::from_digits(value, digits) {
        Some(prefix) => prefix.to_string(),
        None => format!("{value:0width$}", width = digits as usize),
    }
}

fn any_of<T: Named>(set: Set<T>) -> String {
    or_list(&spoken(set))
}

fn all_of<T: Named>(set: Set<T>) -> String {
    spoken(set).join(" and ")
}

fn spoken<T: Named>(set: Set<T>) -> Vec<String> {
    set.iter().map(|one| one.text().replace('_', " ")).collect()
}

/// The paths of a set by name.
pub fn paths(set: Set<EntryPath>) -> String {
    let names: Vec<_> = set.iter().map(|path| path_word(path).to_owned()).collect();
    or_list(&names)
}

/// `a`, `a or b`, `a, b or c`.
pub fn or_list(items: &[String]) -> String {
    match items {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A mode as a person says it.
#[must_use]
pub fn mode_word(mode: Mode) -> &'static str {
    if mode == Mode::HandCarried {
        "hand"
    } else {
        mode.as_str()
    }
}

/// A path as a person says it.
#[must_use]
pub fn path_word(path: EntryPath) -> &'static str {
    match path {
        EntryPath::ManifestRelease => "release from the manifest",
        EntryPath::Entry86 => "entry type 86",
        EntryPath::Entry11 => "entry type 11",
        EntryPath::Entry12 => "entry type 12",
        EntryPath::Entry01 => "entry type 01",
        EntryPath::Entry02 => "entry type 02",
        EntryPath::Entry03 => "entry type 03",
        EntryPath::Entry06 => "entry type 06",
        EntryPath::Entry07 => "entry type 07",
        EntryPath::Entry13 => "entry type 13",
        EntryPath::MailEntry => "mail entry prepared by CBP",
        EntryPath::MailCarrier => "duty paid by the mail's carrier",
        EntryPath::MailWorksheet => "postal entry by worksheet",
        EntryPath::None => "no entry",
    }
}

/// A clock as a person says it.
#[must_use]
pub fn clock_word(clock: Clock) -> &'static str {
    match clock {
        Clock::EnteredAt => "entered",
        Clock::ArrivesAt => "arrived",
        Clock::FiledAt => "filed",
        Clock::LoadedAt => "loaded",
        Clock::ExportedOn => "exported",
    }
}
