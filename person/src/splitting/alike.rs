//! Names and marks that are alike. It must not judge.

use super::facts::Word;

/// A longer text is no name, and comparing its words with each other's would take long.
const MOST_WORDS: usize = 64;

/// Whether a name may be another that is written in full: its words, in any order, are words of the
/// other or their first letters, and one of them is a word.
pub(super) fn is_name_of(name: &[Word], full: &[Word]) -> bool {
    if name.len().max(full.len()) > MOST_WORDS {
        return false;
    }
    let mut left: Vec<Word> = full.to_vec();
    let (mut word_in_common, mut more_letters) = (false, false);
    // Words first, so that a letter takes none away from them.
    let words = name.iter().filter(|word| !word.alone);
    for word in words.chain(name.iter().filter(|word| word.alone)) {
        let exact = left.iter().position(|other| other.mark == word.mark);
        let found = exact.or_else(|| left.iter().position(|other| word.may_be(*other)));
        let Some(at) = found else {
            // A middle name's first letter is often left out where the rest is written in full.
            if word.alone {
                more_letters = true;
                continue;
            }
            return false;
        };
        word_in_common |= exact.is_some() && !word.alone;
        left.swap_remove(at);
    }
    word_in_common && (left.is_empty() || !more_letters)
}

/// How often the most frequent mark is there.
pub(super) fn most_frequent(mut marks: Vec<u64>) -> usize {
    marks.sort_unstable();
    let runs = marks.chunk_by(|a, b| a == b);
    runs.map(<[u64]>::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::splitting::text::words_of;

    #[test]
    fn one_name_in_several_spellings() {
        let name = |text: &str| -> Vec<Word> {
            words_of(text).iter().map(|word| Word::of(word)).collect()
        };
        let full = name("Kofi Boateng");
        for spelling in [
            "Boateng, Kofi",
            "K. Boateng",
            "Kofi B.",
            "K B Boateng",
            "Kofi",
        ] {
            assert!(is_name_of(&name(spelling), &full), "{spelling}");
        }
        for other in ["Ama Boateng", "A. Boateng", "K. B.", "Kofi Mensah", ""] {
            assert!(!is_name_of(&name(other), &full), "{other}");
        }
    }

    #[test]
    fn the_most_frequent_mark() {
        assert_eq!(most_frequent(vec![3, 1, 3, 2]), 2);
        assert_eq!(most_frequent(Vec::new()), 0);
    }
}
