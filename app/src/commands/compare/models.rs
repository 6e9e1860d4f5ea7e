//! Ways of shipping as a file describes them.

use deminimis_law::codes::Country;
use deminimis_law::money::{Cents, parse_minor};
use deminimis_law::names::{CustomsStatus, EntryPath, Mode};
use deminimis_law::time::Day;
use serde::Deserialize;

/// The file that is read if none is named.
const DEFAULT: &str = include_str!("../../../../examples/models/models.toml");

/// One thousandth of a cent: storage a day is less than one.
const STORAGE_DECIMALS: u32 = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    model: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    name: String,
    title: String,
    mode: Option<String>,
    shipped_from: Option<String>,
    customs_status: Option<String>,
    entry_path: Option<String>,
    combine: Option<String>,
    parcel_usd: String,
    kg_usd: Option<String>,
    assumed_kg: Option<String>,
    handling_usd: Option<String>,
    entry_usd: Option<String>,
    storage_usd_per_day: Option<String>,
    storage_days: Option<u32>,
    days: u32,
    #[serde(default)]
    law: Vec<String>,
    #[serde(default)]
    needs: Vec<String>,
}

/// Which parcels share an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// None do.
    No,
    /// Those that arrive in one week, from Monday.
    Week,
    /// In one month.
    Month,
    /// In one quarter.
    Quarter,
    /// In one year.
    Year,
    /// All of the file.
    All,
}

impl Combine {
    fn parse(text: &str) -> Option<Combine> {
        Some(match text {
            "none" => Combine::No,
            "week" => Combine::Week,
            "month" => Combine::Month,
            "quarter" => Combine::Quarter,
            "year" => Combine::Year,
            "all" => Combine::All,
            _ => return None,
        })
    }

    /// A number for the period in which a day lies; none where every parcel is entered alone.
    #[must_use]
    pub fn period(self, day: Day) -> Option<i32> {
        let (year, month, _) = day.ymd();
        let month = month as i32 - 1;
        Some(match self {
            Combine::No => return None,
            Combine::Week => (day.0 + 3).div_euclid(7),
            Combine::Month => year * 12 + month,
            Combine::Quarter => year * 4 + month / 3,
            Combine::Year => year,
            Combine::All => 0,
        })
    }
}

/// A way of shipping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// One line on it.
    pub title: String,
    /// How it crosses the border, if not as in the file.
    pub mode: Option<Mode>,
    /// From where it is shipped, if not as in the file.
    pub shipped_from: Option<Country>,
    /// Where it comes from in customs terms.
    pub customs_status: CustomsStatus,
    /// The path that is meant.
    pub entry_path: Option<EntryPath>,
    /// Which parcels share an entry.
    pub combine: Combine,
    /// From the order to the door.
    pub days: u32,
    /// Instruments that it hangs on.
    pub law: Vec<String>,
    /// What else it takes.
    pub needs: Vec<String>,
    parcel: Cents,
    kilogram: Cents,
    assumed_grams: i64,
    handling: Cents,
    entry: Cents,
    /// In thousandths of a cent.
    storage_a_day: i64,
    storage_days: u32,
}

impl Model {
    /// Freight of a parcel, of its gross weight in grams where that is known; half up to the cent.
    #[must_use]
    pub fn freight(&self, grams: Option<i64>) -> Cents {
        let grams = i128::from(grams.unwrap_or(self.assumed_grams));
        let by_weight = (i128::from(self.kilogram.0) * grams + 500) / 1000;
        self.parcel
            .plus(Cents(i64::try_from(by_weight).unwrap_or(i64::MAX)))
    }

    /// Handling and storage of one parcel; half up to the cent.
    #[must_use]
    pub fn keeping(&self) -> Cents {
        let storage = i128::from(self.storage_a_day) * i128::from(self.storage_days);
        let storage = i64::try_from((storage + 500) / 1000).unwrap_or(i64::MAX);
        self.handling.plus(Cents(storage))
    }

    /// What is paid for making an entry, besides what is owed to customs.
    #[must_use]
    pub fn entry(&self) -> Cents {
        self.entry
    }
}

/// The models of a file, or those that the program carries.
pub fn read(text: Option<&str>) -> Result<Vec<Model>, String> {
    let file: File = toml::from_str(text.unwrap_or(DEFAULT)).map_err(|error| error.to_string())?;
    let mut models: Vec<Model> = Vec::new();
    for text in file.model {
        let name = text.name.clone();
        if models.iter().any(|known| known.name == name) {
            return Err(format!("model {name} stands twice"));
        }
        models.push(model(text).map_err(|why| format!("model {name}: {why}"))?);
    }
    if models.is_empty() {
        return Err("it holds no model".to_owned());
    }
    Ok(models)
}

fn model(text: Text) -> Result<Model, String> {
    let named = |field: &str, text: &str| format!("{field} `{text}` is not one of the contract");
    let usd = |field: &str, text: Option<&str>| {
        let wrong = |error| format!("{field} `{}` {error}", text.unwrap_or_default());
        text.map_or(Ok(Cents(0)), |text| Cents::parse(text).map_err(wrong))
    };
    let fixed = |field: &str, text: Option<&str>, decimals| {
        let wrong = |error| format!("{field} `{}` {error}", text.unwrap_or_default());
        text.map_or(Ok(0), |text| parse_minor(text, decimals).map_err(wrong))
    };
    let choice =
        |field: &'static str, text: &Option<String>| text.clone().map(|text| (field, text));
    let mode = choice("mode", &text.mode)
        .map(|(field, text)| Mode::parse(&text).ok_or_else(|| named(field, &text)));
    let shipped_from = choice("shipped_from", &text.shipped_from)
        .map(|(field, text)| Country::parse(&text).ok_or_else(|| named(field, &text)));
    let status = choice("customs_status", &text.customs_status)
        .map(|(field, text)| CustomsStatus::parse(&text).ok_or_else(|| named(field, &text)));
    let path = choice("entry_path", &text.entry_path)
        .map(|(field, text)| EntryPath::parse(&text).ok_or_else(|| named(field, &text)));
    let combine = choice("combine", &text.combine).map(|(_, text)| {
        let said = || format!("combine `{text}` is none of none, week, month, quarter, year, all");
        Combine::parse(&text).ok_or_else(said)
    });
    Ok(Model {
        mode: mode.transpose()?,
        shipped_from: shipped_from.transpose()?,
        customs_status: status.transpose()?.unwrap_or(CustomsStatus::Direct),
        entry_path: path.transpose()?,
        combine: combine.transpose()?.unwrap_or(Combine::No),
        days: text.days,
        parcel: usd("parcel_usd", Some(&text.parcel_usd))?,
        kilogram: usd("kg_usd", text.kg_usd.as_deref())?,
        assumed_grams: fixed("assumed_kg", text.assumed_kg.as_deref(), 3)?,
        handling: usd("handling_usd", text.handling_usd.as_deref())?,
        entry: usd("entry_usd", text.entry_usd.as_deref())?,
        storage_a_day: fixed(
            "storage_usd_per_day",
            text.storage_usd_per_day.as_deref(),
            STORAGE_DECIMALS,
        )?,
        storage_days: text.storage_days.unwrap_or(0),
        name: text.name,
        title: text.title,
        law: text.law,
        needs: text.needs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_carried_are_the_five_of_the_manual() {
        let models = read(None).unwrap();
        let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
        assert_eq!(names, ["direct", "mx-border", "ca-border", "ftz", "bulk"]);
        let direct = &models[0];
        // $4.00 and half a kilogram at $8.00.
        assert_eq!(direct.freight(None), Cents(800));
        assert_eq!(direct.freight(Some(1_250)), Cents(1_400));
        assert_eq!(direct.keeping(), Cents(100));
        // $2.00 and thirty days at two and a half cents.
        assert_eq!(models[2].keeping(), Cents(275));
    }

    #[test]
    fn what_is_no_model_is_refused_by_name() {
        let with = |more: &str| {
            let text = format!(
                "[[model]]\nname = \"a\"\ntitle = \"t\"\nparcel_usd = \"1.00\"\ndays = 1\n{more}"
            );
            read(Some(&text))
        };
        assert!(with("").is_ok());
        for (more, said) in [
            ("mode = \"drone\"", "model a: mode `drone`"),
            ("shipped_from = \"XX\"", "shipped_from `XX`"),
            ("combine = \"day\"", "combine `day`"),
            ("kg_usd = \"1.005\"", "kg_usd `1.005` has more decimals"),
            ("speed = 3", "unknown field"),
            (
                "[[model]]\nname = \"a\"\ntitle = \"t\"\nparcel_usd = \"1\"\ndays = 1",
                "stands twice",
            ),
        ] {
            let why = with(more).unwrap_err();
            assert!(why.contains(said), "{more}: {why}");
        }
    }

    #[test]
    fn periods_begin_where_the_calendar_does() {
        let day = |text: &str| Day::parse(text).unwrap();
        for (combine, last, next) in [
            (Combine::Week, "2026-03-01", "2026-03-02"),
            (Combine::Month, "2026-03-31", "2026-04-01"),
            (Combine::Quarter, "2026-06-30", "2026-07-01"),
            (Combine::Year, "2025-12-31", "2026-01-01"),
        ] {
            let (last, next) = (day(last), day(next));
            assert_ne!(combine.period(last), combine.period(next), "{combine:?}");
            assert_eq!(combine.period(next), combine.period(next.plus(1)));
        }
        assert_eq!(Combine::All.period(Day(5)), Combine::All.period(Day(9_000)));
        assert_eq!(Combine::No.period(Day(5)), None);
    }
}
