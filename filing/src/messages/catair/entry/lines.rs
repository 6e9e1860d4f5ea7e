//! The lines of an entry: HTSUS numbers in the order of the decision's charges, with the duty under
//! each, the value under the article's own number, and quantities in the units that it asks for.
//!
//! Source: AE records 40 to 62 and usage notes (d), (e), (j), (l), (v); cargo release v40, SE40 to
//! SE60 note 2 (headings of Chapter 99 first, the value with the number of Chapters 1 to 97).

use super::build::Parcel;
use super::gather::{At, Gather, parts};
use super::header::field;
use super::{EntryType, Form, Line, LineSummary, Quantity, Tariff, money, parties, units};
use deminimis_clearance::owed::words::{duty_of, headings};
use deminimis_clearance::owed::{Charge, Source, State};
use deminimis_clearance::shipment::fields::id;
use deminimis_law::kind::Base;
use deminimis_law::money::Cents;
use deminimis_law::names::Layer;

/// The most HTSUS numbers of a line.
const TARIFFS: usize = 32;

/// The value of a formal line above which its charges must be told, in whole dollars (usage note
/// (v)).
const CHARGES_ABOVE_USD: u64 = 1_250;

/// Characters of one description record.
const DESCRIPTION: usize = 70;

/// Programs whose goods need record 54 beside their heading (smelt, melt and cast), which the
/// table of layouts keeps as one run of text.
const NEED_RECORD_54: [&str; 4] = ["232-aluminum", "232-copper", "232-metals", "232-steel"];

/// Line `at`, counted from 0.
pub(super) fn line(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    form: Form,
    entry_type: EntryType,
    at: usize,
) -> Line {
    let origin_at = match form {
        Form::Summary => At("40", "country_of_origin_code"),
        Form::Release => At("SE40", "country_of_origin"),
    };
    let origin = gather.must(origin_at, id::COUNTRY_OF_ORIGIN, Some(at));
    let tariffs = tariffs(gather, parcel, form, at);
    let value: u64 = tariffs.iter().filter_map(|tariff| tariff.value_usd).sum();
    let summary = (form == Form::Summary).then(|| summary(gather, parcel, entry_type, (at, value)));
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

/// The numbers of a line, those of Chapters 98 and 99 first, as the decision's charges stand.
fn tariffs(gather: &mut Gather<'_>, parcel: Parcel<'_>, form: Form, at: usize) -> Vec<Tariff> {
    let number_at = match form {
        Form::Summary => At("50", "hts_number"),
        Form::Release => At("SE60", "hts_number"),
    };
    let entered = parcel.lines.get(at).map_or(Cents(0), |line| line.entered);
    let charges = parcel.decision.owed.charges.iter();
    let charges = charges.filter(|charge| usize::from(charge.line) == at + 1);
    let mut tariffs = Vec::new();
    for charge in charges.filter(|charge| charge.state != State::Displaced) {
        refuse_parts(gather, number_at, parcel, charge, entered);
        let names = headings(parcel.books.law, parcel.shipment, charge);
        let [name] = names.as_slice() else {
            let reason = match names.len() {
                0 => "a charge of the decision has no heading".to_owned(),
                _ => format!("is not settled between {}", names.join(" and ")),
            };
            let right = "answers to the decision's questions";
            gather.unsaid(number_at, "claims", Some(at), &reason, right);
            continue;
        };
        let number: String = name.chars().filter(char::is_ascii_digit).collect();
        let is_article = matches!(charge.source, Source::Schedule(..));
        let number = match is_article {
            true => number,
            false => as_claimed(parcel, at, number),
        };
        if is_article && number.len() != 10 {
            let right = Err("a number of ten digits".to_owned());
            gather.formed(number_at, "htsus_number", Some(at), name, right);
        }
        let value = match is_article {
            true => u64::try_from(entered.0 / 100).unwrap_or(0),
            false => 0,
        };
        tariffs.push(Tariff {
            number,
            value_usd: Some(value),
            duty: (form == Form::Summary).then_some(charge.amount),
            quantities: match form {
                Form::Release => Vec::new(),
                Form::Summary if is_article => quantities(gather, parcel, at),
                Form::Summary => vec![none()],
            },
        });
    }
    unfollowed(gather, number_at, parcel, at, &tariffs);
    if tariffs.len() > TARIFFS {
        let reason = format!("{} numbers on a line", tariffs.len());
        let right = format!("at most {TARIFFS}");
        gather.unsaid(number_at, "htsus_number", Some(at), &reason, &right);
    }
    if tariffs.is_empty() {
        gather.missing(
            number_at,
            "htsus_number",
            Some(at),
            "a number of ten digits",
        );
    }
    tariffs
}

/// A heading by which a line is charged, with the further digits that were claimed: those of
/// 9801.00.10, for example, tell why an article comes back.
fn as_claimed(parcel: Parcel<'_>, at: usize, number: String) -> String {
    let claims = parcel.shipment.lines[at].claims.iter();
    let mut claims = claims.map(|claim| claim.as_str());
    let longer = claims.find(|claim| claim.len() == 10 && claim.starts_with(&number));
    longer.map_or(number, str::to_owned)
}

/// A claimed heading that the decision does not follow is not left out without a word.
fn unfollowed(
    gather: &mut Gather<'_>,
    number_at: At,
    parcel: Parcel<'_>,
    at: usize,
    tariffs: &[Tariff],
) {
    let claims = parcel.shipment.lines[at].claims.iter();
    let headings = claims
        .map(|claim| claim.as_str())
        .filter(|claim| claim.starts_with(|first: char| first.is_ascii_digit()));
    for claim in headings {
        let is_told = tariffs
            .iter()
            .any(|tariff| tariff.number.starts_with(claim) || claim.starts_with(&tariff.number));
        if !is_told {
            let right = Err("a heading that the decision follows, or none".to_owned());
            gather.formed(number_at, "claims", Some(at), claim, right);
        }
    }
}

/// Refuses what would have to stand on lines or in records of its own.
fn refuse_parts(
    gather: &mut Gather<'_>,
    number_at: At,
    parcel: Parcel<'_>,
    charge: &Charge,
    entered: Cents,
) {
    let line = usize::from(charge.line).checked_sub(1);
    // A part of nothing is a part as well: the rest would stand with the whole value.
    let is_split = duty_of(parcel.books.law, charge.source)
        .is_some_and(|(duty, _)| duty.layer == Layer::Chapter98 && duty.base != Base::Value);
    if is_split || (charge.amount != Cents(0) && charge.base != entered) {
        let reason = format!(
            "duty of {} is reckoned on {} of the line's {entered}: parts of a value are entered \
             on lines of their own, which is not built",
            charge.amount, charge.base
        );
        gather.unsaid(
            number_at,
            "line_value",
            line,
            &reason,
            "one line for each part",
        );
    }
    let program = duty_of(parcel.books.law, charge.source).map(|(duty, _)| duty.program.as_str());
    if let Some(program) = program.filter(|program| NEED_RECORD_54.contains(program)) {
        let reason = format!(
            "goods of {program} need record 54 (smelt, melt or cast), whose columns are not split \
             out in the table of layouts"
        );
        gather.unsaid(
            number_at,
            "htsus_number",
            line,
            &reason,
            "an entry filed elsewhere",
        );
    }
}

/// The quantity of a number that asks for none.
fn none() -> Quantity {
    Quantity {
        hundredths: None,
        unit: units::NONE.to_owned(),
    }
}

/// The quantities that the article's number asks for, in its units, to the hundredth.
fn quantities(gather: &mut Gather<'_>, parcel: Parcel<'_>, at: usize) -> Vec<Quantity> {
    const PLACES: [(At, At); 3] = [
        (At("50", "quantity_1"), At("50", "unit_of_measure_code_1")),
        (At("50", "quantity_2"), At("50", "unit_of_measure_code_2")),
        (At("50", "quantity_3"), At("50", "unit_of_measure_code_3")),
    ];
    let line = &parcel.shipment.lines[at];
    let day = parcel.shipment.entry_when().day.0;
    let article = line
        .number
        .and_then(|number| parcel.books.tariff.article(number, day));
    // A number that is not printed on the day has no known total, and is refused for that.
    let Some(article) = article else {
        return vec![none()];
    };
    let (given, count) = line.measures.given();
    let words = article
        .units_text
        .split('|')
        .flat_map(|one| one.split(" and "));
    let words: Vec<&str> = words
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() || words == ["X"] {
        return vec![none()];
    }
    let mut quantities = Vec::new();
    for ((word, unit), (quantity_at, unit_at)) in words.iter().zip(article.units.iter()).zip(PLACES)
    {
        let Some(code) = units::code(word) else {
            let reason = format!("the unit {word:?} of the schedule has no code in Appendix C");
            gather.unsaid(
                unit_at,
                "unit",
                Some(at),
                &reason,
                "an entry filed elsewhere",
            );
            continue;
        };
        let stated = given[..count].iter().find_map(|quantity| {
            let (times, by) = unit?.conversion(quantity.unit)?;
            Some((quantity.digits, times, by))
        });
        let Some((thousandths, times, by)) = stated else {
            let from = match code {
                "KG" => "net_weight_kg",
                _ => "quantity",
            };
            let right = format!("a quantity in {word}: quantity and unit, or net_weight_kg");
            gather.missing(quantity_at, from, Some(at), &right);
            continue;
        };
        let hundredths = hundredths(thousandths, times, by);
        let value = hundredths.to_string();
        let value = gather.fit(quantity_at, "quantity", Some(at), value);
        quantities.push(Quantity {
            hundredths: value.parse().ok(),
            unit: code.to_owned(),
        });
    }
    quantities
}

/// Thousandths of one unit as hundredths of another, half a hundredth taken as a whole one (usage
/// note (hh)).
fn hundredths(thousandths: i64, times: i64, by: i64) -> u64 {
    let numer = i128::from(thousandths) * i128::from(times);
    let denom = i128::from(by) * 10;
    u64::try_from((numer * 2 + denom) / (denom * 2)).unwrap_or(0)
}

/// What only the summary says of a line.
fn summary(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    entry_type: EntryType,
    (at, value): (usize, u64),
) -> LineSummary {
    let line = Some(at);
    let formal = entry_type == EntryType::Consumption;
    let lading_at = At("40", "foreign_port_of_lading_code");
    let lading = field!("foreign_port_of_lading");
    let by_sea = parcel.shipment.mode == deminimis_law::names::Mode::Ocean;
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
        export_country: gather.must(
            At("40", "country_of_export_code"),
            field!("country_of_export"),
            None,
        ),
        exported_on: gather.must_day(
            At("40", "date_of_exportation"),
            "exported_on",
            None,
            parcel.shipment.exported_on,
        ),
        program: program(gather, parcel, at),
        charges_usd: charges(gather, formal && value > CHARGES_ABOVE_USD, at),
        lading_port: match by_sea {
            true => Some(gather.must(lading_at, lading, None)),
            false => gather.may(lading_at, lading, None),
        },
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

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn quantities_are_rounded_once_to_the_hundredth() {
        assert_eq!(hundredths(1_000, 1, 1), 100, "one piece");
        assert_eq!(
            hundredths(1_000, 1, 12),
            8,
            "a dozen of one: 8 1/3 hundredths"
        );
        assert_eq!(hundredths(3_000, 1, 12), 25, "a quarter of a dozen");
        assert_eq!(hundredths(235, 1, 1), 24, "half a hundredth is a whole one");
        assert_eq!(hundredths(2_000, 12, 1), 2_400, "two dozen in pieces");
    }
}
