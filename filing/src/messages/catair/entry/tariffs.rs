//! The HTSUS numbers of a line in the order of the decision's charges, with the duty under each, the
//! value under the article's own number, and quantities in the units that it asks for.
//!
//! Source: AE record 50 and usage notes (j), (l), (hh); cargo release v40, SE60 note 2 (headings of
//! Chapter 99 first, the value with the number of Chapters 1 to 97).

use super::build::Parcel;
use super::gather::{At, Gather};
use super::{Form, Quantity, Tariff, units};
use deminimis_clearance::owed::words::{duty_of, headings};
use deminimis_clearance::owed::{Charge, Source, State};
use deminimis_law::kind::Base;
use deminimis_law::money::Cents;
use deminimis_law::names::Layer;

/// The most HTSUS numbers of a line.
const TARIFFS: usize = 32;

/// Programs whose goods need record 54 beside their heading (smelt, melt and cast), which the
/// table of layouts keeps as one run of text.
const NEED_RECORD_54: [&str; 4] = ["232-aluminum", "232-copper", "232-metals", "232-steel"];

/// The numbers of a line, those of Chapters 98 and 99 first, as the decision's charges stand.
pub(super) fn of_line(
    gather: &mut Gather<'_>,
    parcel: Parcel<'_>,
    form: Form,
    at: usize,
) -> Vec<Tariff> {
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
