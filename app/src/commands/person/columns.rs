//! Which columns of a file make up which part of a person.

use crate::commands::CommandError;
use crate::read::Map;
use std::fs;
use std::path::Path;

/// The parts of a person, as their columns are called.
pub const FIELDS: [&str; 9] = [
    "id",
    "name",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "email",
    "phone",
];

/// Columns that stand for a part where neither its own nor a map's are there: the first of these
/// lists of which any column is.
const USUAL: [(&str, &[&str]); 7] = [
    ("name", &["given_name", "surname"]),
    ("name", &["first_name", "last_name"]),
    ("street", &["street_number", "address_1", "address_2"]),
    ("street", &["address", "address2"]),
    ("postal_code", &["postcode"]),
    ("postal_code", &["zip"]),
    ("city", &["suburb"]),
];

/// How one part is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The columns whose text is joined with spaces, and what each loses in front.
    pub columns: Vec<(usize, String)>,
    /// What a row without any has.
    pub constant: String,
}

/// How each of [`FIELDS`] is made, and what is passed over.
#[derive(Debug)]
pub struct Columns {
    /// One for each of [`FIELDS`].
    pub parts: [Part; FIELDS.len()],
    /// Columns that no part has.
    pub passed_over: Vec<String>,
}

/// The map's word for a part: its columns with what they lose, and a constant.
#[derive(Default)]
struct Wanted {
    columns: Vec<(String, String)>,
    constant: String,
}

fn field(name: &str) -> Result<usize, String> {
    let plain = name.strip_prefix("consignee_").unwrap_or(name);
    let found = FIELDS.iter().position(|field| *field == plain);
    found.ok_or_else(|| {
        format!(
            "`{name}` is no part of a person: those are {}",
            FIELDS.join(", ")
        )
    })
}

/// The maps that are files.
pub fn files(maps: &[String]) -> impl Iterator<Item = &Path> {
    maps.iter().filter(|map| !map.contains('=')).map(Path::new)
}

fn wanted(maps: &[String]) -> Result<[Wanted; FIELDS.len()], String> {
    let mut wanted: [Wanted; FIELDS.len()] = Default::default();
    for map in maps {
        let Some((ours, theirs)) = map.split_once('=') else {
            read_file(map, &mut wanted).map_err(|why| format!("{map}: {why}"))?;
            continue;
        };
        let at = field(ours.trim()).map_err(|why| format!("--map {map}: {why}"))?;
        let columns = theirs
            .split('+')
            .map(|one| (one.trim().to_owned(), String::new()));
        wanted[at].columns = columns.collect();
    }
    Ok(wanted)
}

fn read_file(path: &str, wanted: &mut [Wanted; FIELDS.len()]) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let map = Map::parse(&text)?;
    let of_parcels = [
        ("totals", map.totals.is_empty()),
        ("dates", map.dates.is_empty()),
        ("values", map.values.is_empty()),
        ("refuse", map.refuse.is_empty()),
    ];
    if let Some((table, _)) = of_parcels.iter().find(|(_, absent)| !absent) {
        return Err(format!(
            "[{table}] is for parcels, not for a file of people"
        ));
    }
    if let Some(id) = map.row.shipment_id {
        wanted[0].columns.push((id, String::new()));
    }
    for (theirs, ours) in &map.columns {
        for name in ours.names() {
            wanted[field(name)?]
                .columns
                .push((theirs.clone(), String::new()));
        }
    }
    for (ours, theirs) in &map.join {
        let columns = theirs.iter().map(|one| (one.clone(), String::new()));
        wanted[field(ours)?].columns.extend(columns);
    }
    for (ours, strip) in &map.strip {
        let column = (strip.column.clone(), strip.prefix.clone());
        wanted[field(ours)?].columns.push(column);
    }
    for (ours, value) in map.constants {
        wanted[field(&ours)?].constant = value;
    }
    Ok(())
}

impl Columns {
    /// Finds the columns in a header.
    pub fn find(header: &[String], maps: &[String]) -> Result<Columns, CommandError> {
        Columns::of(header, maps).map_err(CommandError::Usage)
    }

    fn of(header: &[String], maps: &[String]) -> Result<Columns, String> {
        let at = |name: &str| {
            header
                .iter()
                .position(|one| one.eq_ignore_ascii_case(name.trim()))
        };
        for (index, name) in header.iter().enumerate() {
            if at(name) != Some(index) && !name.is_empty() {
                return Err(format!("column `{name}` stands twice"));
            }
        }
        let mut parts: [Part; FIELDS.len()] = Default::default();
        for ((part, wanted), field) in parts.iter_mut().zip(wanted(maps)?).zip(FIELDS) {
            part.constant = wanted.constant;
            for (name, prefix) in wanted.columns {
                let index = at(&name).ok_or_else(|| {
                    format!(
                        "the map names column `{name}`; the file has {}",
                        header.join(", ")
                    )
                })?;
                part.columns.push((index, prefix));
            }
            let own = at(field).or_else(|| at(&format!("consignee_{field}")));
            if let Some(index) = own.filter(|_| part.columns.is_empty()) {
                part.columns.push((index, String::new()));
            }
            let usual = USUAL.iter().filter(|(name, _)| *name == field);
            for columns in usual.map(|(_, columns)| columns) {
                if part.columns.is_empty() {
                    let found = columns.iter().filter_map(|name| at(name));
                    part.columns = found.map(|index| (index, String::new())).collect();
                }
            }
        }
        let has = |part: usize| !parts[part].columns.is_empty();
        if !has(0) {
            return Err(format!(
                "no column `id` among {}: name it with --map id=THEIRS",
                header.join(", ")
            ));
        }
        if !has(1) && !has(2) {
            return Err(format!(
                "no column `name` or `street` among {}: name them with --map name=THEIRS",
                header.join(", ")
            ));
        }
        let used = |index: usize| {
            let mut columns = parts.iter().flat_map(|part| &part.columns);
            columns.any(|(column, _)| *column == index)
        };
        let passed_over = header.iter().enumerate().filter(|(index, _)| !used(*index));
        let passed_over = passed_over.map(|(_, name)| name.clone()).collect();
        Ok(Columns { parts, passed_over })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str, maps: &[&str]) -> Result<Columns, String> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let maps: Vec<String> = maps.iter().map(|map| (*map).to_owned()).collect();
        Columns::of(&header, &maps)
    }

    fn columns(found: &Columns, field: &str) -> Vec<usize> {
        let at = FIELDS.iter().position(|one| *one == field).unwrap();
        found.parts[at]
            .columns
            .iter()
            .map(|(index, _)| *index)
            .collect()
    }

    #[test]
    fn own_names_then_the_usual() {
        let found = of("ID,consignee_name,Zip,notes", &[]).unwrap();
        assert_eq!(columns(&found, "id"), [0]);
        assert_eq!(columns(&found, "name"), [1]);
        assert_eq!(columns(&found, "postal_code"), [2]);
        assert_eq!(found.passed_over, ["notes"]);
        let found = of(
            "id,given_name,surname,street_number,address_1,postcode",
            &[],
        )
        .unwrap();
        assert_eq!(columns(&found, "name"), [1, 2]);
        assert_eq!(columns(&found, "street"), [3, 4]);
    }

    #[test]
    fn a_map_comes_first() {
        let found = of("rec,First,Last,name", &["id=rec", "name=First + last"]).unwrap();
        assert_eq!(columns(&found, "id"), [0]);
        assert_eq!(columns(&found, "name"), [1, 2]);
        assert_eq!(found.passed_over, ["name"]);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        for (header, maps, says) in [
            ("name", &[][..], "no column `id`"),
            ("id,city", &[], "no column `name` or `street`"),
            ("id,name,Name", &[], "stands twice"),
            ("id,name", &["nam=name"], "no part of a person"),
            ("id,name", &["name=first"], "names column `first`"),
        ] {
            let why = of(header, maps).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }
}
