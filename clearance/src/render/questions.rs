//! What is asked, and what each answer would do: found by assessing again with the answer given.

use super::owed::{TotalText, total};
use crate::assess::{Books, Scratch, assess_into, outcome_if};
use crate::day::DayContext;
use crate::decision::{Asked, Decision, Unknown};
use crate::owed::Span;
use crate::shipment::Shipment;
use crate::words::name_of;
use deminimis_law::Law;
use deminimis_law::codes::Country;
use deminimis_law::condition::SetId;
use deminimis_law::duties::rate_row;
use deminimis_law::facts::{FactType, FactValue, TextHash};
use deminimis_law::kind::Rule;
use deminimis_law::money::Cents;
use deminimis_law::names::{EntryPath, Outcome};
use deminimis_law::time::Moment;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A question of the contract.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct QuestionText {
    pub fact: String,
    pub line: Option<u16>,
    pub question: String,
    pub decides: bool,
    pub answers: Vec<Answer>,
    pub cite: Vec<String>,
    pub confidence: &'static str,
}

/// One answer and its effect.
#[derive(Clone, Debug, Serialize, JsonSchema, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names and meanings are the contract's")]
pub struct Answer {
    pub answer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_path: Option<&'static str>,
    #[serde(flatten)]
    pub total: TotalText,
}

/// The questions of a decision that can change something, each with the effect of its answers. A
/// fact that several lines lack is asked about once, for all of them.
pub(super) fn texts(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    decision: &Decision,
    scratch: &mut Scratch,
) -> Vec<QuestionText> {
    let mut grouped: Vec<(Asked, Vec<u16>)> = Vec::new();
    for asked in &decision.questions {
        match grouped
            .iter_mut()
            .find(|(known, _)| known.what == asked.what)
        {
            Some((known, lines)) => {
                known.material |= asked.material;
                lines.push(asked.line);
            }
            None => grouped.push((*asked, vec![asked.line])),
        }
    }
    let mut texts = Vec::new();
    let decided = Effect::of(decision);
    for (mut asked, mut lines) in grouped {
        lines.sort_unstable();
        let answers = effects(books, shipment, day, (&asked, &lines), scratch);
        let now = answer("", &decided);
        let idle = answers.iter().all(|one| {
            let same_way = (one.outcome, one.entry_path) == (now.outcome, now.entry_path);
            // An answer whose amount was not reckoned is judged by the way alone.
            same_way && (one.total == now.total || one.total == TotalText::default())
        });
        // A claim that would change nothing is not worth asking about; what the law leaves open is.
        let open_law = matches!(asked.what, Unknown::Rule(_));
        if (answers.is_empty() || idle) && !asked.material && !open_law {
            continue;
        }
        asked.line = if lines.len() == 1 { lines[0] } else { 0 };
        texts.push(text(books, &asked, answers));
    }
    texts
}

fn text(books: Books<'_>, asked: &Asked, answers: Vec<Answer>) -> QuestionText {
    let law = books.law;
    let (question, cite, confidence) = match asked.what {
        Unknown::Fact(fact) => {
            let fact = &law.book().facts[fact.0 as usize];
            (
                fact.question.clone(),
                fact.cite.clone(),
                fact.confidence.as_str(),
            )
        }
        Unknown::Rule(rule) => {
            let version = law.version(rule);
            (
                version.question.clone(),
                version.cite.clone(),
                version.confidence.as_str(),
            )
        }
        Unknown::Clock(clock) => (
            format!("At what time was {clock}? The law changed on that day"),
            Vec::new(),
            "D",
        ),
        Unknown::ExchangeRate => {
            let cite = vec!["31 USC 5151".to_owned(), "19 CFR 159.32".to_owned()];
            (
                "What is the rate of exchange on the date of exportation? Or give the values in USD".to_owned(),
                cite,
                "M",
            )
        }
    };
    QuestionText {
        fact: name_of(law, asked.what),
        line: (asked.line > 0).then_some(asked.line),
        question,
        decides: asked.material,
        answers,
        cite,
        confidence,
    }
}

fn effects(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    (asked, lines): (&Asked, &[u16]),
    scratch: &mut Scratch,
) -> Vec<Answer> {
    match asked.what {
        Unknown::Rule(rule) => {
            if let Rule::Question(question) = &books.law.version(rule).rule {
                let plain = |answer: &String| Answer {
                    answer: answer.clone(),
                    outcome: None,
                    entry_path: None,
                    total: TotalText::default(),
                };
                return question.answers.iter().map(plain).collect();
            }
            if !asked.material {
                return Vec::new();
            }
            yes_no(books, shipment, day, asked.what, scratch)
        }
        Unknown::Fact(fact) if fact == books.law.origin_fact() => {
            origins(books, shipment, day, scratch)
        }
        Unknown::Fact(fact) if fact == books.law.number_fact() => {
            let mut answers = yes_no(books, shipment, day, asked.what, scratch);
            for (answer, words) in answers
                .iter_mut()
                .zip(["in the lists asked about", "in none of them"])
            {
                words.clone_into(&mut answer.answer);
            }
            answers
        }
        Unknown::Fact(fact) => {
            let kind = books.law.book().facts[fact.0 as usize].kind;
            let mut answers = Vec::new();
            for (words, value) in either(books, shipment, kind) {
                let mut answered = shipment.clone();
                for (at, line) in answered.lines.iter_mut().enumerate() {
                    if lines.contains(&0) || lines.binary_search(&(at as u16 + 1)).is_ok() {
                        line.facts.push((fact, value));
                    }
                }
                let decision = assess_into(books, &answered, day, scratch);
                answers.push(answer(words, &Effect::of(decision)));
            }
            answers
        }
        Unknown::Clock(_) => yes_no(books, shipment, day, asked.what, scratch),
        Unknown::ExchangeRate => Vec::new(),
    }
}

fn yes_no(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    what: Unknown,
    scratch: &mut Scratch,
) -> Vec<Answer> {
    let words = match what {
        Unknown::Clock(_) => ["before the change", "from the change on"],
        _ => ["yes", "no"],
    };
    [true, false]
        .into_iter()
        .zip(words)
        .map(|(given, words)| {
            let (outcome, path) = outcome_if(books, shipment, day, (what, given), scratch);
            // Such an answer is tried for the way alone, so no amount is told.
            let total = None;
            answer(
                words,
                &Effect {
                    outcome,
                    path,
                    total,
                },
            )
        })
        .collect()
}

/// Origins that the law treats differently, grouped by what they would lead to.
fn origins(
    books: Books<'_>,
    shipment: &Shipment,
    day: &DayContext,
    scratch: &mut Scratch,
) -> Vec<Answer> {
    let law = books.law;
    let mut groups: Vec<(Effect, Vec<Country>)> = Vec::new();
    for alike in told_apart(law, shipment.entry_when().moment) {
        let mut answered = shipment.clone();
        answered
            .lines
            .iter_mut()
            .filter(|line| line.origin.is_none())
            .for_each(|line| line.origin = alike.first().copied());
        let to = Effect::of(assess_into(books, &answered, day, scratch));
        match groups
            .iter_mut()
            .find(|(known, _)| known.kind() == to.kind())
        {
            Some((known, names)) => {
                known.total = known.total.zip(to.total).map(|(one, other)| one.or(other));
                names.extend(alike);
            }
            None => groups.push((to, alike)),
        }
    }
    groups
        .iter_mut()
        .for_each(|(_, names)| names.sort_unstable());
    // The largest group is named by what it is not.
    groups.sort_by_key(|(_, names)| names.len());
    let last = groups.len().saturating_sub(1);
    let alone = groups.len() == 1;
    groups
        .into_iter()
        .enumerate()
        .map(|(at, (effect, origins))| {
            let words = match (at == last, alone) {
                (true, true) => "any country".to_owned(),
                (true, false) => "another country".to_owned(),
                _ => list(&origins),
            };
            answer(&words, &effect)
        })
        .collect()
}

/// The countries in groups that no rule tells apart on the day, rates of tables included.
pub(crate) fn told_apart(law: &Law, entered: Moment) -> Vec<Vec<Country>> {
    let sets = 0..law.book().origins.len() as u16;
    let sets: Vec<_> = sets
        .map(|set| law.origin_set_of(SetId(set)).at(entered))
        .collect();
    let treated = |origin: Country| {
        let within: Vec<bool> = sets.iter().map(|set| set.has(origin)).collect();
        let tables = law.book().rates.iter();
        let rows = tables.map(|table| rate_row(table, origin, entered, law.known_at()));
        let rows: Vec<_> = rows.map(|row| row.map(|(at, _)| at)).collect();
        (law.class_of_origin(origin), within, rows)
    };
    let mut places = BTreeMap::new();
    let mut groups: Vec<Vec<Country>> = Vec::new();
    for origin in Country::all() {
        let place = *places.entry(treated(origin)).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(origin);
    }
    groups
}

/// At most so many countries are named one by one.
const NAMED: usize = 12;

fn list(countries: &[Country]) -> String {
    let shown = countries.iter().take(NAMED).map(Country::as_str);
    let shown = shown.collect::<Vec<_>>().join(", ");
    match countries.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// Two answers to a fact between which every other lies, with the words for them.
pub(crate) fn either(
    books: Books<'_>,
    shipment: &Shipment,
    kind: FactType,
) -> [(&'static str, FactValue); 2] {
    match kind {
        FactType::Bool => [
            ("yes", FactValue::Bool(true)),
            ("no", FactValue::Bool(false)),
        ],
        FactType::Text => [
            ("yes", FactValue::Text(TextHash::of("given"))),
            ("no", FactValue::Text(TextHash::NONE)),
        ],
        // A part is never reckoned above the whole, so that the dearest line serves them all.
        FactType::Usd => [
            ("the whole value", FactValue::Usd(dearest(books, shipment))),
            ("nothing", FactValue::Usd(Cents(0))),
        ],
        FactType::Share => [
            ("the whole", FactValue::Share(10_000)),
            ("nothing", FactValue::Share(0)),
        ],
    }
}

/// The value of the dearest line in dollars.
fn dearest(books: Books<'_>, shipment: &Shipment) -> Cents {
    let day = shipment.exported_on.unwrap_or(shipment.arrives_at.day);
    let lines = shipment.lines.iter();
    let values = lines.filter_map(|line| books.rates.cents(line.value, line.currency, day));
    values.max().unwrap_or_default()
}

/// What an answer leads to.
#[derive(Clone, Copy)]
struct Effect {
    outcome: Outcome,
    path: EntryPath,
    total: Option<Span>,
}

impl Effect {
    /// What parts origins: the way, and whether anything bounds the amount.
    fn kind(&self) -> (Outcome, EntryPath, bool) {
        let bounded = self.total.is_some_and(|total| total.high.is_some());
        (self.outcome, self.path, bounded)
    }

    fn of(decision: &Decision) -> Effect {
        Effect {
            outcome: decision.way(),
            path: decision.path,
            total: total(decision),
        }
    }
}

fn answer(words: &str, effect: &Effect) -> Answer {
    Answer {
        answer: words.to_owned(),
        outcome: Some(effect.outcome.as_str()),
        entry_path: Some(effect.path.as_str()),
        total: effect.total.map(TotalText::of).unwrap_or_default(),
    }
}
