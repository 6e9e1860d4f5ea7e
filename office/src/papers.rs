//! Papers of one parcel, as PDF. Nothing is dated by the clock: without a date a paper has the
//! parcel's day of entry.

use crate::out::ENGINE;
use crate::pass::Persons;
use crate::setup::Setup;
use deminimis_clearance::explain::{Explanation, explain};
use deminimis_clearance::render::{Known, Rendered, render};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{DayContext, Scratch, assess_into};
use deminimis_filing::documents::{self, DocumentError, Fonts, Issue, Made, Parcel};
use deminimis_person::PERSON_RULES;

/// Makes a paper of a decided parcel alone.
type Maker = fn(&Fonts, &Parcel<'_>, &Issue<'_>) -> Result<Made, DocumentError>;

/// One parcel with its day.
pub struct One {
    /// What the law reads.
    pub shipment: Shipment,
    /// What was given, as text.
    pub texts: Texts,
    /// What its person's day holds besides.
    pub day: DayContext,
}

impl One {
    /// The decision without its person's key.
    #[must_use]
    pub fn decision(&self, setup: &Setup) -> Rendered {
        let (books, mut scratch) = (setup.books(), Scratch::default());
        let decided = assess_into(books, &self.shipment, &self.day, &mut scratch).clone();
        let known = known(setup, None);
        let (shipment, day) = (&self.shipment, &self.day);
        render(books, shipment, day, &decided, known, &mut scratch)
    }

    /// The decision with what it means and what would change it.
    #[must_use]
    pub fn explained(&self, setup: &Setup) -> Explanation {
        let (books, mut scratch) = (setup.books(), Scratch::default());
        let basis = assess_into(books, &self.shipment, &self.day, &mut scratch).person;
        let key = Persons::default()
            .of(&self.texts, basis)
            .map(|key| key.to_string());
        let known = known(setup, key.as_deref());
        let One {
            shipment,
            texts,
            day,
        } = self;
        explain(books, shipment, texts, day, known, &mut scratch)
    }

    /// A paper of it, and what the paper should have and has not.
    ///
    /// # Errors
    /// The paper is not made for such a parcel, or cannot be made.
    pub fn paper(
        &self,
        setup: &Setup,
        paper: Paper<'_>,
        issue: Issue<'_>,
    ) -> Result<Made, DocumentError> {
        let fonts = Fonts::embedded()?;
        let of = |make: Maker| make(&fonts, &self.parcel(&self.decision(setup)), &issue);
        match paper {
            Paper::Invoice => of(documents::commercial_invoice),
            Paper::PackingList => of(documents::packing_list),
            Paper::Cn22 => of(documents::cn22),
            Paper::Cn23 => of(documents::cn23),
            Paper::EntrySummary => of(documents::entry_summary),
            Paper::PapsLabel(number) => {
                let decision = self.decision(setup);
                documents::paps_label(&fonts, &self.parcel(&decision), number, &issue)
            }
            Paper::Letter => {
                let explanation = self.explained(setup);
                let parcel = self.parcel(&explanation.decision);
                documents::decision_letter(&fonts, &parcel, &explanation, &issue)
            }
        }
    }

    fn parcel<'a>(&'a self, decision: &'a Rendered) -> Parcel<'a> {
        Parcel {
            shipment: &self.shipment,
            texts: &self.texts,
            decision,
        }
    }
}

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper<'a> {
    /// Commercial invoice.
    Invoice,
    /// Packing list.
    PackingList,
    /// Customs declaration CN22.
    Cn22,
    /// Customs declaration CN23.
    Cn23,
    /// Worksheet in the block order of CBP Form 7501.
    EntrySummary,
    /// Label with a PAPS number and its barcode.
    PapsLabel(&'a str),
    /// Letter to the receiver.
    Letter,
}

/// What is known of a person and of the program.
#[must_use]
pub fn known<'a>(setup: &'a Setup, person_key: Option<&'a str>) -> Known<'a> {
    Known {
        person_key,
        person_rules: PERSON_RULES,
        engine: ENGINE,
        rates_hash: setup.rates.hash(),
    }
}
