//! Text beyond ASCII: compatibility forms and case made one (Unicode NFKC, lower case), Latin
//! letters written in ASCII, other scripts kept.
//!
//! Other scripts are not transliterated. Their transliteration is many to one (in Chinese a
//! syllable stands for dozens of characters, so 王伟 and 汪伟 would both be Wang Wei) and would
//! merge different persons. Within Latin the marks do go, although Hòa and Hóa are two names: a
//! consignee's data mostly comes with and without them at random.
//!
//! It must not be needed for ASCII, which it leaves as it is but for case.

use any_ascii::any_ascii_char;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The text with Latin letters and decimal digits in ASCII. Allocates.
pub(crate) fn fold(text: &str) -> String {
    let prepared: String = text.chars().flat_map(prepared).collect();
    let lower = prepared.nfkc().flat_map(char::to_lowercase);
    let mut out = String::with_capacity(text.len());
    for character in lower.nfkc() {
        write(character, &mut out);
    }
    out
}

/// What NFKC would run together: `12½` would be `121⁄2`, `12²` would be `122`. Spaces go around
/// characters that become digits and are not digits themselves. The acute accent that stands for
/// an apostrophe would become a space.
fn prepared(character: char) -> impl Iterator<Item = char> {
    let character = if character == '\u{b4}' {
        '\''
    } else {
        character
    };
    let mut has_digit = false;
    if !character.is_ascii() && !is_digit_form(character) {
        decompose_compatible(character, |part| has_digit |= part.is_ascii_digit());
    }
    let space = has_digit.then_some(' ');
    space.into_iter().chain([character]).chain(space)
}

/// Forms of the ten digits that differ in print alone: full width, mathematical, segmented.
fn is_digit_form(character: char) -> bool {
    matches!(character, '\u{ff10}'..='\u{ff19}' | '\u{1d7ce}'..='\u{1d7ff}' | '\u{1fbf0}'..='\u{1fbf9}')
}

fn write(character: char, out: &mut String) {
    match character {
        _ if character.is_ascii() => out.push(character),
        // Dashes and quotes that keyboards and word processors put for those of ASCII.
        '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
        '\u{2bb}' | '\u{2bc}' | '\u{2b9}' | '\u{2018}'..='\u{201b}' | '\u{2032}' => out.push('\''),
        '\u{2044}' | '\u{2215}' => out.push('/'),
        // Sigma at the end of a word is the same letter.
        'ς' => out.push('σ'),
        _ if is_invisible(character) => {}
        _ if is_combining_mark(character) => {
            // A mark that NFKC left on a Latin letter goes with the others; in other scripts
            // marks are vowels and change the word.
            if out.ends_with(|last: char| !last.is_ascii()) {
                out.push(character);
            }
        }
        _ if is_latin(character) => {
            let letters = any_ascii_char(character).chars();
            out.extend(letters.map(|letter| letter.to_ascii_lowercase()));
        }
        _ if character.is_numeric() => match any_ascii_char(character).as_bytes() {
            [digit] if digit.is_ascii_digit() => out.push(char::from(*digit)),
            _ => out.push(character),
        },
        _ if character.is_alphabetic() => out.push(character),
        _ => out.push(' '),
    }
}

/// Signs of layout that a copy from a page or a message brings along.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_latin(character: char) -> bool {
    let block = matches!(
        character,
        '\u{c0}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}'
            | '\u{a722}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab64}'
    );
    block && character.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_becomes_ascii_and_other_scripts_stay() {
        for (text, expected) in [
            ("José", "jose"),
            ("Jose\u{301}", "jose"),
            ("MÜLLER", "muller"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Łódź", "lodz"),
            ("Øster", "oster"),
            ("İstanbul", "istanbul"),
            ("ﬁne", "fine"),
            ("Ａｎａ １２", "ana 12"),
            ("١٢", "12"),
            ("O’Brien", "o'brien"),
            ("O´Brien", "o'brien"),
            ("37–12", "37-12"),
            ("12½", "12 1/2 "),
            ("12²", "12 2 "),
            ("a\u{ad}b\u{200b}c", "abc"),
            ("a\u{a0}b", "a b"),
            ("a😀b", "a b"),
            ("№ 5", "no 5"),
            ("王伟", "王伟"),
            ("ИВАН", "иван"),
            ("ΝΙΚΟΣ", "νικοσ"),
            ("Νίκος", "νίκοσ"),
        ] {
            assert_eq!(fold(text), expected, "{text:?}");
        }
        assert_ne!(fold("王伟"), fold("汪伟"));
        // A Devanagari word with vowel signs keeps them.
        assert_eq!(fold("हिन्दी"), "हिन्दी");
    }

    #[test]
    fn folding_twice_changes_no_character() {
        for character in ('\u{80}'..='\u{2ffff}').chain('\u{e0000}'..='\u{e0fff}') {
            let once = fold(&character.to_string());
            let twice = fold(&once);
            assert_eq!(once, twice, "U+{:04X}", character as u32);
        }
    }
}
