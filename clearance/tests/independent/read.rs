//! The second reading: from the tables and the notes, program by program.

use crate::cell::{Cell, Charge, Kind, Minute, Reading, Unknown};
use crate::lists::{self, Named};
use crate::rates::{Rate, rate};
use crate::security::{RUSSIAN_ALUMINUM, Security};
use crate::text::{summer, winter};

/// The reasons for which a cell does not settle a program.
pub mod reason {
    pub const LOADED: &str = "moment of loading";
    pub const EXPORTED: &str = "date of exportation";
    pub const SECURITY: &str = "whether or for what share section 232 applies";
    pub const CONTENT: &str = "value of the metal content";
    pub const WEIGHT: &str = "share of the listed metal by weight";
    pub const AUTO_PART: &str = "whether it is a part of a passenger vehicle or light truck";
    pub const TRUCK_PART: &str = "whether it is a part of a medium or heavy vehicle";
    pub const VEHICLE: &str = "which of two classes of vehicle";
    pub const CABINET: &str = "whether it is a kitchen cabinet or vanity, or a part of one";
    pub const TECHNICAL: &str = "technical test of note 39(b)";
    pub const PHARMA: &str = "patent, maker and use of the pharmaceutical";
    pub const DRONE: &str = "use for unmanned aircraft, weight or thermal imaging";
    pub const QUOTA: &str = "state of the quota";
    pub const DESCRIPTION: &str = "description of the article";
    pub const TEXTILE: &str = "whether it is a textile article in the sense of the CAFTA-DR";
    pub const CHAPTER_98: &str = "treatment or value under chapter 98";
    /// Programs that no rate stands for.
    pub const OTHER_PROGRAMS: [&str; 8] = [
        "column-2",
        "russia-2022",
        "201-solar",
        "201-quartz",
        "201-washers",
        "232-copper",
        "232-semis",
        "232-pharma",
    ];
    pub const NOT_HELD: &str = "not covered: the list or the exemptions of that time are not held";
}

/// The central American countries and the Dominican Republic.
const CAFTA: [&str; 6] = ["CR", "DO", "SV", "GT", "HN", "NI"];
/// Provisions of chapter 98 under which the duty falls on a part of the value.
const ON_PART: [&str; 4] = ["98020040", "98020050", "98020060", "98020080"];

/// What applies to a cell.
pub fn read(cell: &Cell) -> Reading {
    let mut reader = Reader {
        cell,
        named: Named::at(cell.number, cell.entered),
        out: Reading::default(),
    };
    reader.column_2();
    let security = Security::read(&mut reader);
    reader.china();
    reader.nicaragua();
    reader.emergency(&security);
    reader.section_122(&security);
    reader.brazil(&security);
    reader.forced_labor(&security);
    reader.canada(&security);
    reader.safeguards();
    reader.out
}

/// Something that takes a program away, or that may.
pub struct Around {
    /// Exemptions that the cell settles, and their headings.
    pub exempt: Vec<(bool, &'static str)>,
    /// What the cell leaves open.
    pub open: Vec<(bool, &'static str)>,
}

pub struct Reader<'a> {
    pub cell: &'a Cell,
    pub named: Named,
    pub out: Reading,
}

impl Reader<'_> {
    pub fn on(&self, list: usize) -> bool {
        self.named.on(list)
    }

    pub fn before(&self, moment: Minute) -> bool {
        self.cell.entered < moment
    }

    pub fn rate(&self, program: &'static str, list: &'static str) -> Option<Rate> {
        rate(program, list, self.cell.origin, self.cell.entered)
    }

    pub fn charge(&mut self, program: &'static str, rate: &Rate) {
        self.out.charges.push(Charge {
            program,
            headings: rate.headings,
            kind: rate.kind,
            rate_ppm: rate.ppm,
        });
    }

    pub fn unknown(&mut self, program: &'static str, reason: &'static str) {
        self.out.unknown.push(Unknown { program, reason });
    }

    /// An exemption that is settled comes first, then what is open, then the rate.
    pub fn settle(&mut self, program: &'static str, rate: Option<Rate>, around: &Around) {
        let Some(rate) = rate else { return };
        let exempt = around.exempt.iter().find(|exempt| exempt.0);
        if let Some((_, heading)) = exempt {
            self.out.charges.push(Charge {
                program,
                headings: heading,
                kind: Kind::Exempt,
                rate_ppm: 0,
            });
        } else if let Some((_, reason)) = around.open.iter().find(|open| open.0) {
            self.unknown(program, reason);
        } else {
            self.charge(program, &rate);
        }
    }

    /// An exemption by use or description names the number, and nothing is said of use or description.
    pub fn count_unclaimed(&mut self, program: &str, lists: &[usize]) {
        if self
            .out
            .charge(program)
            .is_some_and(|charge| charge.kind != Kind::Exempt)
        {
            let naming = lists.iter().filter(|list| self.named.on(**list));
            self.out.unclaimed += naming.count() as u32;
        }
    }

    /// Chapter 98 is claimed, and the duty does not reach what is entered under it.
    pub fn under_98(&self) -> bool {
        let claimed = self.cell.chapter_98;
        claimed.is_some_and(|provision| !ON_PART.contains(&provision))
    }

    /// Chapter 98 is claimed, and the duty falls on a part of the value.
    pub fn part_under_98(&self) -> bool {
        let claimed = self.cell.chapter_98;
        claimed.is_some_and(|provision| ON_PART.contains(&provision))
    }

    /// Canadian or Mexican goods that enter free under the USMCA.
    pub fn usmca_free(&self) -> bool {
        let north = self.cell.of(&["CA", "MX"]);
        north && self.cell.claim == Some("S") && !self.on(lists::NOT_FREE_S)
    }

    /// Originating under the CAFTA-DR by the claim.
    pub fn cafta(&self) -> bool {
        self.cell.of(&CAFTA) && self.cell.claim == Some("P")
    }

    /// It came by vessel and was loaded before a moment; `None` if that is not given.
    pub fn afloat_before(&self, moment: Minute) -> Option<bool> {
        if !self.cell.vessel {
            return Some(false);
        }
        self.cell.loaded.map(|loaded| loaded < moment)
    }

    /// General note 3(b); Pub. L. 117-110 for Russia and Belarus, from the day after it was signed.
    fn column_2(&mut self) {
        let added = self.cell.of(&["RU", "BY"]) && !self.before(summer(2022, 4, 9) - 1);
        if added || self.cell.of(&["CU", "KP"]) {
            self.out.charges.push(Charge {
                program: "column-2",
                headings: "",
                kind: Kind::Replace,
                rate_ppm: 0,
            });
        }
        if self.cell.of(&["RU"]) && !self.before(summer(2022, 7, 27)) {
            self.unknown("russia-2022", reason::NOT_HELD);
        }
    }

    /// The solar safeguard, and that on quartz surface products.
    fn safeguards(&mut self) {
        if self.on(lists::SOLAR) {
            self.unknown("201-solar", reason::QUOTA);
        }
        if self.on(lists::NOTE_41_QUARTZ) && !self.cell.of(&["CA", "MX"]) {
            self.unknown("201-quartz", reason::QUOTA);
        }
    }

    /// Note 2(aa).
    fn section_122(&mut self, security: &Security) {
        let beside: &[&str] = if self.before(summer(2026, 4, 6)) {
            &[]
        } else {
            &[RUSSIAN_ALUMINUM]
        };
        let from = winter(2026, 2, 24);
        let transit = self.before(winter(2026, 2, 28));
        let afloat = self.afloat_before(from);
        let north = if self.cell.of(&["CA"]) {
            "9903.03.07"
        } else {
            "9903.03.08"
        };
        let around = Around {
            exempt: vec![
                (self.under_98(), ""),
                (self.on(lists::NOTE_2_AA_II), "9903.03.03"),
                (security.whole(beside), "9903.03.06"),
                (self.usmca_free(), north),
                (transit && afloat == Some(true), "9903.03.02"),
            ],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (security.open(beside), reason::SECURITY),
                (self.textile_claim(), reason::TEXTILE),
                (transit && afloat.is_none(), reason::LOADED),
            ],
        };
        let rate = self.rate("122", "");
        self.settle("122", rate, &around);
        self.count_unclaimed("122", &[lists::NOTE_2_AA_III, lists::CIVIL_AIRCRAFT]);
    }

    fn textile_claim(&self) -> bool {
        self.cafta() && (50..=63).contains(&self.cell.chapter())
    }

    /// Note 50.
    fn brazil(&mut self, security: &Security) {
        let transit = self.before(summer(2026, 7, 29));
        let afloat = self.afloat_before(summer(2026, 7, 22));
        let around = Around {
            exempt: vec![
                (self.under_98(), ""),
                (self.on(lists::NOTE_50_A_II), "9903.05.03"),
                (security.whole(&["232-drones"]), "9903.05.07"),
                (transit && afloat == Some(true), "9903.05.02"),
            ],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (security.open(&["232-drones"]), reason::SECURITY),
                (transit && afloat.is_none(), reason::LOADED),
            ],
        };
        let rate = self.rate("301-brazil", "");
        self.settle("301-brazil", rate, &around);
        let named = [
            lists::NOTE_50_A_III,
            lists::NOTE_50_A_V,
            lists::CIVIL_AIRCRAFT,
        ];
        self.count_unclaimed("301-brazil", &named);
    }

    /// Note 52. Russia has a heading, but in column 2 it adds nothing.
    fn forced_labor(&mut self, security: &Security) {
        let transit = self.before(summer(2026, 7, 28));
        let afloat = self.afloat_before(summer(2026, 7, 24));
        let own = self.forced_labor_list();
        let north = if self.cell.of(&["CA"]) {
            "9903.05.93"
        } else {
            "9903.05.94"
        };
        let around = Around {
            exempt: vec![
                (self.under_98(), ""),
                (self.on(lists::NOTE_52_B), "9903.05.86"),
                own.map_or((false, ""), |own| (self.on(own.0), own.1)),
                self.cafta_list(),
                (security.whole(&["232-drones"]), "9903.05.90"),
                (self.usmca_free(), north),
                (transit && afloat == Some(true), "9903.05.85"),
            ],
            open: vec![
                (self.part_under_98(), reason::CHAPTER_98),
                (security.open(&["232-drones"]), reason::SECURITY),
                (self.textile_claim(), reason::TEXTILE),
                (transit && afloat.is_none(), reason::LOADED),
            ],
        };
        let rate = self.rate("301-forced-labor", "");
        self.settle("301-forced-labor", rate, &around);
        let mut named = vec![lists::NOTE_52_C, lists::NOTE_52_E, lists::CIVIL_AIRCRAFT];
        named.extend(own.and_then(|own| own.2));
        self.count_unclaimed("301-forced-labor", &named);
    }

    /// The list of note 52(j) for the origin, its heading, and its list of named articles.
    fn forced_labor_list(&self) -> Option<(usize, &'static str, Option<usize>)> {
        let origin = std::str::from_utf8(&self.cell.origin).ok()?;
        Some(match origin {
            "GB" => (lists::NOTE_52_J_1_GB, "9903.05.96", None),
            "CH" => (lists::NOTE_52_J_3_CH, "9903.05.98", None),
            "MY" => (
                lists::NOTE_52_J_4_I_MY,
                "9903.05.99",
                Some(lists::NOTE_52_J_II_MY),
            ),
            "KH" => (
                lists::NOTE_52_J_5_I_KH,
                "9903.06.02",
                Some(lists::NOTE_52_J_II_KH),
            ),
            "GT" => (
                lists::NOTE_52_J_6_I_GT,
                "9903.06.04",
                Some(lists::NOTE_52_J_II_GT),
            ),
            "SV" => (
                lists::NOTE_52_J_7_I_SV,
                "9903.06.07",
                Some(lists::NOTE_52_J_II_SV),
            ),
            "AR" => (
                lists::NOTE_52_J_8_I_AR,
                "9903.06.10",
                Some(lists::NOTE_52_J_II_AR),
            ),
            "BD" => (
                lists::NOTE_52_J_9_I_BD,
                "9903.06.12",
                Some(lists::NOTE_52_J_II_BD),
            ),
            "TW" => (
                lists::NOTE_52_J_10_I_TW,
                "9903.06.14",
                Some(lists::NOTE_52_J_II_TW),
            ),
            "ID" => (
                lists::NOTE_52_J_11_I_ID,
                "9903.06.16",
                Some(lists::NOTE_52_J_II_ID),
            ),
            "EC" => (
                lists::NOTE_52_J_12_I_EC,
                "9903.06.18",
                Some(lists::NOTE_52_J_II_EC),
            ),
            "JO" => (
                lists::NOTE_52_J_13_I_JO,
                "9903.06.20",
                Some(lists::NOTE_52_J_II_JO),
            ),
            _ if self.cell.of(&crate::emergency::UNION) => {
                (lists::NOTE_52_J_2_EU, "9903.05.97", None)
            }
            _ => return None,
        })
    }

    /// Free under the CAFTA-DR, and on the list of Guatemala or El Salvador for such goods.
    fn cafta_list(&self) -> (bool, &'static str) {
        let free = self.cafta() && !self.on(lists::NOT_FREE_P);
        if self.cell.of(&["GT"]) {
            (free && self.on(lists::NOTE_52_J_6_III_GT), "9903.06.06")
        } else {
            let listed = self.cell.of(&["SV"]) && self.on(lists::NOTE_52_J_7_III_SV);
            (free && listed, "9903.06.09")
        }
    }

    /// Note 51: no relief for a claim, and no grace for goods afloat.
    fn canada(&mut self, security: &Security) {
        const LISTS: [usize; 3] = [lists::NOTE_51_B_1, lists::NOTE_51_B_2, lists::NOTE_51_B_3];
        let Some(list) = self.named.longest(&LISTS) else {
            return;
        };
        let excluded = list == lists::NOTE_51_B_2 || self.before(summer(2026, 9, 15));
        let around = Around {
            exempt: vec![(excluded && security.whole(&[]), "9903.03.15")],
            open: vec![
                (self.cell.chapter_98.is_some(), reason::CHAPTER_98),
                (excluded && security.open(&[]), reason::SECURITY),
            ],
        };
        let rate = self.rate("338-canada", lists::NAMES[list]);
        self.settle("338-canada", rate, &around);
        self.count_unclaimed("338-canada", &[lists::CIVIL_AIRCRAFT]);
    }
}
