//! Why a value of a shipment is refused, in words that say what would be right.

use crate::shipment::fields::Choice;
use deminimis_law::codes::{Country, Currency};
use deminimis_law::facts::FactError;
use deminimis_law::money::AmountError;
use deminimis_law::time::WhenError;
use deminimis_tariff::NumberError;
use std::fmt;

/// Why a value is refused. `Display` completes the sentence "field value …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A required field is absent or empty.
    Missing,
    /// Longer than so many bytes.
    TooLong(u16),
    /// Holds a control character.
    Control,
    /// Not one of a closed list; with the name that was probably meant.
    NotOneOf(Choice, Option<&'static str>),
    /// Not a country; the hint completes the sentence.
    Country(&'static str),
    /// Not a currency; the hint completes the sentence.
    Currency(CurrencyHint),
    /// Not an HTSUS number.
    Number(NumberError),
    /// Not an amount of the line's currency.
    Amount(AmountError, Currency),
    /// Not a quantity or weight.
    Quantity(AmountError),
    /// A quantity of nothing.
    ZeroQuantity,
    /// Not a whole number from 1.
    Count,
    /// Not a date or timestamp.
    When(WhenError, DateHint),
    /// A bare date where a timestamp is needed.
    NeedsTime,
    /// A timestamp where a bare date is needed.
    NeedsDay,
    /// Not `true` or `false`.
    Bool,
    /// Not a code of letters and digits.
    Code,
    /// Differs from what an earlier row of the same shipment says.
    Disagrees,
    /// Stands twice in one object.
    GivenTwice,
    /// No such fact in the rulebook.
    UnknownFact,
    /// Not an answer of the fact's type.
    Fact(FactError),
    /// More than 999 lines.
    TooManyLines,
    /// No line at all.
    NoLines,
}

/// What is wrong with a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurrencyHint {
    /// The same letters in capitals are a currency.
    Capitals(Currency),
    /// A sign such as `$`.
    Sign(&'static str),
    /// Nothing to suggest.
    None,
}

/// What probably happened to a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateHint {
    /// `3/4/2024`: day and month cannot be told apart.
    Slashes,
    /// `45352`: a spreadsheet's day count.
    Serial,
    /// Nothing to suggest.
    None,
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Missing => out.write_str("is required and missing"),
            Reason::TooLong(max) => write!(out, "is longer than {max} bytes"),
            Reason::Control => out.write_str("holds a control character; write plain text"),
            Reason::NotOneOf(choice, meant) => not_one_of(out, *choice, *meant),
            Reason::Country(hint) => write!(out, "is not an ISO 3166-1 alpha-2 code; {hint}"),
            Reason::Currency(hint) => {
                out.write_str("is not an ISO 4217 currency code; ")?;
                match hint {
                    CurrencyHint::Capitals(currency) => write!(out, "write {currency}"),
                    CurrencyHint::Sign(code) => write!(out, "write the code, such as {code}"),
                    CurrencyHint::None => out.write_str("write three capital letters such as USD"),
                }
            }
            Reason::Number(error) => write!(out, "is not an HTSUS number: {error}"),
            Reason::Amount(AmountError::OverPrecise(decimals), currency) => {
                write!(out, "has more decimals than {currency} has ({decimals}); round it first")
            }
            Reason::Amount(error, _) => write!(out, "{error}; write a plain decimal such as 12.50"),
            Reason::Quantity(AmountError::OverPrecise(decimals)) => {
                write!(out, "has more than {decimals} decimals")
            }
            Reason::Quantity(error) => write!(out, "{error}; write a plain decimal such as 2 or 0.75"),
            Reason::ZeroQuantity => out.write_str("must be more than zero; leave it out if unknown"),
            Reason::Count => out.write_str("must be a whole number from 1, such as 3"),
            Reason::When(error, hint) => {
                write!(out, "{error}")?;
                out.write_str(match hint {
                    DateHint::Slashes => {
                        "; day and month cannot be told apart in this form: write 2024-03-04 for 4 March 2024"
                    }
                    DateHint::Serial => {
                        "; it looks like a spreadsheet's day count: format the column as YYYY-MM-DD"
                    }
                    DateHint::None => "",
                })
            }
            Reason::NeedsTime => {
                out.write_str("needs a time and an offset, such as 2024-05-10T14:30:00-04:00")
            }
            Reason::NeedsDay => out.write_str("must be a day without a time, such as 2024-05-10"),
            Reason::Bool => out.write_str("must be true or false"),
            Reason::Code => out.write_str(
                "holds something that is not a code of at most 12 letters and digits; separate codes with ; or spaces",
            ),
            Reason::Disagrees => {
                out.write_str("differs from an earlier row of the same shipment; repeat it or leave it empty")
            }
            Reason::GivenTwice => out.write_str("is given twice"),
            Reason::UnknownFact => {
                out.write_str("is not a fact of the rulebook; `deminimis schema shipment` lists them")
            }
            Reason::Fact(error) => write!(out, "{error}"),
            Reason::TooManyLines => out.write_str("a shipment has at most 999 lines"),
            Reason::NoLines => out.write_str("a shipment has at least one line"),
        }
    }
}

fn not_one_of(out: &mut fmt::Formatter<'_>, choice: Choice, meant: Option<&str>) -> fmt::Result {
    if let Some(meant) = meant {
        return write!(out, "is not known; write {meant}");
    }
    out.write_str("is not one of")?;
    for (at, name) in choice.names().iter().enumerate() {
        write!(out, "{} {name}", if at == 0 { "" } else { "," })?;
    }
    Ok(())
}

/// What to write in place of a text that is no country.
pub(super) fn country_hint(text: &str) -> &'static str {
    const HINTS: [(&str, &str); 26] = [
        ("UK", "for the United Kingdom write GB"),
        (
            "EU",
            "for the European Union name the member state, such as DE or FR",
        ),
        ("EL", "for Greece write GR"),
        (
            "AN",
            "the Netherlands Antilles are no more: write CW, SX or BQ",
        ),
        (
            "YU",
            "Yugoslavia is no more: write RS, ME or another successor",
        ),
        ("SU", "the Soviet Union is no more: write the successor"),
        ("TP", "for Timor-Leste write TL"),
        ("BU", "for Myanmar write MM"),
        ("XK", "CBP uses no code for Kosovo here: write RS"),
        ("USA", "write US"),
        ("CHN", "write CN"),
        ("GBR", "write GB"),
        ("DEU", "write DE"),
        ("FRA", "write FR"),
        ("HKG", "write HK"),
        ("JPN", "write JP"),
        ("KOR", "write KR"),
        ("MEX", "write MX"),
        ("CAN", "write CA"),
        ("VNM", "write VN"),
        ("TWN", "write TW"),
        ("IND", "write IN"),
        ("CHINA", "write CN"),
        ("HONG KONG", "write HK"),
        ("UNITED STATES", "write US"),
        ("UNITED KINGDOM", "write GB"),
    ];
    let capitals = text.to_ascii_uppercase();
    if capitals != text && Country::parse(&capitals).is_some() {
        return "write it in capital letters";
    }
    let known = HINTS.iter().find(|(name, _)| *name == capitals);
    known.map_or("write two capital letters such as CN or MX", |(_, hint)| {
        hint
    })
}

/// What to write in place of a text that is no currency.
pub(super) fn currency_hint(text: &str) -> CurrencyHint {
    match text {
        "$" | "US$" => CurrencyHint::Sign("USD"),
        "\u{20ac}" => CurrencyHint::Sign("EUR"),
        "\u{a3}" => CurrencyHint::Sign("GBP"),
        "RMB" => CurrencyHint::Sign("CNY"),
        "\u{a5}" => CurrencyHint::Sign("JPY or CNY"),
        _ => Currency::parse(&text.to_ascii_uppercase())
            .map_or(CurrencyHint::None, CurrencyHint::Capitals),
    }
}

/// What probably happened to a date.
pub(super) fn date_hint(text: &str) -> DateHint {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let date = text.split([' ', 'T']).next().unwrap_or("");
    let mut parts = date.split(['/', '.', '-']);
    let first = parts.next().unwrap_or("");
    if digits(first) && first.len() <= 2 && parts.clone().count() == 2 && parts.all(digits) {
        DateHint::Slashes
    } else if digits(date.split('.').next().unwrap_or(""))
        && matches!(date.split('.').next().map_or(0, str::len), 4..=5)
    {
        DateHint::Serial
    } else {
        DateHint::None
    }
}

/// The name of a closed list that was probably meant: the same letters without regard to case,
/// spaces, hyphens and underscores.
pub(super) fn meant(text: &str, choice: Choice) -> Option<&'static str> {
    fn folded(text: &str) -> impl Iterator<Item = char> {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
    }
    choice
        .names()
        .into_iter()
        .find(|name| folded(name).eq(folded(text)))
}
