//! A small generator of random numbers, so that a seed gives the same world on every machine.

/// SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one less than `limit`, which is above 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, (low, high): (i64, i64)) -> i64 {
        low + (self.next() % (high - low + 1).unsigned_abs()) as i64
    }

    /// As `between`, of days.
    pub fn days(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).unsigned_abs() as usize) as i32
    }

    /// True `times` in a hundred.
    pub fn chance(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    /// True `times` in a thousand.
    pub fn rarely(&mut self, times: usize) -> bool {
        self.below(1000) < times
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// The first are much more frequent than the last, as names and shops go.
    pub fn skewed(&mut self, count: usize) -> usize {
        let limit = 1 + self.below(count);
        self.below(limit)
    }

    /// The place of one of the weights, as often as it weighs.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        unreachable!("the rest is less than the sum of the weights")
    }
}
