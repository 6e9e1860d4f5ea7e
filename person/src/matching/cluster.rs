//! Clusters of linked records, by union-find with a veto.

/// Up to how many members of each cluster are asked whether they contradict.
const ASKED: usize = 24;

pub(super) struct Clusters {
    parents: Vec<u32>,
    members: Vec<Vec<u32>>,
}

impl Clusters {
    /// Each of `count` records alone.
    pub fn new(count: usize) -> Clusters {
        let each = 0..u32::try_from(count).unwrap_or(u32::MAX);
        Clusters {
            parents: each.clone().collect(),
            members: each.map(|one| vec![one]).collect(),
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

    /// Makes the clusters of two records one, unless a member of one contradicts a member of the
    /// other. Returns whether they are one now. Of large clusters the first members are asked.
    pub fn join(&mut self, a: u32, b: u32, contradict: impl Fn(u32, u32) -> bool) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        let (into, from) = if a < b { (a, b) } else { (b, a) };
        for x in self.members[into as usize].iter().take(ASKED) {
            for y in self.members[from as usize].iter().take(ASKED) {
                if contradict(*x, *y) {
                    return false;
                }
            }
        }
        self.parents[from as usize] = into;
        let moved = std::mem::take(&mut self.members[from as usize]);
        self.members[into as usize].extend(moved);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contradiction_keeps_clusters_apart() {
        let mut clusters = Clusters::new(5);
        let contradict = |x: u32, y: u32| (x, y) == (0, 4) || (x, y) == (4, 0);
        assert!(clusters.join(0, 1, contradict));
        assert!(clusters.join(3, 4, contradict));
        assert!(clusters.join(0, 1, contradict));
        assert!(!clusters.join(1, 3, contradict));
        assert!(clusters.join(1, 2, contradict));
        assert_eq!(clusters.root(2), clusters.root(0));
        assert_ne!(clusters.root(3), clusters.root(0));
        assert_eq!(clusters.root(4), clusters.root(3));
    }
}
