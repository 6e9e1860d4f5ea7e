//! What the duties of a stretch read of a parcel's head, so that parcels which differ in nothing
//! else are remembered as one.

use deminimis_law::Law;
use deminimis_law::condition::{Cond, DutyCond, ParcelCond};
use deminimis_law::duties::DutyStretch;
use deminimis_law::kind::Rule;
use deminimis_law::names::Clock;

/// What conditions of a stretch read besides the line and the moment of entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reads {
    pub mode: bool,
    pub purpose: bool,
    pub customs_status: bool,
    pub postal_service_class: bool,
    pub shipped_from: bool,
    pub accompanied: bool,
    pub at_express_hub: bool,
    pub clocks: [bool; Clock::ALL.len()],
}

impl Reads {
    /// What decides which headings and fees of a stretch speak.
    pub fn of(law: &Law, stretch: &DutyStretch) -> Reads {
        let mut reads = Reads::default();
        let headings = stretch.families.iter().flat_map(|family| &family.headings);
        let others = [&stretch.column_2, &stretch.programs, &stretch.fees];
        for rule in headings.chain(others.into_iter().flatten()) {
            let version = law.version(*rule);
            version.when.walk(&mut |part| reads.add(part));
            if let Rule::Fee(fee) = &version.rule
                && let Some(spares) = &fee.spares
            {
                spares.walk(&mut |part| reads.add(part));
            }
        }
        reads
    }

    /// What is asked of the line, of what was found for it before or of the moment of entry needs no
    /// mark: the key holds it.
    fn add(&mut self, part: &Cond) {
        let Some(DutyCond::OfParcel(part)) = part.of_duty() else {
            return;
        };
        match part {
            ParcelCond::Mode(_) => self.mode = true,
            ParcelCond::Purpose(_) => self.purpose = true,
            ParcelCond::CustomsStatus(_) => self.customs_status = true,
            ParcelCond::PostalServiceClass(_) => self.postal_service_class = true,
            ParcelCond::ShippedFrom(_) => self.shipped_from = true,
            ParcelCond::Accompanied => self.accompanied = true,
            ParcelCond::AtExpressHub => self.at_express_hub = true,
            ParcelCond::Before(clock, _) => self.clocks[clock as usize] = true,
        }
    }
}
