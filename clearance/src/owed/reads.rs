//! What the duties of a stretch read of a parcel's head, so that parcels which differ in nothing
//! else are remembered as one.

use deminimis_law::Law;
use deminimis_law::condition::Cond;
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

    /// Every condition is named, so that a new one does not compile until it says what it reads.
    fn add(&mut self, part: &Cond) {
        match part {
            Cond::Mode(_) => self.mode = true,
            Cond::Purpose(_) => self.purpose = true,
            Cond::CustomsStatus(_) => self.customs_status = true,
            Cond::PostalServiceClass(_) => self.postal_service_class = true,
            Cond::ShippedFrom(_) => self.shipped_from = true,
            Cond::Accompanied => self.accompanied = true,
            Cond::AtExpressHub => self.at_express_hub = true,
            Cond::Before(clock, _) => self.clocks[*clock as usize] = true,
            // Their parts are walked.
            Cond::All(_) | Cond::Any(_) | Cond::Not(_) | Cond::AnyLine(_) => {}
            // Read of the line, of what was found for it before, or of the moment of entry.
            Cond::Number(_)
            | Cond::Origin(_)
            | Cond::Fact(..)
            | Cond::FactStated(_)
            | Cond::Claim(_)
            | Cond::SubjectTo(_)
            | Cond::Column1AtLeast(_)
            | Cond::EnteredFreeUnder(_)
            | Cond::Column2 => {}
            // Refused in the condition of a duty: it is never asked.
            Cond::NumberDigitsBelow(_)
            | Cond::Disclaimed(_)
            | Cond::Ready(_)
            | Cond::QuantityAtLeast(_)
            | Cond::Undervalued
            | Cond::SoldBeforeImport(_)
            | Cond::PathAsked(_)
            | Cond::Path(_)
            | Cond::Basis(_)
            | Cond::Outcome(_)
            | Cond::Person(_)
            | Cond::ConsigneeKind(_)
            | Cond::ShipperKind(_)
            | Cond::Given(_)
            | Cond::Missing(_)
            | Cond::ShipperIsConsignee
            | Cond::ImporterForeign
            | Cond::ValueEvidence(_)
            | Cond::SplitReason(_)
            | Cond::ValueOver(_)
            | Cond::EnteredValueOver(_)
            | Cond::AgencyData
            | Cond::FiledAfterArrival
            | Cond::Day(_) => {}
        }
    }
}
