//! A quick hash for keys that the program itself builds.

use std::hash::Hasher;

/// A quick hash. Keys that fall together on purpose cost time within the bound of what is kept,
/// nothing else.
#[derive(Default)]
pub(crate) struct Fold(u64);

impl Fold {
    fn add(&mut self, part: u64) {
        self.0 = (self.0.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut whole = [0; 8];
            whole[..part.len()].copy_from_slice(part);
            self.add(u64::from_le_bytes(whole));
        }
    }

    fn write_u8(&mut self, part: u8) {
        self.add(part.into());
    }

    fn write_u16(&mut self, part: u16) {
        self.add(part.into());
    }

    fn write_u32(&mut self, part: u32) {
        self.add(part.into());
    }

    fn write_u64(&mut self, part: u64) {
        self.add(part);
    }

    fn write_usize(&mut self, part: usize) {
        self.add(part as u64);
    }

    fn write_isize(&mut self, part: isize) {
        self.add(part as u64);
    }
}
