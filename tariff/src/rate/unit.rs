//! Units of quantity: as the schedule writes them, what is counted, and the conversions between
//! them that lose nothing.
//! It must not convert between things: a kilogram of lead in an ore is no kilogram of the ore.

use std::fmt;

/// A size of unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the units")]
pub enum Size {
    Gram,
    Kilogram,
    Tonne,
    Carat,
    Number,
    Dozen,
    Gross,
    Hundred,
    Thousand,
    Pair,
    DozenPairs,
    Liter,
    CubicMeter,
    ThousandCubicMeters,
    Barrel,
    ProofLiter,
    Centimeter,
    Meter,
    ThousandMeters,
    SquareCentimeter,
    SquareMeter,
    /// A roofer's square of 100 square feet.
    Square,
    Jewel,
    /// A jewel of a watch movement over the first seven.
    JewelOverSeven,
    /// A gross of buttons times their lines.
    LineGross,
    Pack,
    Watt,
    MegawattHour,
    Gigabecquerel,
    Dose,
    /// A degree of polarization of sugar.
    Degree,
}

/// What a unit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Of {
    /// The goods.
    Goods,
    /// A part, a state or a container of the goods, by the schedule's words for it.
    Only(&'static str),
}

/// A unit of quantity: a size, and what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    /// How large.
    pub size: Size,
    /// Of what.
    pub of: Of,
}

impl Unit {
    /// Kilograms of the goods.
    pub const KILOGRAM: Unit = goods(Size::Kilogram);
    /// Articles.
    pub const NUMBER: Unit = goods(Size::Number);
    /// Degrees of polarization.
    pub const DEGREE: Unit = goods(Size::Degree);

    /// Reads a unit as the schedule writes it, in the column of units or behind a rate. Blanks and
    /// the case of letters do not matter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Unit> {
        let wanted = squeezed(text);
        let found = WRITTEN.iter().find(|(one, _)| same(one, &wanted));
        found.map(|(_, unit)| *unit)
    }

    /// How many of `self` are one of `from`, as (times, by): a dozen is 12 of 1 number. `None` if
    /// they count other things or if no exact conversion is known.
    #[must_use]
    pub fn conversion(self, from: Unit) -> Option<(i64, i64)> {
        let (mine, its) = (self.size.measure(), from.size.measure());
        (self.of == from.of && mine.0 == its.0).then_some((its.1, mine.1))
    }
}

impl fmt::Display for Unit {
    /// As the schedule writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = WRITTEN.iter().find(|(_, unit)| unit == self);
        match (written, self.of) {
            (Some((text, _)), _) => f.write_str(text),
            (None, Of::Goods) => write!(f, "{:?}", self.size),
            (None, Of::Only(what)) => write!(f, "{:?} of {what}", self.size),
        }
    }
}

impl Size {
    /// The size that others of its dimension are counted in, and how many of it make this one.
    const fn measure(self) -> (Size, i64) {
        match self {
            // A carat is 200 milligrams, so five are a gram: counted in carats all are whole.
            Size::Carat => (Size::Carat, 1),
            Size::Gram => (Size::Carat, 5),
            Size::Kilogram => (Size::Carat, 5_000),
            Size::Tonne => (Size::Carat, 5_000_000),
            Size::Number => (Size::Number, 1),
            Size::Dozen => (Size::Number, 12),
            Size::Hundred => (Size::Number, 100),
            Size::Gross => (Size::Number, 144),
            Size::Thousand => (Size::Number, 1_000),
            Size::Pair => (Size::Pair, 1),
            Size::DozenPairs => (Size::Pair, 12),
            Size::Liter => (Size::Liter, 1),
            Size::CubicMeter => (Size::Liter, 1_000),
            Size::ThousandCubicMeters => (Size::Liter, 1_000_000),
            Size::Centimeter => (Size::Centimeter, 1),
            Size::Meter => (Size::Centimeter, 100),
            Size::ThousandMeters => (Size::Centimeter, 100_000),
            Size::SquareCentimeter => (Size::SquareCentimeter, 1),
            Size::SquareMeter => (Size::SquareCentimeter, 10_000),
            Size::Barrel
            | Size::ProofLiter
            | Size::Square
            | Size::Jewel
            | Size::JewelOverSeven
            | Size::LineGross
            | Size::Pack
            | Size::Watt
            | Size::MegawattHour
            | Size::Gigabecquerel
            | Size::Dose
            | Size::Degree => (self, 1),
        }
    }
}

const fn goods(size: Size) -> Unit {
    Unit {
        size,
        of: Of::Goods,
    }
}

const fn only(size: Size, what: &'static str) -> Unit {
    Unit {
        size,
        of: Of::Only(what),
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn same(written: &str, squeezed: &str) -> bool {
    let mut left = written.bytes().filter(|byte| *byte != b' ');
    let mut right = squeezed.bytes();
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(&b) => {}
            _ => return false,
        }
    }
}

const DRAINED: &str = "drained weight";
const CLEAN: &str = "clean yield";
const SUGARS: &str = "total sugars";
const RECORDING: &str = "recording surface";
const MORPHINE: &str = "anhydrous morphine content";

/// Each way of writing a unit; the first of a unit is the one shown. From the column of units
/// first, then from the columns of rates.
#[rustfmt::skip]
static WRITTEN: &[(&str, Unit)] = &[
    ("kg", goods(Size::Kilogram)), ("g", goods(Size::Gram)), ("t", goods(Size::Tonne)),
    ("carat", goods(Size::Carat)),
    ("No.", goods(Size::Number)), ("No", goods(Size::Number)), ("pcs", goods(Size::Number)),
    ("each", goods(Size::Number)), ("head", goods(Size::Number)), ("article", goods(Size::Number)),
    ("doz.", goods(Size::Dozen)), ("doz", goods(Size::Dozen)), ("dozen", goods(Size::Dozen)),
    ("Dz Pcs", goods(Size::Dozen)), ("gross", goods(Size::Gross)),
    ("hundreds", goods(Size::Hundred)), ("100", goods(Size::Hundred)),
    ("thousands", goods(Size::Thousand)), ("thousand", goods(Size::Thousand)),
    ("thou-sand", goods(Size::Thousand)), ("1000", goods(Size::Thousand)),
    ("1,000", goods(Size::Thousand)),
    ("1,000 pins", goods(Size::Thousand)),
    ("prs.", goods(Size::Pair)), ("pr.", goods(Size::Pair)), ("prs", goods(Size::Pair)),
    ("pr", goods(Size::Pair)), ("pairs", goods(Size::Pair)), ("pair", goods(Size::Pair)),
    ("doz. prs.", goods(Size::DozenPairs)), ("doz. prs", goods(Size::DozenPairs)),
    ("doz. pr.", goods(Size::DozenPairs)),
    ("liters", goods(Size::Liter)), ("liter", goods(Size::Liter)),
    ("m3", goods(Size::CubicMeter)), ("m\u{b3}", goods(Size::CubicMeter)),
    ("thousand m3", goods(Size::ThousandCubicMeters)),
    ("bbl", goods(Size::Barrel)),
    ("pf.liters", goods(Size::ProofLiter)), ("pf.liter", goods(Size::ProofLiter)),
    ("pf.liter on ethyl alcohol content", goods(Size::ProofLiter)),
    ("cm", goods(Size::Centimeter)), ("m", goods(Size::Meter)), ("lin. m", goods(Size::Meter)),
    ("thousand m", goods(Size::ThousandMeters)), ("Fiber m", only(Size::Meter, "fiber")),
    ("cm2", goods(Size::SquareCentimeter)), ("cm\u{b2}", goods(Size::SquareCentimeter)),
    ("m2", goods(Size::SquareMeter)), ("m\u{b2}", goods(Size::SquareMeter)),
    ("square", goods(Size::Square)),
    ("Jwls.", goods(Size::Jewel)), ("jewel", goods(Size::Jewel)),
    ("jewel over 7", goods(Size::JewelOverSeven)),
    ("gr.lines", goods(Size::LineGross)), ("line/gross", goods(Size::LineGross)),
    ("pack", goods(Size::Pack)), ("W", goods(Size::Watt)), ("MWh", goods(Size::MegawattHour)),
    ("GBq", goods(Size::Gigabecquerel)), ("doses", goods(Size::Dose)),
    ("degree", goods(Size::Degree)),
    ("cy kg", only(Size::Kilogram, CLEAN)), ("clean kg", only(Size::Kilogram, CLEAN)),
    ("t adw", only(Size::Tonne, "air dry weight")),
    ("t dwb", only(Size::Tonne, "dry weight basis")),
    ("kg ttl sug", only(Size::Kilogram, SUGARS)),
    ("kg of total sugars", only(Size::Kilogram, SUGARS)),
    ("kg cmsc", only(Size::Kilogram, "cmsc")), ("kg msc", only(Size::Kilogram, "msc")),
    ("kg amc", only(Size::Kilogram, MORPHINE)),
    ("kg of anhydrous morphine content", only(Size::Kilogram, MORPHINE)),
    ("kg on drained weight", only(Size::Kilogram, DRAINED)),
    ("kg on drained weght", only(Size::Kilogram, DRAINED)),
    ("kg of tobacco content", only(Size::Kilogram, "tobacco content")),
    ("kg on entire contents of container", only(Size::Kilogram, "entire contents of container")),
    ("kg on contents and container", only(Size::Kilogram, "contents and container")),
    ("kg, including weight of container", only(Size::Kilogram, "goods and container")),
    ("t, including weight of container", only(Size::Tonne, "goods and container")),
    ("gross of immediate containers", only(Size::Gross, "immediate containers")),
    ("m2 of recording surface", only(Size::SquareMeter, RECORDING)),
    ("Cu kg", only(Size::Kilogram, "Cu")), ("kg on copper content", only(Size::Kilogram, "Cu")),
    ("Pb kg", only(Size::Kilogram, "Pb")), ("kg on lead content", only(Size::Kilogram, "Pb")),
    ("Zn kg", only(Size::Kilogram, "Zn")), ("kg on zinc content", only(Size::Kilogram, "Zn")),
    ("W kg", only(Size::Kilogram, "W")), ("kg on tungsten content", only(Size::Kilogram, "W")),
    ("Mo kg", only(Size::Kilogram, "Mo")), ("kg on molybdenum content", only(Size::Kilogram, "Mo")),
    ("Mg kg", only(Size::Kilogram, "Mg")), ("kg on magnesium content", only(Size::Kilogram, "Mg")),
    ("Mn kg", only(Size::Kilogram, "Mn")), ("kg on manganese content", only(Size::Kilogram, "Mn")),
    ("Si kg", only(Size::Kilogram, "Si")), ("kg on silicon content", only(Size::Kilogram, "Si")),
    ("Ni kg", only(Size::Kilogram, "Ni")), ("Co kg", only(Size::Kilogram, "Co")),
    ("Cr kg", only(Size::Kilogram, "Cr")), ("V kg", only(Size::Kilogram, "V")),
    ("Sb kg", only(Size::Kilogram, "Sb")), ("V2O5 kg", only(Size::Kilogram, "V2O5")),
    ("NaOH kg", only(Size::Kilogram, "NaOH")), ("Cr2O3 t", only(Size::Tonne, "Cr2O3")),
    ("NH3 t", only(Size::Tonne, "NH3")), ("Sn t", only(Size::Tonne, "Sn")),
    ("Au g", only(Size::Gram, "Au")), ("Ag g", only(Size::Gram, "Ag")),
    ("Pt g", only(Size::Gram, "Pt")), ("Pd g", only(Size::Gram, "Pd")),
    ("Rh g", only(Size::Gram, "Rh")), ("Ir g", only(Size::Gram, "Ir")),
    ("Os g", only(Size::Gram, "Os")), ("Ru g", only(Size::Gram, "Ru")),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> Unit {
        Unit::parse(text).expect(text)
    }

    #[test]
    fn conversions_are_exact_or_none() {
        for (to, from, times) in [
            ("kg", "g", Some((5, 5_000))),
            ("kg", "t", Some((5_000_000, 5_000))),
            ("g", "carat", Some((1, 5))),
            ("doz.", "No.", Some((1, 12))),
            ("No.", "gross", Some((144, 1))),
            ("thousands", "No.", Some((1, 1_000))),
            ("doz. prs.", "prs.", Some((1, 12))),
            ("liters", "m3", Some((1_000, 1))),
            ("m2", "cm2", Some((1, 10_000))),
            ("m", "cm", Some((1, 100))),
            ("kg", "liters", None),
            ("No.", "prs.", None),
            ("kg", "Pb kg", None),
            ("kg on drained weight", "kg", None),
            ("pf.liter", "liter", None),
            ("square", "m2", None),
        ] {
            assert_eq!(unit(to).conversion(unit(from)), times, "{to} from {from}");
        }
    }

    #[test]
    fn every_way_of_writing_is_read_as_its_unit() {
        for (text, meant) in WRITTEN {
            let first = WRITTEN
                .iter()
                .find(|(other, _)| same(other, &squeezed(text)));
            assert_eq!(first.map(|(_, unit)| unit), Some(meant), "{text}");
            assert_eq!(Unit::parse(&meant.to_string()), Some(*meant), "{text}");
        }
        assert_eq!(Unit::parse("pf. liter"), Unit::parse("pf.liters"));
        assert_eq!(
            Unit::parse(" m2of recording surface"),
            Unit::parse("m2 of recording surface")
        );
        for text in ["", "kgs of", "furlong", "kg kg"] {
            assert_eq!(Unit::parse(text), None, "{text}");
        }
    }
}
