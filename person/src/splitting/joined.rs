//! Parcels that belong together, by union-find.

/// Which parcels of a file are joined.
pub(super) struct Joined(Vec<u32>);

impl Joined {
    /// Each of `count` parcels alone.
    pub fn new(count: usize) -> Joined {
        Joined((0..).take(count).collect())
    }

    /// Makes two parcels one group.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    /// Makes all of some parcels one group.
    pub fn join_all(&mut self, parcels: &[u32]) {
        for pair in parcels.windows(2) {
            self.join(pair[0], pair[1]);
        }
    }

    /// The groups in the order of their first parcel; those of one only if they are wanted.
    pub fn groups(mut self, alone: impl Fn(u32) -> bool) -> Vec<Vec<u32>> {
        let each = (0..).take(self.0.len());
        let mut keyed: Vec<(u32, u32)> = each.map(|at| (self.root(at), at)).collect();
        keyed.sort_unstable();
        keyed
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1 || alone(group[0].1))
            .map(|group| group.iter().map(|(_, at)| *at).collect())
            .collect()
    }

    fn root(&mut self, one: u32) -> u32 {
        let mut at = one;
        while self.0[at as usize] != at {
            let above = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = above;
            at = above;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_parcels_are_one_group() {
        let mut joined = Joined::new(6);
        joined.join(4, 1);
        joined.join_all(&[5, 3, 4]);
        joined.join_all(&[2]);
        let groups = joined.groups(|at| at == 2);
        assert_eq!(groups, [vec![1, 3, 4, 5], vec![2]]);
        assert!(Joined::new(0).groups(|_| true).is_empty());
    }
}
