//! How conditions are asked, which answers are tried, and what was not known.

use crate::decision::Unknown;
use deminimis_law::codes::Country;
use deminimis_law::truth::Truth;

/// Answers tried for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guess {
    /// The origin of every line that gives none.
    pub origin: Option<Country>,
    /// Whether numbers that are absent or too short lie in the sets asked for.
    pub number: Option<bool>,
    /// A yes-or-no answer to other unknowns.
    pub answers: [Option<(Unknown, bool)>; GUESSES],
}

/// How many other unknowns can be tried at once; more go to a person at once.
pub const GUESSES: usize = 5;

impl Guess {
    /// The answer tried for `what`.
    pub fn answer(&self, what: Unknown) -> Option<bool> {
        self.answers
            .iter()
            .flatten()
            .find(|(asked, _)| *asked == what)
            .map(|(_, answer)| *answer)
    }
}

/// What was asked and not known while a condition was answered. Bounded: what does not fit is
/// still unknown, it is only not named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Touched {
    items: [Option<Unknown>; 8],
    /// Something was asked that the key of the memory does not say, or did not fit.
    open: bool,
}

impl Touched {
    /// Names something that is not known.
    pub fn add(&mut self, what: Unknown) {
        for slot in &mut self.items {
            match slot {
                Some(known) if *known == what => return,
                Some(_) => {}
                None => {
                    *slot = Some(what);
                    return;
                }
            }
        }
        self.open = true;
    }

    /// Whether everything that was not known is named.
    pub fn is_closed(&self) -> bool {
        !self.open
    }

    /// The answer to what the key of the memory does not say.
    pub fn leave_open(&mut self) -> Truth {
        self.open = true;
        Truth::Unknown
    }

    /// What was touched.
    pub fn iter(&self) -> impl Iterator<Item = Unknown> {
        self.items.into_iter().flatten()
    }
}

/// How a condition is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Absent facts stay open.
    Strictly,
    /// Absence means what `facts.toml` says; what is material takes its guess, else stays open.
    ByDefault,
    /// Only what is part of the key of the memory is known: for what may be remembered.
    OfClass,
    /// The same once outcome, basis, path and person are known too.
    OfDecided,
    /// As `OfClass`, and absence means what `facts.toml` says.
    OfClassByDefault,
    /// As `OfDecided`, and absence means what `facts.toml` says.
    OfDecidedByDefault,
}

impl Asking {
    /// Whether only what the key of the memory says is known.
    pub fn is_of_class(self) -> bool {
        !matches!(self, Asking::Strictly | Asking::ByDefault)
    }

    /// Whether what was decided is known too.
    pub fn is_of_decided(self) -> bool {
        matches!(self, Asking::OfDecided | Asking::OfDecidedByDefault)
    }

    /// Whether absence has its meaning.
    pub fn is_by_default(self) -> bool {
        !matches!(self, Asking::Strictly | Asking::OfClass | Asking::OfDecided)
    }

    /// The same with absent facts given their meaning.
    pub fn by_default(self) -> Asking {
        match self {
            Asking::Strictly | Asking::ByDefault => Asking::ByDefault,
            Asking::OfClass | Asking::OfClassByDefault => Asking::OfClassByDefault,
            Asking::OfDecided | Asking::OfDecidedByDefault => Asking::OfDecidedByDefault,
        }
    }
}
