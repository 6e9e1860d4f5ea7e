//! Clusters of linked records, by union-find with a veto.

/// The most pairs of members that are asked before two clusters become one. A cluster grows one
/// record at a time up to this size; what would need more asking stays apart, so that nothing is
/// made one unasked and no number of records takes more than so much work for a link.
const ASKED: usize = 1024;

/// What became of two clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joined {
    /// They are one now, or were before.
    One,
    /// They are not, as was said of their members.
    Apart,
    /// They are not, because there are too many members to be asked.
    TooMany,
}

/// Which records are one person.
pub(super) struct Clusters {
    parents: Vec<u32>,
    /// Those who are asked for all of a cluster, in ascending order; empty but for roots.
    members: Vec<Vec<u32>>,
}

impl Clusters {
    /// Each record alone. `faces` has for each the first record that looks the same to who is
    /// asked, so that what differs in nothing that matters is asked once.
    pub fn new(faces: impl Iterator<Item = u32>) -> Clusters {
        let members: Vec<Vec<u32>> = faces.map(|face| vec![face]).collect();
        Clusters {
            parents: (0..).take(members.len()).collect(),
            members,
        }
    }

    /// The record that stands for the cluster of `one`.
    pub fn root(&mut self, one: u32) -> u32 {
        let mut root = one;
        while self.parents[root as usize] != root {
            root = self.parents[root as usize];
        }
        let mut at = one;
        while self.parents[at as usize] != root {
            at = std::mem::replace(&mut self.parents[at as usize], root);
        }
        root
    }

    /// Those who are asked for the cluster of `one`.
    pub fn members(&mut self, one: u32) -> &[u32] {
        let root = self.root(one);
        &self.members[root as usize]
    }

    /// Makes the clusters of two records one, unless `apart` says of their members that they are
    /// not, or there are too many to be asked.
    pub fn join(&mut self, a: u32, b: u32, apart: impl Fn(&[u32], &[u32]) -> bool) -> Joined {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return Joined::One;
        }
        let (into, from) = if a < b { (a, b) } else { (b, a) };
        let (x, y) = (&self.members[into as usize], &self.members[from as usize]);
        if x.len() * y.len() > ASKED {
            return Joined::TooMany;
        }
        if apart(x, y) {
            return Joined::Apart;
        }
        self.parents[from as usize] = into;
        let moved = std::mem::take(&mut self.members[from as usize]);
        let members = &mut self.members[into as usize];
        members.extend(moved);
        members.sort_unstable();
        members.dedup();
        Joined::One
    }
}

/// Whether something holds for any member of one cluster and any of another.
pub(super) fn any_pair(x: &[u32], y: &[u32], holds: impl Fn(u32, u32) -> bool) -> bool {
    x.iter().any(|x| y.iter().any(|y| holds(*x, *y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contradiction_keeps_clusters_apart() {
        let mut clusters = Clusters::new(0..5);
        let contradict =
            |x: &[u32], y: &[u32]| any_pair(x, y, |x, y| (x, y) == (0, 4) || (x, y) == (4, 0));
        assert_eq!(clusters.join(0, 1, contradict), Joined::One);
        assert_eq!(clusters.join(3, 4, contradict), Joined::One);
        assert_eq!(clusters.join(0, 1, contradict), Joined::One);
        assert_eq!(clusters.join(1, 3, contradict), Joined::Apart);
        assert_eq!(clusters.join(1, 2, contradict), Joined::One);
        assert_eq!(clusters.root(2), clusters.root(0));
        assert_ne!(clusters.root(3), clusters.root(0));
        assert_eq!(clusters.root(4), clusters.root(3));
        assert_eq!(clusters.members(1), [0, 1, 2]);
    }

    #[test]
    fn every_member_is_asked_or_nothing_is_joined() {
        let count = 100_u32;
        let mut clusters = Clusters::new(0..count + 1);
        let free = |_: &[u32], _: &[u32]| false;
        for at in 1..count {
            assert_eq!(clusters.join(0, at, free), Joined::One);
        }
        // The last of a hundred members speaks as the first does.
        let last = |x: &[u32], y: &[u32]| {
            any_pair(x, y, |x, y| x.min(y) == count - 1 && x.max(y) == count)
        };
        assert_eq!(clusters.join(3, count, last), Joined::Apart);
        // More than can be asked stays apart though nothing speaks against it.
        let half = ASKED as u32;
        let mut clusters = Clusters::new(0..half * 2);
        for at in 1..half {
            clusters.join(0, at, free);
            clusters.join(half, half + at, free);
        }
        assert_eq!(clusters.join(0, half, free), Joined::TooMany);
    }

    #[test]
    fn records_of_one_face_are_asked_once() {
        let mut clusters = Clusters::new([0, 0, 0, 3, 3].into_iter());
        let never = |_: &[u32], _: &[u32]| false;
        clusters.join(0, 1, never);
        clusters.join(1, 2, never);
        clusters.join(3, 4, never);
        assert_eq!(clusters.members(2), [0]);
        assert_eq!(clusters.join(2, 4, never), Joined::One);
        assert_eq!(clusters.members(4), [0, 3]);
    }
}
