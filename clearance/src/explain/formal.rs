//! From which value on a formal entry owes less than an informal one, all else equal.

use super::changes::Search;
use super::edit::Edit;
use deminimis_law::money::Cents;
use deminimis_law::names::{EntryPath, Outcome};
use serde::Serialize;

/// A value of the goods from which on the formal entry owes less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say what they hold")]
pub struct FormalFrom {
    pub value_usd: String,
    pub informal_usd: String,
    pub formal_usd: String,
}

/// Where the search ends: far above what ever entered informally.
const MOST_DOLLARS: i64 = 10_000;

/// The least value in whole dollars at which both entries are lawful and the formal one owes less.
/// Fees differ by flat amounts, shares, floors and ceilings, so that a few values a doubling find
/// where they cross.
pub(super) fn find(search: &mut Search<'_>) -> Option<FormalFrom> {
    let lawful = search.decision.lawful;
    if !lawful.has(EntryPath::Entry11) || !lawful.has(EntryPath::Entry01) {
        return None;
    }
    let (mut below, mut dollars) = (0, 1);
    while dollars <= MOST_DOLLARS {
        if is_less(search, dollars) {
            let mut least = dollars;
            while least - below > 1 {
                let middle = (below + least) / 2;
                match is_less(search, middle) {
                    true => least = middle,
                    false => below = middle,
                }
            }
            let (informal, formal) = both(search, least)?;
            return Some(FormalFrom {
                value_usd: Cents(least * 100).to_string(),
                informal_usd: informal.to_string(),
                formal_usd: formal.to_string(),
            });
        }
        below = dollars;
        dollars = (dollars * 5 / 4).max(dollars + 1);
    }
    None
}

fn is_less(search: &mut Search<'_>, dollars: i64) -> bool {
    both(search, dollars).is_some_and(|(informal, formal)| formal < informal)
}

/// What both entries come to at a value, where both are lawful and known.
fn both(search: &mut Search<'_>, dollars: i64) -> Option<(Cents, Cents)> {
    let by = dollars * 100 - search.decision.value.0;
    let edit = match by {
        0.. => Edit::ValueMore(Cents(by)),
        _ => Edit::ValueLess(Cents(-by)),
    };
    let decision = search.assessed(&edit);
    if decision.way() != Outcome::EntryRequired {
        return None;
    }
    let known = |wanted: EntryPath| {
        let mut paths = decision.owed.paths.iter();
        paths.find_map(|(path, total)| total.known().filter(|_| *path == wanted))
    };
    known(EntryPath::Entry11).zip(known(EntryPath::Entry01))
}
