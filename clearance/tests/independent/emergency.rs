//! The duties under the International Emergency Economic Powers Act, 2025-02-04 to 2026-02-24.

use crate::cell::Kind;
use crate::lists;
use crate::rates::Rate;
use crate::read::{Around, Reader, reason};
use crate::security::Security;
use crate::text::{summer, winter};

/// The members of the European Union.
pub const UNION: [&str; 27] = [
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
];

impl Reader<'_> {
    pub fn emergency(&mut self, security: &Security) {
        self.fentanyl_china();
        self.fentanyl_north(security);
        self.reciprocal(security);
        self.brazil_40(security);
        self.india_oil(security);
    }

    /// EO 14195: goods loaded or in transit in any mode before 2025-02-01, entered before 2025-03-07.
    fn fentanyl_china(&mut self) {
        if !self.cell.of(&["CN", "HK"]) {
            return;
        }
        let grace = self.before(winter(2025, 3, 7));
        let loaded = self.cell.loaded;
        let early = loaded.is_some_and(|loaded| loaded < winter(2025, 2, 1));
        let around = Around {
            exempt: vec![(self.under_98(), ""), (grace && early, "9903.01.23")],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (grace && loaded.is_none(), reason::LOADED),
            ],
        };
        let rate = self.rate("ieepa-fentanyl", "");
        self.settle("ieepa-fentanyl", rate, &around);
    }

    /// The Canadian and Mexican duty goes before that on steel and aluminum until 2025-06-04 (EO 14289;
    /// Proc. 10947 turned it round).
    pub fn north_before_metals(&self) -> bool {
        let north = self.cell.of(&["CA", "MX"]) && self.before(summer(2025, 6, 4));
        // What chapter 98 takes out of the emergency duty bears that on metals.
        let due = self.rate("ieepa-fentanyl", "").is_some() && !self.under_98();
        north && due && !self.north_free()
    }

    fn north_free(&self) -> bool {
        self.usmca_free() && !self.before(winter(2025, 3, 7))
    }

    fn fentanyl_north(&mut self, security: &Security) {
        if !self.cell.of(&["CA", "MX"]) {
            return;
        }
        // Copper does not displace it. Steel and aluminum displaced nothing before 2025-06-04.
        let mut beside = vec!["232-copper"];
        if self.before(summer(2025, 6, 4)) {
            beside.extend(["232-steel", "232-aluminum"]);
        }
        let heading = if self.cell.of(&["CA"]) {
            "9903.01.14"
        } else {
            "9903.01.04"
        };
        let around = Around {
            exempt: vec![
                (self.under_98(), ""),
                (self.north_free(), heading),
                (security.whole(&beside), ""),
            ],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (security.open(&beside), reason::SECURITY),
            ],
        };
        let low = [lists::ENERGY_CA, lists::POTASH_CA, lists::POTASH_MX];
        let mut low = low.iter().filter(|list| self.on(**list));
        let low = low.find_map(|list| self.rate("ieepa-fentanyl", lists::NAMES[*list]));
        let rate = low.or_else(|| self.rate("ieepa-fentanyl", ""));
        self.settle("ieepa-fentanyl", rate, &around);
    }

    /// Note 2(v).
    fn reciprocal(&mut self, security: &Security) {
        if self.cell.of(&["CA", "MX", "BY", "CU", "KP", "RU"]) {
            return;
        }
        let Some(rate) = self.rate("ieepa-reciprocal", "") else {
            return;
        };
        let farm = self.on(lists::NOTE_2_V_III_B);
        let union = self.cell.of(&UNION) && self.on(lists::NOTE_2_V_EU_PTAAP);
        let swiss = self.on(lists::NOTE_2_V_SWISS_PTAAP);
        let afloat = self.afloat_before(summer(2025, 4, 5));
        let spring = self.before(summer(2025, 6, 16));
        let (rate, changed) = self.loaded_earlier(rate);
        let around = Around {
            exempt: vec![
                (self.under_98(), ""),
                (self.on(lists::NOTE_2_V_III_A), "9903.01.32"),
                (farm, "9903.02.78"),
                (union, "9903.02.74"),
                (swiss && self.cell.of(&["CH"]), "9903.02.84"),
                (swiss && self.cell.of(&["LI"]), "9903.02.89"),
                (security.whole(&[]), "9903.01.33"),
                (spring && afloat == Some(true), "9903.01.28"),
            ],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (security.open(&[]), reason::SECURITY),
                (spring && afloat.is_none(), reason::LOADED),
                (changed, reason::LOADED),
            ],
        };
        self.settle("ieepa-reciprocal", Some(rate), &around);
        let named = [lists::CIVIL_AIRCRAFT, lists::NOTE_2_V_EU_PHARMA];
        let named = if self.cell.of(&UNION) {
            &named[..]
        } else {
            &[]
        };
        self.count_unclaimed("ieepa-reciprocal", named);
    }

    /// Goods afloat when a country's rate began kept the ten percent: loaded before 2025-04-09 and
    /// entered before 2025-06-16 (EO 14257), or loaded before 2025-08-07 and entered before 2025-10-05
    /// (EO 14326 section 3). The second value says that the moment of loading decides.
    fn loaded_earlier(&self, rate: Rate) -> (Rate, bool) {
        let spring = rate.headings != "9903.01.25" && self.before(summer(2025, 6, 16));
        let autumn = rate.headings.starts_with("9903.02.") && self.before(summer(2025, 10, 5));
        let began = if spring {
            summer(2025, 4, 9)
        } else if autumn {
            summer(2025, 8, 7)
        } else {
            return (rate, false);
        };
        let same = rate.kind == Kind::Additive && rate.ppm == 100_000;
        match self.afloat_before(began) {
            Some(true) => {
                let mut ten = rate;
                (ten.headings, ten.kind, ten.ppm) = ("9903.01.25", Kind::Additive, 100_000);
                (ten, false)
            }
            Some(false) => (rate, false),
            None => (rate, !same),
        }
    }

    /// EO 14323. The civil aircraft lines of its annex need a claim (9903.01.82) and are not read here.
    fn brazil_40(&mut self, security: &Security) {
        let transit = self.before(summer(2025, 10, 5));
        let afloat = self.afloat_before(summer(2025, 8, 6));
        let around = Around {
            exempt: vec![
                (self.under_98(), ""),
                (self.on(lists::NOTE_2_X_III), "9903.01.81"),
                (self.on(lists::NOTE_2_X_III_FARM), "9903.01.90"),
                (security.whole(&[]), "9903.01.83"),
                (transit && afloat == Some(true), "9903.01.78"),
            ],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (security.open(&[]), reason::SECURITY),
                (transit && afloat.is_none(), reason::LOADED),
            ],
        };
        let rate = self.rate("ieepa-brazil", "");
        self.settle("ieepa-brazil", rate, &around);
        self.count_unclaimed("ieepa-brazil", &[lists::CIVIL_AIRCRAFT]);
    }

    /// EO 14329. The list of note 2(z)(iii) (9903.01.86) is not held; it resembles that of note 2(v)(iii).
    fn india_oil(&mut self, security: &Security) {
        let transit = self.before(summer(2025, 9, 17));
        let afloat = self.afloat_before(summer(2025, 8, 27));
        let listed = self.on(lists::NOTE_2_V_III_A) || self.on(lists::NOTE_2_V_III_B);
        let around = Around {
            exempt: vec![
                (self.under_98(), ""),
                (security.whole(&[]), "9903.01.87"),
                (transit && afloat == Some(true), "9903.01.85"),
            ],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (listed, reason::NOT_HELD),
                (security.open(&[]), reason::SECURITY),
                (transit && afloat.is_none(), reason::LOADED),
            ],
        };
        let rate = self.rate("ieepa-india-oil", "");
        self.settle("ieepa-india-oil", rate, &around);
    }
}
