//! Takes values out of another system's document and puts them under the contract's names.

use super::decimal::{line_total, why_not};
use super::node::Node;
use super::weight::{WeightUnit, kilograms};
use super::{BadImport, Given, Options, Per, System};
use deminimis_clearance::shipment::fields::{Party, PartyField};
use deminimis_law::codes::Currency;
use deminimis_law::money::{AmountError, parse_minor};

/// How much of a value is repeated in a message, in characters.
const SHOWN: usize = 80;

/// A place in a document, whether or not anything stands there.
#[derive(Clone)]
pub(super) struct At<'n> {
    node: Option<&'n Node>,
    pub(super) path: String,
}

impl<'n> At<'n> {
    pub(super) fn root(node: &'n Node) -> At<'n> {
        At {
            node: Some(node),
            path: String::new(),
        }
    }

    /// The value under a key; nothing where this is no object or has no such key.
    pub(super) fn get(&self, key: &str) -> At<'n> {
        At {
            node: self.node.and_then(|node| node.get(key)),
            path: format!(
                "{}/{}",
                self.path,
                key.replace('~', "~0").replace('/', "~1")
            ),
        }
    }

    /// The value under keys one inside the other.
    pub(super) fn down(&self, keys: &[&str]) -> At<'n> {
        keys.iter().fold(self.clone(), |at, key| at.get(key))
    }

    pub(super) fn is_given(&self) -> bool {
        !matches!(self.node, None | Some(Node::Null))
    }

    /// This place if anything stands there, else the other.
    pub(super) fn or(self, other: At<'n>) -> At<'n> {
        if self.is_given() { self } else { other }
    }

    pub(super) fn bad(&self, reason: impl Into<String>) -> BadImport {
        let value = match self.node {
            Some(Node::Text(text)) => text.chars().take(SHOWN).collect(),
            _ => String::new(),
        };
        BadImport {
            at: self.path.clone(),
            value,
            reason: reason.into(),
            given: Vec::new(),
        }
    }

    /// A text or a number as text; nothing where it is absent, null or blank.
    pub(super) fn text(&self) -> Result<Option<&'n str>, BadImport> {
        match self.node {
            None | Some(Node::Null) => Ok(None),
            Some(Node::Text(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Some(other) => Err(self.bad(format!("is {}: text or a number is meant", other.kind()))),
        }
    }

    /// A truth value; nothing where it is absent.
    pub(super) fn flag(&self) -> Result<Option<bool>, BadImport> {
        match self.node {
            None | Some(Node::Null) => Ok(None),
            Some(Node::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.bad(format!("is {}: true or false is meant", other.kind()))),
        }
    }

    /// The elements of an array; none where it is absent.
    pub(super) fn list(&self) -> Result<Vec<At<'n>>, BadImport> {
        match self.node {
            None | Some(Node::Null) => Ok(Vec::new()),
            Some(Node::List(nodes)) => Ok(nodes
                .iter()
                .enumerate()
                .map(|(at, node)| At {
                    node: Some(node),
                    path: format!("{}/{at}", self.path),
                })
                .collect()),
            Some(other) => Err(self.bad(format!("is {}: an array is meant", other.kind()))),
        }
    }

    /// The elements of an array, or the one object that stands in its place.
    pub(super) fn one_or_list(&self) -> Result<Vec<At<'n>>, BadImport> {
        match self.node {
            Some(Node::Object(_)) => Ok(vec![self.clone()]),
            _ => self.list(),
        }
    }

    /// The keys of an object and what stands under each.
    pub(super) fn pairs(&self) -> Result<Vec<(&'n str, At<'n>)>, BadImport> {
        match self.node {
            None | Some(Node::Null) => Ok(Vec::new()),
            Some(Node::Object(pairs)) => Ok(pairs
                .iter()
                .map(|(key, _)| (key.as_str(), self.get(key)))
                .collect()),
            Some(other) => Err(self.bad(format!("is {}: an object is meant", other.kind()))),
        }
    }
}

/// Where a system keeps the parts of a party; each path is from the party's own place.
pub(super) struct PartyKeys {
    /// The person's name; where absent, the company's.
    pub name: &'static [&'static [&'static str]],
    /// Lines of the street, in order; an array counts as its elements.
    pub street: &'static [&'static [&'static str]],
    pub city: &'static [&'static str],
    pub state: &'static [&'static str],
    pub postal_code: &'static [&'static str],
    pub country: &'static [&'static str],
    pub email: &'static [&'static str],
    pub phone: &'static [&'static str],
}

/// What is wrong with a line's value that its currency cannot say.
fn too_precise(decimals: u32) -> String {
    AmountError::OverPrecise(decimals).to_string()
}

/// Collects what one document gives.
pub(super) struct Taker<'o> {
    options: &'o Options,
    pub(super) system: System,
    given: Vec<Given>,
}

impl<'o> Taker<'o> {
    pub(super) fn new(system: System, options: &'o Options) -> Taker<'o> {
        Taker {
            options,
            system,
            given: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Vec<Given> {
        self.given
    }

    /// A field of the shipment, from a place that holds it as text.
    pub(super) fn take(&mut self, field: &'static str, at: &At<'_>) -> Result<(), BadImport> {
        self.put(field, None, at)
    }

    /// A field of a line.
    pub(super) fn line(
        &mut self,
        field: &'static str,
        line: usize,
        at: &At<'_>,
    ) -> Result<(), BadImport> {
        self.put(field, Some(line), at)
    }

    fn put(
        &mut self,
        field: &'static str,
        line: Option<usize>,
        at: &At<'_>,
    ) -> Result<(), BadImport> {
        if let Some(text) = at.text()? {
            self.say(field, line, text.to_owned(), at);
        }
        Ok(())
    }

    pub(super) fn say(
        &mut self,
        field: &'static str,
        line: Option<usize>,
        value: String,
        at: &At<'_>,
    ) {
        self.given.push(Given {
            field,
            line,
            value,
            at: at.path.clone(),
        });
    }

    /// A party's fields.
    pub(super) fn party(
        &mut self,
        who: Party,
        at: &At<'_>,
        keys: &PartyKeys,
    ) -> Result<(), BadImport> {
        let field = |field: PartyField| who.field(field).name();
        for path in keys.name {
            let place = at.down(path);
            if place.text()?.is_some() {
                self.take(field(PartyField::Name), &place)?;
                break;
            }
        }
        let mut lines = Vec::new();
        for path in keys.street {
            let place = at.down(path);
            match place.node {
                Some(Node::List(_)) => {
                    for element in place.list()? {
                        lines.extend(element.text()?);
                    }
                }
                _ => lines.extend(place.text()?),
            }
        }
        if let (Some(path), false) = (keys.street.first(), lines.is_empty()) {
            self.say(
                field(PartyField::Street),
                None,
                lines.join(", "),
                &at.down(path),
            );
        }
        for (part, path) in [
            (PartyField::City, keys.city),
            (PartyField::State, keys.state),
            (PartyField::PostalCode, keys.postal_code),
            (PartyField::Country, keys.country),
            (PartyField::Email, keys.email),
            (PartyField::Phone, keys.phone),
        ] {
            if !path.is_empty() {
                self.take(field(part), &at.down(path))?;
            }
        }
        Ok(())
    }

    /// The purpose, by the system's words. A word that no purpose answers is refused unless the
    /// caller gives the purpose himself.
    pub(super) fn purpose(&mut self, at: &At<'_>, words: &[(&str, &str)]) -> Result<(), BadImport> {
        let Some(theirs) = at.text()? else {
            return Ok(());
        };
        match words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(theirs))
        {
            Some((_, ours)) => self.say("purpose", None, (*ours).to_owned(), at),
            None if self.options.purpose_is_given => {}
            None => {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                return Err(at.bad(format!(
                    "says no purpose that is known here ({}): give one with --set purpose=\u{2026}",
                    known.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// The value of a line, in its currency, from an amount that is the whole line's or one piece's.
    pub(super) fn value(
        &mut self,
        line: usize,
        amount: &At<'_>,
        quantity: &At<'_>,
        currency: Option<&str>,
    ) -> Result<(), BadImport> {
        if amount.text()?.is_none() {
            return Ok(());
        }
        let per = self
            .options
            .values
            .or(self.system.values())
            .ok_or_else(|| {
                amount.bad(
                "may be the value of the whole line or of one piece: say which with --values-are",
            )
            })?;
        self.value_of(per, line, amount, quantity, currency)
    }

    /// The same, where the document says what the amount is of.
    pub(super) fn value_of(
        &mut self,
        per: Per,
        line: usize,
        amount: &At<'_>,
        quantity: &At<'_>,
        currency: Option<&str>,
    ) -> Result<(), BadImport> {
        let Some(text) = amount.text()? else {
            return Ok(());
        };
        let decimals = currency
            .and_then(Currency::parse)
            .unwrap_or(Currency::USD)
            .decimals();
        let total = match per {
            Per::Line => line_total(text, "1", decimals).map_err(|(_, why)| match why {
                // Seven places and more: the currency has fewer still.
                AmountError::OverPrecise(_) => amount.bad(too_precise(decimals)),
                why => amount.bad(why.to_string()),
            })?,
            Per::Piece => {
                let count = quantity.text()?.ok_or_else(|| {
                    quantity
                        .bad("is absent: the value is that of one piece, so the quantity is needed")
                })?;
                line_total(text, count, decimals).map_err(|(which, why)| match which {
                    0 => amount.bad(why_not(why, "a price")),
                    _ => quantity.bad(why_not(why, "a quantity")),
                })?
            }
        };
        // A whole line's value is given as it is: what has more places than the currency is refused.
        let exact = parse_minor(text, 6)
            .ok()
            .map(|minor| minor % 10_i64.pow(6 - decimals) == 0);
        if per == Per::Line && exact == Some(false) {
            return Err(amount.bad(too_precise(decimals)));
        }
        self.say("line_value", Some(line), total, amount);
        Ok(())
    }

    /// The net weight of a line in kilograms, from a weight of the whole line or of one piece.
    pub(super) fn weight(
        &mut self,
        line: usize,
        weight: &At<'_>,
        quantity: &At<'_>,
        unit: Result<Option<WeightUnit>, BadImport>,
    ) -> Result<(), BadImport> {
        let Some(text) = weight.text()? else {
            return Ok(());
        };
        if text.bytes().all(|b| matches!(b, b'0' | b'.')) {
            // Shops write zero where nobody weighed the goods; it says nothing.
            return Ok(());
        }
        let unit =
            unit?.ok_or_else(|| weight.bad("has no unit beside it: oz, lb, g or kg is meant"))?;
        let per = self
            .options
            .weights
            .or(self.system.weights())
            .ok_or_else(|| {
                weight.bad(
                "may be the weight of the whole line or of one piece: say which with --weights-are",
            )
            })?;
        let count = match per {
            Per::Line => "1",
            Per::Piece => quantity.text()?.ok_or_else(|| {
                quantity
                    .bad("is absent: the weight is that of one piece, so the quantity is needed")
            })?,
        };
        let kilograms = kilograms(text, count, unit).map_err(|(which, why)| match which {
            0 => weight.bad(why_not(why, "a weight")),
            _ => quantity.bad(why_not(why, "a quantity")),
        })?;
        self.say("net_weight_kg", Some(line), kilograms, weight);
        Ok(())
    }
}
