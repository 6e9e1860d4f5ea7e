//! Files that hold several instruments: the headings of one program on one page.
//!
//! What stands at the top of the file belongs to every instrument that does not say otherwise, and
//! what stands under `[common]` to every version that does not.

use crate::error::LawError;
use crate::table::Table;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys of the file that are not passed on.
const OWN: [&str; 4] = ["instrument", "case", "common", "version"];

/// The instruments of a file as if each stood alone, with the byte where each begins.
pub(crate) fn inherited<'a>(
    file: &Table<'_>,
    parsed: &Spanned<DeTable<'a>>,
) -> Result<Vec<(usize, DeTable<'a>)>, LawError> {
    let entries = parsed.get_ref();
    let Some(DeValue::Array(instruments)) = entries.get("instrument").map(Spanned::get_ref) else {
        return Err(file.error("instrument", "must be a list of tables"));
    };
    let common = match entries.get("common").map(Spanned::get_ref) {
        None => None,
        Some(DeValue::Table(common)) => Some(common),
        Some(_) => return Err(file.error("common", "must be a table")),
    };
    let shared: Vec<_> = entries
        .iter()
        .filter(|(key, _)| !OWN.contains(&key.get_ref().as_ref()))
        .collect();
    let mut read = Vec::new();
    for instrument in instruments {
        let DeValue::Table(own) = instrument.get_ref() else {
            return Err(file.error("instrument", "must hold only tables"));
        };
        let mut whole = own.clone();
        for (key, value) in &shared {
            add(&mut whole, key, value);
        }
        // A field of the file that versions read, such as `program`, goes down to them.
        let versions = whole.remove("version");
        let Some(DeValue::Array(versions)) = versions.as_ref().map(Spanned::get_ref) else {
            return Err(file.error("version", "every instrument needs versions"));
        };
        let mut passed = versions.clone();
        let down: Vec<_> = ["program", "layer", "rank", "heading", "fee"]
            .iter()
            .filter_map(|key| whole.remove_entry(*key))
            .collect();
        for version in passed.iter_mut() {
            if let DeValue::Table(version) = version.get_mut() {
                for (key, value) in common.into_iter().flat_map(|common| common.iter()) {
                    add(version, key, value);
                }
                for (key, value) in &down {
                    add(version, key, value);
                }
            }
        }
        let span = instrument.span();
        whole.insert(
            Spanned::new(span.clone(), "version".into()),
            Spanned::new(span.clone(), DeValue::Array(passed)),
        );
        read.push((span.start, whole));
    }
    Ok(read)
}

fn add<'a>(
    table: &mut DeTable<'a>,
    key: &Spanned<std::borrow::Cow<'a, str>>,
    value: &Spanned<DeValue<'a>>,
) {
    if !table.contains_key(key.get_ref().as_ref()) {
        table.insert(key.clone(), value.clone());
    }
}
