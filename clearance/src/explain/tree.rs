//! The explanation as a tree for a terminal: question, rule, dates, citation, facts.

use super::amount::{dollars_of, grouped};
use super::owed::total_words;
use super::page::{HANG, Page};
use super::{Explanation, Spoken, Step, named, spaced};
use crate::render::{DeadlineText, FindingText, QuestionText, TotalText};

/// How to write for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns; held between 40 and 140.
    pub width: usize,
    /// Whether the words of effects are coloured.
    pub colour: bool,
}

/// The grade of confidence that is not shown: three sources or more.
const FULL: &str = "C3+";

/// What the other grades mean.
const GRADES: [(&str, &str); 5] = [
    ("C2", "two sources"),
    ("S", "one source"),
    ("M", "common knowledge, not checked"),
    ("D", "derived"),
    ("open", "not settled"),
];

/// The question under which path and amount stand.
pub(super) const BY_WHICH_PATH: &str = "By which path?";

/// At most so many articles are listed.
const ARTICLES: usize = 20;

impl Explanation {
    /// The tree. Long text is wrapped under its beginning; a citation stands at the right of its
    /// sentence where it fits, else below it.
    #[must_use]
    pub fn tree(&self, style: Style) -> String {
        let width = style.width.clamp(40, 140);
        let mut page = Page {
            out: String::new(),
            width,
            colour: style.colour,
        };
        self.header(&mut page);
        for step in &self.steps {
            self.step(&mut page, step);
            if step.question == BY_WHICH_PATH {
                self.owed(&mut page);
            }
        }
        self.presumptions(&mut page);
        self.open(&mut page);
        self.due(&mut page);
        self.would_change(&mut page);
        self.law(&mut page);
        page.out
    }

    fn header(&self, page: &mut Page) {
        let parcel = &self.parcel;
        let mut made = parcel.origins.join(", ");
        if parcel.origin_missing {
            let known = if made.is_empty() { "" } else { ", partly " };
            made = format!("{made}{known}of unknown origin");
        }
        let from = &parcel.country_of_shipment;
        let way =
            if parcel.origins.len() == 1 && parcel.origins[0] == *from && !parcel.origin_missing {
                format!("{from} to US")
            } else if parcel.origins.is_empty() {
                format!("{made}, {from} to US")
            } else {
                format!("made in {made}, {from} to US")
            };
        let count = parcel.lines.len();
        let mut text = format!(
            "{}, {way}, arrives {}",
            spaced(parcel.mode),
            parcel.arrives_at
        );
        if let Some(entered) = &parcel.entered_at {
            text.push_str(&format!(", entered {entered}"));
        }
        text.push_str(&format!(", {}", dollars_of(&parcel.value_usd)));
        if parcel.entered_value_usd != parcel.value_usd {
            text.push_str(&format!(
                " (entered value {})",
                dollars_of(&parcel.entered_value_usd)
            ));
        }
        if parcel.purpose != "sale" {
            text.push_str(&format!(", {}", spaced(parcel.purpose)));
        }
        text.push_str(&format!(
            ", {count} line{}",
            if count == 1 { "" } else { "s" }
        ));
        page.paragraph(&format!("{}  {text}", parcel.shipment_id), 0, 2);
        for line in parcel.lines.iter().take(ARTICLES) {
            let mut text = line.description.clone();
            if let Some(number) = &line.htsus_number {
                text.push_str(&format!(", {number}"));
            }
            match &line.country_of_origin {
                Some(origin) => text.push_str(&format!(", made in {origin}")),
                None => text.push_str(", origin not given"),
            }
            match line.currency.as_str() {
                "USD" => text.push_str(&format!(", {}", dollars_of(&line.line_value))),
                other => text.push_str(&format!(", {} {other}", grouped(&line.line_value))),
            }
            page.paragraph(&format!("  {:>3}  {text}", line.line), 0, 7);
        }
        if count > ARTICLES {
            page.line(&format!("       and {} more", count - ARTICLES));
        }
    }

    fn step(&self, page: &mut Page, step: &Step) {
        page.gap();
        let headline = format!("{}  {}", step.question, step.answer);
        page.cited(headline.trim_end(), &step.cite.join("; "), 0, 2);
        for spoken in &step.findings {
            if let Some(finding) = self.decision.findings.get(spoken.finding) {
                if spoken.also.is_empty() {
                    finding_entry(page, finding, spoken);
                } else {
                    self.gaps(page, finding, spoken);
                }
            }
        }
        if step.question != BY_WHICH_PATH {
            return;
        }
        if let Some(path) = &self.path {
            let mut parts = vec![format!("filed by: {}", path.filer)];
            for (what, text) in [("bond", &path.bond), ("time", &path.time)] {
                if !text.is_empty() {
                    parts.push(format!("{what}: {text}"));
                }
            }
            if !path.needs.is_empty() {
                parts.push(format!("needs: {}", path.needs.join(", ")));
            }
            page.entry("how", None, &parts.join("; "), "");
        }
        for other in &self.decision.alternatives {
            let mut text = spaced(other.entry_path);
            text.push_str(if other.free { ", free" } else { ", dutiable" });
            if let Some(total) = total_words(&other.total).filter(|_| !other.free) {
                text.push_str(&format!(", {total}"));
            }
            if other.cheapest {
                text.push_str(", the cheapest");
            }
            text.push_str(&format!("; filed by: {}", other.filer));
            if !other.bond.is_empty() {
                text.push_str(&format!("; bond: {}", other.bond));
            }
            page.entry("or", None, &text, "");
        }
    }

    /// Several rules that do not cover the date, by name.
    fn gaps(&self, page: &mut Page, first: &FindingText, spoken: &Spoken) {
        let also = spoken.also.iter();
        let also = also.filter_map(|at| self.decision.findings.get(*at));
        let rules: Vec<&str> = std::iter::once(first)
            .chain(also)
            .map(|finding| finding.rule.as_str())
            .collect();
        let words = format!("no law in hand for that date either: {}", rules.join(", "));
        page.entry(first.effect, Some(colour_of(first.effect)), &words, "");
    }

    fn presumptions(&self, page: &mut Page) {
        if self.assumed.is_empty() {
            return;
        }
        // Facts of one grade together, in the order in which they were first taken.
        let mut grades: Vec<(&str, Vec<String>)> = Vec::new();
        let mut cites: Vec<&str> = Vec::new();
        for one in &self.assumed {
            let Some(text) = self.decision.assumed.get(one.assumed) else {
                continue;
            };
            let all = one.lines.len() == self.parcel.lines.len();
            let lines = of_lines(if all { &[] } else { &one.lines });
            let words = format!("{} {}{lines}", text.fact, one.value);
            match grades
                .iter_mut()
                .find(|(known, _)| *known == text.confidence)
            {
                Some((_, facts)) => facts.push(words),
                None => grades.push((text.confidence, vec![words])),
            }
            for cite in &text.cite {
                if !cites.contains(&cite.as_str()) {
                    cites.push(cite);
                }
            }
        }
        let facts: Vec<String> = grades
            .iter()
            .map(|(grade, facts)| graded(&facts.join(", "), grade))
            .collect();
        page.gap();
        let words = format!("Assumed  by presumption: {}", facts.join("; "));
        page.cited(&words, &cites.join("; "), 0, 2);
    }

    fn open(&self, page: &mut Page) {
        page.gap();
        if self.decision.questions.is_empty() {
            page.line("Open  None.");
            return;
        }
        page.line("Open");
        for question in &self.decision.questions {
            open_entry(page, question);
        }
    }

    fn due(&self, page: &mut Page) {
        if !self.decision.deadlines.is_empty() {
            page.gap();
            page.line("Due");
        }
        let mut deadlines: Vec<&DeadlineText> = self.decision.deadlines.iter().collect();
        deadlines.sort_by_key(|deadline| due_order(deadline));
        for deadline in deadlines {
            due_entry(page, deadline);
        }
        let Some(until) = &self.decision.records_until else {
            return;
        };
        page.gap();
        let what = self.records.as_ref();
        let words = match what {
            Some(records) => format!("Keep records until {until}: {}", records.what),
            None => format!("Keep records until {until}"),
        };
        let cite = what.map_or_else(String::new, |records| records.cite.join("; "));
        let grade = what.map_or(FULL, |records| records.confidence);
        page.cited(&graded(&words, grade), &cite, 0, 2);
    }

    fn would_change(&self, page: &mut Page) {
        page.gap();
        let heading = if self.decision.outcome == "free" {
            "Would make it not free"
        } else {
            "Would change it"
        };
        if self.changes.is_empty() && self.savings.is_empty() {
            page.paragraph(&format!("{heading}  Nothing that was tried would."), 0, 2);
            return;
        }
        page.line(heading);
        for change in &self.changes {
            let to = effect_words(change.outcome, change.entry_path, &change.total);
            page.cited(&change.words, &to, 2, 4);
        }
        for change in &self.savings {
            let amount = total_words(&change.total).unwrap_or_default();
            let to = match change.entry_path == self.decision.entry_path {
                true => amount,
                false => format!("{amount} by {}", spaced(change.entry_path)),
            };
            page.cited(&change.words, &to, 2, 4);
        }
        page.paragraph(
            "Each was assessed again. It would have to be true, not only be declared.",
            2,
            2,
        );
    }

    fn law(&self, page: &mut Page) {
        let law = &self.decision.law;
        let hash: String = law.rulebook.chars().take(8).collect();
        let mut text = format!("Law {hash}, read at {}", law.read_at);
        if let Some(known) = &law.known_at {
            text.push_str(&format!(", as known at {known}"));
        }
        if let Some(checked) = &law.checked_until {
            text.push_str(&format!(", checked to {checked}"));
        }
        text.push_str(&format!(". Schedule {}.", law.tariff.release));
        page.gap();
        page.paragraph(&text, 0, 2);
        let shown: Vec<String> = GRADES
            .iter()
            .filter(|(grade, _)| page.shows(grade))
            .map(|(grade, words)| format!("{grade} {words}"))
            .collect();
        if !shown.is_empty() {
            page.paragraph(&format!("Confidence: {}.", shown.join("; ")), 0, 2);
        }
    }
}

fn finding_entry(page: &mut Page, finding: &FindingText, spoken: &Spoken) {
    let words = format!("{}{}", finding.reason, of_lines(&spoken.lines));
    page.entry(
        finding.effect,
        Some(colour_of(finding.effect)),
        &words,
        &finding.cite.join("; "),
    );
    let mut parts = Vec::new();
    if spoken.dated {
        parts.push(format!("since {}", finding.effective));
        if finding.published_basis.is_some() {
            parts.push("publication date unknown".to_owned());
        } else if finding.effective.get(..10) != finding.published.get(..10) {
            parts.push(format!("published {}", finding.published));
        }
    }
    if spoken.dated && finding.confidence != FULL {
        parts.push(format!("confidence {}", finding.confidence));
    }
    let mut detail = parts.join(", ");
    if !spoken.read.is_empty() {
        let read: Vec<String> = spoken
            .read
            .iter()
            .map(|read| format!("{} {}", read.name, read.value))
            .collect();
        let start = if detail.is_empty() { "" } else { "; " };
        detail.push_str(&format!("{start}read: {}", read.join(", ")));
    }
    page.detail(&finding.rule, &detail);
}

fn open_entry(page: &mut Page, question: &QuestionText) {
    let line = question
        .line
        .map_or(String::new(), |line| format!(" (line {line})"));
    let label = if question.decides { "decides" } else { "asks" };
    let cite = question.cite.join("; ");
    let words = graded(&format!("{}{line}", question.question), question.confidence);
    page.entry(label, Some(colour_of("asks")), &words, &cite);
    for one in &question.answers {
        match (one.outcome, one.entry_path) {
            (Some(outcome), Some(path)) => {
                let to = effect_words(outcome, path, &one.total);
                page.cited(&one.answer, &to, HANG, HANG + 2);
            }
            _ => page.paragraph(&one.answer, HANG, HANG + 2),
        }
    }
}

/// By date, a time of day before its day as a whole; what has no date last.
fn due_order(deadline: &DeadlineText) -> (bool, &str, bool, &str) {
    let due = deadline.due.as_deref().unwrap_or("");
    let (day, time) = due.split_at_checked(10).unwrap_or((due, ""));
    (deadline.due.is_none(), day, time.is_empty(), time)
}

fn due_entry(page: &mut Page, deadline: &DeadlineText) {
    let due = match (&deadline.due, &deadline.or_due) {
        (Some(due), Some(or)) => format!("{due} or {or}"),
        (Some(due), None) => due.clone(),
        _ => "date not known".to_owned(),
    };
    let words = graded(&format!("{due}  {}", deadline.what), deadline.confidence);
    page.entry("", None, &words, &deadline.cite.join("; "));
}

/// `free`, or the outcome with its path and what it comes to.
#[must_use]
pub fn effect_words(outcome: &str, path: &str, total: &TotalText) -> String {
    match (outcome, path, total_words(total)) {
        (_, "none", _) => spaced(outcome),
        ("entry_required", path, Some(total)) => format!("{total} by {}", spaced(path)),
        ("entry_required", path, None) => spaced(path),
        (outcome, path, _) => format!("{} by {}", spaced(outcome), spaced(path)),
    }
}

/// The lines in brackets, with a space before; nothing for the shipment.
fn of_lines(lines: &[u16]) -> String {
    if lines.is_empty() {
        String::new()
    } else {
        format!(" ({})", named(lines))
    }
}

/// Text with its grade of confidence, where that is less than three sources.
pub(super) fn graded(text: &str, grade: &str) -> String {
    if grade == FULL {
        text.to_owned()
    } else {
        format!("{text} (confidence {grade})")
    }
}

fn colour_of(effect: &str) -> u8 {
    match effect {
        "allows" => 32,
        "denies" | "prohibits" => 31,
        "requires" => 33,
        _ => 36,
    }
}
