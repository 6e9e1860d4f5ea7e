//! Which rows are the same, which are uncertain and which are neither: the rules, said in pairs of
//! a file that shows nothing else.

mod rows;

use deminimis_person::matching::{Outcome, Row, match_people};
use rows::{Party, by_id, row};

const ANA: Party = ["Ana Lopez", "12 Oak St", "Austin", "TX", "78701", "US"];

fn outcome(a: Party, b: Party) -> Option<Outcome> {
    let found = match_people(&[row("1", &a), row("2", &b)]);
    let turned = match_people(&[row("1", &b), row("2", &a)]);
    assert_eq!(found.pairs, turned.pairs, "{a:?} {b:?}");
    found.pairs.first().map(|pair| pair.outcome)
}

/// `ANA` with another name.
fn named(name: &str) -> Party<'_> {
    let mut party = ANA;
    party[0] = name;
    party
}

fn living<'a>(street: &'a str, postal_code: &'a str) -> Party<'a> {
    let mut party = ANA;
    (party[1], party[4]) = (street, postal_code);
    party
}

#[test]
fn the_same() {
    for other in [
        ANA,
        named("LOPEZ, ANA"),
        named("Ms. Ana López"),
        named("Lopez Ana"),
        named("Ana M. Lopez"),
        named("Ana Maria Lopez"),
        named("Ana Lopes"),
        named("AnaLopez c/o Bo Kim"),
        living("12 Oak Street Apt 4", "78701-1234"),
        living("12 Oka Street", "78701"),
        living("c/o Kim, 12 OAK ST.", ""),
        ["Ana Lopez", "12 Oak St", "Autsin", "", "78701", ""],
    ] {
        assert_eq!(outcome(ANA, other), Some(Outcome::Same), "{other:?}");
    }
    for (a, b) in [
        ("William Whitfield", "Bill Whitfield"),
        ("Mohammed Haddad", "Muhammad Haddad"),
        ("Иван Петров", "Ivan Petrov"),
        ("王伟", "王伟"),
        ("王小明", "Xiaoming Wang"),
        ("Acme Trading, Inc.", "ACME TRADING INCORPORATED"),
        ("Acme Trading Goods LLC", "Acme Tradng Goods LLC"),
        ("Thaddeus Jones Jr.", "Jones, Thaddeus Junior"),
    ] {
        assert_eq!(outcome(named(a), named(b)), Some(Outcome::Same), "{a} {b}");
    }
    let london = |name| [name, "Flat 2, 5 King's Road", "London", "", "SW3 4UT", "GB"];
    assert_eq!(
        outcome(london("Zoë O'Brien"), london("ZOE OBRIEN")),
        Some(Outcome::Same)
    );
    let berlin = |street| ["Jörg Groß", street, "Berlin", "", "10115", "DE"];
    assert_eq!(
        outcome(berlin("Torstraße 12"), berlin("Torstrasse 12")),
        Some(Outcome::Same)
    );
}

#[test]
fn never_merged() {
    for (a, b) in [
        // A household: husband and wife, brothers, mother and daughter of like names.
        ("Ana Lopez", "Robert Lopez"),
        ("Mario Lopez", "Maria Lopez"),
        ("Daniel Lopez", "Daniela Lopez"),
        ("A Lopez", "Ana Lopez"),
        ("Lopez", "Ana Lopez"),
        ("Ana A Lopez", "Ana J Lopez"),
        ("Ana Lopez", "Ana Whitfield"),
        // A father and his son.
        ("Thaddeus Jones Jr", "Thaddeus Jones Sr"),
        ("Thaddeus Jones", "Thaddeus Jones Jr"),
        // Two companies; two names of one sound.
        ("Acme Trading LLC", "Acme Trading Inc"),
        ("王伟", "汪伟"),
        ("Ana Lopez", "Wei Chen"),
    ] {
        assert_ne!(outcome(named(a), named(b)), Some(Outcome::Same), "{a} {b}");
    }
    for other in [
        living("99 Cedar Ave", "10001"),
        living("14 Oak St", "78701"),
        ["Ana Lopez", "", "", "", "", ""],
        ["Ana Lopez", "", "Austin", "TX", "", "US"],
    ] {
        assert_ne!(outcome(ANA, other), Some(Outcome::Same), "{other:?}");
    }
    let flats = outcome(
        living("12 Oak St Apt 4", "78701"),
        living("12 Oak St Apt 5", "78701"),
    );
    assert_eq!(flats, Some(Outcome::Uncertain));
    let fathers = outcome(named("Thaddeus Jones Jr"), named("Thaddeus Jones Sr"));
    assert_eq!(fathers, None);
    let initial = outcome(named("A Lopez"), ANA);
    assert_eq!(initial, Some(Outcome::Uncertain));
}

#[test]
fn a_contact_in_common_tells() {
    let moved = Row {
        email: "ana@lopez.example",
        phone: "+1 (512) 555-0147",
        ..row("1", &ANA)
    };
    let away = living("99 Cedar Ave", "10001");
    let other = Row {
        email: "Ana@Lopez.example",
        phone: "512-555-0147",
        ..row("2", &away)
    };
    let found = match_people(&[moved, other]);
    assert_eq!(found.pairs[0].outcome, Outcome::Same);
    assert!(
        found.pairs[0]
            .evidence
            .contains("e-mail, telephone and country"),
        "{:?}",
        found.pairs
    );
}

#[test]
fn a_link_that_contradicts_another_gives_way() {
    // The middle row could be either of two who are not one.
    let rows = [
        row("1", &named("Thaddeus Whitfield Jr")),
        row("2", &named("Thaddeus Whitfield")),
        row("3", &named("Thaddeus Whitfield Sr")),
    ];
    let found = match_people(&rows);
    assert!(found.clusters.is_empty(), "{:?}", found.pairs);
    assert_eq!(found.pairs.len(), 2);
}

/// No cluster holds two of `apart`, and who stays apart is told why.
fn assert_apart(rows: &[Row<'_>], apart: [&str; 2]) {
    let found = match_people(rows);
    let (said, clusters) = by_id(rows, &found);
    for cluster in &clusters {
        let both = apart
            .iter()
            .all(|id| cluster.iter().any(|member| member == id));
        assert!(!both, "{cluster:?}: {said:?}");
    }
    let told = found
        .pairs
        .iter()
        .any(|pair| pair.outcome == Outcome::Uncertain);
    assert!(told, "{said:?}");
}

#[test]
fn what_is_uncertain_is_not_merged_through_a_third() {
    let flat = |street| living(street, "78701");
    let (four, none, five) = (
        flat("12 Oak St Apt 4"),
        flat("12 Oak St"),
        flat("12 Oak St Apt 5"),
    );
    let (street, other) = (flat("Oak St"), flat("98 Oak St"));
    let chains: [[Party; 3]; 7] = [
        // Two flats, and one who gives none.
        [four, none, five],
        // Two house numbers of one street.
        [none, street, other],
        // Two names of one sound, and their sound.
        [named("王小明"), named("Xiaoming Wang"), named("汪小明")],
        // Two middle initials.
        [
            named("Ana A Lopez"),
            named("Ana Lopez"),
            named("Ana J Lopez"),
        ],
        [
            named("Thaddeus Jones Jr"),
            named("Thaddeus Jones"),
            named("Thaddeus Jones Sr"),
        ],
        [
            named("Acme Trading Goods LLC"),
            named("Acme Trading Goods"),
            named("Acme Trading Goods Inc"),
        ],
        [named("Ana Lopez"), named("Lopez"), named("Robert Lopez")],
    ];
    for chain in &chains {
        for order in [["1", "2", "3"], ["3", "1", "2"], ["2", "3", "1"]] {
            let rows: Vec<Row> = chain
                .iter()
                .zip(order)
                .map(|(party, id)| row(id, party))
                .collect();
            assert_apart(&rows, [order[0], order[2]]);
        }
    }
}

#[test]
fn who_has_moved_is_one_person_with_both_homes() {
    let away = living("99 Cedar Ave", "10001");
    let mail = |id, party| Row {
        email: "ana@lopez.example",
        phone: "512-555-0147",
        ..row(id, party)
    };
    let rows = [row("1", &ANA), mail("2", &ANA), mail("3", &away)];
    assert_eq!(match_people(&rows).clusters, [[0, 1, 2]]);
    // In any order of their scores: with the new home told more often than the old.
    let more = [
        row("1", &ANA),
        mail("2", &ANA),
        mail("3", &away),
        row("4", &away),
    ];
    assert_eq!(match_people(&more).clusters, [[0, 1, 2, 3]]);
}

#[test]
fn a_link_that_gives_way_is_told_with_its_reason() {
    let (four, none, five) = (
        living("12 Oak St Apt 4", "78701"),
        living("12 Oak St", "78701"),
        living("12 Oak St Apt 5", "78701"),
    );
    let rows = [row("1", &four), row("2", &none), row("3", &five)];
    let found = match_people(&rows);
    let refused = found.pairs.iter().filter(|pair| {
        pair.outcome == Outcome::Uncertain && pair.evidence.contains("not merged: rows of the one")
    });
    assert_eq!(refused.count(), 1, "{:?}", found.pairs);
    let initials = [
        row("1", &named("Ana A Lopez")),
        row("2", &named("Ana J Lopez")),
    ];
    let said = &match_people(&initials).pairs[0].evidence;
    assert!(said.contains("other initials"), "{said}");
}

/// The chains of many: nobody who contradicts another is with them, however many are between.
#[test]
fn a_contradiction_holds_however_many_are_between() {
    let many = [ANA; 60];
    let ids: Vec<String> = (0..60).map(|at| format!("m{at:02}")).collect();
    let mails: Vec<String> = (0..60).map(|at| format!("ana{at}@lopez.example")).collect();
    // Others make the name and the street rare, as they are in a file of any size.
    let names: Vec<String> = (0..600).map(|at| format!("Given{at} Family{at}")).collect();
    let streets: Vec<String> = (0..600).map(|at| format!("{at} Way{at} Rd")).collect();
    let homes = names.iter().zip(&streets);
    let homes: Vec<Party> = homes
        .map(|(name, street)| [name, street, "Dallas", "TX", "75201", "US"])
        .collect();
    let mut rows: Vec<Row> = homes
        .iter()
        .zip(&names)
        .map(|(party, id)| row(id, party))
        .collect();
    rows.extend(
        many.iter()
            .zip(&ids)
            .zip(&mails)
            .map(|((party, id), email)| Row {
                email,
                ..row(id, party)
            }),
    );
    let (four, five) = (
        living("12 Oak St Apt 4", "78701"),
        living("12 Oak St Apt 5", "78701"),
    );
    rows.push(row("x4", &four));
    rows.push(row("x5", &five));
    let found = match_people(&rows);
    let (_, clusters) = by_id(&rows, &found);
    let hers = clusters
        .iter()
        .find(|cluster| cluster.contains(&ids[0]))
        .unwrap();
    let flats = hers.iter().filter(|id| id.starts_with('x')).count();
    assert_eq!((hers.len(), flats), (61, 1), "{hers:?}");
}

#[test]
fn texts_of_any_length_and_sign_are_compared() {
    const LONG: usize = 1 << 16;
    let long: Vec<String> = [
        "Mr ",
        "A ",
        "Jr ",
        "x y ",
        "12 ",
        "42nd ",
        "N St ",
        "c/o ",
        "#4 ",
        "王",
        "\u{301}",
        "\u{fdfa}",
        "\u{202e}a",
        "ﬃ",
        "\u{0}",
        "'",
        "½",
        "\u{1f468}\u{200d}",
    ]
    .iter()
    .map(|part| part.repeat(LONG / part.len()))
    .collect();
    for text in &long {
        let party = [text, text, text, text, text, "US"].map(|part| -> &str { part });
        let slip = format!("{text}b");
        let other = [&slip, &slip, text, text, text, "US"].map(|part| -> &str { part });
        let rows = [
            Row {
                email: text,
                phone: text,
                ..row("1", &party)
            },
            row("2", &other),
        ];
        let found = match_people(&rows);
        assert!(found.pairs.len() < 2);
    }
}

#[test]
fn evidence_is_in_words() {
    let rows = [
        row("1", &ANA),
        row(
            "2",
            &["Ana Lopes", "12 Oka Street", "Austin", "TX", "78701", "US"],
        ),
    ];
    let found = match_people(&rows);
    let evidence = &found.pairs[0].evidence;
    assert_eq!(
        evidence,
        "same given name, surname differs by one letter; \
         same postcode, house number, city, state and country; street spelled otherwise"
    );
}

#[test]
fn clusters_with_too_many_rows_stay_apart_and_say_why() {
    // Two of one name who have moved often, each with an e-mail address and a telephone of their own,
    // and once into the same house. Around them others, of other names.
    const HOUSES: usize = 33;
    const OTHERS: usize = 1_500;
    let syllable =
        |at: usize| ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu"][at % 10];
    let word = |at: usize| [at, at / 10, at / 100, at / 7].map(syllable).concat();
    let names: Vec<String> = (0..OTHERS)
        .map(|at| format!("{} {}", word(at), word(3 * at + 1)))
        .collect();
    let streets: Vec<String> = (0..OTHERS + 2 * HOUSES)
        .map(|at| match at < 2 * HOUSES {
            true => format!("{} Birkenhead St", 100 + 7 * at),
            false => format!("{} {} St", 100 + 7 * at, word(at / 5)),
        })
        .collect();
    let codes: Vec<String> = (0..OTHERS + 2 * HOUSES)
        .map(|at| format!("{:05}", 10_000 + 41 * at))
        .collect();
    let ids: Vec<String> = (0..OTHERS + 2 * HOUSES)
        .map(|at| format!("{at:05}"))
        .collect();
    let rows: Vec<Row<'_>> = (0..OTHERS + 2 * HOUSES)
        .map(|at| {
            let of = Row {
                id: &ids[at],
                street: &streets[if at == HOUSES { 0 } else { at }],
                city: "Austin",
                state: "TX",
                postal_code: &codes[if at == HOUSES { 0 } else { at }],
                country: "US",
                ..Row::default()
            };
            let (name, email, phone) = match at / HOUSES {
                0 => ("Thaddeus Vandermeer", "one@example.org", "5125550142"),
                1 => ("Thaddeus Vandermeer", "two@example.net", "7375550199"),
                _ => (names[at - 2 * HOUSES].as_str(), "", ""),
            };
            Row {
                name,
                email,
                phone,
                ..of
            }
        })
        .collect();
    let found = match_people(&rows);
    let sizes: Vec<usize> = found.clusters.iter().map(Vec::len).collect();
    let bridge = found
        .pairs
        .iter()
        .find(|pair| (pair.a, pair.b) == (0, HOUSES));
    assert_eq!(sizes, [HOUSES, HOUSES]);
    let bridge = bridge.expect("they share a house");
    assert_eq!(bridge.outcome, Outcome::Uncertain);
    let why = "not merged: both have too many rows for each to be compared with each";
    assert!(bridge.evidence.ends_with(why), "{}", bridge.evidence);
}
