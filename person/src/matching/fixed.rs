//! Logarithms in fixed point: hundredths, base 2.
//! It must not use floats: equal input gives equal scores on every machine.

/// Hundredths of log2(1 + n/16), rounded.
const FRACTIONS: [i32; 16] = [0, 9, 17, 25, 32, 39, 46, 52, 58, 64, 70, 75, 81, 86, 91, 95];

/// Hundredths of the logarithm of `number`, base 2; of zero as of one. Exact for powers of two,
/// else at most nine hundredths too small.
pub(super) fn log2(number: u32) -> i32 {
    let number = number.max(1);
    let whole = number.ilog2();
    // The four bits after the first.
    let after = ((u64::from(number) << 4) >> whole) & 15;
    whole as i32 * 100 + FRACTIONS[after as usize]
}

/// Hundredths of the logarithm of a ratio.
pub(super) fn log2_ratio(above: u32, below: u32) -> i32 {
    log2(above) - log2(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms() {
        for (number, expected) in [
            (0, 0),
            (1, 0),
            (2, 100),
            (3, 158),
            (4, 200),
            (10, 332),
            (1024, 1000),
            (u32::MAX, 3195),
        ] {
            let found = log2(number);
            assert!((expected - found).abs() <= 1, "{number}: {found}");
        }
        assert_eq!(log2_ratio(8, 2), 200);
        assert_eq!(log2_ratio(2, 8), -200);
    }

    #[test]
    fn a_greater_number_has_no_smaller_logarithm() {
        for number in 0..100_000 {
            assert!(log2(number) <= log2(number + 1), "{number}");
        }
    }
}
