//! Who is likely one person among rows that are not written alike.
//!
//! The exact key ([`crate::Key`]) never guesses; this does, and says so. Each pair of rows that
//! share enough to be compared gets a score: the logarithm of the odds that they are one person,
//! base 2, in hundredths (Fellegi and Sunter's weights in fixed point, with how frequent a name or
//! street is in the file itself). The odds are taken against three other explanations, and the
//! weakest counts: two strangers, two members of one household, two residents of one building.
//!
//! Three outcomes: [`Outcome::Same`], [`Outcome::Uncertain`], which never merges by itself, and
//! different. Rows that are the same form clusters, unless a pair within contradicts.
//!
//! Read [`match_people`] first; [`link_day`] asks it about the persons of one day, by `anchors` and in
//! `readings`. `record` takes a row apart, `blocks` says which rows are compared, `compare` how they agree, `score` what that
//! weighs, `habits` what the file as a whole shows, `cluster` which links make one.

mod anchors;
mod blocks;
mod census;
mod cluster;
mod compare;
mod evidence;
mod fixed;
mod habits;
mod linked;
mod names;
mod readings;
mod record;
mod score;
mod text;

pub use anchors::Anchors;
pub use habits::Habits;
pub use linked::{Linked, MOST_COMPARED, MOST_NAMED, Party, TooMany, With, link_day, link_day_but};
pub use record::RowError;

use census::Census;
use cluster::{Clusters, Joined, any_pair};
use record::Record;
use score::{Judge, faces};
use std::cell::Cell;
use std::collections::BTreeMap;

/// The version of these rules. Any change of which rows are the same or uncertain needs a new one.
pub const MATCH_RULES: u32 = 2;

/// From this score on two rows are the same person: odds of 64 to 1.
pub const SAME: i32 = 600;

/// From this score on it is uncertain: odds of 1 to 8.
pub const UNCERTAIN: i32 = -300;

/// A person as a file gives one. An absent part and a blank one are the same. There is no `Debug`,
/// so that personal data does not come into a log by accident.
#[derive(Clone, Copy, Default)]
pub struct Row<'a> {
    /// What the file calls the row; no two rows of a call have one id.
    pub id: &'a str,
    /// The name: `Ana Lopez` or `Lopez, Ana`, a company, with or without care-of.
    pub name: &'a str,
    /// Street, house number and unit, or a post office box; lines in any separation.
    pub street: &'a str,
    /// The city.
    pub city: &'a str,
    /// The state or province.
    pub state: &'a str,
    /// The postal code.
    pub postal_code: &'a str,
    /// The country, ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// The e-mail address.
    pub email: &'a str,
    /// The telephone number.
    pub phone: &'a str,
}

impl Row<'_> {
    /// Whether the row says enough to be compared.
    ///
    /// # Errors
    /// [`RowError`] if it has neither a name nor a street with a place.
    pub fn check(&self) -> Result<(), RowError> {
        Record::of(self).check()
    }
}

/// What a pair of rows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// One person.
    Same,
    /// Perhaps one person: for someone to decide.
    Uncertain,
}

/// Two rows that are, or may be, one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The index of the row with the lesser id.
    pub a: usize,
    /// The index of the other.
    pub b: usize,
    /// Hundredths of the logarithm of the odds, base 2.
    pub score: i32,
    /// Same or uncertain.
    pub outcome: Outcome,
    /// Why, in words.
    pub evidence: String,
}

/// What [`match_people`] found.
#[derive(Clone, Debug, Default)]
pub struct Matches {
    /// Pairs that are the same or uncertain, sorted by the ids of `a` and `b`.
    pub pairs: Vec<Pair>,
    /// Rows that are one person, each cluster of two or more rows sorted by id, and sorted by the
    /// first.
    pub clusters: Vec<Vec<usize>>,
    /// What the file as a whole shows.
    pub habits: Habits,
}

/// The most rows of a cluster whose pairs are all listed; a larger cluster's rows are each paired
/// with its first alone, so that what is listed does not grow with the square.
pub const LARGE_CLUSTER: usize = 200;

/// Links rows that are one person. The order of `rows` does not matter. Rows that [`Row::check`]
/// refuses are to be left out beforehand; if not, they are compared with what they have.
///
/// No link makes two rows one that differ in what keeps a pair uncertain, such as two units or two
/// suffixes: the surest links are made first, and what would join such rows stays uncertain.
#[must_use]
pub fn match_people(rows: &[Row<'_>]) -> Matches {
    matched(rows, |found, _| found)
}

/// Links rows, and hands what is found to `then` with the answer to whether two rows, by their
/// index, are two persons by what they say.
fn matched<T>(
    rows: &[Row<'_>],
    then: impl FnOnce(Matches, &dyn Fn(usize, usize) -> bool) -> T,
) -> T {
    let records: Vec<Record> = rows.iter().map(Record::of).collect();
    // All that follows goes by content and id, so that the order of rows cannot matter.
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| {
        records[*a]
            .cmp(&records[*b])
            .then_with(|| rows[*a].id.cmp(rows[*b].id))
    });
    // Rows that read the same once normalised are compared once.
    let mut forms: Vec<Vec<usize>> = Vec::new();
    for row in order {
        match forms.last_mut() {
            Some(form) if records[form[0]] == records[row] => form.push(row),
            _ => forms.push(vec![row]),
        }
    }
    let mut distinct: Vec<Record> = forms.iter().map(|form| records[form[0]].clone()).collect();
    drop(records);
    let census = Census::of(&mut distinct);
    let candidates = blocks::candidates(&distinct);
    let mut judge = Judge::new(&distinct, census);
    judge.learn(&candidates);
    let found = Found::by(&judge, &distinct, &candidates);
    drop(candidates);
    let mut form_of = vec![0; rows.len()];
    for (form, members) in forms.iter().zip(0_u32..).map(|(members, at)| (at, members)) {
        members.iter().for_each(|row| form_of[*row] = form);
    }
    let found = found.listed(rows, &forms, &judge);
    then(found, &|a, b| judge.contradict(form_of[a], form_of[b]))
}

/// A pair of forms that stays uncertain.
struct Unsure {
    score: i32,
    /// Why the two are not one, where the pair is the same by itself.
    refused: Option<Refusal>,
}

/// Why the clusters of two rows that are the same by themselves stay apart.
#[derive(Clone, Copy)]
enum Refusal {
    /// Two of their rows are two persons.
    Against,
    /// All of their houses are others.
    Homes,
    /// They have too many rows to compare each with each.
    TooMany,
}

impl Refusal {
    fn words(self) -> &'static str {
        match self {
            Refusal::Against => "rows of the one speak against rows of the other",
            Refusal::Homes => "the houses of the one are none of the other's",
            Refusal::TooMany => "both have too many rows for each to be compared with each",
        }
    }
}

/// The links between forms, and the clusters that they make.
struct Found {
    clusters: Clusters,
    uncertain: BTreeMap<(u32, u32), Unsure>,
    /// Forms whose own rows, though written alike, are not surely one person.
    alike: Vec<i32>,
}

impl Found {
    fn by(judge: &Judge<'_>, forms: &[Record], candidates: &[(u32, u32)]) -> Found {
        let mut same = Vec::new();
        let mut uncertain = BTreeMap::new();
        for (a, b) in candidates {
            let score = judge.score(*a, *b);
            let refused = None;
            if score >= SAME {
                same.push((score, *a, *b));
            } else if score >= UNCERTAIN {
                uncertain.insert((*a, *b), Unsure { score, refused });
            }
        }
        // The surest links first, so that what contradicts them is what gives way.
        same.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let mut clusters = Clusters::new(faces(forms).into_iter());
        // Clusters whose members are apart stay so as they grow, and are not asked again.
        let mut refused: BTreeMap<(u32, u32), Refusal> = BTreeMap::new();
        for (score, a, b) in same {
            let (x, y) = (clusters.root(a), clusters.root(b));
            let known = (x.min(y), x.max(y));
            let homes = Cell::new(false);
            let apart = |x: &[u32], y: &[u32]| {
                let apart = any_pair(x, y, |x, y| judge.apart(x, y));
                homes.set(!apart && !judge.reached(a, b) && two_homes(judge, x, y));
                apart || homes.get()
            };
            let why = match refused.get(&known) {
                Some(why) => *why,
                None => match clusters.join(a, b, apart) {
                    Joined::One => continue,
                    // Who has moved may still be found by another link.
                    Joined::Apart if homes.get() => Refusal::Homes,
                    Joined::Apart => *refused.entry(known).or_insert(Refusal::Against),
                    Joined::TooMany => *refused.entry(known).or_insert(Refusal::TooMany),
                },
            };
            let (score, refused) = (score.min(SAME - 1), Some(why));
            uncertain.insert((a, b), Unsure { score, refused });
        }
        let alike = (0..forms.len() as u32).map(|form| judge.score(form, form));
        let alike = alike.collect();
        Found {
            clusters,
            uncertain,
            alike,
        }
    }

    fn listed(mut self, rows: &[Row<'_>], forms: &[Vec<usize>], judge: &Judge<'_>) -> Matches {
        let mut groups: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
        let mut found = Matches {
            habits: judge.habits(),
            ..Matches::default()
        };
        for (form, members) in forms.iter().enumerate() {
            let number = form as u32;
            let root = self.clusters.root(number);
            if self.alike[form] >= SAME {
                let group = groups.entry(root).or_default();
                group.extend(members.iter().map(|row| (*row, number)));
                continue;
            }
            // Written alike, but too little is written: each row stands for itself, beside the
            // first, which may join a cluster.
            groups.entry(root).or_default().push((members[0], number));
            if self.alike[form] >= UNCERTAIN {
                for row in &members[1..] {
                    let said = judge.evidence(number, number);
                    found.push(rows, (members[0], *row), self.alike[form], said);
                }
            }
        }
        for group in groups.values_mut().filter(|group| group.len() > 1) {
            group.sort_by_key(|(row, _)| rows[*row].id);
            let first = if group.len() > LARGE_CLUSTER {
                1
            } else {
                group.len()
            };
            for (at, (a, form_a)) in group.iter().enumerate().take(first) {
                for (b, form_b) in &group[at + 1..] {
                    let score = judge.score(*form_a, *form_b);
                    let mut said = judge.evidence(*form_a, *form_b);
                    if score < SAME {
                        said.push_str("; linked through other rows of the person");
                    }
                    found.push(rows, (*a, *b), score.max(SAME), said);
                }
            }
            let cluster = group.iter().map(|(row, _)| *row).collect();
            found.clusters.push(cluster);
        }
        let uncertain = std::mem::take(&mut self.uncertain);
        for ((a, b), unsure) in uncertain {
            if self.clusters.root(a) != self.clusters.root(b) {
                // One row stands for all that are written alike.
                let rows_of = (forms[a as usize][0], forms[b as usize][0]);
                let mut said = judge.evidence(a, b);
                if let Some(why) = unsure.refused {
                    said.push_str("; not merged: ");
                    said.push_str(why.words());
                }
                found.push(rows, rows_of, unsure.score, said);
            }
        }
        found
            .clusters
            .sort_by(|a, b| rows[a[0]].id.cmp(rows[b[0]].id));
        let key = |pair: &Pair| (rows[pair.a].id, rows[pair.b].id);
        found.pairs.sort_by(|a, b| key(a).cmp(&key(b)));
        found
    }
}

/// Whether the houses of two clusters are all others. A cluster has several only where an e-mail
/// address or a telephone number says that somebody has moved.
fn two_homes(judge: &Judge<'_>, x: &[u32], y: &[u32]) -> bool {
    let known = |members: &[u32]| {
        members
            .iter()
            .any(|one| !judge.record(*one).house.is_empty())
    };
    judge.houses_tell() && known(x) && known(y) && !any_pair(x, y, |a, b| judge.one_house(a, b))
}

impl Matches {
    fn push(&mut self, rows: &[Row<'_>], (a, b): (usize, usize), score: i32, evidence: String) {
        let (a, b) = if rows[a].id <= rows[b].id {
            (a, b)
        } else {
            (b, a)
        };
        let outcome = if score >= SAME {
            Outcome::Same
        } else {
            Outcome::Uncertain
        };
        self.pairs.push(Pair {
            a,
            b,
            score,
            outcome,
            evidence,
        });
    }
}
