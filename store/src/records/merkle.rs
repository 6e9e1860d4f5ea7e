//! The Merkle tree of RFC 9162, section 2.1, over SHA-256: its root, and proofs that a leaf is in
//! it and that a later tree holds an earlier one.
//!
//! A leaf is hashed behind a zero byte and a node behind a one, so that neither can pass for the
//! other. The functions take hashes of leaves; nothing here knows what a leaf says.

use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf's bytes.
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(bytes);
    hash.finalize().into()
}

/// The hash of a node over its two children.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// The right edge of a growing tree: as many hashes as its size has bits set.
#[derive(Clone, Debug, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the perfect trees that the leaves make up, the largest first.
    perfect: Vec<Hash>,
}

impl Frontier {
    /// Adds the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.perfect.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.perfect.push(hash);
        self.size += 1;
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves so far; of none it is the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let joined = self.perfect.iter().rev().copied();
        let root = joined.reduce(|right, left| node_hash(&left, &right));
        root.unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// The root over these leaves.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

/// How many leaves lie left: the largest power of two below `size`, which is above one.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// The path from a leaf to the root: the sibling at each height, the lowest first. Nothing if there
/// is no such leaf.
#[must_use]
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut leaves, mut index, mut path) = (leaves, index, Vec::new());
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            index -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// How many leaves of a [`Tree`] have their root kept.
const BLOCK: usize = 256;

/// A whole tree, kept for many paths: a path costs a look at the roots of blocks, and not at all
/// leaves.
#[derive(Clone, Debug)]
pub struct Tree {
    leaves: Vec<Hash>,
    /// The roots of whole blocks, in their order.
    blocks: Vec<Hash>,
}

impl Tree {
    /// The tree over these leaves.
    #[must_use]
    pub fn new(leaves: Vec<Hash>) -> Tree {
        let blocks = leaves.chunks_exact(BLOCK).map(root).collect();
        Tree { leaves, blocks }
    }

    /// Its leaves.
    #[must_use]
    pub fn leaves(&self) -> &[Hash] {
        &self.leaves
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.over(0, self.leaves.len())
    }

    /// The root over the leaves from a place up to another.
    fn over(&self, from: usize, to: usize) -> Hash {
        // A part of the tree that is as large as a block begins where one does; if it did not, its
        // leaves would tell the same.
        if to - from < BLOCK || !from.is_multiple_of(BLOCK) {
            return root(&self.leaves[from..to]);
        }
        let (mut edge, mut rest) = (Frontier::default(), Frontier::default());
        let (first, last) = (from / BLOCK, to / BLOCK);
        self.blocks[first..last]
            .iter()
            .for_each(|block| edge.push(*block));
        self.leaves[last * BLOCK..to]
            .iter()
            .for_each(|leaf| rest.push(*leaf));
        edge.perfect.append(&mut rest.perfect);
        edge.root()
    }

    /// The path from a leaf to the root, as [`inclusion`] gives it.
    #[must_use]
    pub fn inclusion(&self, index: usize) -> Option<Vec<Hash>> {
        if index >= self.leaves.len() {
            return None;
        }
        let (mut from, mut to, mut path) = (0, self.leaves.len(), Vec::new());
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                path.push(self.over(middle, to));
                to = middle;
            } else {
                path.push(self.over(from, middle));
                from = middle;
            }
        }
        path.reverse();
        Some(path)
    }
}

/// Whether a leaf is at this place of the tree with this root.
#[must_use]
pub fn is_included(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut first, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if first & 1 == 1 || first == last {
            hash = node_hash(sibling, &hash);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// The hashes that show that the tree over all leaves begins with the tree over the first `old`.
/// Nothing if there is no such earlier tree.
#[must_use]
pub fn consistency(leaves: &[Hash], old: usize) -> Option<Vec<Hash>> {
    if old == 0 || old > leaves.len() {
        return None;
    }
    let (mut leaves, mut old, mut path) = (leaves, old, Vec::new());
    // Whether what is left of the earlier tree is that tree whole, whose root is known.
    let mut whole = true;
    while old < leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if old <= left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            old -= left.len();
            leaves = right;
            whole = false;
        }
    }
    if !whole {
        path.push(root(leaves));
    }
    path.reverse();
    Some(path)
}

/// Whether the tree with root `new_root` begins with the one with `old_root`.
#[must_use]
pub fn is_consistent(old: u64, new: u64, path: &[Hash], old_root: &Hash, new_root: &Hash) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    let start = if old.is_power_of_two() {
        Some((*old_root, path))
    } else {
        path.split_first().map(|(first, rest)| (*first, rest))
    };
    let Some((start, rest)) = start else {
        return false;
    };
    let (mut first, mut last) = (old - 1, new - 1);
    while first & 1 == 1 {
        first >>= 1;
        last >>= 1;
    }
    let (mut of_old, mut of_new) = (start, start);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if first & 1 == 1 || first == last {
            of_old = node_hash(sibling, &of_old);
            of_new = node_hash(sibling, &of_new);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node_hash(&of_new, sibling);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *new_root
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hash(digits: &str) -> Hash {
        let digits = digits.as_bytes();
        std::array::from_fn(|at| {
            let pair = std::str::from_utf8(&digits[at * 2..at * 2 + 2]).expect("digits");
            u8::from_str_radix(pair, 16).expect("digits")
        })
    }

    /// The inputs and roots of the reference implementation of RFC 6962.
    fn published() -> Vec<Hash> {
        let inputs: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        inputs.iter().map(|input| leaf_hash(input)).collect()
    }

    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    const A: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
    const B: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
    const C: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
    const D: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
    const E: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
    const F: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

    #[test]
    fn a_kept_tree_gives_the_root_and_the_paths_of_its_leaves() {
        let leaves: Vec<Hash> = (0..1301_u32)
            .map(|at| leaf_hash(&at.to_be_bytes()))
            .collect();
        for size in [0, 1, 255, 256, 257, 511, 512, 513, 768, 1024, 1025, 1301] {
            let leaves = &leaves[..size];
            let tree = Tree::new(leaves.to_vec());
            assert_eq!(tree.root(), root(leaves), "{size}");
            let ends = [size.saturating_sub(1), size];
            for index in (0..size).step_by(37).chain(ends) {
                let path = tree.inclusion(index);
                assert_eq!(path, inclusion(leaves, index), "{index} of {size}");
            }
        }
    }

    #[test]
    fn the_published_vectors_come_out() {
        let leaves = published();
        for (size, expected) in ROOTS.iter().enumerate() {
            assert_eq!(root(&leaves[..size]), hash(expected), "root of {size}");
        }
        let paths: [(usize, usize, &[&str]); 5] = [
            (0, 1, &[]),
            (0, 8, &[A, B, C]),
            (5, 8, &[D, E, ROOTS[4]]),
            (2, 3, &[ROOTS[2]]),
            (1, 5, &[ROOTS[1], B, D]),
        ];
        for (index, size, expected) in paths {
            let expected: Vec<Hash> = expected.iter().map(|digits| hash(digits)).collect();
            assert_eq!(inclusion(&leaves[..size], index), Some(expected));
        }
        let paths: [(usize, usize, &[&str]); 4] = [
            (1, 1, &[]),
            (1, 8, &[A, B, C]),
            (6, 8, &[F, E, ROOTS[4]]),
            (2, 5, &[B, D]),
        ];
        for (old, new, expected) in paths {
            let expected: Vec<Hash> = expected.iter().map(|digits| hash(digits)).collect();
            assert_eq!(consistency(&leaves[..new], old), Some(expected));
        }
    }

    #[test]
    fn a_proof_holds_for_its_own_place_and_root_alone() {
        let leaves: Vec<Hash> = (0..70_u8).map(|number| leaf_hash(&[number])).collect();
        for size in 1..leaves.len() {
            let all = &leaves[..size];
            let top = root(all);
            for index in 0..size {
                let path = inclusion(all, index).expect("a path");
                let (at, of) = (index as u64, size as u64);
                assert!(is_included(&leaves[index], at, of, &path, &top));
                assert!(!is_included(&leaves[size], at, of, &path, &top));
                for other in 0..of {
                    let same = other == at;
                    assert_eq!(is_included(&leaves[index], other, of, &path, &top), same);
                }
                for place in 0..path.len() {
                    let mut other = path.clone();
                    other[place][7] ^= 1;
                    assert!(!is_included(&leaves[index], at, of, &other, &top));
                    let short = &path[..place];
                    assert!(!is_included(&leaves[index], at, of, short, &top));
                }
            }
            for old in 1..=size {
                let path = consistency(all, old).expect("a path");
                let before = root(&leaves[..old]);
                let (old, new) = (old as u64, size as u64);
                assert!(is_consistent(old, new, &path, &before, &top));
                assert!(!is_consistent(old, new, &path, &leaves[69], &top));
                assert!(!is_consistent(old, new, &path, &before, &leaves[69]));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Another implementation gives the same roots and the same proofs.
        #[test]
        fn another_implementation_agrees(
            inputs in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 1..120),
            pick in any::<prop::sample::Index>(),
        ) {
            let mut tree = ct_merkle::mem_backed_tree::MemoryBackedTree::<Sha256, Vec<u8>>::new();
            let leaves: Vec<Hash> = inputs.iter().map(|input| leaf_hash(input)).collect();
            inputs.iter().for_each(|input| tree.push(input.clone()));
            let theirs = tree.root();
            prop_assert_eq!(theirs.as_bytes().as_slice(), root(&leaves));
            let at = pick.index(leaves.len());
            let theirs = tree.prove_inclusion(at);
            let ours = inclusion(&leaves, at).expect("a path").concat();
            prop_assert_eq!(theirs.as_bytes(), ours);
            let (old, size) = (at + 1, leaves.len());
            if old < size {
                let theirs = tree.prove_consistency(size - old);
                let ours = consistency(&leaves, old).expect("a path").concat();
                prop_assert_eq!(theirs.as_bytes(), ours);
            }
        }
    }
}
