//! From text to words: capital ASCII letters and digits with one space between words. Text beyond
//! ASCII goes through `fold` first; what that keeps beyond ASCII counts as letters here.
//! It must not know what a word means.

use crate::fold::fold;

/// What `#` is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// A unit of a building, as in `12 Oak St #4`: the word `APT`.
    Apartment,
    /// A separator like others.
    Separator,
}

// What a byte is that is neither letter nor digit. One bit each, so that a run of them adds up
// and its order cannot matter.
/// `.` and `'`: nothing between letters (`O'Brien`, `P.O.`), else a space (`12.5` is not `125`).
const JOIN: u8 = 1;
const SPACE: u8 = 2;
/// `-` and `/` stay between digits: `37-12 82nd St` is not `3712`, `1/2` is not `12`.
const HYPHEN: u8 = 4;
const SLASH: u8 = 8;
/// Set when a run has more than one of them.
const MANY: u8 = 16;
const NUMBER_SIGN: u8 = 17;
const AMPERSAND: u8 = 18;

/// Letters and digits map to themselves in capitals, which are all at least `0`; bytes beyond
/// ASCII to themselves; all else to what it is.
static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [SPACE; 256];
    let mut byte = 0;
    while byte < 256 {
        let this = byte as u8;
        if this.is_ascii_alphanumeric() || !this.is_ascii() {
            classes[byte] = this.to_ascii_uppercase();
        }
        byte += 1;
    }
    classes[b'.' as usize] = JOIN;
    classes[b'\'' as usize] = JOIN;
    classes[b'`' as usize] = JOIN;
    classes[b'-' as usize] = HYPHEN;
    classes[b'/' as usize] = SLASH;
    classes[b'#' as usize] = NUMBER_SIGN;
    classes[b'&' as usize] = AMPERSAND;
    classes
}

/// Appends the words of `text` to `out`, without a space before the first or after the last.
/// Each word is handed to `finish` once it is whole: it is the end of `out` from the index given,
/// and `finish` may change it and what stands before it, but may not leave `out` with a space at
/// its end. Allocates only if `out` must grow or `text` is not ASCII.
pub(crate) fn words(
    text: &str,
    hash: Hash,
    out: &mut Vec<u8>,
    finish: impl FnMut(&mut Vec<u8>, usize),
) {
    if text.is_ascii() {
        split(text.as_bytes(), hash, out, finish);
    } else {
        split(fold(text).as_bytes(), hash, out, finish);
    }
}

fn split(text: &[u8], hash: Hash, out: &mut Vec<u8>, mut finish: impl FnMut(&mut Vec<u8>, usize)) {
    out.reserve(text.len());
    let start = out.len();
    let mut word = start;
    let mut gap = 0;
    let mut rest = text;
    while let Some(byte) = rest.first() {
        let class = CLASS[usize::from(*byte)];
        if class >= b'0' {
            if gap != 0 && out.len() > start {
                match between(gap, out[out.len() - 1], class) {
                    b' ' => next_word(out, &mut word, &mut finish),
                    0 => {}
                    sign => out.push(sign),
                }
            }
            gap = 0;
            let is_other = |byte: &u8| CLASS[usize::from(*byte)] < b'0';
            let end = rest.iter().position(is_other).unwrap_or(rest.len());
            out.extend(rest[..end].iter().map(|byte| CLASS[usize::from(*byte)]));
            rest = &rest[end..];
            continue;
        }
        rest = &rest[1..];
        let sign: &[u8] = match class {
            NUMBER_SIGN if hash == Hash::Apartment => b"APT",
            AMPERSAND => b"AND",
            _ => {
                let class = if class == NUMBER_SIGN { SPACE } else { class };
                gap = if gap == 0 { class } else { gap | class | MANY };
                continue;
            }
        };
        if out.len() > start {
            next_word(out, &mut word, &mut finish);
        }
        out.extend_from_slice(sign);
        gap = SPACE;
    }
    if out.len() > start {
        finish(out, word);
    }
}

/// What a run of other characters leaves between two: a space, a sign, or 0 for nothing.
fn between(gap: u8, before: u8, next: u8) -> u8 {
    let digits = before.is_ascii_digit() && next.is_ascii_digit();
    let letters = !before.is_ascii_digit() && !next.is_ascii_digit();
    match gap {
        HYPHEN if digits => b'-',
        SLASH if digits => b'/',
        _ if gap & !MANY == JOIN && letters => 0,
        _ => b' ',
    }
}

fn next_word(out: &mut Vec<u8>, word: &mut usize, finish: &mut impl FnMut(&mut Vec<u8>, usize)) {
    finish(out, *word);
    out.push(b' ');
    *word = out.len();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cleaned(text: &str) -> String {
        let mut out = Vec::new();
        words(text, Hash::Apartment, &mut out, |_, _| {});
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn words_of_ascii() {
        for (text, expected) in [
            ("", ""),
            ("  ., -/ ", ""),
            ("  ana   lopez ", "ANA LOPEZ"),
            ("Lopez,Ana", "LOPEZ ANA"),
            ("O'Brien", "OBRIEN"),
            ("P.O. Box 12", "PO BOX 12"),
            ("J. R. Smith", "J R SMITH"),
            ("Anne-Marie", "ANNE MARIE"),
            ("37-12 82nd St.", "37-12 82ND ST"),
            ("12 1/2 Oak", "12 1/2 OAK"),
            ("12 - 14", "12 14"),
            ("1--2", "1 2"),
            ("12.5 Oak", "12 5 OAK"),
            ("12..5", "12 5"),
            ("Apt.4B", "APT 4B"),
            ("4-B", "4 B"),
            ("#4", "APT 4"),
            ("12#4", "12 APT 4"),
            ("Smith&Co", "SMITH AND CO"),
            ("a\tb\r\nc\u{7f}d\0e", "A B C D E"),
        ] {
            assert_eq!(cleaned(text), expected, "{text:?}");
        }
    }

    #[test]
    fn output_is_appended() {
        let mut out = b"before".to_vec();
        words(" .a", Hash::Separator, &mut out, |_, _| {});
        words("#b", Hash::Separator, &mut out, |_, _| {});
        assert_eq!(out, b"beforeAB");
    }

    proptest! {
        #[test]
        fn the_fast_path_equals_the_slow_path(text in "[ -~\\t\\n]*") {
            let mut fast = Vec::new();
            let mut slow = Vec::new();
            split(text.as_bytes(), Hash::Apartment, &mut fast, |_, _| {});
            split(fold(&text).as_bytes(), Hash::Apartment, &mut slow, |_, _| {});
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn the_order_of_separators_does_not_matter(
            before in "[a-z0-9]{1,3}",
            run in proptest::collection::vec(
                proptest::sample::select(vec![' ', '.', ',', '\'', '-', '/', ';', '(', '*', '\t']),
                0..6,
            ),
            after in "[a-z0-9]{1,3}",
            turn in 0..6_usize,
        ) {
            let text = |run: &[char]| format!("{before}{}{after}", run.iter().collect::<String>());
            let mut turned = run.clone();
            turned.reverse();
            prop_assert_eq!(cleaned(&text(&run)), cleaned(&text(&turned)));
            turned.rotate_left(turn.min(run.len()));
            prop_assert_eq!(cleaned(&text(&run)), cleaned(&text(&turned)));
        }

        #[test]
        fn words_are_one_space_apart(text in "\\PC*") {
            let cleaned = cleaned(&text);
            prop_assert_eq!(cleaned.trim(), &cleaned);
            prop_assert!(!cleaned.contains("  "));
            prop_assert!(!cleaned.contains(|c: char| c.is_ascii_lowercase()));
        }
    }
}
