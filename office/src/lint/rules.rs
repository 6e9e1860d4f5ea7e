//! Every rule of `lint`, in one list: what it looks for, why, who must act, what would be right, and
//! where that is said. A rule is advice to whoever prepares the file. It is not law: it changes no
//! outcome, and what CBP does with a parcel is not known here.

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look; often right as it is.
    Advice,
    /// Likely wrong.
    Warning,
    /// CBP has said that it does not accept this, or nobody could.
    Reject,
}

impl Severity {
    /// Every severity, the lightest first.
    pub const ALL: [Severity; 3] = [Severity::Advice, Severity::Warning, Severity::Reject];

    /// The name in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Advice => "advice",
            Severity::Warning => "warning",
            Severity::Reject => "reject",
        }
    }
}

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// How much its findings weigh, unless a finding says less.
    pub severity: Severity,
    /// What is wrong, after the field's name: "the description …".
    pub what: &'static str,
    /// Who must act.
    pub who: &'static str,
    /// What would be right, as a request to that party.
    pub right: &'static str,
    /// Where it is said; `own rule` where this program goes beyond it or has no source.
    pub cite: &'static [&'static str],
}

/// The manifest rules that ask for a precise description and for valid names, by mode.
const MANIFEST: &str = "19 CFR 4.7a, 122.48a, 123.91, 123.92, 128.21";
const VAGUE: &str = "CSMS 60011750, 60144714 (2024-04)";
/// Not read at its source (cbp.gov, e-commerce): known from carriers and brokers that quote it.
const LISTED: &str = "CBP list of unacceptable cargo descriptions (as quoted by others)";
const NAMES: &str = "CSMS 61339949 (2024-07-15)";
/// Codes announced for later use; the day they came into use is not in hand.
const HOLDS: &str =
    "CSMS 64824685 (2025-04-22): truck holds 4H, 6H, 8H, 9H and SN521 to SN528, announced";
const ENGLISH: &str = "CATAIR Cargo Release v40, SE40";
const VALUE: &str = "19 USC 1401a, 1484, 1485";
const OWN: &str = "own rule";

const SELLER: &str = "seller";
const SENDER: &str = "sender of the file";
const CLASSIFIER: &str = "classifier (seller, broker or filer)";

macro_rules! rules {
    ($($constant:ident = $id:literal, $severity:ident, $what:literal, $who:expr, $right:literal, $cite:expr;)+) => {
        $(
            #[doc = concat!("`", $id, "`: ", $what, ".")]
            pub const $constant: Rule = Rule {
                id: $id,
                severity: Severity::$severity,
                what: $what,
                who: $who,
                right: $right,
                cite: &$cite,
            };
        )+
        /// Every rule, in the order of the list.
        pub const RULES: &[Rule] = &[$($constant),+];
    };
}

#[rustfmt::skip]
rules! {
    VAGUE_NAMED = "description-vague", Reject,
        "is one that CBP names as too vague", SELLER,
        "say what the article is, of what it is made and for what it is used, in plain English: \"men's cotton T-shirts, knitted\"",
        [VAGUE, MANIFEST, HOLDS];
    VAGUE_LISTED = "description-listed", Reject,
        "stands on CBP's list of unacceptable cargo descriptions", SELLER,
        "name the article itself: not \"electronic goods\" but \"wireless headphones\"",
        [LISTED, VAGUE, MANIFEST];
    VAGUE_BROAD = "description-broad", Warning,
        "names a class of goods, a purpose, a charge or a package, not an article", SELLER,
        "name the article itself, its material and its use",
        ["CATAIR Cargo Release v40, SE40: broad, generalized language is unacceptable", VAGUE, OWN];
    TOO_SHORT = "description-too-short", Warning,
        "has fewer than three letters", SELLER,
        "write the article's name out",
        [MANIFEST, OWN];
    NO_LETTERS = "description-no-letters", Reject,
        "has no word in it", SELLER,
        "say what the article is; a number belongs in `sku` or `htsus_number`",
        [MANIFEST, OWN];
    CODE_ONLY = "description-code-only", Warning,
        "is only a stock or model number", SELLER,
        "say what the article is; the number belongs in `sku`",
        [MANIFEST, OWN];
    BRAND_ONLY = "description-brand-only", Warning,
        "is only a brand", SELLER,
        "say what the article is: not the brand alone but \"running shoes, textile upper\"",
        [MANIFEST, OWN];
    NOT_ENGLISH = "description-not-english", Warning,
        "is mostly not in Latin letters", SELLER,
        "give the commercial description in English",
        [ENGLISH];

    NAME_PLACEHOLDER = "name-placeholder", Reject,
        "is a word that stands in for a name", SENDER,
        "give the name as it stands on the bill; a party that need not be named is left out",
        [NAMES, MANIFEST, HOLDS];
    NAME_FICTION = "name-fiction", Reject,
        "is a figure of fiction or a made-up person", SENDER,
        "give the real name of the party",
        [NAMES, MANIFEST];
    NAME_MADE_UP = "name-example", Advice,
        "is a name often used for examples", SENDER,
        "check that this is a real person",
        [NAMES, OWN];
    NAME_SHORT = "name-too-short", Warning,
        "is one letter, one letter repeated, or only initials", SENDER,
        "give the whole name",
        [MANIFEST, OWN];
    NAME_NO_LETTERS = "name-no-letters", Reject,
        "has no letter in it", SENDER,
        "give the name; a number belongs in the field for it",
        [MANIFEST, HOLDS, OWN];
    NAME_EMAIL = "name-email", Warning,
        "holds an e-mail address", SENDER,
        "give the name alone; the address belongs in the `email` field",
        [MANIFEST, OWN];
    NAME_PHONE = "name-phone", Warning,
        "holds a telephone or order number", SENDER,
        "give the name alone; the number belongs in `phone` or `order_id`",
        [MANIFEST, OWN];
    SAME_PARTY = "shipper-is-consignee", Warning,
        "is the same as the consignee", SENDER,
        "name who really ships and who really receives; a gift to oneself is none",
        [MANIFEST, "19 CFR 10.152", OWN];

    ADDRESS_PLACEHOLDER = "address-placeholder", Warning,
        "is a word that stands in for an address", SENDER,
        "give the address, or leave the field empty",
        [MANIFEST, HOLDS, OWN];
    ADDRESS_MISSING = "address-missing", Advice,
        "is not given, and nor is where it is delivered to", SENDER,
        "give street, city, state and ZIP code: the person's day is told apart by them",
        ["19 CFR 122.48a(d), 128.21(a)", OWN];
    ADDRESS_NO_NUMBER = "address-no-number", Advice,
        "has no house number", SENDER,
        "add the number, if the house has one",
        ["USPS Publication 28", OWN];
    ADDRESS_NO_LETTERS = "address-no-letters", Warning,
        "has no word in it", SENDER,
        "give house number and street",
        ["USPS Publication 28", OWN];
    ADDRESS_EMAIL = "address-email", Warning,
        "holds an e-mail address", SENDER,
        "give house number and street; the e-mail address belongs in the `email` field",
        [OWN];
    ADDRESS_BOX = "address-po-box", Warning,
        "is a post office box, but the party is a warehouse or a store", SENDER,
        "give the place where the goods are kept",
        [OWN];
    ZIP_STATE = "zip-state", Warning,
        "does not lie in the state that is given", SENDER,
        "correct the ZIP code or the state",
        ["USPS Labeling List L002", OWN];
    ZIP_UNKNOWN = "zip-unknown", Warning,
        "begins with three digits that no state has", SENDER,
        "correct the ZIP code",
        ["USPS Labeling List L002", OWN];
    ZIP_FORM = "zip-form", Warning,
        "is not five or nine digits", SENDER,
        "write five digits; a spreadsheet takes leading zeros away",
        ["USPS Publication 28", OWN];
    ZIP_FOREIGN = "zip-foreign", Warning,
        "is not of the United States, but the state or the country is", SENDER,
        "correct the postal code, the state or the country",
        [OWN];
    STATE_UNKNOWN = "state-unknown", Warning,
        "is no state or territory of the United States", SENDER,
        "give the two letters of the state, or the right country",
        ["USPS Publication 28, appendix B", OWN];
    COUNTRY_CA = "country-ca", Warning,
        "is CA, which is Canada, but the postal code is Californian", SENDER,
        "write US as the country and CA as the state",
        [OWN];

    VALUE_ZERO = "value-zero", Warning,
        "is zero", SELLER,
        "give what the article sells for where it is shipped from, also for gifts, samples and free goods",
        ["19 CFR 10.151, 10.152, 145.11", VALUE];
    VALUE_LOW = "value-below-article", Warning,
        "is far below the same article elsewhere in the file", SELLER,
        "check the value of the whole line and the quantity against the invoice",
        [VALUE, "19 USC 1592", OWN];
    VALUE_HIGH = "value-above-article", Advice,
        "is far above the same article elsewhere in the file", SELLER,
        "check that the quantity is not left at one for several",
        [VALUE, OWN];

    HTS_UNKNOWN = "hts-unknown", Warning,
        "is not in the schedule", CLASSIFIER,
        "take the number from the schedule of the day of entry",
        ["HTSUS", "19 CFR 141.90(b)"];
    HTS_OTHER_DATE = "hts-other-date", Warning,
        "is in the schedule, but not on the day of entry", CLASSIFIER,
        "take the number that replaced it, from the schedule of the day of entry",
        ["HTSUS", "19 CFR 141.90(b)"];
    HTS_SHORT = "hts-short", Advice,
        "has fewer than ten digits", CLASSIFIER,
        "give all ten: entry types 01, 11 and 86 and the mail worksheet need them",
        ["84 FR 40079", "19 CFR 141.90(b)"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_says_who_what_and_where() {
        let mut ids = std::collections::BTreeSet::new();
        for rule in RULES {
            assert!(ids.insert(rule.id), "{} stands twice", rule.id);
            assert!(!rule.cite.is_empty() && !rule.who.is_empty(), "{}", rule.id);
            for text in [rule.what, rule.right] {
                let plain = !text.ends_with('.') && text.len() > 5;
                assert!(plain, "{}: {text}", rule.id);
            }
        }
    }
}
