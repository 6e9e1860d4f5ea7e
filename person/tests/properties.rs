//! Properties of normalisation and of keys, over words that the rules know and over any text. A
//! failure prints the seed and the smallest case.

use deminimis_person::{
    Key, PartyText, Scratch, normalise_address, normalise_city, normalise_country, normalise_name,
    normalise_postcode, normalise_state,
};
use proptest::prelude::*;

type Normalise = fn(&str, &mut Vec<u8>);

const ALL: [Normalise; 6] = [
    normalise_name,
    normalise_address,
    normalise_city,
    normalise_state,
    normalise_country,
    |text, out| normalise_postcode(text, Some("US"), out),
];

fn of(normalise: Normalise, text: &str) -> String {
    let mut out = Vec::new();
    normalise(text, &mut out);
    String::from_utf8(out).unwrap()
}

/// Lines of the words and signs that rules look for, in any order.
fn line() -> impl Strategy<Value = String> {
    let words = [
        "mr",
        "Mrs",
        "MISTER",
        "dr.",
        "Doctor",
        "miss",
        "and",
        "&",
        "J",
        "J.",
        "Ana",
        "Lopez",
        "O'Brien",
        "Junior",
        "senior",
        "Limited",
        "Liability",
        "Company",
        "co",
        "Ltd",
        "L",
        "C",
        "l.l.c.",
        "Inc",
        "12",
        "37-12",
        "1/2",
        "½",
        "#",
        "#4",
        "No",
        "number",
        "Apt",
        "unit",
        "Suite",
        "P",
        "O",
        "P.O.",
        "post",
        "Office",
        "Box",
        "North",
        "EAST",
        "n",
        "southwest",
        "Street",
        "st",
        "Avenue",
        "Court",
        "Saint",
        "Fort",
        "fl",
        "Floor",
        "first",
        "Texas",
        "New",
        "York",
        "78701",
        "78701-1234",
        "2139",
        "é",
        "ß",
        "王",
        "-",
        "/",
        ".",
    ];
    let glue = proptest::sample::select(vec![" ", ", ", "  ", ". ", "-", "/", "'", ".", ""]);
    let word = (proptest::sample::select(words.to_vec()), glue);
    proptest::collection::vec(word, 0..8).prop_map(|words| {
        words
            .iter()
            .map(|(word, glue)| format!("{word}{glue}"))
            .collect()
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => line(), 1 => "\\PC{0,12}", 1 => "[ -~]{0,16}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn twice_is_once(text in text()) {
        for (index, normalise) in ALL.into_iter().enumerate() {
            let once = of(normalise, &text);
            prop_assert_eq!(of(normalise, &once), once, "function {}", index);
        }
    }

    #[test]
    fn output_is_trimmed_words_after_what_was_there(text in text()) {
        for normalise in ALL {
            let mut out = b"before".to_vec();
            normalise(&text, &mut out);
            prop_assert!(out.starts_with(b"before"));
            let appended = String::from_utf8(out.split_off(6)).unwrap();
            prop_assert_eq!(&appended, &of(normalise, &text));
            prop_assert_eq!(appended.trim(), &appended);
            prop_assert!(!appended.contains("  "));
        }
    }

    #[test]
    fn case_and_outer_signs_do_not_matter(text in "[ -~]{0,24}") {
        for normalise in &ALL[..5] {
            let plain = of(*normalise, &text);
            prop_assert_eq!(of(*normalise, &text.to_ascii_lowercase()), plain.clone());
            prop_assert_eq!(of(*normalise, &text.to_ascii_uppercase()), plain.clone());
            prop_assert_eq!(of(*normalise, &format!(" ,;{text} *; ")), plain);
        }
    }

    #[test]
    fn signs_between_words_do_not_matter(
        words in proptest::collection::vec("[a-zA-Z]{1,8}|[0-9]{1,4}", 1..6),
        signs in proptest::sample::select(vec![" ", "  ", ", ", " ,", ";", ". ", " .", "\t", " - "]),
    ) {
        for normalise in &ALL[..3] {
            prop_assert_eq!(of(*normalise, &words.join(signs)), of(*normalise, &words.join(" ")));
        }
    }

    #[test]
    fn keys_depend_on_the_normalised_parts_alone(
        name in text(),
        street in text(),
        city in text(),
        state in text(),
        postal_code in text(),
        country in prop_oneof![Just(None), Just(Some("US")), Just(Some("DE"))],
    ) {
        let mut scratch = Scratch::new();
        let party = PartyText {
            name: Some(&name),
            street: Some(&street),
            city: Some(&city),
            state: Some(&state),
            postal_code: Some(&postal_code),
            country,
        };
        let key = Key::of(&party, "person", None, &mut scratch);
        prop_assert_eq!(key, Key::of(&party, "person", None, &mut scratch));
        let last = scratch.last();
        let parts = [last.name, last.street, last.city, last.state, last.country, last.postal_code];
        let parts = parts.map(str::to_owned);
        let again = PartyText {
            name: Some(&parts[0]),
            street: Some(&parts[1]),
            city: Some(&parts[2]),
            state: Some(&parts[3]),
            postal_code: Some(&parts[5]),
            country: Some(&parts[4]),
        };
        prop_assert_eq!(key, Key::of(&again, "person", None, &mut scratch));
        if let Ok(key) = key {
            prop_assert_eq!(key.to_string().len(), 32);
            let secret = Key::of(&party, "person", Some(&[7; 32]), &mut scratch);
            prop_assert_ne!(Ok(key), secret);
        }
    }
}
