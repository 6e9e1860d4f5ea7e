//! Quantities of a line in the units a specific rate may ask for.

use deminimis_tariff::rate::{Quantity, Unit};

/// How many quantities a line may state: three with their units, and its net weight.
pub const MEASURES: usize = 4;

/// What a line states besides its first quantity's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Quantities in thousandths of their units.
    pub quantities: [Option<i64>; 3],
    /// Their units; a text that is no unit of the schedule is [`Stated::Other`].
    pub units: [Stated; 3],
    /// Net weight in thousandths of a kilogram.
    pub net_weight: Option<i64>,
}

/// Whether a quantity's unit is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stated {
    /// No unit: pieces are meant.
    #[default]
    Absent,
    /// A unit of the schedule.
    Unit(Unit),
    /// Something the schedule does not count in.
    Other,
}

impl Stated {
    /// Reads a unit's text.
    #[must_use]
    pub fn read(text: &str) -> Stated {
        Unit::parse(text).map_or(Stated::Other, Stated::Unit)
    }
}

impl Measures {
    /// The quantities that a rate can use, as many as there are.
    #[must_use]
    pub fn given(&self) -> ([Quantity; MEASURES], usize) {
        let none = Quantity {
            unit: Unit::NUMBER,
            digits: 0,
            places: 0,
        };
        let (mut given, mut count) = ([none; MEASURES], 0);
        let mut add = |unit, thousandths| {
            given[count] = Quantity {
                unit,
                digits: thousandths,
                places: 3,
            };
            count += 1;
        };
        for (quantity, unit) in self.quantities.iter().zip(self.units) {
            match (quantity, unit) {
                (Some(quantity), Stated::Unit(unit)) => add(unit, *quantity),
                (Some(quantity), Stated::Absent) => add(Unit::NUMBER, *quantity),
                _ => {}
            }
        }
        if let Some(weight) = self.net_weight {
            add(Unit::KILOGRAM, weight);
        }
        (given, count)
    }
}
