//! `group`: a named set of origins or numbers that conditions refer to as `@id`.

use crate::codes::Country;
use crate::error::LawError;
use crate::sets::{NumberRange, number_range};
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A named set; exactly one of the three is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Countries.
    pub origins: Vec<Country>,
    /// Prefixes of numbers.
    pub numbers: Vec<NumberRange>,
    /// A list of numbers with windows (`law/us/lists/NAME.csv`).
    pub list: Option<String>,
}

impl Group {
    pub(crate) fn read(table: &Table<'_>) -> Result<Group, LawError> {
        let mut group = Group {
            origins: Vec::new(),
            numbers: Vec::new(),
            list: None,
        };
        for text in table.texts("origins")? {
            let country = Country::parse(text);
            let wrong = || table.error("origins", format!("`{text}` is not an ISO alpha-2 code"));
            group.origins.push(country.ok_or_else(wrong)?);
        }
        for text in table.texts("numbers")? {
            let wrong = || {
                table.error(
                    "numbers",
                    format!("`{text}` is not a prefix of 2, 4, 6, 8 or 10 digits"),
                )
            };
            group.numbers.push(number_range(text).ok_or_else(wrong)?);
        }
        group.list = table.text("list")?.map(str::to_owned);
        let given = [
            !group.origins.is_empty(),
            !group.numbers.is_empty(),
            group.list.is_some(),
        ];
        if given.iter().filter(|given| **given).count() != 1 {
            return Err(table.error(
                "origins",
                "a group has exactly one of origins, numbers, list",
            ));
        }
        Ok(group)
    }
}
