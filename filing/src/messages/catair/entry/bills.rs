//! The bills of an entry, with the packages under the lowest and, where no automated manifest has
//! them, the arrival.
//!
//! Source: AE records 22, 23 and SE16, usage note (h); cargo release v40, SE15 with its notes, SE16.

use super::build::Parcel;
use super::gather::{At, Gather};
use super::header::{either, field};
use super::{Arrival, Bill, BillGroup, BillKind, Form};
use deminimis_clearance::shipment::FieldId;
use deminimis_clearance::shipment::fields::id;
use deminimis_law::names::Mode;

/// The bills, from the highest to the lowest, with the packages under the lowest.
pub(super) fn bills(gather: &mut Gather<'_>, parcel: Parcel<'_>, form: Form) -> Vec<BillGroup> {
    let mode = parcel.shipment.mode;
    let by_hand = mode == Mode::HandCarried;
    let bills = match by_hand {
        true => vec![Bill {
            kind: BillKind::Simple,
            issuer: None,
            number: "HANDCARRIED".to_owned(),
        }],
        false => numbered_bills(gather, mode, form),
    };
    let quantity_at = either(
        form,
        At("22", "manifested_quantity"),
        At("SE15", "quantity"),
    );
    let quantity = gather.must(quantity_at, field!("manifest_quantity"), None);
    let unit = field!("manifest_unit");
    let unit = match form {
        Form::Summary => {
            let at = At("22", "manifested_quantity_unit_of_measure_code");
            Some(gather.must(at, unit, None))
        }
        Form::Release if by_hand => gather.may(At("SE16", "unit_of_measure"), unit, None),
        Form::Release => None,
    };
    let arrival = by_hand.then(|| Arrival {
        carrier_code: gather.must(At("SE16", "carrier_code"), field!("carrier_code"), None),
        trip: gather.must(
            At("SE16", "voyage_flight_trip_manifest_number"),
            field!("voyage_flight_trip"),
            None,
        ),
        on: parcel.shipment.arrives_at.day,
        name: gather.may(
            At("SE16", "conveyance_name"),
            field!("conveyance_name"),
            None,
        ),
    });
    vec![BillGroup {
        bills,
        quantity: quantity.parse().unwrap_or(0),
        unit,
        arrival,
    }]
}

/// Master and house bill as the mode and the form allow them (usage note (h); SE15 notes 1 and 8).
fn numbered_bills(gather: &mut Gather<'_>, mode: Mode, form: Form) -> Vec<Bill> {
    let at = either(
        form,
        At("23", "manifest_component_identifier"),
        At("SE15", "bill_of_lading_number"),
    );
    let (master, house) = (id::MASTER_BILL, id::HOUSE_BILL);
    let given = (gather.text(master, None), gather.text(house, None));
    let by_air = matches!(mode, Mode::Air | Mode::Express);
    if by_air && form == Form::Release && given.0.is_none() {
        let tracking = field!("tracking_number");
        if mode == Mode::Express
            && let Some(number) = gather.may(at, tracking, None)
        {
            return vec![Bill {
                kind: BillKind::Tracking,
                issuer: None,
                number: whole(gather, at, tracking, number),
            }];
        }
    }
    if matches!(mode, Mode::Truck | Mode::Rail) && given.0.is_some() && given.1.is_some() {
        let reason = "a truck or rail entry has one bill, and two are given";
        gather.unsaid(at, house.name(), None, reason, "master_bill alone");
    }
    let alone = match (&given, mode) {
        // The one bill of a truck or a train may stand in either field.
        ((None, Some(_)), Mode::Truck | Mode::Rail) => house,
        _ => master,
    };
    let first = bill(gather, at, alone, mode, form);
    let second =
        (alone == master && given.1.is_some()).then(|| bill(gather, at, house, mode, form));
    match second {
        Some(second) => vec![
            Bill {
                kind: BillKind::Master,
                ..first
            },
            Bill {
                kind: BillKind::House,
                ..second
            },
        ],
        None => vec![first],
    }
}

fn bill(gather: &mut Gather<'_>, at: At, field: FieldId, mode: Mode, form: Form) -> Bill {
    let text = gather.text(field, None);
    let by_air = matches!(mode, Mode::Air | Mode::Express);
    let Some(text) = text else {
        let right = match by_air {
            true => "the air waybill number, eleven digits",
            false => "the bill's number after the SCAC of who issued it",
        };
        gather.missing(at, field.name(), None, right);
        return Bill {
            kind: BillKind::Simple,
            issuer: None,
            number: String::new(),
        };
    };
    // A waybill is written with a hyphen after its prefix, a record holds it without.
    let text: String = match by_air {
        true => text.chars().filter(|sign| *sign != '-').collect(),
        false => text,
    };
    let (issuer, number) = match by_air {
        true => (None, text),
        false => issued(&text),
    };
    if !by_air && issuer.is_none() {
        let at = either(
            form,
            At("23", "manifest_component_issuer_code"),
            At("SE15", "issuer_code_of_bill_of_lading_number"),
        );
        gather.missing(
            at,
            field.name(),
            None,
            "the bill's number after the four letters of the SCAC that issued it",
        );
    }
    let number = gather.fit(at, field.name(), None, number);
    Bill {
        kind: BillKind::Simple,
        issuer,
        number: whole(gather, at, field, number),
    }
}

/// A bill number holds letters and digits alone (SE15, columns 10-59).
fn whole(gather: &mut Gather<'_>, at: At, field: FieldId, number: String) -> String {
    if !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let right = Err("letters and digits without blanks or signs".to_owned());
        gather.formed(at, field.name(), None, &number, right);
    }
    number
}

/// Splits a bill into the SCAC of its issuer and the number, where it begins with four letters.
fn issued(text: &str) -> (Option<String>, String) {
    let begins = text.len() > 4 && text.bytes().take(4).all(|byte| byte.is_ascii_uppercase());
    match begins {
        true => (Some(text[..4].to_owned()), text[4..].to_owned()),
        false => (None, text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_begins_with_who_issued_it() {
        assert_eq!(
            issued("ABCD1234567"),
            (Some("ABCD".to_owned()), "1234567".to_owned())
        );
        assert_eq!(issued("12345678"), (None, "12345678".to_owned()));
        assert_eq!(issued("ABCD"), (None, "ABCD".to_owned()));
    }
}
