//! What is kept of a parcel with its decision, and how the parcel is read again from it.
//!
//! A record has the parcel as it was sent, field by field, so that one field can be shown and
//! another kept back; what the day held; the decision; and under which law, schedule and rates it
//! was made. Fields that lead to a person are personal: they are sealed and can be erased. It must
//! not know how a decision is written, which is the [`Clerk`](super::Clerk)'s.

use super::body::Fields;
use crate::records::types::{Content, Field, KeptRecord};
use deminimis_clearance::shipment::fields::FieldId;
use deminimis_clearance::shipment::{Builder, Shipment, Texts};
use deminimis_clearance::{Books, DayContext};
use deminimis_law::facts::Fact;
use deminimis_law::names::PersonBasis;
use deminimis_law::time::{Moment, Zone, parse_when};
use deminimis_person::Key;
use std::collections::BTreeMap;

const INPUT: &str = "input.";
const LINE: &str = "line.";
const FACTS: &str = "facts.";
const ARRIVES: &str = "said.arrives_at";
const ENTERED: &str = "said.entered_at";
const FILLED: &str = "filled";
const DAY: &str = "day";
const DECISION: &str = "decision";
const PERSON: &str = "person.key";
const BASIS: &str = "person.basis";
const RULEBOOK: &str = "law.rulebook";
const KNOWN_AT: &str = "law.known_at";

/// What is said of a parcel in place of what its file says: the texts as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// When it arrives.
    pub arrives_at: Option<String>,
    /// When its entry is made.
    pub entered_at: Option<String>,
}

impl Said {
    /// Changes a parcel as is said. A bare date is read in `zone`.
    ///
    /// # Errors
    /// The name of the field whose text is no date.
    pub fn apply(&self, shipment: &mut Shipment, zone: &Zone) -> Result<(), &'static str> {
        if let Some(text) = &self.arrives_at {
            shipment.arrives_at = parse_when(text, zone).map_err(|_| ARRIVES)?;
        }
        if let Some(text) = &self.entered_at {
            shipment.entered_at = Some(parse_when(text, zone).map_err(|_| ENTERED)?);
        }
        Ok(())
    }

    fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [(ARRIVES, &self.arrives_at), (ENTERED, &self.entered_at)];
        parts
            .into_iter()
            .filter_map(|(path, text)| Some((path, text.as_deref()?)))
    }

    /// As it is told in the body of a request.
    pub(super) fn text(&self) -> String {
        let parts = self.parts().map(|(path, text)| format!("{path}={text}"));
        parts.collect::<Vec<_>>().join("\n")
    }
}

/// Whether a field leads to a person: names and addresses of parties, and numbers by which a
/// seller's or a carrier's books lead to one recipient. A master bill covers many parcels and leads
/// to nobody.
#[must_use]
pub fn is_personal(field: FieldId) -> bool {
    const NUMBERS: [&str; 6] = [
        "order_id",
        "house_bill",
        "tracking_number",
        "s10_number",
        "importer_of_record_number",
        "invoice_number",
    ];
    const OF_ADDRESS: [&str; 3] = ["city", "state", "postal_code"];
    let row = field.get();
    let in_address = row.group.is_some() && OF_ADDRESS.contains(&row.json);
    row.is_personal() || NUMBERS.contains(&row.name) || in_address
}

fn public(path: &str, value: impl Into<Vec<u8>>) -> Field {
    Field {
        path: path.to_owned(),
        value: value.into(),
        personal: false,
    }
}

/// The parcel as it was sent, and what was said of it beside.
pub(super) fn input(fields: &Fields, texts: &Texts, facts: &[Fact], said: &Said) -> Vec<Field> {
    let (mut all, mut filled) = (Vec::new(), Vec::new());
    fields.each(texts, facts, |one| {
        let name = match one.line {
            None => one.name.to_owned(),
            Some(line) => format!("{LINE}{}.{}", line + 1, one.name),
        };
        all.push(Field {
            path: format!("{INPUT}{name}"),
            value: one.text.as_bytes().to_vec(),
            personal: one.personal,
        });
        if one.filled {
            filled.push(name);
        }
    });
    // Which of it the installation's defaults say.
    if !filled.is_empty() {
        all.push(public(FILLED, filled.join(" ")));
    }
    all.extend(said.parts().map(|(path, text)| public(path, text)));
    all
}

/// The person's key by the exact rules.
pub(super) fn person(key: Key) -> Field {
    Field {
        path: PERSON.to_owned(),
        value: key.to_string().into_bytes(),
        personal: true,
    }
}

/// What was decided, and with what.
pub(super) fn decided(
    books: Books<'_>,
    day: &DayContext,
    basis: PersonBasis,
    decision: &[u8],
) -> Vec<Field> {
    let mut all = vec![
        public(DECISION, decision),
        // A day is numbers and booleans, which always make a text.
        public(DAY, serde_json::to_vec(day).unwrap_or_default()),
        public(BASIS, basis.as_str()),
        public(RULEBOOK, books.law.hash()),
        public("law.tariff", books.tariff.hash()),
    ];
    let rates = books.rates.hash();
    all.extend(rates.map(|hash| public("law.rates", hash)));
    let known = books.law.known_at();
    all.extend(known.map(|moment| public(KNOWN_AT, moment.0.to_string())));
    all
}

/// Why a parcel cannot be read again from its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Its person was erased.
    Erased,
    /// It was kept as long as the law wants.
    Expired,
    /// The ledger was opened without the installation's keys.
    Sealed,
    /// It says nothing of a parcel, or something that the law at hand does not know.
    Unread(String),
}

/// A parcel as its record has it.
#[derive(Clone, Debug)]
pub struct Recalled {
    /// The parcel.
    pub shipment: Shipment,
    /// Its texts.
    pub texts: Texts,
    /// What was said of it beside; the parcel is not yet changed by it.
    pub said: Said,
    /// What its day held.
    pub day: DayContext,
    /// Which party was its one person.
    pub basis: String,
    /// The decision, as the clerk wrote it.
    pub decision: Vec<u8>,
    /// The hash of the law that decided.
    pub rulebook: String,
    /// The moment of knowledge of that law; none is all law in hand.
    pub known_at: Option<Moment>,
}

/// Reads a parcel again from its record.
///
/// # Errors
/// What is lost.
pub fn recall(record: &KeptRecord, builder: &mut Builder<'_>) -> Result<Recalled, Lost> {
    let mut values = BTreeMap::new();
    for field in &record.fields {
        let value = match &field.content {
            Content::Value(value) => value,
            Content::Erased => return Err(Lost::Erased),
            Content::Expired => return Err(Lost::Expired),
            Content::Sealed => return Err(Lost::Sealed),
        };
        values.insert(field.path.as_str(), value.as_slice());
    }
    let unread = |path: &str| Lost::Unread(path.to_owned());
    let text = |path: &str| match values.get(path).map(|value| str::from_utf8(value)) {
        Some(Ok(text)) => Ok(Some(text.to_owned())),
        Some(Err(_)) => Err(unread(path)),
        None => Ok(None),
    };
    let needed = |path: &str| text(path)?.ok_or_else(|| unread(path));
    let (shipment, mut texts) = parcel(&values, builder)?;
    for name in text(FILLED)?.unwrap_or_default().split_whitespace() {
        let (line, field) = place(name).ok_or_else(|| unread(FILLED))?;
        let field = FieldId::named(field).ok_or_else(|| unread(FILLED))?;
        texts.mark_filled(field, line);
    }
    let known_at = text(KNOWN_AT)?.map(|text| text.parse().map_err(|_| unread(KNOWN_AT)));
    Ok(Recalled {
        shipment,
        texts,
        said: Said {
            arrives_at: text(ARRIVES)?,
            entered_at: text(ENTERED)?,
        },
        day: day(&needed(DAY)?).ok_or_else(|| unread(DAY))?,
        basis: needed(BASIS)?,
        decision: needed(DECISION)?.into_bytes(),
        rulebook: needed(RULEBOOK)?,
        known_at: known_at.transpose()?.map(Moment),
    })
}

fn parcel(
    values: &BTreeMap<&str, &[u8]>,
    builder: &mut Builder<'_>,
) -> Result<(Shipment, Texts), Lost> {
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut filling = builder.begin(&mut shipment, &mut texts);
    for (path, value) in values {
        let Some(name) = path.strip_prefix(INPUT) else {
            continue;
        };
        let unread = || Lost::Unread((*path).to_owned());
        let value = str::from_utf8(value).map_err(|_| unread())?;
        let (line, name) = place(name).ok_or_else(unread)?;
        let set = match name.strip_prefix(FACTS) {
            Some(fact) => filling.fact(fact, line, value),
            None => {
                let field = FieldId::named(name).ok_or_else(unread)?;
                filling.set(field, line, value)
            }
        };
        set.map_err(|error| Lost::Unread(error.to_string()))?;
    }
    let finished = filling.finish();
    finished.map_err(|error| Lost::Unread(error.to_string()))?;
    Ok((shipment, texts))
}

/// The line, counted from 0, and the field of a name under which something is kept.
fn place(name: &str) -> Option<(usize, &str)> {
    let Some(rest) = name.strip_prefix(LINE) else {
        return Some((0, name));
    };
    let (line, name) = rest.split_once('.')?;
    Some((line.parse::<usize>().ok()?.checked_sub(1)?, name))
}

/// The fields of a parcel that the installation's defaults filled in, as a record names them.
#[must_use]
pub fn filled(record: &KeptRecord) -> Vec<String> {
    let field = record.fields.iter().find(|field| field.path == FILLED);
    match field.map(|field| &field.content) {
        Some(Content::Value(names)) => split(names),
        _ => Vec::new(),
    }
}

/// The same of what is going to be kept.
pub(super) fn names_of_filled(input: &[Field]) -> Vec<String> {
    let field = input.iter().find(|field| field.path == FILLED);
    field.map(|field| split(&field.value)).unwrap_or_default()
}

fn split(names: &[u8]) -> Vec<String> {
    let names = str::from_utf8(names).unwrap_or_default();
    names.split_whitespace().map(str::to_owned).collect()
}

/// A day that was kept before a number was added to it has that number as in an empty day.
fn day(text: &str) -> Option<DayContext> {
    let mut whole = serde_json::to_value(DayContext::default()).ok()?;
    let kept: serde_json::Value = serde_json::from_str(text).ok()?;
    for (name, value) in kept.as_object()? {
        whole[name] = value.clone();
    }
    serde_json::from_value(whole).ok()
}
