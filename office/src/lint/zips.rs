//! Which state a ZIP code lies in, by its first three digits.
//!
//! Prefixes of several states are left open to each of them: a ZIP code follows the roads to its
//! post office, not the border.

/// First prefix, last prefix, state. After USPS Labeling List L002; in order, without overlap.
#[rustfmt::skip]
const PREFIXES: &[(u16, u16, &str)] = &[
    (5, 5, "NY"), (6, 7, "PR"), (8, 8, "VI"), (9, 9, "PR"), (10, 27, "MA"), (28, 29, "RI"),
    (30, 38, "NH"), (39, 49, "ME"), (50, 54, "VT"), (55, 55, "MA"), (56, 59, "VT"),
    (60, 69, "CT"), (70, 89, "NJ"), (90, 98, "AE"), (100, 149, "NY"), (150, 196, "PA"),
    (197, 199, "DE"), (200, 200, "DC"), (201, 201, "VA"), (202, 205, "DC"), (206, 212, "MD"),
    (214, 219, "MD"), (220, 246, "VA"), (247, 268, "WV"), (270, 289, "NC"), (290, 299, "SC"),
    (300, 319, "GA"), (320, 339, "FL"), (340, 340, "AA"), (341, 342, "FL"), (344, 344, "FL"),
    (346, 347, "FL"), (349, 349, "FL"), (350, 352, "AL"), (354, 369, "AL"), (370, 385, "TN"),
    (386, 397, "MS"), (398, 399, "GA"), (400, 418, "KY"), (420, 427, "KY"), (430, 459, "OH"),
    (460, 479, "IN"), (480, 499, "MI"), (500, 516, "IA"), (520, 528, "IA"), (530, 532, "WI"),
    (534, 535, "WI"), (537, 549, "WI"), (550, 551, "MN"), (553, 567, "MN"), (569, 569, "DC"),
    (570, 577, "SD"), (580, 588, "ND"), (590, 599, "MT"), (600, 620, "IL"), (622, 629, "IL"),
    (630, 631, "MO"), (633, 641, "MO"), (644, 658, "MO"), (660, 662, "KS"), (664, 679, "KS"),
    (680, 681, "NE"), (683, 693, "NE"), (700, 701, "LA"), (703, 708, "LA"), (710, 714, "LA"),
    (716, 729, "AR"), (730, 731, "OK"), (733, 733, "TX"), (734, 741, "OK"), (743, 749, "OK"),
    (750, 799, "TX"), (800, 816, "CO"), (820, 831, "WY"), (832, 838, "ID"), (840, 847, "UT"),
    (850, 853, "AZ"), (855, 857, "AZ"), (859, 860, "AZ"), (863, 865, "AZ"), (870, 871, "NM"),
    (873, 875, "NM"), (877, 884, "NM"), (885, 885, "TX"), (889, 891, "NV"), (893, 895, "NV"),
    (897, 898, "NV"), (900, 908, "CA"), (910, 928, "CA"), (930, 961, "CA"), (962, 966, "AP"),
    (967, 968, "HI"), (969, 969, "GU"), (970, 979, "OR"), (980, 986, "WA"), (988, 994, "WA"),
    (995, 999, "AK"),
];

/// Other states that a prefix reaches into: islands that share one, and towns served from across
/// the border.
#[rustfmt::skip]
const ALSO: &[(u16, &str)] = &[
    (35, "ME"), (63, "NY"), (201, "DC"), (204, "MD"), (376, "VA"), (422, "TN"), (592, "ND"),
    (593, "SD"), (636, "IL"), (717, "LA"), (723, "TN"), (739, "TX"), (811, "NM"), (834, "WY"),
    (845, "AZ"), (860, "UT"), (864, "NV"), (865, "NM"), (880, "TX"), (885, "NM"), (890, "CA"),
    (894, "CA"), (961, "NV"), (967, "AS"), (969, "FM"), (969, "MH"), (969, "MP"), (969, "PW"),
    (976, "CA"), (979, "ID"), (992, "ID"),
];

/// The states and territories that have ZIP codes, and the three military ones.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "AA", "AE", "AK", "AL", "AP", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "FM", "GA",
    "GU", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MH", "MI", "MN", "MO",
    "MP", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR",
    "PW", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
];

/// Whether these two capital letters are a state.
#[must_use]
pub fn is_state(code: &str) -> bool {
    STATES.binary_search(&code).is_ok()
}

/// What a ZIP code's first three digits say about a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// It may lie there.
    There,
    /// It lies in this one.
    In(&'static str),
    /// No state has the prefix.
    Nowhere,
}

/// Where the ZIP codes that begin with `prefix` (0 to 999) lie, asked for `state`.
#[must_use]
pub fn lies(prefix: u16, state: &str) -> Lies {
    let at = PREFIXES.partition_point(|(_, last, _)| *last < prefix);
    let Some((_, _, home)) = PREFIXES.get(at).filter(|(first, ..)| *first <= prefix) else {
        return Lies::Nowhere;
    };
    if *home == state || ALSO.contains(&(prefix, state)) {
        Lies::There
    } else {
        Lies::In(home)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefixes_are_in_order_and_of_states() {
        let mut before = 0;
        for (first, last, state) in PREFIXES {
            assert!(before < *first && first <= last, "{first}");
            assert!(is_state(state), "{state}");
            before = *last;
        }
        assert!(STATES.is_sorted());
        for (prefix, state) in ALSO {
            assert!(is_state(state), "{state}");
            assert_ne!(lies(*prefix, "ZZ"), Lies::Nowhere, "{prefix}");
        }
    }
}
