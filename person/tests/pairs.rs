//! Which parties are one person and which are not: the rules, said in pairs.

use deminimis_person::{Key, PERSON_RULES, PartyText, Scratch};

/// Name, street, city, state, postal code, country; `-` for absent.
type Row = [&'static str; 6];

const ANA: Row = ["Ana Lopez", "12 Oak St", "Austin", "TX", "78701", "US"];

fn key(row: Row) -> Key {
    let [name, street, city, state, postal_code, country] =
        row.map(|part| (part != "-").then_some(part));
    let party = PartyText {
        name,
        street,
        city,
        state,
        postal_code,
        country,
    };
    Key::of(&party, "person", None, &mut Scratch::new()).unwrap()
}

#[test]
fn one_person() {
    for row in [
        ["ANA LOPEZ", "12 OAK ST", "AUSTIN", "TX", "78701", "us"],
        [
            "  Ana  López. ",
            "12 Oak Street",
            "austin",
            "Texas",
            "78701-1234",
            "US",
        ],
        [
            "Ms. Ana Lopez",
            "12, Oak St.",
            "Austin,",
            "tx",
            "787011234",
            "USA",
        ],
        [
            "Ａｎａ Lo\u{301}pez",
            "12 Oak\tST",
            "Austin",
            "T.X.",
            "78701 1234",
            "United States",
        ],
        ["Ana Lopez", "12 Oak St", "Austin", "TX", "78701", "-"],
        ["Ana Lopez", "12 Oak St", "Austin", "TX", "78701-9999", " "],
    ] {
        assert_eq!(key(row), key(ANA), "{row:?}");
    }
    for (a, b) in [
        (
            [
                "Acme Company Limited",
                "1 Main Ave #4",
                "Saint Paul",
                "Minnesota",
                "55101",
                "US",
            ],
            [
                "ACME CO., LTD.",
                "1 Main Avenue Apt. 4",
                "St. Paul",
                "MN",
                "55101-0001",
                "US",
            ],
        ),
        (
            ["J Doe", "P.O. Box 7", "Boston", "MA", "2139", "US"],
            ["J. Doe", "PO BOX 7", "BOSTON", "MA", "02139", "US"],
        ),
        (
            ["Zoë Müller", "Hauptstraße 5", "Köln", "-", "50667", "DE"],
            ["ZOE MULLER", "Hauptstrasse 5", "Koln", "", "50667", "de"],
        ),
        (
            ["Ana Lopez", "-", "-", "-", "-", "-"],
            ["ana lopez", "", " ", ".", "-", "-"],
        ),
    ] {
        assert_eq!(key(a), key(b), "{a:?} {b:?}");
    }
}

#[test]
fn different_persons() {
    for row in [
        ["Anna Lopez", "12 Oak St", "Austin", "TX", "78701", "US"],
        ["Lopez Ana", "12 Oak St", "Austin", "TX", "78701", "US"],
        ["A Lopez", "12 Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez Jr", "12 Oak St", "Austin", "TX", "78701", "US"],
        ["Mrs Ana Lopez", "12 Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez Ltd", "12 Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez", "12-1 Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez", "121 Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez", "12 1/2 Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez", "12½ Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez", "12 Oak Ave", "Austin", "TX", "78701", "US"],
        [
            "Ana Lopez",
            "12 Oak St Apt 4",
            "Austin",
            "TX",
            "78701",
            "US",
        ],
        ["Ana Lopez", "12 N Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez", "12 Oak St", "Austin", "TX", "78702", "US"],
        ["Ana Lopez", "12 Oak St", "Dallas", "TX", "78701", "US"],
        ["Ana Lopez", "12 Oak St", "Austin", "TN", "78701", "US"],
        ["Ana Lopez", "12 Oak St", "Austin", "TX", "78701", "MX"],
        ["Ana Lopez", "-", "-", "-", "-", "-"],
        ["-", "12 Oak St", "Austin", "TX", "78701", "US"],
        // The same words, divided otherwise.
        ["Ana", "Lopez 12 Oak St", "Austin", "TX", "78701", "US"],
        ["Ana Lopez", "12 Oak St Austin", "-", "TX", "78701", "US"],
    ] {
        assert_ne!(key(row), key(ANA), "{row:?}");
    }
    for (a, b) in [
        ("Mr J Lopez", "Mrs J Lopez"),
        ("Mr J Lopez", "Dr J Lopez"),
        ("Mr John Smith", "Mrs John Smith"),
        ("王伟", "汪伟"),
        ("Иван", "Ivan"),
        ("Acme Inc", "Acme LLC"),
        ("James Thomas", "Thomas James"),
    ] {
        let of = |name| key([name, "1 Elm St", "Troy", "NY", "12180", "US"]);
        assert_ne!(of(a), of(b), "{a} {b}");
    }
    for (a, b) in [
        ("100 North St", "100 N St"),
        ("12.5 Oak St", "125 Oak St"),
        ("12½ Oak St", "121/2 Oak St"),
        ("12² Oak St", "122 Oak St"),
        ("37-12 82nd St", "3712 82nd St"),
        ("1 Elm St Ste 4", "1 Elm St Apt 4"),
        ("1-2 3 Elm St", "1 2-3 Elm St"),
    ] {
        let of = |street| key(["Ana Lopez", street, "Troy", "NY", "12180", "US"]);
        assert_ne!(of(a), of(b), "{a} {b}");
    }
}

/// If this fails, the rules have changed: ledgers hold keys of the old ones, so
/// `PERSON_RULES` must change with them.
#[test]
fn the_key_of_a_known_party_stays() {
    assert_eq!(PERSON_RULES, "exact-1");
    assert_eq!(key(ANA).to_string(), "6e45718d702c0158d94780e2d50e6b8f");
}
