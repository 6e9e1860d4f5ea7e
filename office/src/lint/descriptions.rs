//! Descriptions that name no article: vague, too short, a number or a brand alone.
//!
//! A description is judged as a whole. A precise one that holds a vague word ("gift wrapping paper")
//! is none of our business, and whether it fits the number or the goods is not judged here.

use super::rules::{self, Rule};
use super::words::{self, DatedWords, Words, singular};
use deminimis_law::lists::WordList;
use deminimis_law::time::Moment;

/// Judges descriptions; its buffers are reused.
pub struct Descriptions {
    named: DatedWords,
    listed: DatedWords,
    broad: Words,
    classes: Words,
    heads: Words,
    qualifiers: Words,
    packages: Words,
    code_words: Words,
    brands: Words,
    whole: String,
}

impl Descriptions {
    /// Ready to judge by the words of the law.
    #[must_use]
    pub fn new(lists: &[WordList]) -> Descriptions {
        Descriptions {
            named: DatedWords::of(lists, "vague-named-words"),
            listed: DatedWords::of(lists, "vague-listed-words"),
            broad: Words::singular(words::BROAD),
            classes: Words::singular(words::CLASSES),
            heads: Words::singular(words::HEADS),
            qualifiers: Words::singular(words::QUALIFIERS),
            packages: Words::singular(words::PACKAGES),
            code_words: Words::singular(words::CODE_WORDS),
            brands: Words::singular(words::BRANDS),
            whole: String::new(),
        }
    }

    /// The rule that `description` breaks at a moment, the gravest first. `sku` is the line's own
    /// number.
    #[must_use]
    pub fn judge(
        &mut self,
        description: &str,
        sku: Option<&str>,
        at: Moment,
    ) -> Option<&'static Rule> {
        let letters = description.chars().filter(|letter| letter.is_alphabetic());
        let (mut latin, mut other) = (0_usize, 0_usize);
        letters.for_each(|letter| {
            *if letter <= '\u{24f}' {
                &mut latin
            } else {
                &mut other
            } += 1
        });
        if latin + other == 0 {
            return Some(&rules::NO_LETTERS);
        }
        if other > latin {
            return Some(&rules::NOT_ENGLISH);
        }
        let mut whole = std::mem::take(&mut self.whole);
        singular(description, &mut whole);
        let rule = self.judge_plain(description, &whole, latin, at);
        let rule = rule.or_else(|| {
            let same = sku.is_some_and(|sku| sku.eq_ignore_ascii_case(description));
            // A stock number may be a word: "TEAPOT-BLUE" is one and says what the article is.
            let coded = description.bytes().any(|byte| byte.is_ascii_digit());
            (same && coded && !description.contains(' ')).then_some(&rules::CODE_ONLY)
        });
        self.whole = whole;
        rule
    }

    fn judge_plain(
        &self,
        description: &str,
        whole: &str,
        letters: usize,
        at: Moment,
    ) -> Option<&'static Rule> {
        if let Some(rule) = self.vague(whole, at) {
            return Some(rule);
        }
        let contents = contents(whole);
        if contents != whole
            && let Some(rule) = self.judge_stripped(contents, at)
        {
            return Some(rule);
        }
        if letters < 3 {
            return Some(&rules::TOO_SHORT);
        }
        if let Some(rule) = self.judge_stripped(whole, at) {
            return Some(rule);
        }
        if self.is_code(description) {
            return Some(&rules::CODE_ONLY);
        }
        self.is_brand(description).then_some(&rules::BRAND_ONLY)
    }

    /// The rule that these words break as they stand.
    fn vague(&self, words: &str, at: Moment) -> Option<&'static Rule> {
        for (list, rule) in [
            (&self.named, &rules::VAGUE_NAMED),
            (&self.listed, &rules::VAGUE_LISTED),
        ] {
            match list.at(words, at) {
                Some(true) => return Some(rule),
                // Before CBP named it, it was no more precise.
                Some(false) => return Some(&rules::VAGUE_BROAD),
                None => {}
            }
        }
        let class_and_head = || {
            let (class, head) = words.rsplit_once(' ')?;
            (self.heads.has(head) && self.classes.has(class)).then_some(())
        };
        (self.broad.has(words) || class_and_head().is_some()).then_some(&rules::VAGUE_BROAD)
    }

    /// The same after taking off what makes the words no more precise: numbers with their
    /// packages, qualifiers, and the same word again.
    fn judge_stripped(&self, words: &str, at: Moment) -> Option<&'static Rule> {
        let mut rest: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let counted = |word: &&str| {
            let digits = word.trim_start_matches('x').trim_end_matches('x');
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if rest.iter().any(counted) {
            rest.retain(|word| !counted(word) && !self.packages.has(word));
        }
        rest.retain(|word| !self.qualifiers.has(word));
        rest.dedup();
        if rest.is_empty() {
            // Only numbers, packages and qualifiers: "10 cartons", "assorted".
            return Some(&rules::VAGUE_BROAD);
        }
        // A list of vague words is as vague as each of them: "gifts and accessories".
        let parts: Vec<String> = rest
            .split(|word| *word == "and")
            .map(|part| part.join(" "))
            .collect();
        let mut found = None;
        for part in parts.iter().filter(|part| !part.is_empty()) {
            found = Some(self.vague(part, at)?);
        }
        found
    }

    /// Whether a description is a stock or model number with nothing that says what it is of.
    fn is_code(&self, description: &str) -> bool {
        let mut numbered = false;
        description.split_whitespace().all(|token| {
            let code = is_numbered(token);
            numbered |= code;
            code || self.is_code_word(token)
        }) && numbered
    }

    /// Whether a description is a brand, alone or with a model number.
    fn is_brand(&self, description: &str) -> bool {
        let mut words = String::new();
        let mut rest = description.trim();
        loop {
            singular(rest, &mut words);
            if self.brands.has(&words) {
                return true;
            }
            match rest.rsplit_once(char::is_whitespace) {
                Some((before, last)) if is_numbered(last) || self.is_code_word(last) => {
                    rest = before.trim_end();
                }
                _ => return false,
            }
        }
    }

    /// Whether a word says no more than that a number follows, or is a letter or a sign.
    fn is_code_word(&self, token: &str) -> bool {
        let mut word = String::new();
        singular(token, &mut word);
        word.chars().count() <= 1 || self.code_words.has(&word)
    }
}

/// Whether a word is a number with a few letters, as stock and model numbers are.
fn is_numbered(token: &str) -> bool {
    token.bytes().any(|byte| byte.is_ascii_digit()) && longest_run(token) <= 3
}

/// What is said to be contained: the words after "stc" or "said to contain".
fn contents(words: &str) -> &str {
    ["stc ", "said to contain "]
        .iter()
        .find_map(|start| words.strip_prefix(start))
        .unwrap_or(words)
}

/// The length of the longest run of letters.
fn longest_run(word: &str) -> usize {
    let letters = word.split(|letter: char| !letter.is_alphabetic());
    letters.map(|run| run.chars().count()).max().unwrap_or(0)
}
