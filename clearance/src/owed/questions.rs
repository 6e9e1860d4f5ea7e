//! Which open facts would change what is owed, for those who ask.

use super::{Owed, Why};
use crate::decision::Unknown;
use deminimis_law::facts::FactId;

/// The facts a line does not give that touch what is owed: with the line, and whether the total
/// hangs on it (else it is a relief that was not claimed).
pub fn open_questions(owed: &Owed) -> impl Iterator<Item = (u16, FactId, bool)> + '_ {
    owed.open.iter().filter_map(|open| match open.why {
        Why::Unknown(Unknown::Fact(fact)) => Some((open.line, fact, true)),
        Why::Unclaimed(fact) => Some((open.line, fact, false)),
        _ => None,
    })
}
