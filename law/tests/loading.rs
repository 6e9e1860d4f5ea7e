//! What the reader of law refuses, each with its file, line, field and reason; and what the hash of
//! a rulebook covers.

mod texts;

use deminimis_law::duties::FEES;
use deminimis_law::{LawError, Rulebook, SourceFile};
use texts::{BROKEN, EXCLUSION, FACTS, FEE, GROUP, KINDS, LIMIT, LIST};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

fn errors(files: &[SourceFile]) -> Vec<LawError> {
    Rulebook::load(files).err().unwrap_or_default()
}

fn hash(files: &[SourceFile]) -> String {
    Rulebook::load(files).expect("the files are well").0.hash()
}

fn standing() -> Rulebook {
    let files = [
        file("facts.toml", FACTS),
        file("limit.toml", LIMIT),
        file("group.toml", GROUP),
    ];
    Rulebook::load(&files).expect("the files are well").0
}

#[test]
fn the_texts_that_are_broken_below_are_well() {
    for text in [LIMIT, EXCLUSION, GROUP, FEE] {
        hash(&[file("facts.toml", FACTS), file("law.toml", text)]);
    }
    hash(&[file("facts.toml", FACTS), file("lists/test.csv", LIST)]);
}

#[test]
fn a_broken_law_is_refused_where_it_is_broken() {
    assert!(BROKEN.len() >= 40);
    for (text, from, to, (line, field), says) in BROKEN {
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once");
        let broken = text.replacen(from, to, 1);
        refused_at(&broken, *line, field, says);
    }
}

#[test]
fn each_kind_refuses_what_it_cannot_mean() {
    for (kind, fields, (line, field), says) in KINDS {
        let head = "title = \"x\"\nchecked = 2026-10-12\n[[version]]\neffective = 2016-03-10\npublished = 2016-02-24";
        let text = format!(
            "id = \"x\"\nkind = \"{kind}\"\n{head}\nconfidence = \"C2\"\ncite = [\"x\"]\nreason = \"x\"\n{fields}\n"
        );
        refused_at(&text, *line, field, says);
    }
}

fn refused_at(text: &str, line: usize, field: &str, says: &str) {
    let found = errors(&[file("facts.toml", FACTS), file("folder/law.toml", text)]);
    assert_eq!(found.len(), 1, "{found:?} of\n{text}");
    let error = &found[0];
    let place = (error.file.as_str(), error.line, error.field.as_str());
    assert_eq!(
        place,
        ("folder/law.toml", line, field),
        "{error} of\n{text}"
    );
    assert!(error.message.contains(says), "{error} of\n{text}");
}

/// Whether files are refused with exactly this one error.
fn refused(files: &[SourceFile], expected: &str) {
    let found = errors(files);
    let text = found
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        found.len() == 1 && text.starts_with(expected),
        "{expected}\nbut: {text}"
    );
}

#[test]
fn versions_must_follow_one_another() {
    let second = "\n[[version]]\neffective = 2020-01-01\npublished = 2016-02-24\nconfidence = \"C2\"\ncite = [\"b\"]\n\
        basis = \"section_321_c\"\nlimit_usd = \"900.00\"\nreason = \"r\"\nreason_over = \"o\"\n";
    let law = |text: &str| [file("facts.toml", FACTS), file("a/limit.toml", text)];
    let tied = format!("{LIMIT}{second}");
    refused(
        &law(&tied),
        "a/limit.toml:23: published: s321.value-limit: two versions published together overlap",
    );
    let ended = LIMIT.replacen("published =", "until = 2018-01-01\npublished =", 1);
    let gap = format!("{ended}{second}");
    refused(
        &law(&gap),
        "a/limit.toml:8: until: s321.value-limit: nothing is in force from this end on: a gap",
    );
    // The same end followed at once, or another publication, is lawful; so is a pause of an exclusion.
    hash(&law(&gap.replacen(
        "effective = 2020-01-01",
        "effective = 2018-01-01",
        1,
    )));
    hash(&law(&tied.replacen(
        "2020-01-01\npublished = 2016-02-24",
        "2020-01-01\npublished = 2019-12-01",
        1,
    )));
    let exclusion = EXCLUSION.replacen("published =", "until = 2018-01-01\npublished =", 1);
    let later =
        &EXCLUSION[EXCLUSION.find("[[version]]").unwrap()..].replace("2016-03-10", "2020-01-01");
    hash(&law(&format!("{exclusion}{later}")));
}

#[test]
fn a_group_must_be_of_the_sort_that_is_asked_for() {
    let law = |when: &str| {
        let text = EXCLUSION.replacen("origin = [\"CN\"]", when, 1);
        [
            file("facts.toml", FACTS),
            file("a/ban.toml", &text),
            file("b/group.toml", GROUP),
        ]
    };
    hash(&law("origin = [\"@group.test\"]"));
    refused(
        &law("number = [\"@group.test\"]"),
        "a/ban.toml:12: when: `@group.test` is a group of origins, not of numbers",
    );
    let mut files = law("any = [{ mode = [\"air\"] }, { origin_not = [\"@group.test\"] }]");
    files[2].text = GROUP.replacen("origins = [\"CN\", \"HK\"]", "numbers = [\"24\"]", 1);
    refused(
        &files,
        "a/ban.toml:12: when: `@group.test` is not a group of origins",
    );
}

#[test]
fn facts_and_instruments_are_defined_once() {
    let law = |facts: &str, more: &str| [file("us/facts.toml", facts), file("law.toml", more)];
    let twice = format!(
        "{FACTS}\n[[fact]]\nname = \"tobacco\"\ntype = \"bool\"\nabsence = \"claim\"\ncite = [\"x\"]\nmeans = \"y\"\n"
    );
    let broken = [
        (twice.as_str(), "us/facts.toml:32: name: is defined twice"),
        (
            &FACTS.replacen("type = \"bool\"", "type = \"float\"", 1),
            "us/facts.toml:17: type: must be bool, text, usd or share",
        ),
        (
            &FACTS.replacen("type = \"bool\"", "type = \"usd\"", 1),
            "us/facts.toml:17: type: a derived fact is a bool",
        ),
        (
            &FACTS.replacen("absence = \"derived\"", "absence = \"guessed\"", 1),
            "us/facts.toml:18: absence: must be claim",
        ),
        (
            &FACTS.replacen("numbers = [\"24\"]", "numbers = [\"2\"]", 1),
            "us/facts.toml:19: numbers: `2` is not a prefix",
        ),
        (
            &FACTS.replacen("\"ask\"", "\"perhaps\"", 1),
            "us/facts.toml:20: without_number: must be",
        ),
        (
            &FACTS.replacen("cite = [\"19 CFR 10.153\"]\n", "", 1),
            "us/facts.toml:15: cite: what absence means needs an authority",
        ),
        (
            &FACTS.replacen("\"htsus_number\"", "\"hts\"", 1),
            "facts.toml:1: htsus_number: the engine needs this fact",
        ),
    ];
    for (facts, expected) in broken {
        refused(&law(facts, GROUP), expected);
    }
    let other_clock = GROUP.replacen("checked =", "selects_on = \"filed_at\"\nchecked =", 1);
    let files = [
        file("facts.toml", FACTS),
        file("a.toml", GROUP),
        file("b.toml", &other_clock),
    ];
    refused(
        &files,
        "b.toml:1: id: stands already, with another kind or clock",
    );
    let model = "[[model]]\nname = \"air-parcel\"\nmode = \"air\"\n";
    refused(
        &law(FACTS, &format!("{model}{model}")),
        "law.toml:5: name: is defined twice",
    );
}

#[test]
fn rows_of_lists_are_checked_too() {
    let list = |name: &str, text: &str| [file("facts.toml", FACTS), file(name, text)];
    for (name, text, expected) in [
        (
            "lists/a.csv",
            LIST.replace("Proc. 11061", ""),
            "lists/a.csv:2: cite: every row needs a citation",
        ),
        (
            "lists/a.csv",
            LIST.replace("2203,", "2A,"),
            "lists/a.csv:2: prefix: must be 2, 4, 6, 8 or 10 digits",
        ),
        (
            "lists/a.csv",
            LIST.replace("2026-09-29", "29.9.2026"),
            "lists/a.csv:2: from: must be a date",
        ),
        (
            "lists/a.csv",
            LIST.replace("until,", "till,"),
            "lists/a.csv:2: until: column is missing",
        ),
        (
            "lists/a.csv",
            LIST.replace(",,,", ",,"),
            "lists/a.csv:2: row: ",
        ),
        (
            "lists/holidays.csv",
            "observed,name\n2025-13-01,x\n".to_owned(),
            "lists/holidays.csv:2: observed: must be a date",
        ),
        (
            "lists/ports.csv",
            "port,zone\n2704,Mars/Olympus\n".to_owned(),
            "lists/ports.csv:2: zone: is not a time zone",
        ),
    ] {
        refused(&list(name, &text), expected);
    }
}

#[test]
fn an_overlay_is_checked_like_the_law_it_adds_to() {
    let refused = |text: &str, path: &str, expected: &str| {
        let found = standing()
            .extend(&[file(path, text)])
            .map(|_| ())
            .expect_err("broken");
        assert!(
            found.len() == 1 && found[0].to_string().starts_with(expected),
            "{expected}\nbut: {found:?}"
        );
    };
    refused(
        FACTS,
        "my/facts.toml",
        "my/facts.toml:1: fact: an overlay cannot define facts",
    );
    refused(
        LIMIT,
        "my.toml",
        "my.toml:8: published: s321.value-limit: two versions published together overlap",
    );
    let origins = EXCLUSION.replacen("\"CN\"", "\"@group.none\"", 1);
    refused(
        &origins,
        "my.toml",
        "my.toml:12: when: `@group.none` is neither a group nor a list",
    );
    refused(
        &LIMIT.replacen("\"value-limit\"", "\"exclusion\"", 1),
        "my.toml",
        "my.toml:6: bases: ",
    );
    let later = LIMIT
        .replace("2016-03-10", "2027-01-01")
        .replace("2016-02-24", "2026-12-01");
    let (book, cases) = standing()
        .extend(&[file("my.toml", &later)])
        .expect("the overlay is well");
    assert_eq!(
        book.instrument("s321.value-limit")
            .map(|limit| limit.versions.len()),
        Some(2)
    );
    assert_eq!(
        (cases.cases.len(), cases.cases[0].file.as_str()),
        (1, "my.toml")
    );
}

#[test]
fn no_more_fees_are_taken_than_are_reckoned() {
    let fee = |at: usize| {
        let id = format!("id = \"fee.{at:02}\"");
        file(
            &format!("fee/{at:02}.toml"),
            &FEE.replacen("id = \"fee.test\"", &id, 1),
        )
    };
    let mut files = vec![file("facts.toml", FACTS)];
    files.extend((0..FEES).map(fee));
    let full = Rulebook::load(&files).expect("as many as are reckoned").0;
    let refusal =
        format!("fee/{FEES}.toml:11: fee: fee.{FEES}: one fee too many; the law may hold {FEES}");
    files.push(fee(FEES));
    refused(&files, &refusal);
    // An overlay may not bring it either.
    let found = full.extend(&[fee(FEES)]).map(|_| ()).expect_err("one more");
    assert_eq!(
        found.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [refusal]
    );
}

#[test]
fn all_defects_are_reported() {
    let broken = [
        file("facts.toml", FACTS),
        file("a.toml", &LIMIT.replacen("\"800.00\"", "800.00", 1)),
        file("b.toml", &EXCLUSION.replacen("cite = ", "cites = ", 1)),
        file("c.csv", "prefix\n"),
        file("d.csv", &LIST.replace("2203", "x")),
    ];
    let files: Vec<_> = errors(&broken)
        .into_iter()
        .map(|error| error.file)
        .collect();
    assert_eq!(files, ["a.toml", "b.toml", "d.csv"]);
}

#[test]
fn the_hash_covers_what_can_change_an_answer_and_nothing_else() {
    let files = |law: &str, list: &str| {
        let group = GROUP.replacen("origins = [\"CN\", \"HK\"]", "list = \"test\"", 1);
        let group = file("group.toml", &group);
        [
            file("facts.toml", FACTS),
            file("limit.toml", law),
            group,
            file("lists/test.csv", list),
        ]
    };
    let first = hash(&files(LIMIT, LIST));
    let changes = [
        ("within the limit", "inside the limit"),
        ("over the limit", "above the limit"),
        ("1321(a)(2)(C)", "1321(a)(2)"),
        ("effective = 2016-03-10", "effective = 2016-03-11"),
        ("published = 2016-02-24", "published = 2016-02-25"),
        ("\"800.00\"", "\"800.01\""),
        ("\"C2\"", "\"S\""),
        ("2026-10-12", "2026-10-13"),
        ("\"Value limit\"", "\"The limit\""),
        ("reason =", "until = 2030-01-01\nreason ="),
        ("reason =", "when = { mode = [\"air\"] }\nreason ="),
    ];
    for (from, to) in changes {
        assert!(LIMIT.contains(from), "{from}");
        assert_ne!(
            first,
            hash(&files(&LIMIT.replacen(from, to, 1), LIST)),
            "{from}"
        );
    }
    for (from, to) in [
        ("2203", "2204"),
        ("2026-09-29,", "2026-09-30,"),
        (",,,", ",2028-01-01,,"),
        ("22", "2402,,,,x\n22"),
    ] {
        assert_ne!(
            first,
            hash(&files(LIMIT, &LIST.replacen(from, to, 1))),
            "{from}"
        );
    }
    let facts = file("facts.toml", &FACTS.replacen("\"ask\"", "\"false\"", 1));
    let [_, limit, group, list] = files(LIMIT, LIST);
    assert_ne!(first, hash(&[facts, limit, group, list]));

    let same = [
        LIMIT.replacen("a parcel", "another parcel", 1),
        LIMIT.replacen("outcome = \"free\"", "outcome = \"prohibited\"", 1),
        format!("# A comment.\n\n{LIMIT}"),
        LIMIT[..LIMIT.find("[[case]]").unwrap()].to_owned(),
        LIMIT.replacen(
            "title = \"Value limit\"\nchecked = 2026-10-12",
            "checked  = 2026-10-12\ntitle = 'Value limit'",
            1,
        ),
    ];
    for law in &same {
        assert_eq!(first, hash(&files(law, LIST)), "{law}");
    }
    let [facts, limit, group, list] = files(LIMIT, LIST);
    assert_eq!(
        first,
        hash(&[list, group, limit, facts]),
        "the order of the files"
    );
}
