//! Properties of numbers and of the schedule, over texts and codes at random. A failure prints
//! the seed and the smallest case.

use deminimis_tariff::{Known, LostZeros, Number, NumberError, Prefix, Schedule};
use proptest::prelude::*;

/// A chapter that exists, and further digits to a length that exists.
fn digits() -> impl Strategy<Value = String> {
    let chapter = (1..=99_u8).prop_filter("chapter 77 does not exist", |chapter| *chapter != 77);
    let rest = prop_oneof![Just(2), Just(4), Just(6), Just(8)]
        .prop_flat_map(|count| proptest::collection::vec(0..10_u8, count));
    (chapter, rest).prop_map(|(chapter, rest)| {
        let rest: String = rest.iter().map(u8::to_string).collect();
        format!("{chapter:02}{rest}")
    })
}

/// A number of the file that every release printed, ten digits.
fn printed() -> impl Strategy<Value = &'static str> {
    let lines = include_str!("../us/figures.tsv").lines();
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    let open = rows.filter(|row| row.len() == 9 && row[1].is_empty() && row[2].is_empty());
    let numbers: Vec<&str> = open
        .map(|row| row[0])
        .filter(|number| number.len() == 10)
        .collect();
    proptest::sample::select(numbers)
}

/// Any day of 1970 to 2070.
fn day() -> impl Strategy<Value = i32> {
    0..36_525_i32
}

proptest! {
    #[test]
    fn a_number_is_its_text(text in digits()) {
        let number = Number::parse(&text).unwrap();
        prop_assert_eq!(number.to_string().replace('.', ""), text.clone());
        prop_assert_eq!(Number::parse(&number.to_string()), Ok(number));
        prop_assert_eq!(Number::from_digits(number.digits(), number.len()), Some(number));
        prop_assert_eq!(usize::from(number.len()), text.len());
        prop_assert_eq!(number.digits(), text.parse::<u64>().unwrap());
        prop_assert_eq!(number.chapter(), text[..2].parse::<u8>().unwrap());
    }

    #[test]
    fn order_and_prefix_are_those_of_the_text(a in digits(), b in digits()) {
        let (x, y) = (Number::parse(&a).unwrap(), Number::parse(&b).unwrap());
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(x.is_prefix_of(y), b.starts_with(&a));
        prop_assert_eq!(Prefix::from(x).is_prefix_of(y), b.starts_with(&a));
    }

    #[test]
    fn a_beginning_begins(text in digits(), cut in prop_oneof![Just(2_usize), Just(4), Just(6)]) {
        let number = Number::parse(&text).unwrap();
        let cut = cut.min(text.len());
        let prefix = Prefix::parse(&text[..cut]).unwrap();
        prop_assert!(prefix.is_prefix_of(number));
        let ((low, high), (first, last)) = (prefix.range10(), number.range10());
        prop_assert!(low <= first && first <= last && last <= high);
        prop_assert_eq!(last - first + 1, 10_u64.pow(10 - u32::from(number.len())));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let read = Number::parse(&text);
        if let Ok(number) = read {
            prop_assert_eq!(text.replace('.', ""), number.to_string().replace('.', ""));
            prop_assert!(Prefix::parse(&text).is_ok());
        }
        prop_assert!(Schedule::embedded().candidates_of_text(&text, 20_245).len() <= 5);
    }

    #[test]
    fn texts_of_digits_and_dots_are_read_or_refused(text in "[0-9.eE+]{0,14}") {
        if let Ok(number) = Number::parse(&text) {
            prop_assert_eq!(text.replace('.', ""), number.to_string().replace('.', ""));
        }
        prop_assert!(Schedule::embedded().candidates_of_text(&text, 20_245).len() <= 5);
    }

    /// Whatever number a spreadsheet shows as a quantity is refused or is still that number.
    #[test]
    fn a_spreadsheet_never_makes_another_number(text in digits()) {
        let number = Number::parse(&text).unwrap();
        let quantity = text.trim_start_matches('0');
        if quantity.len() != text.len() {
            let lost = NumberError::LostZeros(LostZeros::Leading);
            prop_assert_eq!(Number::parse(quantity), Err(lost));
        }
        // 6109.10 with one dot is the only usual form that is a decimal number.
        if number.len() == 6 {
            let dotted = number.to_string();
            let quantity = dotted.trim_start_matches('0').trim_end_matches('0');
            if quantity != dotted {
                prop_assert!(Number::parse(quantity).is_err(), "{}", quantity);
            }
        }
    }

    #[test]
    fn candidates_are_valid_new_and_few(text in digits(), day in day()) {
        let schedule = Schedule::embedded();
        let number = Number::parse(&text).unwrap();
        let found = schedule.candidates(number, day);
        prop_assert!(found.len() <= 5);
        prop_assert_eq!(&found, &schedule.candidates(number, day));
        for (index, candidate) in found.iter().enumerate() {
            prop_assert_eq!(schedule.knows(*candidate, day), Known::Yes);
            prop_assert_ne!(*candidate, number);
            prop_assert!(!found[..index].contains(candidate));
        }
    }

    #[test]
    fn a_printed_number_without_its_leading_zero_is_proposed(text in printed(), day in day()) {
        let schedule = Schedule::embedded();
        let number = Number::parse(text).unwrap();
        for length in [4, 6, 8, 10] {
            let first = Number::parse(&text[..length]).unwrap();
            prop_assert_eq!(schedule.knows(first, day), Known::Yes);
            if let Some(damaged) = text[..length].strip_prefix('0') {
                let found = schedule.candidates_of_text(damaged, day);
                prop_assert_eq!(found.first(), Some(&first));
            }
        }
        prop_assert!(!schedule.candidates(number, day).contains(&number));
    }

    #[test]
    fn what_is_known_has_known_beginnings(text in digits(), day in day()) {
        let schedule = Schedule::embedded();
        let number = Number::parse(&text).unwrap();
        if schedule.knows(number, day) == Known::Yes {
            for len in [4, 6, 8] {
                let first = number.first(len).map(|first| schedule.knows(first, day));
                prop_assert!(matches!(first, None | Some(Known::Yes)));
            }
        }
        if let Known::OnlyOtherDates { from, until } = schedule.knows(number, day) {
            let inside = from.is_none_or(|from| from <= day) && until.is_none_or(|until| day < until);
            prop_assert!(!inside);
            let then = from.or(until.map(|until| until - 1)).unwrap();
            prop_assert_eq!(schedule.knows(number, then), Known::Yes);
        }
    }
}
