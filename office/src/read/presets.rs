//! Maps for exports that people have (`--from shopify`), built into the program.

use super::Map;

/// Every preset: its name and its map.
const PRESETS: [(&str, &str); 4] = [
    ("shopify", include_str!("presets/shopify.toml")),
    ("easypost", include_str!("presets/easypost.toml")),
    ("shippo", include_str!("presets/shippo.toml")),
    ("woocommerce", include_str!("presets/woocommerce.toml")),
];

/// The names of all presets.
#[must_use]
pub fn names() -> [&'static str; PRESETS.len()] {
    PRESETS.map(|(name, _)| name)
}

/// The map of a preset.
///
/// # Errors
/// There is none of that name; the message lists them.
pub fn preset(name: &str) -> Result<Map, String> {
    match PRESETS.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => Map::parse(text),
        None => Err(format!(
            "there is no preset {name:?}; there are {}",
            names().join(", ")
        )),
    }
}

/// The map of a preset as written, to be copied and changed.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    PRESETS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// The preset whose columns a header has: at least six of them, and most of all presets.
pub(crate) fn looks_like(header: &[String]) -> Option<&'static str> {
    let shared = |name: &&'static str| {
        let map = preset(name).ok()?;
        let has = |column: &String| header.iter().any(|own| own.eq_ignore_ascii_case(column));
        let shared = map.columns.keys().filter(|column| has(column)).count();
        (shared >= 6).then_some(shared)
    };
    names()
        .into_iter()
        .filter(|name| shared(name).is_some())
        .max_by_key(shared)
}
