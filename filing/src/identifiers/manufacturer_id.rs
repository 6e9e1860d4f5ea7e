//! Manufacturer identification codes (MID): country, name, number of the address, city.
//!
//! Source: 19 CFR part 102, appendix, for country, name and the words left out; the parts of address
//! and city are taken from carriers' guides and from memory of the same appendix (confidence S and
//! M), as is the treatment of a hyphen within a name. The code has no check digit: the form of one
//! can be checked, and whether it fits a manufacturer by building it again.

use super::Wrong;
use deminimis_law::codes::Country;
use std::fmt;

/// Words that do not count in a name.
const PASSED_OVER: [&str; 5] = ["A", "AN", "AND", "OF", "THE"];

/// What stands for Canada: a code for each province, never `CA`.
const PROVINCES: [(&str, &str); 13] = [
    ("AB", "XA"),
    ("BC", "XC"),
    ("MB", "XM"),
    ("NB", "XB"),
    ("NL", "XW"),
    ("NS", "XN"),
    ("NT", "XT"),
    ("NU", "XV"),
    ("ON", "XO"),
    ("PE", "XP"),
    ("QC", "XQ"),
    ("SK", "XS"),
    ("YT", "XY"),
];

/// The longest code, in places.
pub const LONGEST: usize = 15;

/// A code that has the form of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ManufacturerId(String);

/// What a code is built from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Maker<'t> {
    /// The name.
    pub name: &'t str,
    /// The line of the address with the street and its number.
    pub street: &'t str,
    /// The city.
    pub city: &'t str,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub country: &'t str,
    /// Province, two letters: needed for Canada only.
    pub province: &'t str,
}

impl ManufacturerId {
    /// Checks the form: a country or Canadian province, then letters and digits, at most 15 places.
    ///
    /// # Errors
    /// Another form.
    pub fn parse(text: &str) -> Result<ManufacturerId, Wrong> {
        let places = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if !text.bytes().all(places) || !(4..=LONGEST).contains(&text.len()) {
            return Err(Wrong::new(
                "the form is 4 to 15 upper-case letters or digits without spaces: country, name, \
                 number of the address, city",
            ));
        }
        let country = &text[..2];
        if country == "CA" {
            return Err(Wrong::new(format!(
                "CA does not stand for Canada here: {} is meant, by province",
                provinces()
            )));
        }
        let province = PROVINCES.iter().any(|(_, code)| *code == country);
        if !province && Country::parse(country).is_none() {
            return Err(Wrong::new(format!(
                "it begins with {country:?}: the country of origin is meant, or for Canada {}",
                provinces()
            )));
        }
        if !text.bytes().last().is_some_and(|b| b.is_ascii_uppercase()) {
            return Err(Wrong::new(
                "it ends with a digit: the letters of the city are meant",
            ));
        }
        Ok(ManufacturerId(text.to_owned()))
    }

    /// Builds the code of a maker.
    ///
    /// # Errors
    /// The country is not one, the province of Canada is missing, or name or city have no letter
    /// of the Latin alphabet to go by.
    pub fn build(maker: Maker<'_>) -> Result<ManufacturerId, Wrong> {
        let country = country(maker)?;
        let (name, city) = (
            part("name", maker.name, name_part)?,
            part("city", maker.city, city_part)?,
        );
        Ok(ManufacturerId(format!(
            "{country}{name}{}{city}",
            number_part(maker.street)
        )))
    }

    /// The text of the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ManufacturerId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

fn country(maker: Maker<'_>) -> Result<&str, Wrong> {
    if Country::parse(maker.country).is_none() {
        return Err(Wrong::new(format!(
            "the country is {:?}: an ISO 3166-1 code of two letters is meant",
            maker.country
        )));
    }
    if maker.country != "CA" {
        return Ok(maker.country);
    }
    let province = PROVINCES
        .iter()
        .find(|(province, _)| *province == maker.province);
    province.map(|(_, code)| *code).ok_or_else(|| {
        Wrong::new(format!(
            "the province is {:?}: for Canada one is needed ({})",
            maker.province,
            PROVINCES.map(|(province, _)| province).join(" ")
        ))
    })
}

/// A part made of letters; a letter that cannot be written in the code is not left out silently.
fn part(what: &str, text: &str, make: fn(&str) -> String) -> Result<String, Wrong> {
    if let Some(other) = text
        .chars()
        .find(|c| c.is_alphabetic() && latin(*c).is_none())
    {
        return Err(Wrong::new(format!(
            "the {what} has the letter {other:?}: give it as it is written in letters from A to Z"
        )));
    }
    match make(text) {
        empty if empty.is_empty() => Err(Wrong::new(format!("the {what} has no word to go by"))),
        made => Ok(made),
    }
}

fn provinces() -> String {
    PROVINCES
        .map(|(province, code)| format!("{code} for {province}"))
        .join(", ")
}

/// The first three places of each of the first two words that count.
#[must_use]
pub fn name_part(name: &str) -> String {
    let words = words(name);
    words
        .iter()
        .take(2)
        .flat_map(|word| word.chars().take(3))
        .collect()
}

/// The first three letters of a city, without digits and without the article before it.
#[must_use]
pub fn city_part(city: &str) -> String {
    let letters = |word: &str| -> String {
        word.chars()
            .filter_map(latin)
            .filter(char::is_ascii_uppercase)
            .collect()
    };
    let words = city
        .split_whitespace()
        .map(letters)
        .filter(|word| !word.is_empty());
    let all: String = words.skip_while(|word| word == "THE").collect();
    all.chars().take(3).collect()
}

/// The words of a name that count: without punctuation, adjacent single letters as one word.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut initials = false;
    for word in name.split_whitespace() {
        let places: String = word.chars().filter_map(latin).collect();
        let single = places.len() == 1 && places.bytes().all(|b| b.is_ascii_uppercase());
        if places.is_empty() {
            continue;
        }
        if single && initials {
            // A letter beside another is an initial, also where it could be the article A.
            if let Some(last) = words.last_mut() {
                last.push_str(&places);
            }
        } else if single || !PASSED_OVER.contains(&places.as_str()) {
            words.push(places);
        }
        initials = single;
    }
    // The article stands alone; among initials it was joined to its neighbours above.
    words.retain(|word| word != "A");
    words
}

/// A letter or digit in upper case; accents are taken off, other scripts and punctuation give none.
fn latin(c: char) -> Option<char> {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Some(c.to_ascii_uppercase()),
        'À'..='Å' | 'à'..='å' => Some('A'),
        'Ç' | 'ç' => Some('C'),
        'È'..='Ë' | 'è'..='ë' => Some('E'),
        'Ì'..='Ï' | 'ì'..='ï' => Some('I'),
        'Ñ' | 'ñ' => Some('N'),
        'Ò'..='Ö' | 'ò'..='ö' | 'Ø' | 'ø' => Some('O'),
        'Ù'..='Ü' | 'ù'..='ü' => Some('U'),
        'Ý' | 'ý' | 'ÿ' => Some('Y'),
        _ => None,
    }
}

/// The first four digits of the largest number in the line; punctuation between digits joins them,
/// a space parts them. Empty if there is no digit.
#[must_use]
pub fn number_part(street: &str) -> String {
    let number = |word: &str| -> Vec<String> {
        let joined: String = word.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let runs = joined.split(|c: char| !c.is_ascii_digit());
        runs.filter(|run| !run.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let numbers = street.split_whitespace().flat_map(number);
    let size = |number: &String| {
        let digits = number.trim_start_matches('0');
        (digits.len(), digits.to_owned())
    };
    // Of equal numbers the first stands, which differs only in its leading zeros.
    let largest = numbers.reduce(|best, next| {
        if size(&next) > size(&best) {
            next
        } else {
            best
        }
    });
    largest.map_or(String::new(), |number| number.chars().take(4).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_of_addresses() {
        for (street, number) in [
            ("236 Wendell Ford Blvd Ste 1304", "1304"),
            ("12-34-56 Alaska Road", "1234"),
            ("Apt. 509 2727 Alaska Road", "2727"),
            ("11455 Main Street, Suite 9", "1145"),
            ("One Hundred Main Street", ""),
            ("No. 0007", "0007"),
            ("", ""),
        ] {
            assert_eq!(number_part(street), number, "{street}");
        }
    }

    #[test]
    fn words_of_names() {
        for (name, part) in [
            ("The Toy Company", "TOYCOM"),
            ("Bank of Trade", "BANTRA"),
            ("A Company", "COM"),
            ("S A Toys", "SATOY"),
            ("Müller & Söhne GmbH", "MULSOH"),
            ("X", "X"),
            ("深圳", ""),
        ] {
            assert_eq!(name_part(name), part, "{name}");
        }
    }

    #[test]
    fn cities_and_countries() {
        let maker = Maker {
            name: "Bergstrom",
            street: "1 Road",
            city: "St. Michel",
            country: "FR",
            province: "",
        };
        assert_eq!(ManufacturerId::build(maker).unwrap().as_str(), "FRBER1STM");
        let hague = Maker {
            city: "The Hague",
            country: "NL",
            ..maker
        };
        assert_eq!(ManufacturerId::build(hague).unwrap().as_str(), "NLBER1HAG");
        let mile = Maker {
            city: "18-Mile High",
            country: "US",
            ..maker
        };
        assert_eq!(ManufacturerId::build(mile).unwrap().as_str(), "USBER1MIL");
        let canada = Maker {
            country: "CA",
            ..maker
        };
        assert!(
            ManufacturerId::build(canada)
                .unwrap_err()
                .reason
                .contains("province")
        );
        let quebec = Maker {
            province: "QC",
            ..canada
        };
        assert_eq!(ManufacturerId::build(quebec).unwrap().as_str(), "XQBER1STM");
        assert!(
            ManufacturerId::build(Maker {
                name: "!!",
                ..maker
            })
            .is_err()
        );
        let cyrillic = ManufacturerId::build(Maker {
            name: "\u{428}koda",
            ..maker
        });
        assert!(cyrillic.unwrap_err().reason.contains("A to Z"));
        assert!(
            ManufacturerId::build(Maker {
                country: "ZZ",
                ..maker
            })
            .is_err()
        );
    }

    #[test]
    fn forms() {
        assert!(ManufacturerId::parse("USDHLEXP1304ERL").is_ok());
        for text in [
            "",
            "USB",
            "USDHLEXP1304ERLX",
            "CABERTOR",
            "ZZBERTOR",
            "usberlon",
            "US BERLON",
            "USBERLON9",
        ] {
            assert!(ManufacturerId::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_built_has_the_form(
            name in "[A-Za-z]{3,12}( [A-Za-z&.0-9]{1,9}){0,4}", street in "[0-9A-Za-z .,-]{0,40}",
            city in "[A-Za-z]{3,20}",
        ) {
            prop_assume!(!name_part(&name).is_empty() && !city_part(&city).is_empty());
            let built = ManufacturerId::build(Maker { name: &name, street: &street, city: &city, country: "VN", province: "" });
            let built = built.unwrap();
            prop_assert!(built.as_str().len() <= LONGEST);
            prop_assert_eq!(&ManufacturerId::parse(built.as_str()).unwrap(), &built);
        }
    }
}
