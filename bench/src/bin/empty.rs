//! A program that does nothing: what a start costs here in any case.

fn main() {}
