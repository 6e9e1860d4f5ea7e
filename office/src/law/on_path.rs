//! For which entry paths a rule is, and which of them can be lawful at a moment.

use super::at::{in_force, of_mode};
use super::condition_words::path_word;
use deminimis_law::Law;
use deminimis_law::condition::Cond;
use deminimis_law::kind::{Kind, Rule};
use deminimis_law::names::{EntryPath, Mode, Set};
use deminimis_law::time::Moment;

/// The paths that have a lawful version at a moment, by one mode or by any. No entry always has.
pub fn open(law: &Law, at: Moment, mode: Option<Mode>) -> Set<EntryPath> {
    let rules = match mode {
        Some(mode) => of_mode(law, at, Kind::EntryPath, mode),
        None => in_force(law, at, Kind::EntryPath),
    };
    let mut open = Set::EMPTY;
    open.add(EntryPath::None);
    for rule in rules {
        if let Rule::Path(path) = &law.version(rule).rule {
            open.add(path.path);
        }
    }
    open
}

/// The paths on which a condition may hold, whatever else is so.
pub fn named(cond: &Cond) -> Set<EntryPath> {
    let mut named = Set::EMPTY;
    for path in EntryPath::ALL {
        if may(cond, *path, true) {
            named.add(*path);
        }
    }
    named
}

/// Whether a condition may hold, or fail, for some parcel on this path.
fn may(cond: &Cond, path: EntryPath, holds: bool) -> bool {
    let part = |part: &Cond| may(part, path, holds);
    match cond {
        Cond::Path(set) => set.has(path) == holds,
        Cond::Not(part) => may(part, path, !holds),
        Cond::All(parts) if holds => parts.iter().all(part),
        Cond::All(parts) => parts.iter().any(part),
        Cond::Any(parts) if holds => parts.iter().any(part),
        Cond::Any(parts) => parts.iter().all(part),
        _ => true,
    }
}

/// The paths of both sets.
pub fn both(one: Set<EntryPath>, other: Set<EntryPath>) -> Set<EntryPath> {
    one.without(one.without(other))
}

/// Paths in a few words: `entry type 11, 12 or 01`.
pub fn short(paths: Set<EntryPath>) -> String {
    const TYPE: &str = "entry type ";
    let mut told = false;
    let words = paths
        .iter()
        .map(|path| match path_word(path).strip_prefix(TYPE) {
            Some(number) if std::mem::replace(&mut told, true) => number.to_owned(),
            _ => path_word(path).to_owned(),
        });
    super::condition_words::or_list(&words.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(paths: &[EntryPath]) -> Set<EntryPath> {
        let mut set = Set::EMPTY;
        paths.iter().for_each(|path| set.add(*path));
        set
    }

    #[test]
    fn a_condition_names_the_paths_on_which_it_may_hold() {
        use EntryPath::{Entry01, Entry11, Entry86};
        let path = |paths: &[EntryPath]| Cond::Path(set(paths));
        assert_eq!(named(&path(&[Entry11, Entry01])), set(&[Entry11, Entry01]));
        let other = Cond::AgencyData;
        let all = Cond::All(vec![path(&[Entry86]), other.clone()]);
        assert_eq!(named(&all), set(&[Entry86]));
        let any = Cond::Any(vec![path(&[Entry86]), other.clone()]);
        assert_eq!(named(&any), set(EntryPath::ALL));
        let not = Cond::Not(Box::new(path(&[Entry86])));
        assert_eq!(named(&not), set(EntryPath::ALL).without(set(&[Entry86])));
        assert_eq!(named(&Cond::Not(Box::new(all))), set(EntryPath::ALL));
        assert_eq!(
            short(set(&[Entry11, Entry01, Entry86])),
            short(set(&[Entry86, Entry01, Entry11]))
        );
    }
}
