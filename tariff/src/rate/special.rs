//! The special column: which programs give which rate.
//! It must not say whether an article qualifies for a program: that is law.

use super::read::plain;
use super::{Rate, Reason};
use std::fmt;

/// The symbols of programs, sorted: the place of each is its bit. General note 3(c)(i) of the schedule lists
/// them; those that have ended stay, because old releases print them.
const SYMBOLS: [&str; 36] = [
    "A", "A*", "A+", "AU", "B", "BH", "C", "CA", "CL", "CO", "D", "E", "E*", "IL", "J", "J*", "J+",
    "JO", "JP", "K", "KR", "L", "MA", "MX", "N", "NP", "OM", "P", "P+", "PA", "PE", "R", "S", "S+",
    "SG", "W",
];

/// A special program, by the symbol that the special column prints for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Program(u8);

impl Program {
    /// Reads a symbol: `KR`, `A+`.
    #[must_use]
    pub fn parse(symbol: &str) -> Option<Program> {
        let found = SYMBOLS.binary_search(&symbol).ok()?;
        u8::try_from(found).ok().map(Program)
    }

    /// The symbol.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        SYMBOLS[usize::from(self.0)]
    }
}

/// A set of programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Programs(u64);

impl Programs {
    /// Whether the program is in it.
    #[must_use]
    pub const fn contains(self, program: Program) -> bool {
        self.0 >> program.0 & 1 == 1
    }

    /// Whether no program is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The programs in the order of their symbols.
    pub fn iter(self) -> impl Iterator<Item = Program> {
        (0..SYMBOLS.len() as u8)
            .map(Program)
            .filter(move |program| self.contains(*program))
    }

    /// Reads `A+,AU,BH`. Doubled commas, blanks for commas and a stray dot before a symbol occur
    /// in the official texts. `None` if anything else is there.
    fn parse(text: &str) -> Option<Programs> {
        let mut set = 0;
        for symbol in text.split([',', ' ']) {
            let symbol = symbol.strip_prefix('.').unwrap_or(symbol);
            if !symbol.is_empty() {
                set |= 1 << Program::parse(symbol)?.0;
            }
        }
        (set != 0).then_some(Programs(set))
    }
}

impl fmt::Display for Programs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, program) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            f.write_str(program.symbol())?;
        }
        Ok(())
    }
}

/// One rate of a special column and the programs that give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialPart {
    /// The programs. Empty for a text that names none or that is not understood: then no claim can
    /// be answered from this column but by a person.
    pub programs: Programs,
    /// The text of the rate.
    pub text: String,
    /// The rate.
    pub rate: Rate,
}

/// Reads a text of the special column: `Free (A+,AU,BH) 3.2% (JP) See 9822.04.25 (PA)`. Empty for
/// an empty cell. A text of which any part is not understood is one part for a person, with no
/// program.
#[must_use]
pub fn read_special(text: &str) -> Vec<SpecialPart> {
    let text = plain(text);
    if text.is_empty() {
        return Vec::new();
    }
    parts(&text).unwrap_or_else(|| {
        let rate = match Rate::read(&text) {
            Rate::Free | Rate::Duty(_) | Rate::PerDegree(_) => Rate::NeedsPerson(Reason::NoProgram),
            said @ Rate::NeedsPerson(_) => said,
        };
        vec![SpecialPart {
            programs: Programs::default(),
            text,
            rate,
        }]
    })
}

fn parts(text: &str) -> Option<Vec<SpecialPart>> {
    let mut parts: Vec<SpecialPart> = Vec::new();
    let mut seen = 0;
    let (mut begun, mut from) = (0, 0);
    while let Some(open) = text[from..].find('(').map(|at| from + at) {
        let inner = &text[open + 1..];
        // "(PA (PA)" is "(PA)" with a piece repeated; the official text has it in three cells.
        let close = inner.find(')')?;
        let repeated = inner[..close]
            .split_once(" (")
            .filter(|(a, b)| a == b)
            .map(|(a, _)| a);
        let Some(programs) = Programs::parse(repeated.unwrap_or(&inner[..close])) else {
            // Words in parentheses belong to the rate: "(see U.S. note 3 of this subchapter)".
            from = open + 1 + close;
            continue;
        };
        let said = text[begun..open].trim();
        if said.is_empty() || seen & programs.0 != 0 {
            return None;
        }
        seen |= programs.0;
        parts.push(SpecialPart {
            programs,
            text: said.to_owned(),
            rate: Rate::read(said),
        });
        begun = open + 1 + close + 1;
        from = begun;
    }
    let whole = text[begun..].trim().is_empty() && !parts.is_empty();
    whole.then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_found_at_its_place() {
        assert!(SYMBOLS.is_sorted());
        for symbol in SYMBOLS {
            assert_eq!(Program::parse(symbol).map(Program::symbol), Some(symbol));
        }
        for symbol in ["", "a", "XX", "A,", "AUS"] {
            assert_eq!(Program::parse(symbol), None, "{symbol}");
        }
    }
}
