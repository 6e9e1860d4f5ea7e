//! Countries (ISO 3166-1 alpha-2) and currencies (ISO 4217) that an input may name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A country by its two letters, one of [`COUNTRIES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Country([u8; 2]);

/// Every assigned alpha-2 code, ascending.
pub const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH \
BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ \
DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR \
GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR \
KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE \
RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL \
TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// How many slots a table over all two-letter codes needs.
pub const COUNTRY_SLOTS: usize = 26 * 26;

impl Country {
    /// Reads two capital letters that are an assigned code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Country> {
        let bytes: [u8; 2] = text.as_bytes().try_into().ok()?;
        let country = Country(bytes);
        (bytes.iter().all(u8::is_ascii_uppercase) && ASSIGNED[country.slot()]).then_some(country)
    }

    /// Every assigned country, ascending.
    pub fn all() -> impl Iterator<Item = Country> {
        COUNTRIES.split(' ').filter_map(Country::parse)
    }

    /// Place in a table of [`COUNTRY_SLOTS`].
    #[must_use]
    pub const fn slot(self) -> usize {
        (self.0[0] - b'A') as usize * 26 + (self.0[1] - b'A') as usize
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// Which slots of the two-letter table are assigned.
static ASSIGNED: [bool; COUNTRY_SLOTS] = {
    let (bytes, mut table, mut at) = (COUNTRIES.as_bytes(), [false; COUNTRY_SLOTS], 0);
    while at + 1 < bytes.len() {
        table[Country([bytes[at], bytes[at + 1]]).slot()] = true;
        at += 3;
    }
    table
};

/// A currency by its three letters, one of the list below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

/// Currencies with other than two decimals.
const OTHER_DECIMALS: [(&str, u32); 23] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// Currencies in circulation, ascending.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND \
BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR \
FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS \
KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG \
SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS \
VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW";

impl Currency {
    /// United States dollars.
    pub const USD: Currency = Currency(*b"USD");

    /// Reads three capital letters of a known currency.
    #[must_use]
    pub fn parse(text: &str) -> Option<Currency> {
        if text == "USD" {
            return Some(Currency::USD);
        }
        let bytes: [u8; 3] = text.as_bytes().try_into().ok()?;
        CURRENCIES
            .split(' ')
            .any(|known| known == text)
            .then_some(Currency(bytes))
    }

    /// Digits after the point.
    #[must_use]
    pub fn decimals(self) -> u32 {
        OTHER_DECIMALS
            .iter()
            .find(|(code, _)| *code == self.as_str())
            .map_or(2, |(_, digits)| *digits)
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_249_assigned_countries_and_no_other() {
        assert_eq!(Country::all().count(), 249);
        for wrong in ["", "us", "USA", "EU", "UK", "XX", "ZZ", "1A", "\u{e9}"] {
            assert_eq!(Country::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn currencies_know_their_decimals() {
        assert_eq!(Currency::parse("JPY").map(Currency::decimals), Some(0));
        assert_eq!(Currency::parse("KWD").map(Currency::decimals), Some(3));
        assert_eq!(Currency::parse("GBP").map(Currency::decimals), Some(2));
        assert_eq!(Currency::parse("usd"), None);
        assert_eq!(Currency::parse("BTC"), None);
    }
}
