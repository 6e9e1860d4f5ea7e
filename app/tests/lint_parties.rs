//! Names that are none and addresses that are none are flagged; those that only look so are not.

mod linting;

use deminimis_office::lint::parties::{Parties, zip};
use linting::file;

/// Fields with their values.
type Fields = &'static [(&'static str, &'static str)];

#[rustfmt::skip]
const NOT_NAMES: &[(&str, &str)] = &[
    ("Unknown", "name-placeholder"), ("someone", "name-placeholder"), ("ANYONE", "name-placeholder"),
    ("Blank", "name-placeholder"), ("Don't know", "name-placeholder"), ("Not sure", "name-placeholder"),
    ("N/A", "name-placeholder"), ("n.a.", "name-placeholder"), ("test", "name-placeholder"),
    ("Test Test", "name-placeholder"), ("customer", "name-placeholder"), ("Customer Name", "name-placeholder"),
    ("Same as above", "name-placeholder"), ("same", "name-placeholder"), ("TBD", "name-placeholder"),
    ("To Order", "name-placeholder"), ("consignee", "name-placeholder"), ("Recipient", "name-placeholder"),
    ("First Last", "name-placeholder"), ("asdf", "name-placeholder"), ("null", "name-placeholder"),
    ("undefined", "name-placeholder"), ("Amazon Customer", "name-placeholder"), ("seller", "name-placeholder"),
    ("Mickey Mouse", "name-fiction"), ("Spider-Man", "name-fiction"), ("BATMAN", "name-fiction"),
    ("Santa Claus", "name-fiction"), ("SpongeBob SquarePants", "name-fiction"), ("Donald Duck", "name-fiction"),
    ("John Doe", "name-example"), ("Jane Doe", "name-example"), ("Max Mustermann", "name-example"),
    ("x", "name-too-short"), ("J.", "name-too-short"), ("xxx", "name-too-short"), ("AAAA", "name-too-short"),
    ("J S", "name-too-short"), ("12345", "name-no-letters"), ("-", "name-no-letters"),
    ("555 010 4477", "name-no-letters"), ("ana@example.com", "name-email"),
    ("Ana Ruiz ana@example.com", "name-email"), ("Ana Ruiz (555) 010-4477", "name-phone"),
    ("+1 555 010 4477 Ana", "name-phone"), ("Ana Ruiz 114-3941689-8772232", "name-phone"),
];

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "Marisol Vega", "Li", "Bo Li", "Wu", "O'Brien", "Ng", "J. R. Smith", "Mary Jane Unknown-Smith", "José Ñ. Álvarez",
    "H&M", "AT&T Inc", "3M Company", "3M", "7-Eleven", "Test Valley Pottery Ltd", "Customer Care Partners LLC",
    "Same Day Couriers Inc", "Blank & Sons", "Guest House Supply Co", "Buyer's Edge LLC", "Anna Blank", "Chris Null",
    "Person Centered Care Inc", "Jennifer Null", "Peter Parker", "Harry Potter", "James Bond", "Bruce Wayne",
    "John Dough", "John Doerr", "Mina Na", "Na Yoon-ah", "Thor Hansen", "Mario Rossi", "Santa Fe Trading Co",
    "Iron Mountain Inc", "Batman Ozturk", "李小龙", "王", "Ольга Ким", "Owner Operator Trucking LLC", "Home Depot",
    "Shop1102345678 Store", "Shenzhen 168 Trading Co", "Zhang Wei", "Resident Artists Gallery", "Company of Wolves LLC",
    "Ames & Tolliver LLP", "Studio 54", "Forever 21", "Order of Malta", "Sample Lab Supplies GmbH", "Private Label Foods",
    "A B Smith", "X Corp", "Da Nang Knitworks JSC", "Kim@Home LLC", "Abe", "Xi", "Unit 7 Ceramics",
];

#[test]
fn names_that_are_none_are_flagged() {
    let mut parties = Parties::new();
    for (name, rule) in NOT_NAMES {
        assert_eq!(
            parties.name(name).map_or("", |rule| rule.id),
            *rule,
            "{name}"
        );
    }
}

#[test]
fn names_that_may_be_one_are_left_alone() {
    let mut parties = Parties::new();
    for name in NAMES {
        assert_eq!(parties.name(name).map(|rule| rule.id), None, "{name}");
    }
    assert!(NAMES.len() >= 50);
}

#[rustfmt::skip]
const NOT_STREETS: &[(&str, Option<&str>, &str)] = &[
    ("same", None, "address-placeholder"), ("Same as above", None, "address-placeholder"),
    ("N/A", None, "address-placeholder"), ("unknown", None, "address-placeholder"),
    ("xxxx", None, "address-placeholder"), ("-", None, "address-placeholder"),
    ("123 Fake Street", None, "address-placeholder"), ("test address", None, "address-placeholder"),
    ("12345", None, "address-no-letters"), ("2217", None, "address-no-letters"),
    ("ana@example.com", None, "address-email"), ("Enfield Rd", None, "address-no-number"),
    ("Main Street", None, "address-no-number"), ("PO Box 12", Some("warehouse"), "address-po-box"),
    ("P.O. Box 9", Some("store"), "address-po-box"),
];

#[rustfmt::skip]
const STREETS: &[(&str, Option<&str>)] = &[
    ("2217 Enfield Rd", None), ("PO Box 12", None), ("P.O. Box 9", Some("person")), ("One Apple Park Way", None),
    ("General Delivery", None), ("RR 2 Box 15", None), ("1201 Third Ave", Some("warehouse")), ("213 Rue Royale", None),
    ("37-12 Main St", None), ("N6W23001 Bluemound Rd", None), ("77 Linden Blvd Apt 4C", None), ("HC 61 Box 8", None),
    ("815 Calle del Norte", None), ("12 Same St", None), ("100 Test Rd", None), ("4 Unknown Ct", None),
    ("Highway 61", None), ("Dock 4, Pier 39", Some("warehouse")),
];

#[test]
fn streets_that_are_none_are_flagged_and_others_left_alone() {
    let mut parties = Parties::new();
    for (street, kind, rule) in NOT_STREETS {
        assert_eq!(
            parties
                .street(street, *kind, true)
                .map_or("", |rule| rule.id),
            *rule,
            "{street}"
        );
    }
    for (street, kind) in STREETS {
        assert_eq!(
            parties.street(street, *kind, true).map(|rule| rule.id),
            None,
            "{street}"
        );
    }
    // Elsewhere many streets have no numbers.
    assert_eq!(
        parties
            .street("Rua das Flores", None, false)
            .map(|rule| rule.id),
        None
    );
}

#[rustfmt::skip]
const ZIPS: &[(&str, &str, &str)] = &[
    ("90210", "NY", "zip-state"), ("10001", "CA", "zip-state"), ("02139", "TX", "zip-state"),
    ("78703", "WA", "zip-state"), ("00901", "FL", "zip-state"), ("96799", "CA", "zip-state"),
    ("00000", "NY", "zip-unknown"), ("00401", "NY", "zip-unknown"), ("21301", "MD", "zip-unknown"),
    ("2139", "MA", "zip-form"), ("787031", "TX", "zip-form"), ("78703-12", "TX", "zip-form"),
    ("K1A 0B1", "NY", "zip-foreign"), ("SW1A 1AA", "TX", "zip-foreign"),
    ("90210", "CA", ""), ("10001", "NY", ""), ("02139", "MA", ""), ("02139-4307", "MA", ""), ("787031234", "TX", ""),
    ("00901", "PR", ""), ("00802", "VI", ""), ("96910", "GU", ""), ("96950", "MP", ""), ("96799", "AS", ""),
    ("99801", "AK", ""), ("96814", "HI", ""), ("06390", "NY", ""), ("42223", "TN", ""), ("86515", "NM", ""),
    ("09012", "AE", ""), ("20001", "DC", ""), ("20170", "VA", ""), ("83414", "WY", ""), ("88063", "TX", ""),
    ("79901", "TX", ""), ("88510", "TX", ""), ("05501", "MA", ""), ("19801", "DE", ""), ("39801", "GA", ""),
];

#[test]
fn zip_codes_are_held_against_their_state() {
    for (code, state, rule) in ZIPS {
        assert_eq!(
            zip(code, Some(state)).map_or("", |rule| rule.id),
            *rule,
            "{code} {state}"
        );
    }
    assert_eq!(
        zip("90210", None),
        None,
        "without a state nothing is compared"
    );
}

#[test]
fn a_party_is_judged_as_a_whole() {
    let base = [
        ("consignee_street", "2217 Enfield Rd"),
        ("consignee_city", "Austin"),
    ];
    let cases: [(Fields, &[&str]); 12] = [
        (
            &[
                ("consignee_state", "TX"),
                ("consignee_postal_code", "78703"),
            ],
            &[],
        ),
        (
            &[
                ("consignee_state", "Texas"),
                ("consignee_postal_code", "78703-1234"),
            ],
            &[],
        ),
        (
            &[
                ("consignee_state", "TX"),
                ("consignee_postal_code", "90210"),
            ],
            &["zip-state"],
        ),
        (
            &[
                ("consignee_state", "TX"),
                ("consignee_postal_code", "K1A 0B1"),
            ],
            &["zip-foreign"],
        ),
        (
            &[("consignee_state", "ON"), ("consignee_country", "US")],
            &["state-unknown"],
        ),
        (
            &[
                ("consignee_state", "ON"),
                ("consignee_country", "CA"),
                ("consignee_postal_code", "K1A 0B1"),
            ],
            &[],
        ),
        (&[("consignee_state", "ON")], &[]),
        (
            &[
                ("consignee_country", "CA"),
                ("consignee_postal_code", "90210"),
            ],
            &["country-ca"],
        ),
        (
            &[
                ("consignee_country", "PR"),
                ("consignee_postal_code", "00901"),
                ("consignee_state", "San Juan"),
            ],
            &[],
        ),
        (
            &[
                ("consignee_country", "MX"),
                ("consignee_postal_code", "06600"),
                ("consignee_state", "CDMX"),
            ],
            &[],
        ),
        (
            &[("consignee_city", "same"), ("consignee_state", "TX")],
            &["address-placeholder"],
        ),
        (
            &[
                ("shipper_name", "Anna Weber"),
                ("shipper_state", "WA"),
                ("shipper_postal_code", "6000"),
            ],
            &[],
        ),
    ];
    for (fields, rules) in cases {
        let linted = file().with(&base).with(fields).lint();
        assert_eq!(linted.rules(), rules, "{fields:?}");
    }
}

#[test]
fn a_party_that_ships_to_itself_is_flagged_unless_it_moves() {
    let same = [
        ("consignee_name", "Kenji Hayashida"),
        ("shipper_name", "KENJI HAYASHIDA"),
    ];
    assert_eq!(
        file().home().with(&same).lint().rules(),
        ["shipper-is-consignee"]
    );
    let gift = file()
        .home()
        .with(&same)
        .with(&[("purpose", "gift")])
        .lint();
    assert_eq!(gift.rules(), ["shipper-is-consignee"]);
    let moves = file().home().with(&same).with(&[
        ("purpose", "personal_effects"),
        ("description", "Personal effects"),
    ]);
    assert_eq!(moves.lint().rules(), [""; 0]);
    assert_eq!(
        file()
            .home()
            .with(&[("shipper_name", "Saigon Loom Co")])
            .lint()
            .rules(),
        [""; 0]
    );
}

#[test]
fn an_address_that_is_nowhere_is_asked_for_once_a_shipment() {
    assert_eq!(file().lint().rules(), ["address-missing"]);
    let delivered = file()
        .with(&[("delivered_to_street", "2217 Enfield Rd")])
        .lint();
    assert_eq!(delivered.rules(), [""; 0]);
}
