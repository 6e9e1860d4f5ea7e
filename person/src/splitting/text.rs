//! Texts as marks: numbers that are equal if the texts are, for grouping and counting.
//! It must not keep the texts: marks cannot be read back by accident.

use crate::clean::{Hash, words};

/// The mark of an absent text.
pub(super) const NONE: u64 = 0;

/// The mark of some bytes; [`NONE`] if there are none. Eight bytes of BLAKE3, so that nobody can
/// choose texts that meet; by chance two of a million do with a probability below 10⁻⁷.
pub(super) fn mark(bytes: &[u8]) -> u64 {
    if bytes.is_empty() {
        return NONE;
    }
    let hash = blake3::hash(bytes);
    let mut mark = [0; 8];
    mark.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(mark).max(1)
}

/// The mark of several marks in their order; never [`NONE`].
pub(super) fn joint(marks: &[u64]) -> u64 {
    let bytes: Vec<u8> = marks.iter().flat_map(|mark| mark.to_le_bytes()).collect();
    mark(&bytes).max(1)
}

/// The words of a text, in capitals.
pub(super) fn words_of(text: &str) -> Vec<Vec<u8>> {
    let mut clean = Vec::new();
    words(text, Hash::Separator, &mut clean, |_, _| {});
    clean
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

/// What stands at the end of a seller's name in one place and not in another: legal forms, and
/// what a marketplace adds.
const ENDS: [&[u8]; 18] = [
    b"CO",
    b"COMPANY",
    b"CORP",
    b"GMBH",
    b"INC",
    b"LIMITED",
    b"LLC",
    b"LLP",
    b"LP",
    b"LTD",
    b"PLC",
    b"PTY",
    b"PVT",
    b"SA",
    b"OFFICIAL",
    b"ONLINE",
    b"US",
    b"USA",
];

/// The mark of a seller: the name without such ends and spaces. Two companies may so be
/// taken for one, which a flag can bear; a limit could not.
pub(super) fn seller(name: &str) -> u64 {
    let mut kept = words_of(name);
    while kept.len() > 1
        && kept
            .last()
            .is_some_and(|word| ENDS.contains(&word.as_slice()))
    {
        kept.pop();
    }
    mark(&kept.concat())
}

/// A number that a sender gave out: an order's or a bill's.
#[derive(Clone, Copy, Default)]
pub(super) struct Number {
    /// The mark of the whole, without signs and spaces.
    pub whole: u64,
    /// The mark without a part at the end (`SO-1200-2`, `SO-1200/B`, `SO-1200B`); of the whole if
    /// there is none.
    pub base: u64,
    /// Whether the part at the end says that the parcel replaces another (`SO-1200-R`).
    pub replaces: bool,
    /// Whether it is too long to be given twice by chance.
    pub long: bool,
    /// The mark of what stands around the last digits, and these digits.
    pub series: u64,
    pub at: Option<u64>,
}

/// The longest part of an order's number that counts the parcel: `-2`, `/12`, `-B`.
const PART: usize = 2;
/// What is left without it must be a number by itself.
const BASE: usize = 4;
/// Letters and digits of a number that no two senders give.
const ENOUGH: usize = 8;

/// Parts at the end that mark what is sent again: a replacement or a return.
const REPLACES: [&str; 3] = ["R", "RE", "RMA"];

impl Number {
    pub fn of(text: &str) -> Number {
        let upper = text.trim().to_uppercase();
        let kept = |text: &str| -> Vec<u8> {
            let signs = |c: &char| c.is_alphanumeric();
            text.chars().filter(signs).collect::<String>().into_bytes()
        };
        let whole = kept(&upper);
        let in_two = upper.rsplit_once(|c: char| !c.is_alphanumeric());
        let is_number = |base: &[u8]| base.len() >= BASE && base.iter().any(u8::is_ascii_digit);
        let base = in_two
            .filter(|(_, part)| is_part(part))
            .map(|(base, _)| kept(base))
            .filter(|base| is_number(base));
        let base = base.as_deref().unwrap_or(&whole);
        // A letter at the end counts parcels without a sign before it too (`SO-1200B`).
        let base = match base {
            [base @ .., letter] if letter.is_ascii_uppercase() && is_number(base) => base,
            base => base,
        };
        let digits = |byte: &u8| byte.is_ascii_digit();
        let end = whole.iter().rposition(digits).map_or(0, |at| at + 1);
        let start = whole[..end].iter().rposition(|byte| !digits(byte));
        let start = start.map_or(0, |at| at + 1);
        let at = str::from_utf8(&whole[start..end]).unwrap_or_default();
        Number {
            whole: mark(&whole),
            replaces: in_two.is_some_and(|(_, part)| REPLACES.contains(&part)),
            base: mark(base),
            long: base.len() >= ENOUGH,
            series: joint(&[mark(&whole[..start]), mark(&whole[end..])]),
            at: at.parse().ok(),
        }
    }
}

/// Whether a text counts parcels: one or two digits, or one letter.
fn is_part(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let letter = text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    text.len() <= PART && (digits || letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sellers_without_legal_form() {
        for (a, b) in [
            ("Foo Trading Co., Ltd.", "FOO TRADING"),
            ("Acme Inc", "ACME LLC"),
            ("Blue Sky Store", "BlueSky store"),
        ] {
            assert_eq!(seller(a), seller(b), "{a} {b}");
        }
        assert_ne!(seller("Foo Trading"), seller("Foo Traders"));
        assert_eq!(seller(" ,. "), NONE);
        assert_ne!(seller("Co"), NONE);
    }

    #[test]
    fn numbers_and_their_parts() {
        let base = |text| Number::of(text).base;
        for part in [
            "SO-1200-1",
            "so 1200/2",
            "SO1200-B",
            "#SO-1200 03",
            "SO1200C",
        ] {
            assert_eq!(base(part), base("SO-1200"), "{part}");
            assert_ne!(
                Number::of(part).whole,
                Number::of("SO-1200").whole,
                "{part}"
            );
        }
        for other in ["SO-1201", "SO-1200-123", "SO-12", "SO-1200-AB"] {
            assert_ne!(base(other), base("SO-1200"), "{other}");
        }
        // What is left would be no number by itself.
        assert_ne!(base("A-1"), base("A-2"));
        assert_eq!(Number::of("  ").whole, NONE);
    }

    #[test]
    fn numbers_of_one_series() {
        let (a, b) = (Number::of("SO-1209-X"), Number::of("SO-1210-X"));
        assert_eq!((a.series, a.at, b.at), (b.series, Some(1209), Some(1210)));
        assert_ne!(Number::of("SP-1209-X").series, a.series);
        // Too long for a number, and none at all.
        assert_eq!(Number::of("99999999999999999999999").at, None);
        assert_eq!(Number::of("abc").at, None);
    }

    #[test]
    fn marks() {
        assert_eq!(mark(b""), NONE);
        assert_ne!(mark(b"A"), mark(b"B"));
        assert_ne!(joint(&[1, 2]), joint(&[2, 1]));
        assert_ne!(joint(&[]), NONE);
    }
}
