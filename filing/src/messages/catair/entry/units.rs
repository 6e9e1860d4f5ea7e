//! Units of quantity: the schedule's words and the codes that records use, both ways.
//!
//! Source: CATAIR Appendix C (2016-02-22). The schedule's words are those of the tariff's column of
//! units. A unit without a code there (`t adw`, `doses`, `MWh` …) is not translated: nothing near is
//! taken for it. The codes for contents (CGM, CKG, CTN) are taken for a chemical symbol before the
//! unit (`Au g`, `Cu kg`), which the appendix's word "content" means as far as it can be read.

/// (the schedule's word, code of Appendix C). The first word of a code is the one it reads back as.
#[rustfmt::skip]
const UNITS: [(&str, &str); 62] = [
    ("kg", "KG"), ("g", "G"), ("t", "T"), ("carat", "CAR"),
    ("No.", "NO"), ("No", "NO"), ("pcs", "PCS"), ("doz.", "DOZ"), ("Dz Pcs", "DPC"),
    ("prs.", "PRS"), ("doz. prs.", "DPR"), ("gross", "GR"), ("hundreds", "HUN"),
    ("thousands", "K"), ("pack", "PK"), ("square", "SQ"),
    ("liters", "L"), ("pf.liters", "PFL"), ("bbl", "BBL"),
    ("m", "M"), ("lin. m", "LNM"), ("thousand m", "KM"), ("Fiber m", "FBM"),
    ("cm2", "CM2"), ("m2", "M2"), ("m3", "M3"), ("thousand m3", "KM3"),
    ("W", "W"), ("GBq", "GBQ"), ("Jwls.", "JWL"), ("gr.lines", "GRL"), ("cy kg", "CYK"),
    ("Cu kg", "CKG"), ("Pb kg", "CKG"), ("Zn kg", "CKG"), ("W kg", "CKG"), ("Mo kg", "CKG"),
    ("Mg kg", "CKG"), ("Mn kg", "CKG"), ("Si kg", "CKG"), ("Ni kg", "CKG"), ("Co kg", "CKG"),
    ("Cr kg", "CKG"), ("V kg", "CKG"), ("Sb kg", "CKG"), ("V2O5 kg", "CKG"), ("NaOH kg", "CKG"),
    ("Au g", "CGM"), ("Ag g", "CGM"), ("Pt g", "CGM"), ("Pd g", "CGM"), ("Rh g", "CGM"),
    ("Ir g", "CGM"), ("Os g", "CGM"), ("Ru g", "CGM"),
    ("Cr2O3 t", "CTN"), ("NH3 t", "CTN"), ("Sn t", "CTN"),
    ("ft", "FT"), ("lb", "LB"), ("oz", "OZ"), ("yd", "YD"),
];

/// The code of a number that asks for no quantity.
pub const NONE: &str = "X";

/// The code of a word of the schedule.
#[must_use]
pub fn code(word: &str) -> Option<&'static str> {
    let found = UNITS.iter().find(|(known, _)| *known == word);
    found.map(|(_, code)| *code)
}

/// The schedule's word for a code; of contents, that of the first symbol.
#[must_use]
pub fn word(code: &str) -> Option<&'static str> {
    let found = UNITS.iter().find(|(_, known)| *known == code);
    found.map(|(word, _)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_as_a_word_of_it() {
        for (one, known) in UNITS {
            assert_eq!(code(one), Some(known), "{one}");
            let back = word(known).and_then(code);
            assert_eq!(back, Some(known), "{known}");
            assert!(
                (1..=3).contains(&known.len()),
                "{known} has at most three columns"
            );
        }
        assert_eq!(code("t adw"), None, "air dry weight has no code");
        assert_eq!(word("XYZ"), None);
    }
}
