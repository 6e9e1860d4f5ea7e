//! The lines of an entry: who made them, what they are, and what the summary says of each.
//!
//! Source: AE records 40 to 62 and usage notes (d), (e), (v); cargo release v40, SE40 to SE56. Their
//! numbers with duty, value and quantities are made in [`tariffs`].

use super::build::Parcel;
use super::gather::{At, Gather, parts};
use super::header::field;
use super::{EntryType, Form, Line, LineSummary, money, parties, tariffs};
use deminimis_clearance::shipment::fields::id;
use deminimis_law::money::Cents;
use deminimis_law::names::Mode;
use deminimis_law::time::Day;

/// The value of a formal line above which its charges must be told, in whole dollars (usage note
/// (v)).
const CHARGES_ABOVE_USD: u64 = 1_250;

/// Characters of one description record.
const DESCRIPTION: usize = 70;

/// What every line of a summary repeats of the parcel: taken once, so that what is missing is told
/// once.
pub(super) struct OfParcel {
    export_country: String,
    exported_on: Day,
    lading_port: Option<String>,
}

/// The parcel's part of the lines.
pub(super) fn of_parcel(gather: &mut Gather<'_>, parcel: Parcel<'_>) -> OfParcel {
    let country_at = At("40", "country_of_export_code");
    let date_at = At("40", "date_of_exportation");
    let exported_on = parcel.shipment.exported_on;
    let lading_at = At("40", "foreign_port_of_lading_code");
    let lading = field!("foreign_port_of_lading");
    OfParcel {
        export_country: gather.must(country_at, field!("country_of_export"), None),
        exported_on: gather.must_day(date_at, "exported_on", None, exported_on),
        lading_port: match parcel.shipment.mode {
            Mode::Ocean => Some(gather.must(lading_at, lading, None)),
            _ => gather.may(lading_at, lading, None),
        },
    }
}

/// Line `at`, counted from 0; of a summary with what it repeats of the parcel.
pub(super) fn line(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    (form, entry_type): (Form, EntryType),
    shared: Option<&OfParcel>,
    at: usize,
) -> Line {
    let origin_at = match form {
        Form::Summary => At("40", "country_of_origin_code"),
        Form::Release => At("SE40", "country_of_origin"),
    };
    let origin = gather.must(origin_at, id::COUNTRY_OF_ORIGIN, Some(at));
    let tariffs = tariffs::of_line(gather, parcel, form, at);
    let value: u64 = tariffs.iter().filter_map(|tariff| tariff.value_usd).sum();
    let summary = shared.map(|shared| summary(gather, parcel, entry_type, (at, value), shared));
    Line {
        id: format!("{:03}", at + 1),
        origin,
        description: description(gather, form, at),
        parties: vec![parties::of_line(gather, at)],
        tariffs,
        summary,
    }
}

/// What the article is. A summary has further records for long texts, a cargo release has not.
fn description(gather: &mut Gather<'_>, form: Form, at: usize) -> Option<String> {
    let text = gather.text(id::DESCRIPTION, Some(at))?;
    match form {
        Form::Release => {
            let place = At("SE40", "commercial_invoice_description");
            Some(gather.fit(place, "description", Some(at), text))
        }
        Form::Summary => {
            let place = At("44", "commercial_description_text");
            match parts(&text, DESCRIPTION) {
                Some(parts) => {
                    for part in parts {
                        gather.fit(place, "description", Some(at), part);
                    }
                }
                None => {
                    let right = Err(format!("words of at most {DESCRIPTION} characters"));
                    gather.formed(place, "description", Some(at), &text, right);
                }
            }
            Some(text)
        }
    }
}

/// What only the summary says of a line.
fn summary(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    entry_type: EntryType,
    (at, value): (usize, u64),
    shared: &OfParcel,
) -> LineSummary {
    let line = Some(at);
    let formal = entry_type == EntryType::Consumption;
    let manufacturer_at = At("47", "party_identifier");
    let manufacturer_id = match formal {
        true => Some(gather.must(manufacturer_at, id::MANUFACTURER_ID, line)),
        false => gather.may(manufacturer_at, id::MANUFACTURER_ID, line),
    };
    if let Some(code) = manufacturer_id.as_ref().filter(|code| !code.is_empty())
        && (code.len() < 8 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    {
        let right = Err("eight to fifteen letters and digits".to_owned());
        gather.formed(manufacturer_at, "manufacturer_id", line, code, right);
    }
    LineSummary {
        export_country: shared.export_country.clone(),
        exported_on: shared.exported_on,
        program: program(gather, parcel, at),
        charges_usd: charges(gather, formal && value > CHARGES_ABOVE_USD, at),
        lading_port: shared.lading_port.clone(),
        gross_weight_kg: weight(gather, parcel, at),
        related_parties: related(gather, formal, at),
        ruling: gather.may(At("43", "ruling_number"), field!("ruling_number"), line),
        manufacturer_id,
        sold_to: None,
        license: license(gather, at),
        fees: money::of_line(parcel, at),
    }
}

/// The special program that the decision follows. A claim that changes nothing is not dropped in
/// silence.
fn program(gather: &mut Gather<'_>, parcel: Parcel<'_>, at: usize) -> Option<String> {
    let place = At("40", "trade_agreement_special_program_claim_code");
    let is_program = |text: &str| text.starts_with(|first: char| first.is_ascii_alphabetic());
    let claims = parcel.shipment.lines[at].claims.iter();
    let claims: Vec<_> = claims.filter(|claim| is_program(claim.as_str())).collect();
    let ignored = &parcel.decision.owed.ignored;
    for claim in &claims {
        if ignored.contains(&(at as u16 + 1, **claim)) {
            let right = Err("a program that the law opens to the line, or none".to_owned());
            gather.formed(place, "claims", Some(at), claim.as_str(), right);
        }
    }
    if claims.len() > 1 {
        let right = Err("one program on a line".to_owned());
        gather.formed(place, "claims", Some(at), "several programs", right);
    }
    let first = claims.first()?.as_str().to_owned();
    Some(gather.fit(place, "claims", Some(at), first))
}

/// Freight, insurance and the like, in whole dollars; nothing where none is given.
fn charges(gather: &mut Gather<'_>, must: bool, at: usize) -> u64 {
    let (place, field) = (At("40", "charges_amount"), field!("line_charges_usd"));
    let Some(text) = gather.text(field, Some(at)) else {
        if must {
            let right = "freight and insurance of the line in dollars: a formal line over $1,250";
            gather.missing(place, field.name(), Some(at), right);
        }
        return 0;
    };
    let cents = Cents::parse(&text).map_or(0, |cents| cents.0);
    let dollars = u64::try_from((cents + 50) / 100).unwrap_or(0);
    gather.fit(place, field.name(), Some(at), dollars.to_string());
    dollars
}

/// Gross weight in whole kilograms: the line's, or the shipment's where it has one line; nothing
/// where none is given, which records write as zero.
fn weight(gather: &mut Gather<'_>, parcel: Parcel<'_>, at: usize) -> u64 {
    let place = At("40", "gross_shipping_weight");
    let own = field!("line_gross_weight_kg");
    let whole = field!("gross_weight_kg");
    let (from, text) = match gather.text(own, Some(at)) {
        Some(text) => (own, text),
        None if parcel.shipment.lines.len() == 1 => match gather.text(whole, None) {
            Some(text) => (whole, text),
            None => return 0,
        },
        None => return 0,
    };
    let grams = deminimis_law::money::parse_minor(&text, 3).unwrap_or(0);
    let kilograms = u64::try_from((grams + 500) / 1000).unwrap_or(0);
    gather.fit(place, from.name(), Some(at), kilograms.to_string());
    kilograms
}

fn related(gather: &mut Gather<'_>, formal: bool, at: usize) -> Option<bool> {
    let (place, field) = (
        At("40", "related_party_indicator"),
        field!("related_parties"),
    );
    let Some(text) = gather.text(field, Some(at)) else {
        if formal {
            gather.missing(place, field.name(), Some(at), "true or false");
        }
        return None;
    };
    Some(matches!(text.as_str(), "TRUE" | "YES" | "1" | "Y"))
}

fn license(gather: &mut Gather<'_>, at: usize) -> Option<(String, String)> {
    let kind_at = At("52", "license_certificate_permit_type_code");
    let number_at = At("52", "license_certificate_permit_number");
    let (kind, number) = (field!("license_type"), field!("license_number"));
    if gather.text(kind, Some(at)).is_none() && gather.text(number, Some(at)).is_none() {
        return None;
    }
    let kind = gather.must(kind_at, kind, Some(at));
    Some((kind, gather.must(number_at, number, Some(at))))
}
