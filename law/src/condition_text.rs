//! Reads a `when` table into a condition.

use crate::claim::{Claim, ClaimPattern};
use crate::codes::Country;
use crate::condition::{Cond, DayTest, FactTest, SetId};
use crate::error::LawError;
use crate::facts::{self, Fact, FactType, TextHash};
use crate::kind::Program;
use crate::money::parse_minor;
use crate::names::Clock;
use crate::rate::Rate;
use crate::sets::{NumberTest, OriginTest, number_range};
use crate::table::Table;
use toml::Spanned;
use toml::de::DeValue;

/// What conditions refer to: facts by name, and the sets they share.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub facts: Vec<Fact>,
    pub numbers: Vec<NumberTest>,
    pub origins: Vec<OriginTest>,
}

fn intern<T: PartialEq>(all: &mut Vec<T>, one: T) -> SetId {
    let at = all
        .iter()
        .position(|known| *known == one)
        .unwrap_or_else(|| {
            all.push(one);
            all.len() - 1
        });
    SetId(at as u16)
}

impl Names {
    /// Reads all keys of `table` as conditions that must all hold.
    pub fn read(&mut self, table: &Table<'_>) -> Result<Cond, LawError> {
        let mut parts = Vec::new();
        for key in table.keys() {
            parts.push(self.part(table, key)?);
        }
        table.finish()?;
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Cond::All(parts)
        })
    }

    fn part<'a>(&mut self, table: &Table<'a>, key: &'a str) -> Result<Cond, LawError> {
        if table.is_empty_list(key) {
            return Err(table.error(key, "is empty: it would always or never hold"));
        }
        if let Some(cond) = self.line_part(table, key)? {
            return Ok(cond);
        }
        if let Some(cond) = day_part(table, key)? {
            return Ok(cond);
        }
        Ok(match key {
            "all" => Cond::All(self.parts(table, key)?),
            "any" => Cond::Any(self.parts(table, key)?),
            "not" => {
                let inner = table.table(key)?.ok_or_else(|| table.missing(key))?;
                Cond::Not(Box::new(self.read(&inner)?))
            }
            "any_line" => {
                let inner = table.table(key)?.ok_or_else(|| table.missing(key))?;
                Cond::AnyLine(Box::new(self.read(&inner)?))
            }
            "mode" => Cond::Mode(table.set(key)?),
            "purpose" => Cond::Purpose(table.set(key)?),
            "customs_status" => Cond::CustomsStatus(table.set(key)?),
            "shipped_from" => Cond::ShippedFrom(self.origins(table, key)?),
            "accompanied" => flag(table, key, Cond::Accompanied)?,
            "sold_before_import" => {
                Cond::SoldBeforeImport(table.bool(key)?.ok_or_else(|| table.missing(key))?)
            }
            "path_asked" => Cond::PathAsked(table.set(key)?),
            "path" => Cond::Path(table.set(key)?),
            "basis" => Cond::Basis(table.set(key)?),
            "outcome" => Cond::Outcome(table.set(key)?),
            "person" => Cond::Person(table.set(key)?),
            "consignee_kind" => Cond::ConsigneeKind(table.set(key)?),
            "shipper_kind" => Cond::ShipperKind(table.set(key)?),
            "given" => Cond::Given(table.set(key)?),
            "missing" => Cond::Missing(table.set(key)?),
            "shipper_is_consignee" => flag(table, key, Cond::ShipperIsConsignee)?,
            "importer_foreign" => flag(table, key, Cond::ImporterForeign)?,
            "at_express_hub" => flag(table, key, Cond::AtExpressHub)?,
            "value_evidence" => Cond::ValueEvidence(table.set(key)?),
            "postal_service_class" => Cond::PostalServiceClass(table.set(key)?),
            "split_reason" => Cond::SplitReason(table.set(key)?),
            "value_over_usd" => Cond::ValueOver(table.need_usd(key)?),
            "value_at_most_usd" => Cond::Not(Box::new(Cond::ValueOver(table.need_usd(key)?))),
            "entered_value_over_usd" => Cond::EnteredValueOver(table.need_usd(key)?),
            "agency_data" => flag(table, key, Cond::AgencyData)?,
            "filed_after_arrival" => flag(table, key, Cond::FiledAfterArrival)?,
            _ => before_part(table, key)?,
        })
    }

    /// Conditions over a line.
    fn line_part<'a>(&mut self, table: &Table<'a>, key: &'a str) -> Result<Option<Cond>, LawError> {
        Ok(Some(match key {
            "number" => {
                let mut test = NumberTest::default();
                for text in table.texts(key)? {
                    match text.strip_prefix('@') {
                        Some(group) => test.groups.push(group.to_owned()),
                        None => test.ranges.push(number_range(text).ok_or_else(|| {
                            table.error(
                                key,
                                format!("`{text}` is not a prefix of 2, 4, 6, 8 or 10 digits"),
                            )
                        })?),
                    }
                }
                Cond::Number(intern(&mut self.numbers, test))
            }
            "number_digits_below" => {
                let digits = table
                    .integer(key)?
                    .and_then(|digits| u8::try_from(digits).ok())
                    .filter(|digits| (4..=10).contains(digits));
                Cond::NumberDigitsBelow(digits.ok_or_else(|| table.error(key, "must be 4 to 10"))?)
            }
            "origin" => Cond::Origin(self.origins(table, key)?),
            "origin_not" => Cond::Not(Box::new(Cond::Origin(self.origins(table, key)?))),
            "fact" => self.fact_part(&table.table(key)?.ok_or_else(|| table.missing(key))?)?,
            "fact_stated" => {
                let id = |name| {
                    facts::find(&self.facts, name).ok_or_else(|| {
                        table.error(key, format!("`{name}` is not a fact of facts.toml"))
                    })
                };
                Cond::FactStated(
                    table
                        .texts(key)?
                        .into_iter()
                        .map(id)
                        .collect::<Result<_, _>>()?,
                )
            }
            "claim" => Cond::Claim(codes(table, key, ClaimPattern::parse)?),
            "agency_disclaimed" => Cond::Disclaimed(codes(table, key, Claim::parse)?),
            "agency_ready" => Cond::Ready(codes(table, key, Claim::parse)?),
            "quantity_at_least" => {
                let text = table.need_text(key)?;
                let thousandths =
                    parse_minor(&text, 3).map_err(|error| table.error(key, error.to_string()))?;
                Cond::QuantityAtLeast(thousandths)
            }
            "subject_to" => {
                Cond::SubjectTo(table.texts(key)?.into_iter().map(Program::parse).collect())
            }
            "column_1_at_least" => Cond::Column1AtLeast(rate(table, key)?),
            "column_1_below" => Cond::Not(Box::new(Cond::Column1AtLeast(rate(table, key)?))),
            "entered_free_under" => Cond::EnteredFreeUnder(codes(table, key, Claim::parse)?),
            "column_2" => flag(table, key, Cond::Column2)?,
            "undervalued" => flag(table, key, Cond::Undervalued)?,
            _ => return Ok(None),
        }))
    }

    fn parts<'a>(&mut self, table: &Table<'a>, key: &'a str) -> Result<Vec<Cond>, LawError> {
        let parts = table.tables(key)?;
        parts.iter().map(|part| self.read(part)).collect()
    }

    fn origins<'a>(&mut self, table: &Table<'a>, key: &'a str) -> Result<SetId, LawError> {
        let mut test = OriginTest::default();
        for text in table.texts(key)? {
            match text.strip_prefix('@') {
                Some(group) => test.groups.push(group.to_owned()),
                None => test.countries.push(Country::parse(text).ok_or_else(|| {
                    table.error(
                        key,
                        format!("`{text}` is not an ISO 3166-1 alpha-2 code in capitals"),
                    )
                })?),
            }
        }
        Ok(intern(&mut self.origins, test))
    }

    fn fact_part(&self, table: &Table<'_>) -> Result<Cond, LawError> {
        let mut parts = Vec::new();
        for key in table.keys() {
            let id = facts::find(&self.facts, key)
                .ok_or_else(|| table.error(key, "is not a fact of facts.toml"))?;
            let kind = self.facts[id.0 as usize].kind;
            let test = match (table.value(key).map(Spanned::get_ref), kind) {
                (Some(DeValue::Boolean(value)), FactType::Bool | FactType::Text) => {
                    FactTest::Is(*value)
                }
                (Some(DeValue::String(text)), FactType::Text) => FactTest::Text(TextHash::of(text)),
                (Some(DeValue::Table(_)), FactType::Usd | FactType::Share) => {
                    at_least(&table.table(key)?.ok_or_else(|| table.missing(key))?, kind)?
                }
                _ => return Err(table.error(key, "is asked in a way that does not fit its type")),
            };
            parts.push(Cond::Fact(id, test));
        }
        table.finish()?;
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Cond::All(parts)
        })
    }
}

fn rate<'a>(table: &Table<'a>, key: &'a str) -> Result<Rate, LawError> {
    table.rate(key)?.ok_or_else(|| table.missing(key))
}

fn at_least(table: &Table<'_>, kind: FactType) -> Result<FactTest, LawError> {
    if kind == FactType::Usd
        && let Some(rate) = table.rate("at_least_of_value")?
    {
        table.finish()?;
        return Ok(FactTest::AtLeastOfValue(rate));
    }
    let text = table.need_text("at_least")?;
    let decimals = if kind == FactType::Usd { 2 } else { 4 };
    let least =
        parse_minor(&text, decimals).map_err(|error| table.error("at_least", error.to_string()))?;
    table.finish()?;
    Ok(FactTest::AtLeast(least))
}

fn codes<'a, T>(
    table: &Table<'a>,
    key: &'a str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, LawError> {
    let parse =
        |text| parse(text).ok_or_else(|| table.error(key, format!("`{text}` is not a code")));
    table.texts(key)?.into_iter().map(parse).collect()
}

/// A condition that is written `= true` or `= false`.
fn flag<'a>(table: &Table<'a>, key: &'a str, cond: Cond) -> Result<Cond, LawError> {
    match table.bool(key)? {
        Some(true) => Ok(cond),
        Some(false) => Ok(Cond::Not(Box::new(cond))),
        None => Err(table.missing(key)),
    }
}

fn before_part<'a>(table: &Table<'a>, key: &'a str) -> Result<Cond, LawError> {
    let clock = match key {
        "entered_before" => Clock::EnteredAt,
        "arrives_before" => Clock::ArrivesAt,
        "filed_before" => Clock::FiledAt,
        "loaded_before" => Clock::LoadedAt,
        "exported_before" => Clock::ExportedOn,
        _ => return Err(table.error(key, "is not a condition")),
    };
    Ok(Cond::Before(clock, table.need_when(key)?.moment))
}

fn day_part<'a>(table: &Table<'a>, key: &'a str) -> Result<Option<Cond>, LawError> {
    let count = || -> Result<u32, LawError> {
        let count = table
            .integer(key)?
            .and_then(|count| u32::try_from(count).ok());
        count.ok_or_else(|| table.error(key, "must be a whole number"))
    };
    let test = match key {
        "order_parcels_at_least" => {
            return Ok(Some(Cond::Day(DayTest::OrderParcelsAtLeast(count()?))));
        }
        "day_shipments_at_least" => {
            return Ok(Some(Cond::Day(DayTest::ShipmentsAtLeast(count()?))));
        }
        "order_over_limit" => DayTest::OrderOverLimit,
        "bill_over_limit" => DayTest::BillOverLimit,
        "day_over_limit" => DayTest::OverLimit,
        "later_over_limit" => DayTest::LaterOverLimit,
        "linked_over_limit" => DayTest::LinkedOverLimit,
        "undecided_over_limit" => DayTest::UndecidedOverLimit,
        "refused_rows" => DayTest::RefusedRows,
        "out_of_order" => DayTest::OutOfOrder,
        _ => return Ok(None),
    };
    flag(table, key, Cond::Day(test)).map(Some)
}
