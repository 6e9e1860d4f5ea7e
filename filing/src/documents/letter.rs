//! A letter to the receiver of a parcel: the answer in plain words, then each question of the law
//! with its rules and their authorities, what is owed, and what would change it.

use super::draw::{About, pdf};
use super::parts::{
    LARGE, NOTE, TABLE, TABLE_STRONG, address, blank, cell, cell_of, cell_over, right, section,
    text,
};
use super::sheet::{Align, Column, Look, Paper, Piece, Row, Sheet, Width};
use super::text::{Ink, Style};
use super::{DocumentError, Fonts, Issue, Made, Parcel};
use deminimis_clearance::explain::{
    Change, Explanation, Spoken, capital, date, dollars_of, effect_words, grouped, named,
};
use deminimis_clearance::render::{DeadlineText, FindingText, OwedText};
use deminimis_clearance::shipment::fields::Party;

const SENDER: Style = Style {
    size: 12_000,
    bold: true,
    ink: Ink::Deep,
};
const SUBJECT: Style = Style {
    size: 14_000,
    bold: true,
    ink: Ink::Deep,
};
const QUESTION: Style = Style {
    size: 9_000,
    bold: true,
    ink: Ink::Deep,
};

/// Makes the letter of an explanation.
///
/// # Errors
/// If the PDF cannot be made.
pub fn decision_letter(
    fonts: &Fonts,
    parcel: &Parcel<'_>,
    explanation: &Explanation,
    issue: &Issue<'_>,
) -> Result<Made, DocumentError> {
    let mut sheet = Sheet::new(fonts, Paper::LETTER);
    head(&mut sheet, parcel, issue);
    plain(&mut sheet, explanation);
    owed(&mut sheet, explanation);
    due(&mut sheet, explanation);
    questions(&mut sheet, explanation);
    steps(&mut sheet, explanation);
    changes(&mut sheet, explanation);
    law(&mut sheet, explanation);
    let id = &parcel.shipment.id;
    pdf(
        sheet,
        &About {
            title: format!("Decision on parcel {id}"),
            foot: format!("Decision on parcel {id}"),
            date: issue.date,
        },
    )
}

fn head(sheet: &mut Sheet<'_>, parcel: &Parcel<'_>, issue: &Issue<'_>) {
    if let Some(issuer) = issue.issuer {
        sheet.flow(&[text(issuer, SENDER), Piece::Gap(5_000)]);
        sheet.rule(1_000, Ink::Deep);
        sheet.gap(18_000);
    }
    let to: Vec<Piece> = address(parcel.texts.party(Party::Consignee))
        .into_iter()
        .map(|line| text(line, LARGE))
        .collect();
    sheet.columns(
        &[(3, to), (1, vec![right(date(issue.date), LARGE)])],
        18_000,
    );
    sheet.gap(22_000);
    let subject = format!("Your parcel {}", parcel.shipment.id);
    sheet.flow_kept(&[Piece::Heading(1, subject, SUBJECT), Piece::Gap(8_000)]);
}

fn plain(sheet: &mut Sheet<'_>, explanation: &Explanation) {
    for line in explanation.plain().lines() {
        let (indent, words) = match line.strip_prefix("- ") {
            Some(words) => (true, words),
            None => (false, line),
        };
        match indent {
            true => sheet.columns(
                &[
                    (1, vec![right("\u{2022}", LARGE)]),
                    (30, vec![text(words, LARGE)]),
                ],
                5_000,
            ),
            false => sheet.flow(&[text(words, LARGE)]),
        }
        sheet.gap(4_500);
    }
}

fn owed(sheet: &mut Sheet<'_>, explanation: &Explanation) {
    let Some(owed) = &explanation.decision.owed else {
        return;
    };
    let empty = owed.lines.iter().all(|line| line.charges.is_empty()) && owed.fees.is_empty();
    if empty || explanation.decision.outcome == "needs_person" && owed.total_usd.is_none() {
        return;
    }
    section(sheet, "What is owed");
    let columns = [
        Column::new("For", Width::Share(1), Align::Left),
        Column::new("Rate", Width::Fit, Align::Right),
        Column::new("Of, $", Width::Fit, Align::Right),
        Column::new("Amount, $", Width::Fit, Align::Right),
    ];
    sheet.table(&columns, &owed_rows(explanation, owed), TABLE);
}

fn amount(usd: Option<&str>) -> String {
    usd.map_or_else(|| "open".to_owned(), grouped)
}

fn owed_rows(explanation: &Explanation, owed: &OwedText) -> Vec<Row> {
    let mut rows = Vec::new();
    for line in &owed.lines {
        if let Some(number) = line.line.filter(|_| explanation.parcel.lines.len() > 1) {
            let article = explanation.parcel.lines.get(usize::from(number) - 1);
            let words = article.map_or("", |article| article.description.as_str());
            rows.push(Row {
                cells: vec![cell_over(format!("{number}. {words}"), TABLE_STRONG, 4)],
                look: Look::Plain,
            });
        }
        for charge in &line.charges {
            let heading = charge.heading.as_deref().unwrap_or(&charge.program);
            let cites = charge.cite.join("; ");
            rows.push(Row {
                cells: vec![
                    cell_of(vec![
                        text(format!("{heading}  {}", capital(&charge.reason)), TABLE),
                        text(cites, NOTE),
                    ]),
                    cell(charge.rate.clone(), TABLE),
                    cell(grouped(&charge.base_usd), TABLE),
                    cell(amount(charge.amount_usd.as_deref()), TABLE),
                ],
                look: Look::Plain,
            });
        }
    }
    for fee in &owed.fees {
        rows.push(Row {
            cells: vec![
                cell_of(vec![
                    text(capital(&fee.reason), TABLE),
                    text(fee.cite.join("; "), NOTE),
                ]),
                cell(fee.rate.clone(), TABLE),
                cell("", TABLE),
                cell(amount(fee.amount_usd.as_deref()), TABLE),
            ],
            look: Look::Plain,
        });
    }
    let total = match (&owed.total_usd, &owed.range_low_usd, &owed.range_high_usd) {
        (Some(total), ..) => grouped(total),
        (None, Some(low), Some(high)) => format!("{} to {}", grouped(low), grouped(high)),
        (None, Some(low), None) => format!("{} or more", grouped(low)),
        (None, None, _) => "open".to_owned(),
    };
    rows.push(Row {
        cells: vec![
            cell_over("Total", TABLE_STRONG, 3),
            cell(total, TABLE_STRONG),
        ],
        look: Look::Total,
    });
    rows
}

fn due(sheet: &mut Sheet<'_>, explanation: &Explanation) {
    let deadlines = &explanation.decision.deadlines;
    if deadlines.is_empty() {
        return;
    }
    section(sheet, "What is due by when");
    let columns = [
        Column::new("By", Width::Fit, Align::Left),
        Column::new("What", Width::Share(3), Align::Left),
        Column::new("Authority", Width::Share(2), Align::Left),
    ];
    let by = |deadline: &DeadlineText| match (&deadline.due, &deadline.or_due) {
        (Some(due), Some(or)) => format!("{due} or {or}"),
        (Some(due), None) => due.clone(),
        _ => "date not known".to_owned(),
    };
    let rows: Vec<Row> = deadlines
        .iter()
        .map(|deadline| Row {
            cells: vec![
                cell(by(deadline), TABLE),
                cell(capital(&deadline.what), TABLE),
                cell(deadline.cite.join("; "), NOTE),
            ],
            look: Look::Plain,
        })
        .collect();
    sheet.table(&columns, &rows, TABLE);
}

fn questions(sheet: &mut Sheet<'_>, explanation: &Explanation) {
    let questions = &explanation.decision.questions;
    if questions.is_empty() {
        return;
    }
    section(sheet, "What is not known");
    let columns = [
        Column::new("Question", Width::Share(3), Align::Left),
        Column::new(
            "Answers, and what each leads to",
            Width::Share(3),
            Align::Left,
        ),
        Column::new("Authority", Width::Share(2), Align::Left),
    ];
    let rows: Vec<Row> = questions
        .iter()
        .map(|question| {
            let lines: Vec<u16> = question.line.into_iter().collect();
            let words = match lines.is_empty() {
                true => question.question.clone(),
                false => format!("{} ({})", question.question, named(&lines)),
            };
            let answers: Vec<Piece> = question
                .answers
                .iter()
                .map(|one| match (one.outcome, one.entry_path) {
                    (Some(outcome), Some(path)) => text(
                        format!(
                            "{}: {}",
                            one.answer,
                            effect_words(outcome, path, &one.total)
                        ),
                        TABLE,
                    ),
                    _ => text(one.answer.clone(), TABLE),
                })
                .collect();
            let answers = match answers.is_empty() {
                true => cell("", TABLE),
                false => cell_of(answers),
            };
            Row {
                cells: vec![
                    cell(words, TABLE),
                    answers,
                    cell(question.cite.join("; "), NOTE),
                ],
                look: Look::Plain,
            }
        })
        .collect();
    sheet.table(&columns, &rows, TABLE);
}

fn steps(sheet: &mut Sheet<'_>, explanation: &Explanation) {
    section(sheet, "How it was decided");
    let columns = [
        Column::new("The rule", Width::Fit, Align::Left),
        Column::new("Why", Width::Share(3), Align::Left),
        Column::new("Authority", Width::Share(2), Align::Left),
    ];
    let mut rows = Vec::new();
    for step in &explanation.steps {
        let question = format!("{}  {}", step.question, step.answer);
        rows.push(Row {
            cells: vec![
                cell_over(question.trim_end(), QUESTION, 2),
                match step.cite.is_empty() {
                    true => blank(),
                    false => cell(step.cite.join("; "), NOTE),
                },
            ],
            look: Look::Plain,
        });
        for spoken in &step.findings {
            if let Some(finding) = explanation.decision.findings.get(spoken.finding) {
                rows.push(finding_row(explanation, finding, spoken));
            }
        }
    }
    sheet.table(&columns, &rows, TABLE);
}

fn finding_row(explanation: &Explanation, finding: &FindingText, spoken: &Spoken) -> Row {
    let mut words = finding.reason.clone();
    if !spoken.also.is_empty() {
        let also = spoken.also.iter();
        let also = also.filter_map(|at| explanation.decision.findings.get(*at));
        let rules: Vec<&str> = also.map(|one| one.rule.as_str()).collect();
        words = format!("{words}; the same of {}", rules.join(", "));
    }
    if !spoken.lines.is_empty() {
        words = format!("{words} ({})", named(&spoken.lines));
    }
    let mut details = Vec::new();
    if spoken.dated {
        details.push(format!("since {}", finding.effective));
    }
    for read in &spoken.read {
        details.push(format!("{} {}", read.name, read.value));
    }
    let mut pieces = vec![text(capital(&words), TABLE)];
    if !details.is_empty() {
        pieces.push(text(details.join(" \u{b7} "), NOTE));
    }
    Row {
        cells: vec![
            cell(finding.effect, TABLE),
            cell_of(pieces),
            cell(finding.cite.join("; "), NOTE),
        ],
        look: Look::Under,
    }
}

fn changes(sheet: &mut Sheet<'_>, explanation: &Explanation) {
    let all: Vec<&Change> = explanation
        .changes
        .iter()
        .chain(&explanation.savings)
        .collect();
    if all.is_empty() {
        return;
    }
    section(sheet, "What would change it");
    let columns = [
        Column::new("If this were true", Width::Share(2), Align::Left),
        Column::new("It would be", Width::Share(1), Align::Left),
    ];
    let rows: Vec<Row> = all
        .into_iter()
        .map(|change| Row {
            cells: vec![
                cell(capital(&change.words), TABLE),
                cell(
                    effect_words(change.outcome, change.entry_path, &change.total),
                    TABLE,
                ),
            ],
            look: Look::Plain,
        })
        .collect();
    sheet.table(&columns, &rows, TABLE);
    sheet.gap(4_000);
    sheet.flow(&[text(
        "Each was assessed again. It would have to be true, not only be declared.",
        NOTE,
    )]);
}

fn law(sheet: &mut Sheet<'_>, explanation: &Explanation) {
    let law = &explanation.decision.law;
    let hash: String = law.rulebook.chars().take(16).collect();
    let mut words = format!("By the law as read at {}", law.read_at);
    if let Some(known) = &law.known_at {
        words.push_str(&format!(", as known at {known}"));
    }
    if let Some(checked) = &law.checked_until {
        words.push_str(&format!(", checked to {checked}"));
    }
    words.push_str(&format!(
        "; rulebook {hash}; schedule {}; parcel worth {}.",
        law.tariff.release,
        dollars_of(&explanation.parcel.value_usd)
    ));
    sheet.gap(14_000);
    sheet.flow(&[text(words, NOTE)]);
}
