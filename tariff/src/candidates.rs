//! What may have been meant by a number that the schedule does not have, or by a text that is no
//! number. For a person to choose from: it must never be taken without asking.

use crate::{Known, LostZeros, Number, NumberError, Schedule, parse};

/// How many are proposed. More would not be read.
const MOST: usize = 5;

impl Schedule {
    /// Up to five numbers that the schedule has on `at_day` (days since 1970-01-01) and that
    /// `number` may have been meant to be, the likelier first:
    ///
    /// 1. a leading zero lost and the end filled with a zero, or the reverse;
    /// 2. two neighbouring digits exchanged, from the right: the heading is the part people know;
    /// 3. one digit wrong, from the right, lesser digits first;
    /// 4. the longest beginning of the number that the schedule has.
    ///
    /// The order is fixed. A number that the schedule has is not proposed for itself. Chapters 98
    /// and 99 are never proposed, because they cannot be checked here.
    #[must_use]
    pub fn candidates(&self, number: Number, at_day: i32) -> Vec<Number> {
        let mut found = Found::new(self, at_day, Some(number));
        let (digits, len) = (number.digits(), number.len());
        let width = usize::from(len);
        let text = format!("{digits:0width$}");
        if let Some(rest) = text.strip_suffix('0') {
            found.offer_text(&format!("0{rest}"));
        }
        if let Some(rest) = text.strip_prefix('0') {
            found.offer_text(&format!("{rest}0"));
        }
        let tens = |place: u8| 10_u64.pow(u32::from(place));
        // Places count from the right, so that a code of many digits is changed at its end first.
        let digit = |place: u8| digits / tens(place) % 10;
        for place in 0..len - 1 {
            let (low, high) = (digit(place), digit(place + 1));
            let moved = digits - low * tens(place) - high * tens(place + 1);
            found.offer(moved + high * tens(place) + low * tens(place + 1), len);
        }
        for place in 0..len {
            let without = digits - digit(place) * tens(place);
            for other in 0..10 {
                found.offer(without + other * tens(place), len);
            }
        }
        found.offer_beginning(number);
        found.numbers
    }

    /// The same for a text that [`Number::parse`] refuses. If it lost zeros they are put back:
    /// one in front, then one to three at the end, then both; an exponent is worked out first. If
    /// it has wrong characters or dots, its digits are taken alone. If nothing fits so, the longest
    /// beginning that the schedule has. A text that is a number is answered as by
    /// [`candidates`](Self::candidates).
    ///
    /// Empty if the text holds no digits or more than ten of them.
    #[must_use]
    pub fn candidates_of_text(&self, text: &str, at_day: i32) -> Vec<Number> {
        let lost = match Number::parse(text) {
            Ok(number) => return self.candidates(number, at_day),
            Err(NumberError::LostZeros(lost)) => Some(lost),
            Err(_) => None,
        };
        let mut found = Found::new(self, at_day, None);
        let digits = written_digits(text);
        if digits.len() > 10 {
            return found.numbers;
        }
        // A short last group says that the front is whole, a short first one alone the reverse.
        let whole = !matches!(
            lost,
            Some(LostZeros::Leading | LostZeros::Both | LostZeros::Trailing)
        );
        if whole && let Ok(number) = Number::parse(&digits) {
            if found.fits(number) {
                return vec![number];
            }
            if lost.is_none() {
                return self.candidates(number, at_day);
            }
            // An exponent: its last zeros stand for lost digits, so no digit is likely wrong.
            found.offer_beginning(number);
            return found.numbers;
        }
        let ends: [&[&str]; 3] = [&[""], &["0", "00", "000"], &["0", "00", "000"]];
        let fronts = match lost {
            Some(LostZeros::Trailing) => [None, Some(""), None],
            Some(LostZeros::Both) => [None, None, Some("0")],
            _ => [Some("0"), Some(""), Some("0")],
        };
        for (front, ends) in fronts.into_iter().zip(ends) {
            let Some(front) = front else { continue };
            ends.iter()
                .for_each(|end| found.offer_text(&format!("{front}{digits}{end}")));
        }
        for front in fronts.into_iter().flatten() {
            let begun = format!("{front}{digits}");
            let longest = [10, 8, 6, 4]
                .into_iter()
                .find_map(|length| begun.get(..length));
            if let Some(number) = longest.and_then(|text| Number::parse(text).ok())
                && found.numbers.is_empty()
            {
                found.offer_beginning(number);
            }
        }
        found.numbers
    }
}

/// The digits of a text as they were written. `9.503E+03` is 9503, `6109100012.0` loses the
/// decimal that a program has added.
fn written_digits(text: &str) -> String {
    if let Some((whole, part, exponent)) = parse::exponent(text) {
        let part = part.trim_end_matches('0');
        let zeros = (exponent as usize).checked_sub(part.len());
        return zeros.map_or_else(String::new, |zeros| {
            format!("{whole}{part}{}", "0".repeat(zeros))
        });
    }
    let mut whole = text;
    if let Some((before, "0")) = text.split_once('.')
        && before.len() > 4
    {
        whole = before;
    }
    whole.chars().filter(char::is_ascii_digit).collect()
}

/// The proposals so far.
struct Found<'a> {
    schedule: &'a Schedule,
    at_day: i32,
    not: Option<Number>,
    numbers: Vec<Number>,
}

impl Found<'_> {
    fn new(schedule: &Schedule, at_day: i32, not: Option<Number>) -> Found<'_> {
        Found {
            schedule,
            at_day,
            not,
            numbers: Vec::new(),
        }
    }

    fn offer_text(&mut self, digits: &str) {
        if let Ok(number) = Number::parse(digits) {
            self.offer_number(number);
        }
    }

    fn offer(&mut self, digits: u64, len: u8) {
        if let Some(number) = Number::from_digits(digits, len) {
            self.offer_number(number);
        }
    }

    /// The longest beginning of `number` that is known and not proposed yet.
    fn offer_beginning(&mut self, number: Number) {
        let beginnings = [10, 8, 6, 4]
            .into_iter()
            .filter_map(|len| number.first(len));
        if let Some(longest) = beginnings.into_iter().find(|number| self.fits(*number)) {
            self.offer_number(longest);
        }
    }

    fn fits(&self, number: Number) -> bool {
        Some(number) != self.not && self.schedule.knows(number, self.at_day) == Known::Yes
    }

    fn offer_number(&mut self, number: Number) {
        let room = self.numbers.len() < MOST && !self.numbers.contains(&number);
        if room && self.fits(number) {
            self.numbers.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-06-06.
    const DAY: i32 = 20_245;

    fn of(text: &str) -> Vec<String> {
        let found = Schedule::embedded().candidates_of_text(text, DAY);
        found.iter().map(Number::to_string).collect()
    }

    #[test]
    fn lost_zeros_are_put_back() {
        for (text, meant) in [
            ("409000005", "0409.00.0005"),
            ("409.00.0005", "0409.00.0005"),
            ("40900", "0409.00"),
            ("409", "0409"),
            ("6109.1", "6109.10"),
            ("0101.3", "0101.30"),
            ("0101.30.000", "0101.30.0000"),
            ("101.3", "0101.30"),
            ("9.503E+03", "9503"),
            ("6109100012.0", "6109.10.0012"),
            ("409000005.0", "0409.00.0005"),
        ] {
            assert_eq!(of(text)[0], meant, "{text}");
        }
    }

    #[test]
    fn an_exponent_gives_what_is_left() {
        // 6.1091E+09 is 6109100000; the last digits are gone, its beginning is not.
        assert_eq!(of("6.1091E+09"), ["6109.10.00"]);
        assert_eq!(of("6.1E+09"), [] as [&str; 0]);
        assert_eq!(of("9.5E+99"), [] as [&str; 0]);
    }

    #[test]
    fn other_signs_are_left_out() {
        assert_eq!(of("6109-10-0012")[0], "6109.10.0012");
        assert_eq!(of(" 6109.10.0012 ")[0], "6109.10.0012");
        assert_eq!(of("610910.0012")[0], "6109.10.0012");
    }

    #[test]
    fn nothing_is_proposed_for_nothing() {
        for text in ["", "none", "12345678901", "77", "0", "....", "E5"] {
            assert_eq!(of(text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn a_zero_put_back_at_the_wrong_end() {
        // 0409.00.0005 without its first zero, filled at the end; and the reverse.
        assert_eq!(of("4090000050")[0], "0409.00.0005");
        assert_eq!(of("0610910004")[0], "6109.10.0040");
    }

    #[test]
    fn exchanged_digits_come_before_wrong_ones() {
        assert_eq!(of("6109.10.0021")[0], "6109.10.0012");
        assert_eq!(of("6190.10")[0], "6109.10");
    }

    #[test]
    fn wrong_digits_come_from_the_right_in_order() {
        // The file has 6109100011, …12, …14, …18 and …23; 6109100031 would need two digits.
        let meant = ["11", "12", "14", "18", "23"].map(|end| format!("6109.10.00{end}"));
        assert_eq!(of("6109.10.0013"), meant);
    }

    #[test]
    fn the_beginning_is_left_where_no_number_is_near() {
        assert_eq!(of("6109.10.9999"), ["6109.10"]);
        assert_eq!(of("6109.10.0099"), ["6109.10.00"]);
        assert_eq!(of("9102.11.1099"), ["9102.11.10"]);
    }

    #[test]
    fn chapters_98_and_99_are_not_proposed() {
        assert_eq!(of("9903.88.1"), [] as [&str; 0]);
    }
}
