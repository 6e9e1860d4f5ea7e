//! What keeps a total open, and the total under each answer: found by reckoning again with the
//! answer given.

use super::article::Article;
use super::reckon::{Reckoned, Reckoner};
use deminimis_clearance::decision::Unknown;
use deminimis_clearance::owed::words::{what, why};
use deminimis_clearance::owed::{OpenAmount, Span, Why};
use deminimis_clearance::shipment::BadField;
use deminimis_clearance::shipment::fields::id;
use deminimis_law::codes::Country;
use deminimis_law::facts::{FactId, FactType};
use deminimis_law::names::{Clock, EntryPath, Outcome, PostalMethod};
use deminimis_law::time::Day;

/// How many days before entry a loading is tried.
const LOADED_BEFORE: i32 = 90;

/// A question and what its answers come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The fact or field.
    pub what: String,
    /// The question in words.
    pub why: String,
    /// The total hangs on it; else it is a relief that may be claimed.
    pub material: bool,
    /// Answers, each with the path and the total under it.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer in words.
    pub answer: String,
    /// What the law then says of the parcel.
    pub outcome: Outcome,
    /// The path the parcel is then reckoned for.
    pub path: Option<EntryPath>,
    /// The total.
    pub total: Span,
}

/// The questions of an article. A relief that would change nothing is not asked about.
pub fn questions(
    reckoner: &mut Reckoner<'_>,
    article: &Article,
    reckoned: &Reckoned,
) -> Result<Vec<Question>, BadField> {
    let mut questions: Vec<Question> = Vec::new();
    // What decides how the parcel enters comes first, then what its total hangs on.
    let deciding = reckoned
        .decision
        .questions
        .iter()
        .filter(|asked| asked.material);
    let deciding = deciding.map(|asked| OpenAmount {
        line: asked.line,
        why: Why::Unknown(asked.what),
    });
    for open in &deciding
        .chain(reckoned.owed.open.iter().copied())
        .collect::<Vec<_>>()
    {
        let law = &reckoner.setup.law;
        let (name, said) = (what(law, open), why(law, open));
        if questions
            .iter()
            .any(|known| known.what == name && known.why == said)
        {
            continue;
        }
        let answers = answers(reckoner, article, reckoned, open)?;
        let stands = (reckoned.decision.way(), reckoned.by, reckoned.owed.total);
        let changes = |answer: &Answer| (answer.outcome, answer.path, answer.total) != stands;
        if !open.is_material() && !answers.iter().any(changes) {
            continue;
        }
        questions.push(Question {
            what: name,
            why: said,
            material: open.is_material(),
            answers,
        });
    }
    questions.sort_by_key(|question| !question.material);
    Ok(questions)
}

fn answers(
    reckoner: &mut Reckoner<'_>,
    article: &Article,
    reckoned: &Reckoned,
    open: &OpenAmount,
) -> Result<Vec<Answer>, BadField> {
    match open.why {
        Why::Unknown(Unknown::Fact(fact)) | Why::Unclaimed(fact) => {
            of_fact(reckoner, article, reckoned, fact)
        }
        Why::Unknown(Unknown::Clock(Clock::LoadedAt)) => loaded(reckoner, article, reckoned),
        Why::PostalMethod => {
            let methods = PostalMethod::ALL.iter().map(|method| method.as_str());
            let tried =
                methods.map(|text| (text.to_owned(), article.with(id::POSTAL_METHOD, text)));
            all(reckoner, tried)
        }
        // What is missing is an amount, a rate or a text: no short list of answers stands for it.
        Why::Unknown(_)
        | Why::NotCovered(_)
        | Why::NoSchedule
        | Why::NoNumber
        | Why::HeadingAsNumber
        | Why::RateText(_)
        | Why::Quantity(_)
        | Why::Part(_)
        | Why::Unpriced
        | Why::NoPath
        | Why::Circle => Ok(Vec::new()),
    }
}

fn all(
    reckoner: &mut Reckoner<'_>,
    tried: impl IntoIterator<Item = (String, Article)>,
) -> Result<Vec<Answer>, BadField> {
    let mut answers = Vec::new();
    for (answer, article) in tried {
        let reckoned = reckoner.article(&article)?;
        answers.push(Answer {
            answer,
            outcome: reckoned.decision.way(),
            path: reckoned.by,
            total: reckoned.owed.total,
        });
    }
    Ok(answers)
}

fn of_fact(
    reckoner: &mut Reckoner<'_>,
    article: &Article,
    reckoned: &Reckoned,
    fact: FactId,
) -> Result<Vec<Answer>, BadField> {
    let known = &reckoner.setup.book.facts[usize::from(fact.0)];
    let name = known.name.clone();
    let with = |text: &str| article.with_fact(&name, text);
    match known.kind {
        FactType::Bool => {
            let both = [("yes", "true"), ("no", "false")];
            all(
                reckoner,
                both.map(|(said, text)| (said.to_owned(), with(text))),
            )
        }
        FactType::Usd => {
            let value = reckoned.value().unwrap_or_default().to_string();
            let said = [
                ("nothing".to_owned(), "0.00"),
                (format!("${value}, all of it"), value.as_str()),
            ];
            all(reckoner, said.map(|(said, text)| (said, with(text))))
        }
        FactType::Share => {
            let said = [("nothing", "0"), ("all of it", "1")];
            all(
                reckoner,
                said.map(|(said, text)| (said.to_owned(), with(text))),
            )
        }
        FactType::Text if name.ends_with("_country") => {
            let codes = Country::all().map(|country| country.to_string());
            let tried: Vec<_> = codes.map(|code| (code.clone(), with(&code))).collect();
            Ok(grouped(all(reckoner, tried)?))
        }
        FactType::Text => {
            let both = [("given", "given"), ("none", "none")];
            all(
                reckoner,
                both.map(|(said, text)| (said.to_owned(), with(text))),
            )
        }
    }
}

/// Answers that come to the same as one; the largest group is named by what it is not.
fn grouped(answers: Vec<Answer>) -> Vec<Answer> {
    let mut groups: Vec<(Vec<String>, Answer)> = Vec::new();
    for answer in answers {
        let same = |group: &&mut (Vec<String>, Answer)| {
            (group.1.outcome, group.1.path, group.1.total)
                == (answer.outcome, answer.path, answer.total)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.0.push(answer.answer),
            None => groups.push((vec![answer.answer.clone()], answer)),
        }
    }
    groups.sort_by_key(|(names, _)| names.len());
    let (alone, last) = (groups.len() == 1, groups.len().saturating_sub(1));
    let name = |at: usize, names: &[String]| match (at == last, alone) {
        (true, true) => "any country".to_owned(),
        (true, false) => "another country".to_owned(),
        _ => names.join(", "),
    };
    let named = groups.into_iter().enumerate();
    named
        .map(|(at, (names, answer))| Answer {
            answer: name(at, &names),
            ..answer
        })
        .collect()
}

/// Goods loaded before a date are spared some duties: the latest day of loading that does so.
fn loaded(
    reckoner: &mut Reckoner<'_>,
    article: &Article,
    reckoned: &Reckoned,
) -> Result<Vec<Answer>, BadField> {
    let entered: Day = reckoned.shipment.entry_when().day;
    for back in 0..=LOADED_BEFORE {
        let day = entered.plus(-back).to_string();
        let tried = reckoner.article(&article.with(id::LOADED_AT, &day))?;
        if (tried.by, tried.owed.total) != (reckoned.by, reckoned.owed.total) {
            return Ok(vec![Answer {
                answer: format!("loaded on or before {day}"),
                outcome: tried.decision.way(),
                path: tried.by,
                total: tried.owed.total,
            }]);
        }
    }
    Ok(Vec::new())
}
