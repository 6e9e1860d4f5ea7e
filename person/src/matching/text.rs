//! How like two words are: edits, shared pairs of letters, sound. All in integers.
//! It must not know what a word means.

/// The longest word whose edits are counted, in bytes; longer ones are compared by their start.
const LONGEST: usize = 48;

/// How many letters must be put in, left out, changed or exchanged with the next to make one word
/// of the other (optimal string alignment), or `most + 1` if more than `most`.
pub(super) fn edits(a: &[u8], b: &[u8], most: usize) -> usize {
    let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
    if a == b {
        return 0;
    }
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut before = [0_u8; LONGEST + 1];
    let mut last: [u8; LONGEST + 1] = std::array::from_fn(|at| at as u8);
    for (i, x) in a.iter().enumerate() {
        let mut row = [0_u8; LONGEST + 1];
        row[0] = i as u8 + 1;
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let changed = last[j] + u8::from(x != y);
            let mut best = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row[j + 1] = best;
            least = least.min(best);
        }
        if usize::from(least) > most + 1 {
            return most + 1;
        }
        before = last;
        last = row;
    }
    usize::from(last[b.len()]).min(most + 1)
}

/// The neighbouring pairs of letters of words written together, sorted.
pub(super) fn pairs_of_letters(text: &[u8]) -> Box<[u16]> {
    let mut pairs: Vec<u16> = text
        .windows(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    pairs.sort_unstable();
    pairs.into()
}

/// What two texts share of their pairs of letters, in thousandths (Dice): whatever the order of
/// words, and whether a space stands between them or not.
pub(super) fn shared(a: &[u16], b: &[u16]) -> u32 {
    let (mut i, mut j, mut common) = (0, 0, 0_u64);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = (a.len() + b.len()) as u64;
    // At most a thousand.
    (2000 * common).checked_div(all).unwrap_or(0) as u32
}

/// What a word sounds like: its consonants by kind, without vowels after the first letter. Made
/// for names of any European spelling, and for others as they are romanised: `Mohammed` and
/// `Muhammad`, `Yusuf` and `Yousef`, `Schmidt` and `Smit` are alike. Zero for an empty word.
pub(super) fn sound(word: &[u8]) -> u32 {
    let mut code = 0_u32;
    let mut last = 0;
    for (at, byte) in word.iter().enumerate() {
        let next = word.get(at + 1);
        let kind = match byte {
            b'P' if next == Some(&b'H') => 2,
            b'B' | b'P' => 1,
            b'F' | b'V' => 2,
            b'W' if at == 0 => 2,
            b'C' if next == Some(&b'H') => 4,
            b'C' if matches!(next, Some(b'E' | b'I' | b'Z')) => 4,
            b'C' | b'K' | b'Q' | b'G' => 3,
            b'S' | b'Z' | b'X' | b'J' => 4,
            b'D' | b'T' => 5,
            b'L' => 6,
            b'M' | b'N' => 7,
            b'R' => 8,
            b'0'..=b'9' => 9 + u32::from(byte % 7),
            b'A' | b'E' | b'I' | b'O' | b'U' | b'Y' | b'H' if at == 0 => 9,
            // Letters of other scripts sound as they are written.
            0x80.. => 1 + u32::from(byte % 15),
            _ => 0,
        };
        if kind != 0 && kind != last && code < 1 << 24 {
            code = code << 4 | kind;
        }
        // A vowel lets the same consonant sound again; an H does not.
        if *byte != b'H' {
            last = kind;
        }
    }
    code
}

/// A hash that is the same on every machine (FNV-1a, 64 bits).
#[derive(Clone, Copy)]
pub(super) struct Hashed(pub(super) u64);

impl Hashed {
    pub(super) fn new(tag: u8) -> Hashed {
        Hashed(0xcbf2_9ce4_8422_2325).with(&[tag])
    }

    /// With more bytes, told apart from those before.
    pub(super) fn with(self, bytes: &[u8]) -> Hashed {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        Hashed(step(bytes.iter().fold(self.0, step), &0xff))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (a, b, expected) in [
            ("LOPEZ", "LOPEZ", 0),
            ("LOPEZ", "LOPZ", 1),
            ("LOPEZ", "LOPPEZ", 1),
            ("LOPEZ", "LOPES", 1),
            ("LOPEZ", "LOEPZ", 1),
            ("SMITH", "SMYTHE", 2),
            ("", "ANA", 3),
            ("ANA", "ROBERTO", 4),
        ] {
            assert_eq!(edits(a.as_bytes(), b.as_bytes(), 3), expected, "{a} {b}");
            assert_eq!(edits(b.as_bytes(), a.as_bytes(), 3), expected, "{b} {a}");
        }
        let long = [b'A'; 200];
        assert_eq!(edits(&long, &[b'B'; 200], 3), 4);
    }

    #[test]
    fn pairs_of_letters_do_not_mind_spaces_and_order() {
        let like = |a: &str, b: &str| {
            let of = |text: &str| pairs_of_letters(text.replace(' ', "").as_bytes());
            shared(&of(a), &of(b))
        };
        assert_eq!(like("WILLOW CREEK", "WILLOW CREEK"), 1000);
        assert_eq!(like("WILLOW CREEK", "WILLOWCREEK"), 1000);
        assert!(like("WILLOW CREEK", "CREEK WILLOW") > 850);
        assert!(like("WILLOW CREEK", "WILOW CREEK") > 850);
        assert!(like("WILLOW CREEK", "MAPLE GROVE") < 200);
        assert_eq!(like("", ""), 0);
    }

    #[test]
    fn sounds() {
        let like = |a: &str, b: &str| sound(a.as_bytes()) == sound(b.as_bytes());
        for (a, b) in [
            ("MOHAMMED", "MUHAMMAD"),
            ("YUSUF", "YOUSEF"),
            ("CATHERINE", "KATHERINE"),
            ("STEPHEN", "STEVEN"),
            ("GONZALEZ", "GONZALES"),
        ] {
            assert!(like(a, b), "{a} {b}");
        }
        for (a, b) in [("LOPEZ", "PEREZ"), ("ANA", "EMMA RAE"), ("12", "13")] {
            assert!(!like(a, b), "{a} {b}");
        }
        assert_eq!(sound(b""), 0);
    }
}
