//! The lists of numbers, and which of them name a number at a moment.

use crate::cell::Minute;
use crate::text::{minute, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

const TEXT: &str = include_str!("../../../law/tests/independent/lists.csv");

/// Gives each list its place, in the order written, and keeps their names.
macro_rules! lists {
    ($($constant:ident = $name:literal,)*) => {
        #[expect(
            non_camel_case_types,
            clippy::upper_case_acronyms,
            reason = "only counts the lists"
        )]
        #[derive(Clone, Copy)]
        enum Place { $($constant,)* COUNT }
        $(pub const $constant: usize = Place::$constant as usize;)*
        const COUNT: usize = Place::COUNT as usize;
        pub const NAMES: [&str; COUNT] = [$($name),*];
    };
}

lists! {
    NOTE_20_B = "note-20-b",
    NOTE_20_D = "note-20-d",
    NOTE_20_F = "note-20-f",
    NOTE_20_G = "note-20-g",
    NOTE_20_S_I = "note-20-s-i",
    NOTE_20_S_II = "note-20-s-ii",
    NOTE_20_S_II_EXCEPT = "note-20-s-ii-except",
    NOTE_20_G_EXCEPT = "note-20-g-except",
    NOTE_31_B = "note-31-b",
    NOTE_31_C = "note-31-c",
    NOTE_31_D = "note-31-d",
    NOTE_31_E = "note-31-e",
    NOTE_31_F = "note-31-f",
    NOTE_31_G = "note-31-g",
    NOTE_31_H = "note-31-h",
    NOTE_31_I = "note-31-i",
    NOTE_31_J = "note-31-j",
    NOTE_31_CRANES = "note-31-cranes",
    NOTE_31_CHASSIS_STS = "note-31-chassis-sts",
    NOTE_2_AA_II = "note-2-aa-ii",
    NOTE_2_AA_III = "note-2-aa-iii",
    NOTE_50_A_II = "note-50-a-ii",
    NOTE_50_A_III = "note-50-a-iii",
    NOTE_50_A_V = "note-50-a-v",
    NOTE_51_B_1 = "note-51-b-1",
    NOTE_51_B_2 = "note-51-b-2",
    NOTE_51_B_3 = "note-51-b-3",
    NOTE_52_B = "note-52-b",
    NOTE_52_C = "note-52-c",
    NOTE_52_E = "note-52-e",
    NOTE_52_J_1_GB = "note-52-j-1-GB",
    NOTE_52_J_2_EU = "note-52-j-2-EU",
    NOTE_52_J_3_CH = "note-52-j-3-CH",
    NOTE_52_J_4_I_MY = "note-52-j-4-i-MY",
    NOTE_52_J_5_I_KH = "note-52-j-5-i-KH",
    NOTE_52_J_6_I_GT = "note-52-j-6-i-GT",
    NOTE_52_J_7_I_SV = "note-52-j-7-i-SV",
    NOTE_52_J_8_I_AR = "note-52-j-8-i-AR",
    NOTE_52_J_9_I_BD = "note-52-j-9-i-BD",
    NOTE_52_J_10_I_TW = "note-52-j-10-i-TW",
    NOTE_52_J_11_I_ID = "note-52-j-11-i-ID",
    NOTE_52_J_12_I_EC = "note-52-j-12-i-EC",
    NOTE_52_J_13_I_JO = "note-52-j-13-i-JO",
    NOTE_52_J_6_III_GT = "note-52-j-6-iii-GT",
    NOTE_52_J_7_III_SV = "note-52-j-7-iii-SV",
    NOTE_33_B = "note-33-b",
    NOTE_33_G = "note-33-g",
    NOTE_37_B = "note-37-b",
    NOTE_37_D = "note-37-d",
    NOTE_37_F = "note-37-f",
    NOTE_38_B = "note-38-b",
    NOTE_38_C = "note-38-c",
    NOTE_38_I = "note-38-i",
    NOTE_39_B = "note-39-b",
    NOTE_40_C = "note-40-c",
    NOTE_41_QUARTZ = "note-41-quartz",
    NOTE_43_C_1_AIRCRAFT = "note-43-c-1-aircraft",
    NOTE_36_COPPER_2025 = "note-36-copper-2025",
    NOTE_20_FORMER = "note-20-former",
    NOTE_52_J_II_MY = "note-52-j-ii-MY",
    NOTE_52_J_II_KH = "note-52-j-ii-KH",
    NOTE_52_J_II_GT = "note-52-j-ii-GT",
    NOTE_52_J_II_SV = "note-52-j-ii-SV",
    NOTE_52_J_II_AR = "note-52-j-ii-AR",
    NOTE_52_J_II_BD = "note-52-j-ii-BD",
    NOTE_52_J_II_TW = "note-52-j-ii-TW",
    NOTE_52_J_II_ID = "note-52-j-ii-ID",
    NOTE_52_J_II_EC = "note-52-j-ii-EC",
    NOTE_52_J_II_JO = "note-52-j-ii-JO",
    CIVIL_AIRCRAFT = "civil-aircraft",
    ENERGY_CA = "energy-CA",
    POTASH_CA = "potash-CA",
    POTASH_MX = "potash-MX",
    NOTE_2_V_III_B = "note-2-v-iii-b",
    NOTE_2_V_III_A = "note-2-v-iii-a",
    NOTE_2_V_EU_PTAAP = "note-2-v-eu-ptaap",
    NOTE_2_V_SWISS_PTAAP = "note-2-v-swiss-ptaap",
    NOTE_2_V_EU_PHARMA = "note-2-v-eu-pharma",
    NOTE_2_X_III = "note-2-x-iii",
    NOTE_2_X_III_FARM = "note-2-x-iii-farm",
    STEEL_MILL = "steel-mill",
    ALUMINUM_MILL = "aluminum-mill",
    STEEL_DERIVATIVE = "steel-derivative",
    ALUMINUM_DERIVATIVE = "aluminum-derivative",
    STEEL_CONTENT = "steel-content",
    ALUMINUM_CONTENT = "aluminum-content",
    ALUMINUM_OPEN = "aluminum-open",
    NOTE_16_C_III_IV = "note-16-c-iii-iv",
    NOTE_16_C_I_II = "note-16-c-i-ii",
    NOTE_16_C_V = "note-16-c-v",
    NOTE_16_C_VI = "note-16-c-vi",
    NOTE_16_C_VII = "note-16-c-vii",
    NOTE_16_C_VIII = "note-16-c-viii",
    NOTE_16_C_IX = "note-16-c-ix",
    NOTE_16_C_X = "note-16-c-x",
    NOTE_16_C_XI = "note-16-c-xi",
    NOTE_43_C_QUESTION = "note-43-c-question",
    SOLAR = "solar",
    NOT_FREE_S = "not-free-S",
    NOT_FREE_P = "not-free-P",
}

/// A list that names a prefix in a span.
#[derive(Clone, Copy)]
struct Row {
    list: u8,
    from: Minute,
    until: Minute,
}

/// The lists, by prefix and its length.
static BY_PREFIX: LazyLock<HashMap<(u64, u8), Vec<Row>>> = LazyLock::new(load);

fn load() -> HashMap<(u64, u8), Vec<Row>> {
    let mut all: HashMap<(u64, u8), Vec<Row>> = HashMap::new();
    for cells in rows(TEXT) {
        let place = NAMES.iter().position(|name| *name == cells[0]);
        let row = Row {
            list: place.unwrap_or_else(|| panic!("{} is not read", cells[0])) as u8,
            from: minute(cells[1]).unwrap_or(Minute::MIN),
            until: minute(cells[2]).unwrap_or(Minute::MAX),
        };
        for prefix in prefixes(cells[4]) {
            let digits = prefix.parse().expect("a prefix is digits");
            let key = (digits, prefix.len() as u8);
            all.entry(key).or_default().push(row);
        }
    }
    all
}

/// `8471.3001.50 7206` is 84713001, 847150 and 7206.
fn prefixes(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(' ').flat_map(|group| {
        let mut parts = group.split('.');
        let heading = parts.next().unwrap_or_default();
        let tails: Vec<&str> = parts.collect();
        let alone = tails.is_empty().then(|| heading.to_owned());
        let under = tails
            .into_iter()
            .map(move |tail| format!("{heading}{tail}"));
        alone.into_iter().chain(under).collect::<Vec<_>>()
    })
}

/// Which lists name a number: the length of the longest prefix, or 0.
pub struct Named {
    now: [u8; COUNT],
    ever: [u8; COUNT],
}

impl Named {
    pub fn at(number: u64, at: Minute) -> Named {
        let (mut now, mut ever) = ([0; COUNT], [0; COUNT]);
        for len in [4, 6, 8, 10_u8] {
            let prefix = number / 10_u64.pow(u32::from(10 - len));
            for row in BY_PREFIX.get(&(prefix, len)).into_iter().flatten() {
                let list = usize::from(row.list);
                ever[list] = len;
                if row.from <= at && at < row.until {
                    now[list] = len;
                }
            }
        }
        Named { now, ever }
    }

    /// The list names it now.
    pub fn on(&self, list: usize) -> bool {
        self.now[list] > 0
    }

    /// The list names it at some time.
    pub fn ever(&self, list: usize) -> bool {
        self.ever[list] > 0
    }

    /// Of several lists the one that names it with the longest prefix; the first of equal ones.
    pub fn longest(&self, lists: &[usize]) -> Option<usize> {
        let named = lists.iter().copied().filter(|list| self.on(*list));
        named.rev().max_by_key(|list| self.now[*list])
    }
}

/// A list names a number at some time.
pub fn names(number: u64, list: usize) -> bool {
    Named::at(number, 0).ever(list)
}

/// Every prefix of every list, and every moment at which a list changes.
pub fn prefixes_and_moments() -> (Vec<(u64, u8)>, Vec<Minute>) {
    let mut prefixes: Vec<_> = BY_PREFIX.keys().copied().collect();
    prefixes.sort_unstable();
    let rows = BY_PREFIX.values().flatten();
    let moments = rows.flat_map(|row| [row.from, row.until]).collect();
    (prefixes, moments)
}
