//! Consignees: many persons from short lists, each always written the same way.

use crate::parcels::Dice;

/// A consignee as a bill shows it.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Street and house number.
    pub street: String,
    /// City, state, and the first three digits of the postal code.
    pub place: (&'static str, &'static str, &'static str),
    /// Postal code.
    pub postal_code: String,
}

impl Person {
    /// The person of that number.
    #[must_use]
    pub fn of(number: u64) -> Person {
        let mut dice = Dice::new(number ^ 0x70_65_72_73_6f_6e);
        let (first, last) = (dice.pick(FIRST), dice.pick(LAST));
        let place = *dice.pick(PLACES);
        let house = 1 + dice.below(9800);
        let flat = match dice.below(4) {
            0 => format!(" Apt {}", 1 + dice.below(60)),
            _ => String::new(),
        };
        Person {
            name: format!("{first} {last}"),
            street: format!("{house} {}{flat}", dice.pick(STREETS)),
            place,
            postal_code: format!("{}{:02}", place.2, dice.below(100)),
        }
    }
}

const FIRST: &[&str] = &[
    "Marisol", "Dana", "Owen", "Helen", "Priya", "Caleb", "Bridget", "Patrick", "Naomi", "Anil",
    "Malcolm", "Grace", "Irene", "Vivian", "Theo", "Lucia", "Jamal", "Mei", "Tomas", "Aisha",
    "Walter", "Rosa", "Dmitri", "Keiko", "Samuel", "Yolanda", "Trevor", "Ingrid", "Hassan", "Joy",
    "Zoë", "José", "Renée", "Alan", "Beatriz", "Curtis", "Denise", "Elias", "Farah", "Gus",
];

const LAST: &[&str] = &[
    "Vega",
    "Whitfield",
    "Castellanos",
    "Aldous",
    "Raman",
    "Moss",
    "Walsham",
    "Carrow",
    "Nguyen",
    "Satterfield",
    "Pathania",
    "Quinlan",
    "Okafor",
    "Novotny",
    "Chenoweth",
    "Dubonnet",
    "Ferrante",
    "Johnson",
    "Smith",
    "Garcia",
    "Martinez",
    "Lee",
    "Brown",
    "Wilson",
    "Kim",
    "Patel",
    "O'Brien",
    "Schmidt",
    "Rossi",
    "Haddad",
    "Ivanov",
    "Tanaka",
    "Lopez-Reyes",
    "Muñoz",
    "St. Clair",
    "Abbott",
    "Becker",
    "Chandra",
    "Delacroix",
    "Eklund",
    "Foster",
    "Gill",
    "Hughes",
    "Ito",
    "Jackson",
];

const STREETS: &[&str] = &[
    "Enfield Rd",
    "Juniper Ct",
    "SE Ankeny St",
    "Maple Grove Rd",
    "Linden Blvd",
    "Cherry St",
    "Old Post Rd",
    "Bellevue Ave",
    "Congress St",
    "Bellaire Blvd",
    "Canal St",
    "Wisconsin Ave",
    "Clay St",
    "Rue Royale",
    "S 9th St",
    "Main Street",
    "N Oak Avenue",
    "West 42nd Street",
    "Park Lane",
    "Sunset Boulevard",
    "County Road 12",
    "Highland Dr",
    "Elm Street",
    "Lakeview Ter",
];

const PLACES: &[(&str, &str, &str)] = &[
    ("Austin", "TX", "787"),
    ("Fort Collins", "CO", "805"),
    ("Portland", "OR", "972"),
    ("Duluth", "MN", "558"),
    ("Brooklyn", "NY", "112"),
    ("Burlington", "VT", "054"),
    ("Newport", "RI", "028"),
    ("Portland", "ME", "041"),
    ("Houston", "TX", "770"),
    ("New Orleans", "LA", "701"),
    ("Atlanta", "GA", "303"),
    ("Milwaukee", "WI", "532"),
    ("San Francisco", "CA", "941"),
    ("Los Angeles", "CA", "900"),
    ("Philadelphia", "PA", "191"),
    ("Chicago", "IL", "606"),
    ("Miami", "FL", "331"),
    ("Seattle", "WA", "981"),
    ("Phoenix", "AZ", "850"),
    ("Columbus", "OH", "432"),
    ("Charlotte", "NC", "282"),
    ("Salt Lake City", "UT", "841"),
];
