//! What is refused of duty law, and in which order programs are asked.

use deminimis_law::names::Clock;
use deminimis_law::{Law, Rulebook, SourceFile};
use std::sync::Arc;

const FACTS: &str = r#"
[[fact]]
name = "country_of_origin"
type = "text"
absence = "material"
cite = ["x"]
means = "origin"
[[fact]]
name = "htsus_number"
type = "text"
absence = "material"
cite = ["x"]
means = "number"
[[fact]]
name = "steel_value_usd"
type = "usd"
absence = "material"
cite = ["x"]
means = "steel"
"#;

/// Two programs, the second spared where the first charges.
const DUTIES: &str = r#"
kind = "duty"
checked = 2026-10-12
layer = "232"
[common]
published = 2025-01-01
confidence = "C2"
cite = ["x"]
reason = "x"
[[instrument]]
id = "duty.a"
title = "a"
program = "later"
rank = 10
heading = "9903.01.01"
[[instrument.version]]
effective = 2025-02-01
rate = "10 %"
when = { origin = ["CN"], not = { subject_to = ["earlier"] } }
[[instrument]]
id = "duty.b"
title = "b"
program = "earlier"
rank = 10
heading = "9903.01.02"
[[instrument.version]]
effective = 2025-02-01
floor = "15 %"
floor_over = "general"
heading_met = "9903.01.03"
when = { number = ["72"] }
"#;

fn load(duties: &str) -> Result<Rulebook, String> {
    let file = |path: &str, text: &str| SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = [file("facts.toml", FACTS), file("duty/x.toml", duties)];
    let errors = |errors: Vec<_>| {
        let texts = errors
            .iter()
            .map(|error: &deminimis_law::LawError| error.to_string());
        texts.collect::<Vec<_>>().join("\n")
    };
    Rulebook::load(&files).map(|(book, _)| book).map_err(errors)
}

#[test]
fn a_program_is_asked_after_those_it_depends_on() {
    let book = Arc::new(load(DUTIES).expect("well"));
    let law = Law::compile(&book, None);
    let duties = law.duties().expect("no circle");
    let at = *duties.entry_bounds().last().expect("a bound");
    let stretch = duties.stretch(duties.place(Clock::EnteredAt, at));
    let families = stretch.families.iter();
    let order: Vec<_> = families
        .map(|family| duties.names[usize::from(family.program)].as_str())
        .collect();
    assert_eq!(order, ["earlier", "later"]);
    let before =
        duties.stretch(duties.place(Clock::EnteredAt, deminimis_law::time::Moment(at.0 - 1)));
    assert!(
        before.families.is_empty(),
        "a minute before nothing is in force"
    );
}

#[test]
fn what_would_be_a_guess_is_refused() {
    for (from, to, says) in [
        (
            "when = { number = [\"72\"] }",
            "when = { subject_to = [\"later\"] }",
            "circle",
        ),
        ("program = \"earlier\"", "program = \"later\"", "same rank"),
        (
            "rate = \"10 %\"",
            "rate = \"10 %\"\nexempt = true",
            "exactly one of rate",
        ),
        (
            "heading = \"9903.01.01\"
[[instrument.version]]
effective = 2025-02-01
rate = \"10 %\"",
            "[[instrument.version]]
effective = 2025-02-01
rates = \"none-rates\"",
            "is not a table of rates",
        ),
        ("rate = \"10 %\"", "rate = \"10\"", "is not a share"),
        ("floor_over = \"general\"", "", "is required here"),
        (
            "heading = \"9903.01.02\"",
            "heading = \"7208.10\"",
            "is not a heading",
        ),
        ("heading = \"9903.01.02\"", "", "give heading"),
        (
            "rate = \"10 %\"",
            "rate = \"10 %\"\nheading_met = \"9903.01.09\"",
            "belongs to a floor",
        ),
        (
            "rate = \"10 %\"",
            "rate = \"10 %\"\nbase_content = \"htsus_number\"",
            "not a fact in dollars",
        ),
        (
            "when = { number = [\"72\"] }",
            "when = { day_over_limit = true }",
            "of the day",
        ),
        (
            "when = { number = [\"72\"] }",
            "when = { person = [\"owner\"] }",
            "no duty may depend on",
        ),
        (
            "layer = \"232\"",
            "layer = \"232\"\nselects_on = \"arrives_at\"",
            "read at the moment of entry",
        ),
        (
            "when = { number = [\"72\"] }",
            "when = { number = [\"@no-list\"] }",
            "neither a group nor a list",
        ),
    ] {
        assert!(DUTIES.contains(from), "{from}");
        let found = load(&DUTIES.replacen(from, to, 1)).expect_err(to);
        assert!(found.contains(says), "{to}: {found}");
    }
}

#[test]
fn what_a_file_has_in_common_is_every_versions() {
    let book = load(DUTIES).expect("well");
    for instrument in &book.instruments {
        assert_eq!(instrument.versions[0].cite, ["x"]);
        assert_eq!(instrument.checked.to_string(), "2026-10-12");
    }
    // What a version says itself goes before.
    let own = DUTIES.replacen("rate = \"10 %\"", "rate = \"10 %\"\ncite = [\"own\"]", 1);
    let book = load(&own).expect("well");
    let cites: Vec<_> = book
        .instruments
        .iter()
        .map(|one| one.versions[0].cite[0].as_str())
        .collect();
    assert_eq!(cites, ["own", "x"]);
}
