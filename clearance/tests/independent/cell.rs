//! What is read, and what the reading says.

/// Minutes since 1970-01-01T00:00Z.
pub type Minute = i64;

/// A plain good: nothing is known of it but what is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Ten digits.
    pub number: u64,
    /// ISO 3166 code of the origin.
    pub origin: [u8; 2],
    /// The moment of entry.
    pub entered: Minute,
    /// It came by vessel.
    pub vessel: bool,
    /// When it was loaded for its last leg, if that is given.
    pub loaded: Option<Minute>,
    /// The symbol of the special program claimed.
    pub claim: Option<&'static str>,
    /// The provision of chapter 98 claimed, eight digits.
    pub chapter_98: Option<&'static str>,
}

impl Cell {
    pub fn of(&self, origins: &[&str]) -> bool {
        origins.iter().any(|code| code.as_bytes() == self.origin)
    }

    pub fn chapter(&self) -> u64 {
        self.number / 100_000_000
    }
}

/// How a heading works on the rate of column 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// It is added.
    Additive,
    /// It tops column 1 up to the rate.
    Floor,
    /// It takes the program away.
    Exempt,
    /// Column 2 stands in place of column 1.
    Replace,
}

/// A program that applies, or is taken away by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    pub program: &'static str,
    /// The heading; more than one, parted by `/`, where the cell does not tell which; empty if none is named.
    pub headings: &'static str,
    pub kind: Kind,
    /// Parts per million of the value.
    pub rate_ppm: u32,
}

/// A program whose application a cell does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub program: &'static str,
    pub reason: &'static str,
}

/// What applies to a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub charges: Vec<Charge>,
    pub unknown: Vec<Unknown>,
    /// Exemptions by use or description that name the number and were not claimed; of the engine,
    /// everything that it asks before it vouches for the total.
    pub unclaimed: u32,
}

impl Reading {
    /// The charge of a program.
    pub fn charge(&self, program: &str) -> Option<&Charge> {
        self.charges.iter().find(|charge| charge.program == program)
    }

    /// Why a program is not settled.
    pub fn open(&self, program: &str) -> Option<&'static str> {
        let mut open = self.unknown.iter();
        open.find(|unknown| unknown.program == program)
            .map(|unknown| unknown.reason)
    }
}
