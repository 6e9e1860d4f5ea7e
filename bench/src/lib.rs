//! What the benchmarks share: made-up parcels, processor time, and medians.
//!
//! Nothing of the product depends on this crate. The parcels are the same on every machine.

#![expect(
    clippy::float_arithmetic,
    reason = "rates and ratios of measured times are not money"
)]

pub mod cpu;
pub mod dutiable;
mod goods;
pub mod parcels;
pub mod persons;

/// The middle of some measurements; for an even number the upper one.
///
/// # Panics
/// Of no measurements at all.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The least and the greatest of some measurements.
#[must_use]
pub fn spread(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::MAX, f64::MIN), |(least, most), value| {
            (least.min(*value), most.max(*value))
        })
}

/// How many of something per second, in thousands.
#[must_use]
pub fn thousands_a_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds / 1000.0
}
