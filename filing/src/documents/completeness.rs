//! What 19 CFR 141.86 asks of an invoice and a parcel does not give, paragraph by paragraph.
//!
//! An invoice is made all the same, and says in its own text what it lacks: customs may accept what
//! is stated elsewhere, and a sender must see what to add.

use super::{Issue, Parcel};
use deminimis_clearance::shipment::fields::Party;
use deminimis_law::names::Purpose;

/// Something that an invoice must state and the parcel does not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The paragraph of 19 CFR 141.86.
    pub paragraph: &'static str,
    /// What must be stated.
    pub what: &'static str,
    /// The fields that would state it.
    pub fields: &'static str,
    /// The lines concerned, from 1; empty for the whole parcel.
    pub lines: Vec<u16>,
}

/// Everything missing, in the order of the paragraphs.
pub(super) fn missing(parcel: &Parcel<'_>, issue: &Issue<'_>) -> Vec<Missing> {
    let mut all = Vec::new();
    let mut whole = |given: bool, paragraph, what, fields| {
        if !given {
            all.push(Missing {
                paragraph,
                what,
                fields,
                lines: Vec::new(),
            });
        }
    };
    let has = |name: &str| parcel.get(name).is_some();
    let named = |party: Party| parcel.texts.party(party).name.is_some();
    whole(
        has("port_of_entry"),
        "(a)(1)",
        "port of entry",
        "port_of_entry",
    );
    if parcel.shipment.purpose == Purpose::Sale {
        let sold_to_consignee = parcel.shipment.sold_before_import == Some(true);
        whole(
            has("ordered_on"),
            "(a)(2)",
            "when it was sold",
            "ordered_on",
        );
        whole(
            parcel.texts.party(Party::Seller).city.is_some(),
            "(a)(2)",
            "where it was sold",
            "seller_city",
        );
        whole(named(Party::Seller), "(a)(2)", "who sold it", "seller_name");
        whole(
            named(Party::Purchaser) || sold_to_consignee,
            "(a)(2)",
            "to whom it was sold",
            "purchaser_name, or sold_before_import if to the consignee",
        );
    } else {
        whole(
            has("exported_on") || has("loaded_at"),
            "(a)(2)",
            "when it was shipped",
            "exported_on or loaded_at",
        );
        whole(
            named(Party::Shipper),
            "(a)(2)",
            "by whom it was shipped",
            "shipper_name",
        );
    }
    whole(
        has("tracking_number") || has("house_bill") || has("s10_number"),
        "(a)(3)",
        "marks and numbers of the packages",
        "tracking_number, house_bill or s10_number",
    );
    let measured = ["quantity", "net_weight_kg", "line_gross_weight_kg"];
    let unmeasured = in_lines(parcel, |at| {
        measured.iter().all(|name| parcel.line(name, at).is_none())
    });
    of_lines(
        &mut all,
        unmeasured,
        "(a)(4)",
        "quantities in weights or measures",
        "quantity with unit, or net_weight_kg",
    );
    let charges = ["freight_usd", "insurance_usd", "charges_usd"];
    let stated = charges.iter().any(|name| has(name))
        || (0..parcel.shipment.lines.len()).all(|at| parcel.line("line_charges_usd", at).is_some());
    if !stated {
        all.push(Missing {
            paragraph: "(a)(8)",
            what: "freight, insurance and other charges, each by name",
            fields: "freight_usd, insurance_usd, charges_usd",
            lines: Vec::new(),
        });
    }
    let unmade = in_lines(parcel, |at| parcel.shipment.lines[at].origin.is_none());
    of_lines(
        &mut all,
        unmade,
        "(a)(10)",
        "country of origin",
        "country_of_origin",
    );
    let foreign = in_lines(parcel, |at| {
        parcel.line("description", at).is_some_and(in_other_letters)
    });
    of_lines(
        &mut all,
        foreign,
        "(d)",
        "the description in English, or a translation",
        "description",
    );
    if issue.responsible.is_none() {
        all.push(Missing {
            paragraph: "(j)",
            what: "the exporter's responsible employee by name",
            fields: "an argument of the invoice",
            lines: Vec::new(),
        });
    }
    all
}

fn in_lines(parcel: &Parcel<'_>, lacks: impl Fn(usize) -> bool) -> Vec<u16> {
    let lines = 0..parcel.shipment.lines.len();
    lines
        .filter(|at| lacks(*at))
        .map(|at| at as u16 + 1)
        .collect()
}

fn of_lines(
    all: &mut Vec<Missing>,
    lines: Vec<u16>,
    paragraph: &'static str,
    what: &'static str,
    fields: &'static str,
) {
    if !lines.is_empty() {
        all.push(Missing {
            paragraph,
            what,
            fields,
            lines,
        });
    }
}

/// Whether a text has letters of another script than Latin: it cannot be English.
fn in_other_letters(text: &str) -> bool {
    text.chars().any(|character| {
        character.is_alphabetic()
            && u32::from(character) > 0x24f
            && !('\u{1e00}'..='\u{1eff}').contains(&character)
    })
}
