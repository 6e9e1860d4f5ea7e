//! The parties that a cargo release names: seller, buyer, ship-to party and consignee of the entry,
//! manufacturer of each line.
//!
//! Source: AE records SE30 to SE36 and SE50 to SE56; cargo release v40, SE30 note 1. A party is
//! named or numbered, never both, and every part of an address that the records ask for must be
//! given: nobody stands in for another party.

use super::build::Parcel;
use super::gather::{At, Gather, parts, plain, right_of};
use super::{EntryType, Party, Who};
use crate::identifiers::importer_number::ImporterNumber;
use deminimis_clearance::shipment::fields::Party as Of;
use deminimis_clearance::shipment::fields::PartyField;

/// The most parts of an address: three records of two.
const PARTS: usize = 6;

/// Characters in one part.
const PART: usize = 35;

/// What an address part is when nothing more is known of it.
const UNSTRUCTURED: &str = "15";

/// Below this value an informal entry may name its consignee by address (AE, header level cargo
/// entity grouping; cargo release v40, SE30 note 2). In whole dollars.
const NAMED_CONSIGNEE_BELOW_USD: u64 = 2_500;

/// The records of a party: of the entry, or of a line.
#[derive(Clone, Copy)]
struct Records {
    name: At,
    address: At,
    city: At,
    subdivision: At,
    postal_code: At,
    country: At,
}

const OF_ENTRY: Records = Records {
    name: At("SE30", "entity_name"),
    address: At("SE35", "address_information_1"),
    city: At("SE36", "city_name"),
    subdivision: At("SE36", "country_sub_entity_code"),
    postal_code: At("SE36", "postal_code"),
    country: At("SE36", "country_code"),
};

const OF_LINE: Records = Records {
    name: At("SE50", "entity_name"),
    address: At("SE55", "address_information_1"),
    city: At("SE56", "city_name"),
    subdivision: At("SE56", "country_sub_entity_code"),
    postal_code: At("SE56", "postal_code"),
    country: At("SE56", "country_code"),
};

/// The parties of the entry: seller and buyer, the ship-to party where one is given, and the
/// consignee, by name and address where the entry is informal and else by number.
pub(super) fn of_entry(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    entry_type: EntryType,
    (consignee_number, value_usd): (Option<&str>, u64),
) -> Vec<Party> {
    let by_name = entry_type == EntryType::Informal && value_usd < NAMED_CONSIGNEE_BELOW_USD;
    let mut parties = vec![
        named(gather, "SE", Of::Seller, OF_ENTRY, None),
        named(gather, "BY", Of::Purchaser, OF_ENTRY, None),
    ];
    if parcel.texts.gives(Of::DeliveredTo) {
        parties.push(named(gather, "ST", Of::DeliveredTo, OF_ENTRY, None));
    }
    parties.push(match consignee_number {
        _ if by_name => named(gather, "CN", Of::Consignee, OF_ENTRY, None),
        Some(number) => numbered(gather, "CN", number),
        None => {
            let at = At("SE30", "entity_identifier");
            let right = "the consignee's number: only an informal entry below $2,500 names its \
                         consignee by address";
            gather.missing(at, "[filing] consignee_number", None, right);
            Party {
                role: "CN".to_owned(),
                who: Who::Number(String::new(), String::new()),
            }
        }
    });
    parties
}

/// The consignee's number: the importer's where both are one name at one postal code, else the
/// filer's for all.
pub(super) fn consignee_number(
    parcel: Parcel<'_>,
    importer: &str,
    configured: Option<&str>,
) -> Option<String> {
    let consignee = parcel.texts.party(Of::Consignee);
    let record = parcel.texts.party(Of::ImporterOfRecord);
    let same = |a: Option<&str>, b: Option<&str>| match (a, b) {
        (Some(a), Some(b)) => plain(a) == plain(b),
        _ => false,
    };
    let one = same(consignee.name, record.name) && same(consignee.postal_code, record.postal_code);
    if one && !importer.is_empty() {
        return Some(importer.to_owned());
    }
    configured.map(str::to_owned)
}

/// The manufacturer of a line.
pub(super) fn of_line(gather: &mut Gather<'_>, line: usize) -> Party {
    let party = named(gather, "MF", Of::Manufacturer, OF_LINE, Some(line));
    if let Who::Named {
        country,
        postal_code: None,
        ..
    } = &party.who
        && country == "CN"
    {
        let at = OF_LINE.postal_code;
        let right = "the postal code: a manufacturer in China is told with one";
        gather.missing(at, "manufacturer_postal_code", Some(line), right);
    }
    party
}

/// A party by its number.
fn numbered(gather: &mut Gather<'_>, role: &str, number: &str) -> Party {
    let at = At("SE30", "entity_identifier");
    let from = "[filing] consignee_number";
    let qualifier = match ImporterNumber::parse(number) {
        Ok(number) => number.kind().code().to_owned(),
        Err(wrong) => {
            gather.formed(at, from, None, "", Err(wrong.reason));
            String::new()
        }
    };
    Party {
        role: role.to_owned(),
        who: Who::Number(qualifier, number.to_owned()),
    }
}

/// A party by name and address.
fn named(
    gather: &mut Gather<'_>,
    role: &str,
    of: Of,
    records: Records,
    line: Option<usize>,
) -> Party {
    let field = |which| of.field(which);
    let who = Who::Named {
        name: gather.must(records.name, field(PartyField::Name), line),
        address: address(gather, of, records, line),
        city: gather.must(records.city, field(PartyField::City), line),
        subdivision: subdivision(gather, of, records, line),
        postal_code: gather.may(records.postal_code, field(PartyField::PostalCode), line),
        country: gather.must(records.country, field(PartyField::Country), line),
    };
    Party {
        role: role.to_owned(),
        who,
    }
}

/// The street, in parts of which each fits its columns.
fn address(
    gather: &mut Gather<'_>,
    of: Of,
    records: Records,
    line: Option<usize>,
) -> Vec<(String, String)> {
    let field = of.field(PartyField::Street);
    let Some(street) = gather.text(field, line) else {
        gather.missing(records.address, field.name(), line, &right_of(field));
        return Vec::new();
    };
    let cut = parts(&street, PART).filter(|parts| parts.len() <= PARTS);
    let Some(cut) = cut else {
        let right = format!("at most {PARTS} parts of {PART} characters, cut between words");
        gather.formed(records.address, field.name(), line, &street, Err(right));
        return Vec::new();
    };
    cut.into_iter()
        .map(|part| {
            let part = gather.fit(records.address, field.name(), line, part);
            (UNSTRUCTURED.to_owned(), part)
        })
        .collect()
}

/// The state or province as ISO subdivision code, where it is one.
fn subdivision(
    gather: &mut Gather<'_>,
    of: Of,
    records: Records,
    line: Option<usize>,
) -> Option<String> {
    let field = of.field(PartyField::State);
    let text = gather.text(field, line)?;
    if text.len() > 3 {
        let right = "the ISO subdivision code of at most three places, or nothing".to_owned();
        gather.formed(records.subdivision, field.name(), line, &text, Err(right));
        return None;
    }
    Some(gather.fit(records.subdivision, field.name(), line, text))
}
