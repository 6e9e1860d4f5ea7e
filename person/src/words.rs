//! The words that have one form: street words and units by USPS Publication 28 (Postal Addressing
//! Standards), appendices C1 and C2; legal suffixes; states by its appendix B.
//! Only abbreviations of the same word stand here: no word that could be two things, so `SAINT` is
//! not `ST`, which is also `STREET`.

/// What a word of a street line is, for its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A kind of street.
    Street,
    /// A direction.
    Direction,
    /// A kind of unit in a building, whose number follows.
    Unit,
    /// A word between a unit and its number that says nothing: `APT NO 4`.
    Filler,
    /// None of these.
    Plain,
}
use Role::{Direction, Filler, Plain, Street, Unit};

/// A word, its one form, and its role.
pub(crate) struct Word {
    pub(crate) word: &'static str,
    pub(crate) form: &'static str,
    pub(crate) role: Role,
}

/// Words in their order, with where each first letter begins, since most words that are looked up
/// are not there and that is seen by the first letter and the length.
pub(crate) struct Table {
    words: &'static [Word],
    starts: [u8; 27],
}

const fn word(word: &'static str, form: &'static str, role: Role) -> Word {
    Word { word, form, role }
}

const fn table(words: &'static [Word]) -> Table {
    let mut starts = [0; 27];
    let mut letter = 0;
    let mut index = 0;
    while letter < 26 {
        starts[letter] = index as u8;
        while index < words.len() && words[index].word.as_bytes()[0] == b'A' + letter as u8 {
            index += 1;
        }
        letter += 1;
    }
    assert!(
        index == words.len() && index < 256,
        "in order of the first letter"
    );
    starts[26] = index as u8;
    Table { words, starts }
}

/// The entry of `word`, if the table has it.
pub(crate) fn find(table: &'static Table, word: &[u8]) -> Option<&'static Word> {
    let letter = usize::from(
        word.first()?
            .checked_sub(b'A')
            .filter(|letter| *letter < 26)?,
    );
    let (from, to) = (table.starts[letter], table.starts[letter + 1]);
    let words = table.words[usize::from(from)..usize::from(to)].iter();
    words
        .filter(|entry| entry.word.len() == word.len())
        .find(|entry| entry.word.as_bytes() == word)
}

/// Words of street lines. Forms that are already short stand here too where their role matters.
#[rustfmt::skip]
pub(crate) static STREET: Table = table(&[
    word("ALLEE", "ALY", Street),
    word("ALLEY", "ALY", Street),
    word("ALY", "ALY", Street),
    word("APARTMENT", "APT", Unit),
    word("APT", "APT", Unit),
    word("AV", "AVE", Street),
    word("AVE", "AVE", Street),
    word("AVEN", "AVE", Street),
    word("AVENUE", "AVE", Street),
    word("AVNUE", "AVE", Street),
    word("BEND", "BND", Street),
    word("BLDG", "BLDG", Unit),
    word("BLVD", "BLVD", Street),
    word("BND", "BND", Street),
    word("BOUL", "BLVD", Street),
    word("BOULEVARD", "BLVD", Street),
    word("BUILDING", "BLDG", Unit),
    word("CENTER", "CTR", Street),
    word("CENTRE", "CTR", Street),
    word("CIR", "CIR", Street),
    word("CIRC", "CIR", Street),
    word("CIRCLE", "CIR", Street),
    word("COURT", "CT", Street),
    word("COVE", "CV", Street),
    word("CRES", "CRES", Street),
    word("CRESCENT", "CRES", Street),
    word("CROSSING", "XING", Street),
    word("CT", "CT", Street),
    word("CTR", "CTR", Street),
    word("CV", "CV", Street),
    word("DEPARTMENT", "DEPT", Unit),
    word("DEPT", "DEPT", Unit),
    word("DR", "DR", Street),
    word("DRIVE", "DR", Street),
    word("DRV", "DR", Street),
    word("EAST", "E", Direction),
    word("EIGHTH", "8TH", Plain),
    word("EXPRESSWAY", "EXPY", Street),
    word("EXPY", "EXPY", Street),
    word("FIFTH", "5TH", Plain),
    word("FIRST", "1ST", Plain),
    word("FL", "FL", Unit),
    word("FLOOR", "FL", Unit),
    word("FOURTH", "4TH", Plain),
    word("FREEWAY", "FWY", Street),
    word("FWY", "FWY", Street),
    word("GARDENS", "GDNS", Street),
    word("GDNS", "GDNS", Street),
    word("GROVE", "GRV", Street),
    word("GRV", "GRV", Street),
    word("HARBOR", "HBR", Street),
    word("HBR", "HBR", Street),
    word("HEIGHTS", "HTS", Street),
    word("HIGHWAY", "HWY", Street),
    word("HILL", "HL", Street),
    word("HIWAY", "HWY", Street),
    word("HL", "HL", Street),
    word("HTS", "HTS", Street),
    word("HWY", "HWY", Street),
    word("LANDING", "LNDG", Street),
    word("LANE", "LN", Street),
    word("LN", "LN", Street),
    word("LNDG", "LNDG", Street),
    word("LOOP", "LOOP", Street),
    word("LOT", "LOT", Unit),
    word("MANOR", "MNR", Street),
    word("MDWS", "MDWS", Street),
    word("MEADOWS", "MDWS", Street),
    word("MNR", "MNR", Street),
    word("NINTH", "9TH", Plain),
    word("NO", "NO", Filler),
    word("NORTH", "N", Direction),
    word("NORTHEAST", "NE", Direction),
    word("NORTHWEST", "NW", Direction),
    word("NUMBER", "NO", Filler),
    word("PARKWAY", "PKWY", Street),
    word("PASS", "PASS", Street),
    word("PATH", "PATH", Street),
    word("PIKE", "PIKE", Street),
    word("PKWY", "PKWY", Street),
    word("PKY", "PKWY", Street),
    word("PL", "PL", Street),
    word("PLACE", "PL", Street),
    word("PLAZA", "PLZ", Street),
    word("PLZ", "PLZ", Street),
    word("POINT", "PT", Street),
    word("PT", "PT", Street),
    word("RD", "RD", Street),
    word("RDG", "RDG", Street),
    word("RIDGE", "RDG", Street),
    word("RM", "RM", Unit),
    word("ROAD", "RD", Street),
    word("ROOM", "RM", Unit),
    word("ROW", "ROW", Street),
    word("RUN", "RUN", Street),
    word("SECOND", "2ND", Plain),
    word("SEVENTH", "7TH", Plain),
    word("SIXTH", "6TH", Plain),
    word("SOUTH", "S", Direction),
    word("SOUTHEAST", "SE", Direction),
    word("SOUTHWEST", "SW", Direction),
    word("SPACE", "SPC", Unit),
    word("SPC", "SPC", Unit),
    word("SQ", "SQ", Street),
    word("SQUARE", "SQ", Street),
    word("ST", "ST", Street),
    word("STE", "STE", Unit),
    word("STR", "ST", Street),
    word("STREET", "ST", Street),
    word("SUITE", "STE", Unit),
    word("TENTH", "10TH", Plain),
    word("TER", "TER", Street),
    word("TERR", "TER", Street),
    word("TERRACE", "TER", Street),
    word("THIRD", "3RD", Plain),
    word("TPKE", "TPKE", Street),
    word("TRAIL", "TRL", Street),
    word("TRAILER", "TRLR", Unit),
    word("TRL", "TRL", Street),
    word("TRLR", "TRLR", Unit),
    word("TURNPIKE", "TPKE", Street),
    word("UNIT", "UNIT", Unit),
    word("WALK", "WALK", Street),
    word("WAY", "WAY", Street),
    word("WY", "WAY", Street),
    word("XING", "XING", Street),
]);

/// Legal suffixes, long and short, wherever the name ends with them.
#[rustfmt::skip]
pub(crate) static LEGAL: Table = table(&[
    word("CO", "CO", Plain),
    word("COMPANY", "CO", Plain),
    word("CORP", "CORP", Plain),
    word("CORPORATION", "CORP", Plain),
    word("GMBH", "GMBH", Plain),
    word("INC", "INC", Plain),
    word("INCORPORATED", "INC", Plain),
    word("LIMITED", "LTD", Plain),
    word("LLC", "LLC", Plain),
    word("LLP", "LLP", Plain),
    word("LP", "LP", Plain),
    word("LTD", "LTD", Plain),
    word("PLC", "PLC", Plain),
    word("PRIVATE", "PVT", Plain),
    word("PROPRIETARY", "PTY", Plain),
    word("PTY", "PTY", Plain),
    word("PVT", "PVT", Plain),
]);

/// States, the District and the territories that use ZIP codes, with their postal codes.
#[rustfmt::skip]
pub(crate) static STATES: &[(&str, &str)] = &[
    ("ALABAMA", "AL"),
    ("ALASKA", "AK"),
    ("AMERICAN SAMOA", "AS"),
    ("ARIZONA", "AZ"),
    ("ARKANSAS", "AR"),
    ("CALIFORNIA", "CA"),
    ("COLORADO", "CO"),
    ("CONNECTICUT", "CT"),
    ("DELAWARE", "DE"),
    ("DISTRICT OF COLUMBIA", "DC"),
    ("FLORIDA", "FL"),
    ("GEORGIA", "GA"),
    ("GUAM", "GU"),
    ("HAWAII", "HI"),
    ("IDAHO", "ID"),
    ("ILLINOIS", "IL"),
    ("INDIANA", "IN"),
    ("IOWA", "IA"),
    ("KANSAS", "KS"),
    ("KENTUCKY", "KY"),
    ("LOUISIANA", "LA"),
    ("MAINE", "ME"),
    ("MARYLAND", "MD"),
    ("MASSACHUSETTS", "MA"),
    ("MICHIGAN", "MI"),
    ("MINNESOTA", "MN"),
    ("MISSISSIPPI", "MS"),
    ("MISSOURI", "MO"),
    ("MONTANA", "MT"),
    ("NEBRASKA", "NE"),
    ("NEVADA", "NV"),
    ("NEW HAMPSHIRE", "NH"),
    ("NEW JERSEY", "NJ"),
    ("NEW MEXICO", "NM"),
    ("NEW YORK", "NY"),
    ("NORTH CAROLINA", "NC"),
    ("NORTH DAKOTA", "ND"),
    ("NORTHERN MARIANA ISLANDS", "MP"),
    ("OHIO", "OH"),
    ("OKLAHOMA", "OK"),
    ("OREGON", "OR"),
    ("PENNSYLVANIA", "PA"),
    ("PUERTO RICO", "PR"),
    ("RHODE ISLAND", "RI"),
    ("SOUTH CAROLINA", "SC"),
    ("SOUTH DAKOTA", "SD"),
    ("TENNESSEE", "TN"),
    ("TEXAS", "TX"),
    ("UTAH", "UT"),
    ("VERMONT", "VT"),
    ("VIRGIN ISLANDS", "VI"),
    ("VIRGINIA", "VA"),
    ("WASHINGTON", "WA"),
    ("WEST VIRGINIA", "WV"),
    ("WISCONSIN", "WI"),
    ("WYOMING", "WY"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_a_form_of_itself() {
        for table in [&STREET, &LEGAL] {
            for entry in table.words {
                let form = find(table, entry.form.as_bytes());
                assert!(
                    form.is_none_or(|form| form.form == entry.form),
                    "{}",
                    entry.form
                );
                assert!(
                    form.is_none_or(|form| form.role == entry.role),
                    "{}",
                    entry.form
                );
                let needed = matches!(entry.role, Street | Unit | Filler);
                assert!(!needed || form.is_some(), "{}", entry.form);
            }
        }
    }

    #[test]
    fn every_word_is_found_once() {
        for table in [&STREET, &LEGAL] {
            assert!(table.words.is_sorted_by(|a, b| a.word < b.word));
            for entry in table.words {
                let found = find(table, entry.word.as_bytes()).unwrap();
                assert_eq!((found.word, found.form), (entry.word, entry.form));
            }
        }
    }

    #[test]
    fn what_is_not_in_a_table_is_not_found() {
        for word in ["", "SAINT", "STREETS", "A", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] {
            assert!(find(&STREET, word.as_bytes()).is_none(), "{word}");
        }
        assert_eq!(find(&STREET, b"STREET").map(|entry| entry.form), Some("ST"));
    }

    #[test]
    fn states_are_in_order() {
        assert!(STATES.is_sorted());
        assert!(STATES.iter().all(|(_, code)| code.len() == 2));
    }
}
