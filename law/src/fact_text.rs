//! Reads `facts.toml`.

use crate::error::LawError;
use crate::facts::{Absence, Fact, FactType};
use crate::names::Confidence;
use crate::sets::number_range;
use crate::table::Table;

impl Fact {
    pub(crate) fn read_definition(table: &Table<'_>) -> Result<Fact, LawError> {
        let kind = match table.need_text("type")?.as_str() {
            "bool" => FactType::Bool,
            "text" => FactType::Text,
            "usd" => FactType::Usd,
            "share" => FactType::Share,
            _ => return Err(table.error("type", "must be bool, text, usd or share")),
        };
        let absence = absence(table)?;
        if matches!(absence, Absence::Derived { .. } | Absence::Owed) && kind != FactType::Bool {
            return Err(table.error("type", "a derived fact is a bool"));
        }
        let cite: Vec<_> = table
            .texts("cite")?
            .into_iter()
            .map(str::to_owned)
            .collect();
        if cite.is_empty() {
            return Err(table.error("cite", "what absence means needs an authority"));
        }
        let means = table.need_text("means")?;
        let fact = Fact {
            name: table.need_text("name")?,
            kind,
            absence,
            asked: table.bool("asked")?.unwrap_or(true),
            question: table
                .text("question")?
                .map_or_else(|| means.clone(), str::to_owned),
            means,
            cite,
            confidence: table.name("confidence")?.unwrap_or(Confidence::C3),
        };
        table.finish()?;
        Ok(fact)
    }
}

fn absence(table: &Table<'_>) -> Result<Absence, LawError> {
    Ok(match table.need_text("absence")?.as_str() {
        "claim" => Absence::Claim,
        "material" => Absence::Material,
        "owed" => Absence::Owed,
        "presumed" => match table.need_text("value")?.as_str() {
            "true" => Absence::Presumed(true),
            "false" | "none" => Absence::Presumed(false),
            _ => return Err(table.error("value", "must be \"true\", \"false\" or \"none\"")),
        },
        "derived" => {
            let mut numbers = Vec::new();
            for text in table.texts("numbers")? {
                let wrong = || {
                    table.error(
                        "numbers",
                        format!("`{text}` is not a prefix of 2, 4, 6, 8 or 10 digits"),
                    )
                };
                numbers.push(number_range(text).ok_or_else(wrong)?);
            }
            if numbers.is_empty() {
                return Err(table.missing("numbers"));
            }
            let without_number = match table.need_text("without_number")?.as_str() {
                "ask" => None,
                "true" => Some(true),
                "false" => Some(false),
                _ => {
                    return Err(
                        table.error("without_number", "must be \"ask\", \"true\" or \"false\"")
                    );
                }
            };
            Absence::Derived {
                numbers,
                without_number,
            }
        }
        _ => {
            return Err(table.error(
                "absence",
                "must be claim, derived, owed, presumed or material",
            ));
        }
    })
}
