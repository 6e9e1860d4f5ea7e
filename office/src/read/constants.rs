//! Values given once for all shipments of a file: `--set mode=express`, a map's constants.
//!
//! They fill what a shipment leaves open and never replace what it says.

use super::Options;
use super::plan::{Target, unknown};
use deminimis_clearance::shipment::build::{BadField, Builder, Filling};
use deminimis_clearance::shipment::fields::{FieldId, id};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::codes::Currency;

/// Values for shipments that have none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constants {
    list: Vec<(Target, String)>,
}

impl Constants {
    /// Reads and tries the constants of the command line and of a map.
    pub(crate) fn new(options: &Options) -> Result<Constants, String> {
        let mut constants = Constants::default();
        let given = options
            .set
            .iter()
            .map(|(field, value)| (field, value, "--set"));
        let mapped = options.map.iter().flat_map(|map| &map.constants);
        // The command line goes first, so that it wins over the map.
        for (name, value, source) in
            given.chain(mapped.map(|(name, value)| (name, value, "the map's constants")))
        {
            let target = Target::named(name, options).ok_or_else(|| unknown(name, source))?;
            if target == Target::Field(id::SHIPMENT_ID) {
                return Err("shipment_id cannot be one for all".to_owned());
            }
            let mut builder = Builder::new(options.facts, options.zone, options.ports);
            let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
            let mut trial = builder.begin(&mut shipment, &mut texts);
            target
                .set(&mut trial, 0, value)
                .map_err(|bad| format!("{source}: {bad}"))?;
            if !constants.list.iter().any(|(other, _)| *other == target) {
                constants.list.push((target, value.clone()));
            }
        }
        Ok(constants)
    }

    /// Fills a shipment's fields and each line's where they have no value.
    #[inline]
    pub(crate) fn fill(&self, filling: &mut Filling) -> Result<(), BadField> {
        for (target, value) in &self.list {
            let lines = if target.is_line() {
                filling.line_count()
            } else {
                1
            };
            for line in 0..lines {
                target.fill(filling, line, value)?;
            }
        }
        Ok(())
    }

    /// The constant value of a field.
    pub(crate) fn get(&self, field: FieldId) -> Option<&str> {
        self.list
            .iter()
            .find(|(target, _)| *target == Target::Field(field))
            .map(|(_, value)| value.as_str())
    }

    /// Decimals of the currency that lines without one have.
    pub(crate) fn decimals(&self) -> u32 {
        self.get(id::CURRENCY)
            .and_then(Currency::parse)
            .unwrap_or(Currency::USD)
            .decimals()
    }
}
