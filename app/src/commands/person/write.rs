//! Writes pairs: as CSV, as a table, as JSON, and what is to be said of them all.

use super::rows::People;
use crate::out::page::{Page, Style as Ink};
use crate::out::style::Style;
use crate::read::rejects::guarded;
use deminimis_person::matching::{MATCH_RULES, Matches, Outcome, Pair};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

/// Pairs, and the people they are of.
pub struct Found<'a> {
    pub people: &'a People,
    pub matches: Matches,
}

impl Found<'_> {
    fn id(&self, row: usize) -> &str {
        self.people.rows[row].id()
    }

    fn pairs(&self, outcome: Outcome) -> impl Iterator<Item = &Pair> {
        let pairs = self.matches.pairs.iter();
        pairs.filter(move |pair| pair.outcome == outcome)
    }

    /// Those that are one person, or those that are uncertain.
    pub fn csv(&self, same: bool, out: &mut dyn Write) -> io::Result<()> {
        let outcome = if same {
            Outcome::Same
        } else {
            Outcome::Uncertain
        };
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(["id_a", "id_b", "score", "evidence"])?;
        for pair in self.pairs(outcome) {
            let (a, b) = (guarded(self.id(pair.a)), guarded(self.id(pair.b)));
            let score = pair.score.to_string();
            writer.write_record([&*a, &*b, &score, &pair.evidence])?;
        }
        writer.flush()
    }

    pub fn table(&self, terminal: bool, out: &mut dyn Write) -> io::Result<()> {
        let style = Style::of_stdout();
        let mut page = Page::new(out, style.width, style.colour && terminal);
        let headings = [
            (Outcome::Same, "One person"),
            (Outcome::Uncertain, "Uncertain: for someone to decide"),
        ];
        for (outcome, heading) in headings {
            let row = |pair: &Pair| {
                let (a, b) = (self.id(pair.a).to_owned(), self.id(pair.b).to_owned());
                vec![a, b, pair.score.to_string(), pair.evidence.clone()]
            };
            let rows: Vec<Vec<String>> = self.pairs(outcome).map(row).collect();
            page.say(0, Ink::Bold, heading)?;
            if rows.is_empty() {
                page.say(2, Ink::Plain, "none")?;
            }
            page.table(2, &[Ink::Id, Ink::Id, Ink::Plain, Ink::Plain], &rows)?;
            page.gap()?;
        }
        Ok(())
    }

    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let pair = |pair: &Pair| {
            json!({
                "id_a": self.id(pair.a),
                "id_b": self.id(pair.b),
                "score": pair.score,
                "evidence": pair.evidence,
            })
        };
        let pairs = |outcome| self.pairs(outcome).map(pair).collect::<Vec<Value>>();
        let clusters = self.matches.clusters.iter();
        let ids = |rows: &Vec<usize>| rows.iter().map(|row| self.id(*row)).collect::<Vec<_>>();
        let (rows, refused) = (self.people.rows.len(), self.people.refused.len());
        let value = json!({
            "person_rules": MATCH_RULES,
            "rows": { "read": rows + refused, "accepted": rows, "refused": refused },
            "same": pairs(Outcome::Same),
            "uncertain": pairs(Outcome::Uncertain),
            "clusters": clusters.map(ids).collect::<Vec<_>>(),
            "names_are_replaced": self.matches.habits.names_are_replaced(),
        });
        serde_json::to_writer_pretty(&mut *out, &value)?;
        writeln!(out)
    }

    /// What is said beside the pairs.
    pub fn say(&self, people: &People, written: bool, rejects: &Path) {
        let (rows, refused) = (people.rows.len(), people.refused.len());
        let (same, uncertain) = (
            self.pairs(Outcome::Same).count(),
            self.pairs(Outcome::Uncertain).count(),
        );
        eprintln!(
            "rows: {} read = {rows} accepted + {refused} refused; person_rules {MATCH_RULES}",
            rows + refused
        );
        if refused > 0 {
            eprintln!("refused rows: {}", rejects.display());
        }
        if !people.passed_over.is_empty() {
            eprintln!("columns passed over: {}", people.passed_over.join(", "));
        }
        let how = match (uncertain, written) {
            (0, _) | (_, true) => "",
            _ => " (merging nobody; --uncertain FILE writes them)",
        };
        let persons = self.matches.clusters.len();
        eprintln!("pairs: {same} the same, of {persons} persons; {uncertain} uncertain{how}");
        if self.matches.habits.names_are_replaced() {
            eprintln!(
                "names in this file differ at one address as by error, not as in families: \
                 they are taken for one person's"
            );
        }
    }
}
