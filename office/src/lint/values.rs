//! Values out of line: what a line says one unit of an article is worth, beside what the other lines
//! of the file say of the same article.
//!
//! Unit values are exact fractions and are compared by multiplying; there is no float and no
//! rounding but in what is shown. Memory is bounded by [`Limits`]: an article is its distinct unit
//! values with counts, and for each of them the first few places where it stands. What is beyond a
//! limit is counted and said, never judged in silence.

use super::words::plain;
use deminimis_clearance::shipment::Line;
use deminimis_law::codes::Currency;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};

/// How much is remembered of a file. At the defaults about 150 MB for the worst file there can be,
/// and a few hundred bytes an article for an ordinary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Articles.
    pub articles: usize,
    /// Distinct unit values, over all articles.
    pub prices: usize,
    /// Distinct unit values of one article.
    pub prices_each: usize,
    /// Places (row, line, shipment), over all articles.
    pub places: usize,
    /// Places of one unit value of one article.
    pub places_each: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            articles: 200_000,
            prices: 400_000,
            prices_each: 256,
            places: 500_000,
            places_each: 8,
        }
    }
}

/// How an article is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// By its stock number.
    Sku,
    /// By description and number, which several articles may share.
    Description,
}

/// Where a unit value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The row of the file.
    pub row: u64,
    /// The line of the shipment, counted from 1.
    pub line: u32,
    /// The shipment.
    pub shipment_id: Box<str>,
}

/// The value of one unit: minor units of a currency over thousandths of a unit, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitValue {
    value: i64,
    quantity: i64,
}

impl UnitValue {
    /// Of a line; `None` without a quantity, or if either is not above zero.
    #[must_use]
    pub fn of(line: &Line) -> Option<UnitValue> {
        UnitValue::new(line.value, line.quantity?)
    }

    /// `value` in minor units for `quantity` in thousandths; `None` unless both are above zero.
    #[must_use]
    pub fn new(value: i64, quantity: i64) -> Option<UnitValue> {
        if value <= 0 || quantity <= 0 {
            return None;
        }
        let common = common_divisor(value, quantity);
        Some(UnitValue {
            value: value / common,
            quantity: quantity / common,
        })
    }

    /// Whether this is more than `factor` times below `other`.
    #[must_use]
    pub fn is_below(self, other: UnitValue, factor: u32) -> bool {
        // Two factors of 63 bits and one of 32 do not fit 128 bits; what does not fit is greater.
        let own = (i128::from(self.value) * i128::from(other.quantity)).checked_mul(factor.into());
        let others = i128::from(other.value) * i128::from(self.quantity);
        own.is_some_and(|own| own < others)
    }

    /// The unit value with the currency's decimals, rounded half up, as text: `1.25 USD`.
    #[must_use]
    pub fn shown(self, currency: Currency) -> String {
        let (value, quantity) = (i128::from(self.value) * 1000, i128::from(self.quantity));
        let minor = (2 * value + quantity) / (2 * quantity);
        let decimals = currency.decimals() as usize;
        let mut digits = format!("{minor:0width$}", width = decimals + 1);
        if decimals > 0 {
            digits.insert(digits.len() - decimals, '.');
        }
        format!("{digits} {currency}")
    }
}

impl PartialOrd for UnitValue {
    fn partial_cmp(&self, other: &UnitValue) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UnitValue {
    fn cmp(&self, other: &UnitValue) -> Ordering {
        let own = i128::from(self.value) * i128::from(other.quantity);
        own.cmp(&(i128::from(other.value) * i128::from(self.quantity)))
    }
}

fn common_divisor(mut one: i64, mut other: i64) -> i64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// One unit value of an article.
#[derive(Debug)]
struct Price {
    unit: UnitValue,
    count: u64,
    places: Vec<Place>,
}

#[derive(Debug)]
struct Article {
    currency: Currency,
    known: Known,
    /// By unit value.
    prices: Vec<Price>,
}

/// What was and was not compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Articles told apart.
    pub articles: u64,
    /// Lines that were compared.
    pub lines: u64,
    /// Lines without a quantity, a value above zero, or anything to know the article by.
    pub not_comparable: u64,
    /// Lines beyond a limit, not compared.
    pub beyond_limits: u64,
}

/// A line that is out of line.
#[derive(Clone, Debug)]
pub struct Outlier {
    /// Where.
    pub place: Place,
    /// Below the median, or above it.
    pub below: bool,
    /// Its unit value.
    pub unit: UnitValue,
    /// The article's median.
    pub median: UnitValue,
    /// The lines of the article.
    pub lines: u64,
    /// Further lines with the same unit value, whose places were not kept.
    pub more: u64,
    /// The article's currency.
    pub currency: Currency,
    /// How the article is known.
    pub known: Known,
}

/// The unit values of a file.
pub struct Values {
    limits: Limits,
    keys: (RandomState, RandomState),
    by_key: HashMap<u128, u32>,
    articles: Vec<Article>,
    prices: usize,
    places: usize,
    compared: Compared,
    buffer: String,
}

/// What a line gives to know its article by.
#[derive(Clone, Copy, Debug)]
pub struct Label<'t> {
    /// Its stock number.
    pub sku: Option<&'t str>,
    /// Its description.
    pub description: &'t str,
    /// The unit of its quantity.
    pub unit: Option<&'t str>,
}

impl Values {
    /// Nothing seen.
    #[must_use]
    pub fn new(limits: Limits) -> Values {
        Values {
            limits,
            keys: (RandomState::new(), RandomState::new()),
            by_key: HashMap::new(),
            articles: Vec::new(),
            prices: 0,
            places: 0,
            compared: Compared::default(),
            buffer: String::new(),
        }
    }

    /// Takes in a line.
    pub fn add(&mut self, line: &Line, label: Label<'_>, place: impl FnOnce() -> Place) {
        let Some((unit, (key, known))) = UnitValue::of(line).zip(self.key(line, label)) else {
            self.compared.not_comparable += 1;
            return;
        };
        let room = self.articles.len() < self.limits.articles;
        let at = match self.by_key.entry(key) {
            Entry::Occupied(entry) => *entry.get() as usize,
            Entry::Vacant(entry) if room => {
                let at = self.articles.len();
                entry.insert(at as u32);
                self.articles.push(Article {
                    currency: line.currency,
                    known,
                    prices: Vec::new(),
                });
                at
            }
            Entry::Vacant(_) => {
                self.compared.beyond_limits += 1;
                return;
            }
        };
        self.add_price(at, unit, place);
    }

    fn add_price(&mut self, article: usize, unit: UnitValue, place: impl FnOnce() -> Place) {
        let prices = &mut self.articles[article].prices;
        let at = match prices.binary_search_by(|price| price.unit.cmp(&unit)) {
            Ok(at) => at,
            Err(_)
                if prices.len() >= self.limits.prices_each || self.prices >= self.limits.prices =>
            {
                self.compared.beyond_limits += 1;
                return;
            }
            Err(at) => {
                self.prices += 1;
                let price = Price {
                    unit,
                    count: 0,
                    places: Vec::new(),
                };
                prices.insert(at, price);
                at
            }
        };
        let price = &mut prices[at];
        price.count += 1;
        self.compared.lines += 1;
        if price.places.len() < self.limits.places_each && self.places < self.limits.places {
            self.places += 1;
            price.places.push(place());
        }
    }

    /// The article's key: two independently keyed hashes, as for the ids of a run. Currency and unit
    /// are part of it, since neither is converted here.
    fn key(&mut self, line: &Line, label: Label<'_>) -> Option<(u128, Known)> {
        let known = match label.sku {
            Some(_) => Known::Sku,
            None => Known::Description,
        };
        plain(label.sku.unwrap_or(label.description), &mut self.buffer);
        if self.buffer.is_empty() {
            return None;
        }
        let number = match known {
            Known::Sku => None,
            Known::Description => line.number.map(|number| (number.digits(), number.len())),
        };
        let unit = label.unit.map(str::to_ascii_lowercase);
        let material = (
            known as u8,
            self.buffer.as_str(),
            number,
            line.currency.as_str(),
            unit,
        );
        let high = u128::from(self.keys.0.hash_one(&material));
        let low = u128::from(self.keys.1.hash_one(&material));
        Some((high << 64 | low, known))
    }

    /// What was compared so far.
    #[must_use]
    pub fn compared(&self) -> Compared {
        Compared {
            articles: self.articles.len() as u64,
            ..self.compared
        }
    }

    /// The lines whose unit value is more than `factor` times below or above the median of their
    /// article, by row. Articles of fewer than three lines have no median worth the name. Of an
    /// even number of lines the lower middle one is taken, so that nothing is averaged.
    #[must_use]
    pub fn outliers(&self, factor: u32) -> Vec<Outlier> {
        let mut found = Vec::new();
        for article in &self.articles {
            let lines: u64 = article.prices.iter().map(|price| price.count).sum();
            if lines < 3 {
                continue;
            }
            let Some(median) = median(&article.prices, lines) else {
                continue;
            };
            for price in &article.prices {
                let below = price.unit.is_below(median, factor);
                if !below && !median.is_below(price.unit, factor) {
                    continue;
                }
                let more = price.count - price.places.len() as u64;
                let last = price.places.len().saturating_sub(1);
                found.extend(price.places.iter().enumerate().map(|(at, place)| Outlier {
                    place: place.clone(),
                    below,
                    unit: price.unit,
                    median,
                    lines,
                    more: if at == last { more } else { 0 },
                    currency: article.currency,
                    known: article.known,
                }));
            }
        }
        found.sort_by_key(|outlier| (outlier.place.row, outlier.place.line));
        found
    }
}

/// The unit value of the (lower) middle line.
fn median(prices: &[Price], lines: u64) -> Option<UnitValue> {
    let middle = lines.div_ceil(2);
    let mut passed = 0;
    let at_middle = prices.iter().find(|price| {
        passed += price.count;
        passed >= middle
    })?;
    Some(at_middle.unit)
}
