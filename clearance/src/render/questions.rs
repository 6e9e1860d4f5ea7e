//! What is asked, and what each answer would do: found by assessing again with the answer given.

use crate::assess::{Books, Scratch, assess_into, outcome_if};
use crate::day::DayContext;
use crate::decision::{Asked, Decision, Unknown};
use crate::shipment::Shipment;
use crate::words::name_of;
use deminimis_law::facts::{FactType, FactValue, TextHash};
use deminimis_law::kind::Rule;
use deminimis_law::names::{EntryPath, Outcome};
use schemars::JsonSchema;
use serde::Serialize;

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
    for (mut asked, mut lines) in grouped {
        lines.sort_unstable();
        let answers = effects(books, shipment, day, (&asked, &lines), scratch);
        let idle = answers.iter().all(|answer| {
            (answer.outcome, answer.entry_path)
                == (Some(decision.way().as_str()), Some(decision.path.as_str()))
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
            let both = [(true, "yes"), (false, "no")];
            let kind = books.law.book().facts[fact.0 as usize].kind;
            let mut answers = Vec::new();
            for (given, words) in both {
                let value = match kind {
                    FactType::Bool => FactValue::Bool(given),
                    FactType::Text if given => FactValue::Text(TextHash::of("given")),
                    FactType::Text => FactValue::Text(TextHash::NONE),
                    FactType::Usd | FactType::Share => return answers,
                };
                let mut answered = shipment.clone();
                for (at, line) in answered.lines.iter_mut().enumerate() {
                    if lines.contains(&0) || lines.binary_search(&(at as u16 + 1)).is_ok() {
                        line.facts.push((fact, value));
                    }
                }
                let decision = assess_into(books, &answered, day, scratch);
                answers.push(answer(words, decision.way(), decision.path));
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
            answer(words, outcome, path)
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
    let mut groups: Vec<(Outcome, EntryPath, Vec<String>)> = Vec::new();
    for origin in books.law.origin_classes() {
        let mut answered = shipment.clone();
        answered
            .lines
            .iter_mut()
            .filter(|line| line.origin.is_none())
            .for_each(|line| line.origin = Some(*origin));
        let decision = assess_into(books, &answered, day, scratch);
        let (outcome, path) = (decision.way(), decision.path);
        match groups
            .iter_mut()
            .find(|group| (group.0, group.1) == (outcome, path))
        {
            Some(group) => group.2.push(origin.to_string()),
            None => groups.push((outcome, path, vec![origin.to_string()])),
        }
    }
    // The largest group is named by what it is not, since a class stands for many countries.
    groups.sort_by_key(|group| group.2.len());
    let last = groups.len().saturating_sub(1);
    let alone = groups.len() == 1;
    groups
        .into_iter()
        .enumerate()
        .map(|(at, (outcome, path, origins))| {
            let words = match (at == last, alone) {
                (true, true) => "any country".to_owned(),
                (true, false) => "another country".to_owned(),
                _ => origins.join(", "),
            };
            answer(&words, outcome, path)
        })
        .collect()
}

fn answer(words: &str, outcome: Outcome, path: EntryPath) -> Answer {
    Answer {
        answer: words.to_owned(),
        outcome: Some(outcome.as_str()),
        entry_path: Some(path.as_str()),
    }
}
