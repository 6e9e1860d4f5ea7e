//! The lists of words that the rules compare with, and the form in which they are compared. Adding
//! a word is adding it to its list, in any spelling: lists and input are brought to the same form.
//! The words that CBP itself names are lists of the law, with dates and citations; these here are our
//! own.

use deminimis_law::lists::WordList;
use deminimis_law::time::Moment;
use std::collections::{HashMap, HashSet};

/// Descriptions as vague as those that CBP names which no list in hand names, and lines of an order that are no goods.
#[rustfmt::skip]
pub const BROAD: &[&str] = &[
    "adjustment", "all kind of good", "article", "as agreed", "as described", "as per invoice",
    "bag of thing", "bank charges", "belonging", "birthday gift", "birthday present", "box",
    "cargo", "carriage", "carton", "christmas gift", "christmas present", "clothes", "clothing",
    "commercial good", "commercial sample", "commodity", "component", "consol",
    "consolidated cargo", "consolidated shipment", "consolidation", "consumer good", "content",
    "craft", "daily necessaries", "daily use good", "decoration", "delivery", "delivery charge",
    "device", "digital good", "discount", "ditto", "drop shipment", "dry good", "ecommerce",
    "ecommerce good", "electric component", "electric good", "electrical component",
    "electrical good", "electronic component", "electronic device", "etc", "fashion", "fee",
    "freight", "freight all kind", "gadget", "garment", "general", "general good",
    "general merchandise", "gift item", "gift set", "glass", "good", "groupage", "handicraft",
    "handling", "handling fee", "hardware", "home accessory", "household", "houseware", "import",
    "industrial part", "invoice", "iron and steel", "item", "item as per invoice", "leather",
    "liquid", "machine part", "machinery part", "material", "mechanical part", "merchandise",
    "metal", "misc", "miscellaneous", "mixed cargo", "mixed good", "mixed load", "n a", "na", "ncv",
    "necessities", "nil", "no commercial value", "no value", "none", "not applicable", "null",
    "object", "old clothes", "online order", "online purchase", "order", "other", "package",
    "pallet", "paper", "parcel", "part and accessory", "part and component", "per invoice",
    "personal belonging", "personal effect", "personal good", "personal item", "personal use",
    "plastic", "postage", "postage and packing", "present", "private good", "product", "promo",
    "promotional item", "promotional material", "purchase", "random", "refer to invoice", "refund",
    "replacement", "replacement part", "resale", "retail good", "rubber", "sale", "same",
    "same as above", "sample", "second hand clothes", "see above", "see attached", "see invoice",
    "service charge", "shipment", "shipping", "shipping and handling", "shipping cost",
    "shipping fee", "spare", "spare and accessory", "spare part", "stock", "sundries", "supplies",
    "surcharge", "surprise", "tba", "tbd", "test", "test product", "textile", "trade good",
    "undefined", "unknown", "used clothes", "used clothing", "used good", "used item", "various",
    "wood",
];

/// Class words that, with a head of [`HEADS`], name a class and not an article: "office supplies".
#[rustfmt::skip]
pub const CLASSES: &[&str] = &[
    "auto", "automobile", "automotive", "baby", "beauty", "car", "cell phone", "ceramic",
    "chemical", "clothing", "computer", "consumer", "cosmetic", "cotton", "craft", "digital",
    "electric", "electrical", "electronic", "fashion", "food", "garden", "glass", "health", "hobby",
    "home", "household", "industrial", "iron", "kitchen", "leather", "leisure", "machine",
    "machinery", "mechanical", "medical", "metal", "mobile", "mobile phone", "office", "outdoor",
    "paper", "party", "pet", "phone", "plastic", "rubber", "school", "sport", "sporting", "steel",
    "textile", "travel", "truck", "vehicle", "wood", "wooden",
];

/// Heads that name no article by themselves.
#[rustfmt::skip]
pub const HEADS: &[&str] = &[
    "accessories", "article", "component", "device", "good", "item", "material", "merchandise",
    "parts", "product", "stuff", "supplies", "thing",
];

/// Words that make a description no more precise; "assorted gifts" is "gifts".
#[rustfmt::skip]
pub const QUALIFIERS: &[&str] = &[
    "adult", "all", "any", "assorted", "assortment", "boy", "children", "different", "few", "free",
    "general", "girl", "kid", "kind", "lady", "many", "men", "misc", "miscellaneous", "mix",
    "mixed", "multiple", "of", "other", "several", "small", "some", "sort", "sundries", "the",
    "type", "unisex", "variety", "various", "women",
];

/// Words for packages, taken off where they come with a number: "2 cartons of parts".
#[rustfmt::skip]
pub const PACKAGES: &[&str] = &[
    "box", "carton", "case", "ctn", "lot", "pack", "package", "packet", "pair", "pallet", "parcel",
    "pc", "pce", "pcs", "piece", "pkg", "pr", "qty", "quantity", "set", "unit", "x",
];

/// Words around a stock or model number that make it no description.
#[rustfmt::skip]
pub const CODE_WORDS: &[&str] = &[
    "art", "article", "asin", "barcode", "code", "color", "colour", "ean", "id", "item", "mod",
    "model", "no", "number", "parts", "pc", "pn", "product", "qty", "ref", "reference", "size",
    "sku", "style", "type", "upc", "version",
];

/// Brands that are no word for an article. Brands that are one (Apple, Gap, Shell) are left out.
#[rustfmt::skip]
pub const BRANDS: &[&str] = &[
    "adidas", "aliexpress", "amazon", "asics", "balenciaga", "bosch", "burberry", "calvin klein",
    "canon", "cartier", "casio", "chanel", "dewalt", "dior", "dolce gabbana", "dyson", "ebay",
    "fendi", "fila", "fitbit", "garmin", "gopro", "gucci", "h&m", "hermes", "hewlett packard",
    "honda", "hp", "huawei", "hugo boss", "ikea", "kia", "lacoste", "lego", "lenovo", "levis", "lg",
    "logitech", "loreal", "louis vuitton", "lululemon", "makita", "mattel", "microsoft", "moncler",
    "motorola", "nespresso", "new balance", "nike", "nikon", "nintendo", "nivea", "nokia", "omega",
    "oneplus", "oppo", "panasonic", "patagonia", "philips", "prada", "ralph lauren", "ray ban",
    "rayban", "reebok", "rolex", "samsung", "sephora", "shein", "siemens", "skechers", "sony",
    "stanley", "supreme", "swarovski", "tefal", "temu", "tiffany", "tommy hilfiger", "toshiba",
    "toyota", "under armour", "uniqlo", "versace", "vivo", "volkswagen", "walmart", "xiaomi",
    "yamaha", "yeti", "zara",
];

/// Words that stand in for a name. The first five are CBP's (CSMS 61339949).
#[rustfmt::skip]
pub const NOT_NAMES: &[&str] = &[
    "unknown", "someone", "anyone", "blank", "not sure", "dont know", "do not know", "a person",
    "above", "addressee", "amazon customer", "anonymous", "any one", "anybody", "as above", "asdf",
    "asdfg", "asdfgh", "business", "buyer", "client", "company", "company name", "consignee",
    "consignee name", "current resident", "customer", "customer name", "cust", "default",
    "delivery", "ditto", "dummy", "ebay buyer", "ebay customer", "empty", "end customer", "example",
    "exporter", "family", "final customer", "first last", "first name", "first name last name",
    "firstname", "firstname lastname", "foo bar", "friend", "full name", "guest", "home", "house",
    "importer", "individual", "last name", "lastname", "me", "mr", "mr and mrs", "mrs",
    "mr customer", "my name", "myself", "n a", "na", "name", "name name", "name surname", "nil",
    "no data", "no name", "noname", "nobody", "none", "not applicable", "not available",
    "not given", "not known", "not provided", "null", "occupant", "office", "online customer",
    "order", "owner", "people", "person", "placeholder", "private", "private customer",
    "private individual", "private person", "purchaser", "qwerty", "receiver", "recipient",
    "recipient name", "resident", "retail customer", "same", "same as above", "same as consignee",
    "same as shipper", "sample", "see above", "see below", "see invoice", "self", "seller",
    "sender", "ship to", "shipper", "shipper name", "shop", "somebody", "store", "string",
    "supplier", "tba", "tbc", "tbd", "test", "test company", "test consignee", "test customer",
    "test name", "test order", "test test", "test user", "tester", "testing", "to be advised",
    "to be confirmed", "to order", "to whom it may concern", "undefined", "unspecified", "user",
    "vendor", "walk in customer", "warehouse", "who knows", "your name",
];

/// Figures of fiction. Names that real persons bear (Harry Potter, James Bond) are left out.
#[rustfmt::skip]
pub const FICTION: &[&str] = &[
    "batman", "bugs bunny", "captain america", "cinderella", "daffy duck", "darth vader",
    "donald duck", "easter bunny", "father christmas", "fred flintstone", "goku", "hello kitty",
    "homer simpson", "incredible hulk", "iron man", "ironman", "mickey mouse", "minnie mouse",
    "naruto uzumaki", "optimus prime", "pikachu", "robin hood", "santa", "santa claus",
    "scooby doo", "sherlock holmes", "snow white", "spider man", "spiderman", "sponge bob",
    "spongebob", "spongebob squarepants", "super man", "super mario", "superman", "the hulk",
    "tooth fairy", "winnie the pooh", "wonder woman", "yoda",
];

/// Names of examples, which some real persons bear.
#[rustfmt::skip]
pub const EXAMPLE_NAMES: &[&str] = &[
    "jane doe", "jane q public", "joe bloggs", "joe public", "john doe", "john q public",
    "max mustermann", "zhang san",
];

/// Words that stand in for a street or a city.
#[rustfmt::skip]
pub const NOT_ADDRESSES: &[&str] = &[
    "123 fake street", "above", "address", "address line 1", "as above", "as per invoice", "asdf",
    "blank", "city", "customer address", "ditto", "dont know", "dummy", "empty", "fake street",
    "home", "home address", "house", "n a", "na", "nil", "no address", "no street", "none",
    "not applicable", "not available", "not given", "not known", "not provided", "null",
    "placeholder", "same", "same address", "same as above", "same as consignee", "same as shipper",
    "see above", "see attached", "see below", "see invoice", "street", "street address", "string",
    "tba", "tbc", "tbd", "test", "test address", "test city", "test street", "to be advised",
    "undefined", "unknown", "unspecified", "your address",
];

/// A list to look plain words up in.
pub struct Words(HashSet<String>);

impl Words {
    /// The entries as they are written, plain.
    #[must_use]
    pub fn exact(list: &[&str]) -> Words {
        Words::made(list, plain)
    }

    /// The entries with every word in the singular.
    #[must_use]
    pub fn singular(list: &[&str]) -> Words {
        Words::made(list, singular)
    }

    fn made(list: &[&str], form: fn(&str, &mut String)) -> Words {
        let mut word = String::new();
        let form = |entry: &&str| {
            form(entry, &mut word);
            word.clone()
        };
        Words(list.iter().map(form).collect())
    }

    /// Whether `text`, in the form of the list, stands in it.
    #[must_use]
    pub fn has(&self, text: &str) -> bool {
        self.0.contains(text)
    }
}

/// A list of the law to look words in the singular up in, each with the spans in which it counts.
pub struct DatedWords(HashMap<String, Vec<(Moment, Moment)>>);

impl DatedWords {
    /// The list of this name; without one nothing is named.
    #[must_use]
    pub fn of(lists: &[WordList], name: &str) -> DatedWords {
        let mut words: HashMap<String, Vec<_>> = HashMap::new();
        let mut word = String::new();
        let list = lists.iter().filter(|list| list.name == name);
        for entry in list.flat_map(|list| &list.entries) {
            singular(&entry.text, &mut word);
            let spans = words.entry(word.clone()).or_default();
            spans.push((entry.from, entry.until));
        }
        DatedWords(words)
    }

    /// Whether `text` stands in the list, and if so whether it counts at a moment.
    #[must_use]
    pub fn at(&self, text: &str, at: Moment) -> Option<bool> {
        let spans = self.0.get(text)?;
        Some(spans.iter().any(|(from, until)| *from <= at && at < *until))
    }
}

/// Writes `text` in plain words into `out`: lower case, letters and digits only, one space apart;
/// `&` is `and`, and an apostrophe joins (`men's` is `mens`).
pub fn plain(text: &str, out: &mut String) {
    out.clear();
    for letter in text.chars() {
        if letter.is_alphanumeric() {
            out.extend(letter.to_lowercase());
        } else if letter == '&' {
            let space = if out.is_empty() || out.ends_with(' ') {
                ""
            } else {
                " "
            };
            out.push_str(space);
            out.push_str("and ");
        } else if !matches!(letter, '\'' | '\u{2019}' | '`')
            && !out.is_empty()
            && !out.ends_with(' ')
        {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
}

/// As [`plain`], with every word in the singular, as far as its letters tell: `accessories` is
/// `accessory`, `boxes` is `box`. Used on lists and input alike, so that what it gets wrong it gets
/// wrong on both.
pub fn singular(text: &str, out: &mut String) {
    let mut words = String::new();
    plain(text, &mut words);
    out.clear();
    for word in words.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        match word.len() {
            5.. if word.ends_with("ies") => {
                out.push_str(&word[..word.len() - 3]);
                out.push('y');
            }
            4.. if word.ends_with("xes") => out.push_str(&word[..word.len() - 2]),
            4.. if word.ends_with('s')
                && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) =>
            {
                out.push_str(&word[..word.len() - 1]);
            }
            _ => out.push_str(word),
        }
    }
}
