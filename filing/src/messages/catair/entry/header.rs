//! What an entry says of the parcel as a whole: port, mode, importer, contact, conveyance and bond.
//!
//! Source: AE usage notes (e) to (i), (y); cargo release v40, SE10 to SE20 with their notes. Where
//! the two messages say one thing in different records, the problem names the record of the form.

use super::from::{Filer, is_port, mode_codes};
use super::gather::{At, Gather, plain};
use super::{Bond, BondKind, Contact, Conveyance, EntryType, Form, form};
use crate::identifiers::importer_number::ImporterNumber;
use deminimis_clearance::shipment::FieldId;
use deminimis_clearance::shipment::fields::id;
use deminimis_law::names::Mode;
use deminimis_law::time::Day;

/// A field of the contract by its flat name, known when the program is built.
macro_rules! field {
    ($name:literal) => {
        const {
            match deminimis_clearance::shipment::FieldId::named($name) {
                Some(field) => field,
                None => panic!("no such field"),
            }
        }
    };
}
pub(super) use field;

/// One field in the records of either form.
pub(super) fn either(form: Form, summary: At, release: At) -> At {
    match form {
        Form::Summary => summary,
        Form::Release => release,
    }
}

/// The port of entry: four digits of Schedule D.
pub(super) fn port_of_entry(gather: &mut Gather<'_>, form: Form) -> String {
    let at = either(
        form,
        At("10", "district_port_of_entry"),
        At("SE10", "planned_port_of_entry"),
    );
    let port = gather.must(at, id::PORT_OF_ENTRY, None);
    checked_port(gather, at, id::PORT_OF_ENTRY, &port);
    port
}

fn checked_port(gather: &mut Gather<'_>, at: At, field: FieldId, port: &str) {
    if !port.is_empty() && !is_port(port) {
        let right = Err("four digits of Schedule D".to_owned());
        gather.formed(at, field.name(), None, port, right);
    }
}

/// The mode of transportation code, where one is known without choosing.
pub(super) fn mode(gather: &mut Gather<'_>, form: Form, mode: Mode, filer: &Filer) -> String {
    let codes = mode_codes(mode);
    if let [only] = codes {
        return (*only).to_owned();
    }
    if let Some(code) = filer.mode_of_transportation.get(mode.as_str()) {
        return code.clone();
    }
    let at = either(
        form,
        At("10", "mode_of_transportation_code"),
        At("SE10", "mode_of_transportation_code"),
    );
    let key = format!("[filing] mode_of_transportation.{mode}");
    gather.missing(at, &key, None, &codes.join(" or "));
    String::new()
}

/// The importer of record, in the form of one of the three kinds of number.
pub(super) fn importer(gather: &mut Gather<'_>, form: Form) -> String {
    let at = either(
        form,
        At("11", "importer_of_record_number"),
        At("SE10", "importer_of_record_number"),
    );
    let number = gather.must(at, id::IMPORTER_NUMBER, None);
    if !number.is_empty()
        && let Err(wrong) = ImporterNumber::parse(&number)
    {
        let from = id::IMPORTER_NUMBER.name();
        gather.formed(at, from, None, &number, Err(wrong.reason));
    }
    number
}

/// Whom CBP may ask about a cargo release, which names somebody (usage map, SE13).
pub(super) fn contact(gather: &mut Gather<'_>, filer: &Filer) -> Contact {
    let own = filer.contact.clone().unwrap_or_default();
    let mut take = |at: At, key: &str, value: &str, right: &str| match plain(value) {
        text if text.is_empty() => {
            gather.missing(at, key, None, right);
            text
        }
        text => gather.fit(at, key, None, text),
    };
    Contact {
        name: take(
            At("SE13", "contact_name"),
            "[filing] contact.name",
            &own.name,
            "whom CBP may ask",
        ),
        phone: take(
            At("SE13", "contact_phone"),
            "[filing] contact.phone",
            &own.phone,
            "a telephone number of digits and blanks",
        ),
    }
}

/// What carried the goods.
pub(super) fn conveyance(
    gather: &mut Gather<'_>,
    form: Form,
    mode: Mode,
    arrives_on: Day,
) -> Conveyance {
    let vessel = mode == Mode::Ocean;
    let carried = vessel || matches!(mode, Mode::Air | Mode::Express);
    let trip = trip(gather, form, mode);
    let name_at = either(
        form,
        At("20", "conveyance_name"),
        At("SE11", "conveyance_name_or_ftz_id"),
    );
    let firms_at = either(
        form,
        At("20", "location_of_goods_code"),
        At("SE11", "location_of_goods_firms"),
    );
    let name = field!("conveyance_name");
    let name = match form {
        Form::Summary if vessel => Some(gather.must(name_at, name, None)),
        _ => gather.may(name_at, name, None),
    };
    let location_firms = gather.may(firms_at, field!("location_firms"), None);
    let unlading_at = either(
        form,
        At("20", "district_port_of_unlading"),
        At("SE10", "port_of_unlading"),
    );
    let unlading = field!("port_of_unlading");
    let needs_port = match form {
        Form::Summary => carried,
        Form::Release => matches!(mode, Mode::Mail | Mode::HandCarried),
    };
    let port_of_unlading = match needs_port {
        true => Some(gather.must(unlading_at, unlading, None)),
        false => gather.may(unlading_at, unlading, None),
    };
    if let Some(port) = &port_of_unlading {
        checked_port(gather, unlading_at, unlading, port);
    }
    // A cargo release names the carrier and the day beside bills of no automated manifest only.
    let (carrier_code, arrives_on) = match form {
        Form::Release => (None, None),
        Form::Summary => {
            let (at, field) = (At("20", "carrier_code"), field!("carrier_code"));
            let code = match carried {
                true => Some(gather.must(at, field, None)),
                false => gather.may(at, field, None),
            };
            (code, Some(arrives_on))
        }
    };
    Conveyance {
        carrier_code,
        port_of_unlading,
        arrives_on,
        location_firms,
        name,
        trip,
    }
}

/// Voyage, flight or trip; a flight number has a form of its own (usage note (g)).
fn trip(gather: &mut Gather<'_>, form: Form, mode: Mode) -> Option<String> {
    let at = either(
        form,
        At("21", "trip_identifier"),
        At("SE11", "voyage_flight_trip_manifest_number"),
    );
    let trip = gather.may(at, field!("voyage_flight_trip"), None)?;
    if matches!(mode, Mode::Air | Mode::Express) && !is_flight(&trip) {
        let right = "three or four digits and at most one letter, without the carrier's code";
        gather.formed(at, "voyage_flight_trip", None, &trip, Err(right.to_owned()));
    }
    Some(trip)
}

fn is_flight(text: &str) -> bool {
    let digits = text.trim_end_matches(|last: char| last.is_ascii_uppercase());
    text.len() - digits.len() <= 1
        && (3..=4).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The bond. An informal entry needs none; a formal one states it (usage note (i)).
pub(super) fn bond(gather: &mut Gather<'_>, form: Form, entry_type: EntryType) -> Option<Bond> {
    let kind_at = either(
        form,
        At("31", "bond_type_code"),
        At("SE10", "bond_type_code"),
    );
    let Some(kind) = gather.text(id::BOND_TYPE, None) else {
        if entry_type == EntryType::Consumption {
            let right = "continuous or single: a formal entry states its bond";
            gather.missing(kind_at, "bond_type", None, right);
        }
        return None;
    };
    let Some(kind) = form::bond_kind(&kind) else {
        gather.formed(
            kind_at,
            "bond_type",
            None,
            &kind,
            Err(form::BOND.to_owned()),
        );
        return None;
    };
    let single = kind == BondKind::Single;
    // A cargo release tells surety and amount of a single bond, in references V1 and AMT.
    let states = |release: bool| form == Form::Summary || release;
    let surety_at = either(
        form,
        At("31", "surety_company_code"),
        At("SE20", "reference_identifier"),
    );
    let surety_code = states(single).then(|| gather.must(surety_at, id::BOND_SURETY_CODE, None));
    if let Some(code) = surety_code
        .as_ref()
        .filter(|code| code.len() != 3 && !code.is_empty())
    {
        let right = Err(form::SURETY.to_owned());
        gather.formed(surety_at, "bond_surety_code", None, code, right);
    }
    let amount_usd = single.then(|| bond_amount(gather, form)).flatten();
    Some(Bond {
        kind,
        surety_code,
        amount_usd,
    })
}

fn bond_amount(gather: &mut Gather<'_>, form: Form) -> Option<u64> {
    let at = either(
        form,
        At("31", "single_transaction_bond_amount"),
        At("SE20", "reference_identifier"),
    );
    let Some(text) = gather.text(id::BOND_AMOUNT_USD, None) else {
        gather.missing(at, "bond_amount_usd", None, "the amount in whole dollars");
        return None;
    };
    let dollars = form::bond_dollars(&text);
    if dollars.is_none() {
        let right = Err(form::AMOUNT.to_owned());
        gather.formed(at, "bond_amount_usd", None, &text, right);
    }
    let dollars = dollars.unwrap_or(0);
    let _fits = gather.fit(at, "bond_amount_usd", None, dollars.to_string());
    Some(dollars)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_is_digits_and_at_most_a_letter() {
        for (text, right) in [
            ("089", true),
            ("1234", true),
            ("123A", true),
            ("1234A", true),
            ("UA89", false),
            ("12", false),
            ("12345", false),
            ("123AB", false),
        ] {
            assert_eq!(is_flight(text), right, "{text}");
        }
    }
}
