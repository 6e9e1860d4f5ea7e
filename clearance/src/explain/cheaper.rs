//! What would lower the amount of a parcel that must be entered, each found by assessing it again.
//!
//! The order is that of the other changes: what is only to be told or shown, another path, another
//! day, and last another origin, which is a fact about where goods are bought and nothing to declare
//! otherwise.

use super::changes::{Change, MOST, Search, change, verdict_of};
use super::edit::Edit;
use super::{named, spaced, when};
use crate::decision::Unknown;
use crate::owed::{OpenAmount, Span, Why};
use crate::render::{TotalText, either, told_apart};
use deminimis_law::claim::Claim;
use deminimis_law::codes::Country;
use deminimis_law::condition::Cond;
use deminimis_law::facts::{FactId, FactType};
use deminimis_law::kind::Rule;
use deminimis_law::names::{Clock, EntryPath, Outcome, PostalMethod};
use deminimis_law::time::Day;

/// What lowers the amount, or settles it; as many as there is room for beside `others`.
pub(super) fn find(search: &mut Search<'_>, others: &[Change]) -> Vec<Change> {
    let now = search.decision.owed.total;
    let entered = search.decision.way() == Outcome::EntryRequired;
    if !entered || now == Span::NOTHING {
        return Vec::new();
    }
    let mut found = facts(search);
    found.extend(programs(search));
    found.extend(paths(search));
    found.extend(methods(search));
    found.extend(days(search));
    found.extend(origins(search));
    // A change that leads to a path of its own is told once, and first as what turns the outcome.
    let known = |change: &Change| {
        others.iter().any(|other| {
            let path = matches!(change.edit, Edit::Path(_)) && other.edit == Edit::AnyPath;
            other.words == change.words || (path && other.entry_path == change.entry_path)
        })
    };
    found.retain(|change| !known(change));
    found.truncate(MOST.saturating_sub(others.len()));
    found
}

/// Whether `then` cannot come to more than `now` and is not the same.
pub(super) fn is_less(then: Span, now: Span) -> bool {
    let no_more = match (then.high, now.high) {
        (Some(then), Some(now)) => then <= now,
        (Some(_), None) => true,
        (None, _) => false,
    };
    no_more && then.low <= now.low && then != now
}

/// Whether an answer bounds the amount otherwise.
fn settles(then: Span, now: Span) -> bool {
    then.high.is_some() && then != now
}

impl Search<'_> {
    /// The change, if the parcel must still be entered and the amount passes.
    fn owing(
        &mut self,
        edit: Edit,
        words: impl Into<String>,
        passes: impl Fn(Span, Span) -> bool,
    ) -> Option<(Change, Span)> {
        let (law, now) = (self.books.law, self.decision.owed.total);
        let decision = self.assessed(&edit);
        let (to, total) = (verdict_of(law, decision), decision.owed.total);
        if to.outcome != Outcome::EntryRequired || to.uncovered || !passes(total, now) {
            return None;
        }
        let mut change = change(edit, words.into(), to);
        change.total = TotalText::of(total);
        Some((change, total))
    }

    fn lowers(&mut self, edit: Edit, words: impl Into<String>) -> Option<(Change, Span)> {
        self.owing(edit, words, is_less)
    }
}

/// The one that comes to least, the first of equals.
fn least(found: impl Iterator<Item = (Change, Span)>) -> Option<(Change, Span)> {
    found.min_by_key(|(_, total)| (total.high.is_none(), total.high, total.low))
}

/// Facts that the amount hangs on, answered both ways; reliefs that were not claimed, claimed.
fn facts(search: &mut Search<'_>) -> Vec<Change> {
    let law = search.books.law;
    let mut asked: Vec<(FactId, bool, Vec<u16>)> = Vec::new();
    for OpenAmount { line, why } in &search.decision.owed.open {
        let (fact, claim) = match why {
            Why::Unknown(Unknown::Fact(fact)) => (*fact, false),
            Why::Unclaimed(fact) => (*fact, true),
            _ => continue,
        };
        match asked.iter_mut().find(|(known, ..)| *known == fact) {
            Some((_, _, lines)) => lines.push(*line),
            None => asked.push((fact, claim, vec![*line])),
        }
    }
    asked.retain(|(fact, ..)| *fact != law.origin_fact() && *fact != law.number_fact());
    asked.sort_by_key(|(_, claim, _)| *claim);
    let mut found = Vec::new();
    for (fact, claim, lines) in asked {
        let of = match lines.len() == search.shipment.lines.len() {
            true => String::new(),
            false => format!("{}, ", named(&lines)),
        };
        let spec = &law.book().facts[usize::from(fact.0)];
        let [most, none] = either(search.books, search.shipment, spec.kind);
        if claim {
            let edit = Edit::Fact(fact, most.1, lines);
            let whole = match spec.kind {
                FactType::Usd | FactType::Share => format!(" for {}", most.0),
                FactType::Bool | FactType::Text => String::new(),
            };
            let words = format!(
                "{of}{} claimed{whole}, and proof: {}",
                spec.name, spec.means
            );
            found.extend(search.lowers(edit, words).map(|(change, _)| change));
            continue;
        }
        for (said, value) in [none, most] {
            let edit = Edit::Fact(fact, value, lines.clone());
            let words = format!("{of}answered {said}: {}", spec.question);
            found.extend(search.owing(edit, words, settles).map(|(change, _)| change));
        }
    }
    found
}

/// The special programs in force at entry: their symbols, and their conditions.
fn symbols<'l>(search: &Search<'l>) -> Vec<(Claim, &'l Cond)> {
    let law = search.books.law;
    let Some(duties) = law.duties() else {
        return Vec::new();
    };
    let stretch = duties.stretch(duties.place(Clock::EnteredAt, search.decision.read_at));
    let mut symbols = Vec::new();
    for rule in &stretch.programs {
        let version = law.version(*rule);
        if let Rule::Program(program) = &version.rule {
            symbols.extend(
                program
                    .symbols
                    .iter()
                    .map(|symbol| (*symbol, &version.when)),
            );
        }
    }
    symbols
}

/// The program that serves the goods as they are and costs least, claimed with its proof.
fn programs(search: &mut Search<'_>) -> Option<Change> {
    let mut tried = Vec::new();
    for (symbol, _) in symbols(search) {
        let words = format!(
            "claim {} for the goods as they are, and proof that they qualify",
            symbol.as_str()
        );
        tried.extend(search.lowers(Edit::Claim(symbol), words));
    }
    least(tried.into_iter()).map(|(change, _)| change)
}

/// Another lawful path that comes to less.
fn paths(search: &mut Search<'_>) -> Option<Change> {
    let own = search.decision.path;
    let others: Vec<EntryPath> = search.decision.lawful.iter().collect();
    let mut tried = Vec::new();
    for path in others.into_iter().filter(|path| *path != own) {
        let words = format!("entered by {}", spaced(path.as_str()));
        tried.extend(search.lowers(Edit::Path(path), words));
    }
    least(tried.into_iter()).map(|(change, _)| change)
}

/// The methods by which the carrier of the mail may pay: each where none is named, else the other.
fn methods(search: &mut Search<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    if search.decision.path != EntryPath::MailCarrier {
        return found;
    }
    let named = search.shipment.postal_method.is_some();
    for method in PostalMethod::ALL {
        let words = format!("the carrier pays by the {} method", spaced(method.as_str()));
        let passes = |then: Span, now: Span| match named {
            true => is_less(then, now),
            false => settles(then, now),
        };
        let tried = search.owing(Edit::Method(*method), words, passes);
        found.extend(tried.map(|(change, _)| change));
    }
    found
}

/// The nearest day before and the nearest after on which less duty is owed; that a fee is some
/// cents less in another year is not worth a line.
fn days(search: &mut Search<'_>) -> Vec<Change> {
    let entry = search.shipment.entry_when().day;
    let starts = when::duty_starts(search);
    let before: Vec<Day> = starts.iter().rev().map(|day| day.plus(-1)).collect();
    let before = before.into_iter().filter(|day| *day < entry);
    let after = starts.iter().copied().filter(|day| *day > entry);
    let mut found = Vec::new();
    found.extend(first(search, before));
    found.extend(first(search, after));
    found
}

fn first(search: &mut Search<'_>, mut days: impl Iterator<Item = Day>) -> Option<Change> {
    let duty = search.decision.owed.duty;
    days.find_map(|day| {
        let edit = Edit::EnteredOn(day);
        let less_duty = is_less(search.assessed(&edit).owed.duty, duty);
        let change = less_duty.then(|| search.lowers(edit, format!("entered on {day}")))?;
        change.map(|(change, _)| change)
    })
}

/// Another origin as it is, and another origin whose program is claimed.
fn origins(search: &mut Search<'_>) -> Vec<Change> {
    let law = search.books.law;
    let lines = &search.shipment.lines;
    let Some(own) = lines.first().and_then(|line| line.origin) else {
        return Vec::new();
    };
    let one = lines.iter().all(|line| line.origin == Some(own));
    let instead = match one {
        true => format!("instead of {own}"),
        false => "for every line".to_owned(),
    };
    let from = search.shipment.country_of_shipment;
    // Of equals the country it comes from anyway is named.
    let mut classes = vec![from];
    let alike = told_apart(law, search.decision.read_at);
    classes.extend(alike.iter().flat_map(|alike| alike.first()));
    classes[1..].sort_unstable();
    let mut tried = Vec::new();
    for country in classes
        .into_iter()
        .filter(|country| !one || *country != own)
    {
        let words = format!("bought elsewhere: origin {country} {instead}, the least of any");
        tried.extend(search.lowers(Edit::Origin(country, false), words));
    }
    let plain = least(tried.into_iter());
    let mut claimed = Vec::new();
    for (symbol, when) in symbols(search) {
        let Some(country) = serves(search, when) else {
            continue;
        };
        let words = format!(
            "bought elsewhere: origin {country} {instead}, claim {}, and proof that they qualify",
            symbol.as_str()
        );
        let both = Edit::Both(
            Box::new(Edit::Origin(country, false)),
            Box::new(Edit::Claim(symbol)),
        );
        claimed.extend(search.lowers(both, words));
    }
    let claimed = least(claimed.into_iter()).filter(|(_, total)| {
        plain
            .as_ref()
            .is_none_or(|(_, other)| is_less(*total, *other))
    });
    plain
        .into_iter()
        .chain(claimed)
        .map(|(change, _)| change)
        .collect()
}

/// A country whose goods a program's condition lets in, if it names any.
fn serves(search: &Search<'_>, when: &Cond) -> Option<Country> {
    let mut country = None;
    when.walk(&mut |part| {
        if let Cond::Origin(set) = part {
            let set = search
                .books
                .law
                .origin_set_of(*set)
                .at(search.decision.read_at);
            country = country.or_else(|| Country::all().find(|one| set.has(*one)));
        }
    });
    country
}
