//! Section 232: what each family does to a cell, because most other programs give way to it.

use crate::lists;
use crate::read::{Reader, reason};
use crate::text::{summer, winter};

/// How far a family reaches the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    Not,
    /// Whether, or for what share, the cell does not tell.
    Open,
    Whole,
}

/// Headings 9903.85.67 and .68 from 2026-04-06, which note 2(aa)(v) does not name.
pub const RUSSIAN_ALUMINUM: &str = "russian-aluminum";

/// The families that reach a cell.
pub struct Security(Vec<(&'static str, Reach)>);

impl Security {
    pub fn read(reader: &mut Reader) -> Security {
        let mut all = Security(Vec::new());
        let autos = reader.autos();
        let trucks = reader.trucks();
        let semis = reader.listed(lists::NOTE_39_B, "232-semis", reason::TECHNICAL);
        all.0.push(("232-autos", autos));
        all.0.push(("232-trucks", trucks));
        all.0.push(("232-semis", semis));
        all.0.push(("232-timber", reader.timber()));
        let pharma = reader.listed(lists::NOTE_40_C, "232-pharma", reason::PHARMA);
        all.0.push(("232-pharma", pharma));
        all.0.push(("232-drones", reader.drones()));
        // Vehicles and semiconductors go before metals: Proc. 10908, EO 14289; notes 33, 38(a), 39(a).
        let ahead = autos.max(trucks).max(semis);
        if reader.before(summer(2026, 4, 6)) {
            reader.metals_by_content(ahead, &mut all);
        } else {
            let family = reader.metals_by_value(ahead);
            all.0.push(family);
        }
        all
    }

    fn most(&self, but: &[&str]) -> Reach {
        let counted = self.0.iter().filter(|family| !but.contains(&family.0));
        counted.map(|family| family.1).max().unwrap_or(Reach::Not)
    }

    /// Some family, but those named, takes the goods whole.
    pub fn whole(&self, but: &[&str]) -> bool {
        self.most(but) == Reach::Whole
    }

    /// No family takes them whole, and of some it is open.
    pub fn open(&self, but: &[&str]) -> bool {
        self.most(but) == Reach::Open
    }
}

impl Reader<'_> {
    /// A family that is due by list alone, unless chapter 98 is claimed.
    fn due(&mut self, program: &'static str, list: usize) -> Reach {
        let Some(rate) = self.rate(program, lists::NAMES[list]) else {
            return Reach::Not;
        };
        if self.cell.chapter_98.is_some() {
            self.unknown(program, reason::CHAPTER_98);
            return Reach::Open;
        }
        self.charge(program, &rate);
        Reach::Whole
    }

    fn ask(&mut self, program: &'static str, reason: &'static str) -> Reach {
        self.unknown(program, reason);
        Reach::Open
    }

    fn listed(&mut self, list: usize, program: &'static str, reason: &'static str) -> Reach {
        if self.on(list) {
            self.ask(program, reason)
        } else {
            Reach::Not
        }
    }

    /// Note 33.
    fn autos(&mut self) -> Reach {
        const AUTOS: &str = "232-autos";
        let truck = self.on(lists::NOTE_38_B);
        if self.on(lists::NOTE_33_B) {
            if truck {
                return self.ask(AUTOS, reason::VEHICLE);
            }
            if self.cell.of(&["GB"]) && !self.before(summer(2025, 6, 30)) {
                self.unknown(AUTOS, reason::QUOTA);
                return Reach::Whole;
            }
            return self.due(AUTOS, lists::NOTE_33_B);
        }
        self.listed(lists::NOTE_33_G, AUTOS, reason::AUTO_PART)
    }

    /// Note 38.
    fn trucks(&mut self) -> Reach {
        const TRUCKS: &str = "232-trucks";
        if self.on(lists::NOTE_38_C) {
            return self.due(TRUCKS, lists::NOTE_38_C);
        }
        if self.on(lists::NOTE_38_B) {
            if self.on(lists::NOTE_33_B) || self.on(lists::NOTE_33_G) {
                return self.ask(TRUCKS, reason::VEHICLE);
            }
            return self.due(TRUCKS, lists::NOTE_38_B);
        }
        self.listed(lists::NOTE_38_I, TRUCKS, reason::TRUCK_PART)
    }

    /// Note 37.
    fn timber(&mut self) -> Reach {
        const TIMBER: &str = "232-timber";
        for list in [lists::NOTE_37_B, lists::NOTE_37_D] {
            if self.on(list) {
                return self.due(TIMBER, list);
            }
        }
        self.listed(lists::NOTE_37_F, TIMBER, reason::CABINET)
    }

    /// Note 43.
    fn drones(&mut self) -> Reach {
        const DRONES: &str = "232-drones";
        if self.on(lists::NOTE_43_C_1_AIRCRAFT) {
            return self.due(DRONES, lists::NOTE_43_C_1_AIRCRAFT);
        }
        self.listed(lists::NOTE_43_C_QUESTION, DRONES, reason::DRONE)
    }

    /// Notes 16, 19 and 36 until 2026-04-06: articles of the metal chapters whole, others on their content.
    fn metals_by_content(&mut self, ahead: Reach, all: &mut Security) {
        if ahead == Reach::Whole {
            return;
        }
        let steel = [lists::STEEL_MILL, lists::STEEL_DERIVATIVE];
        let aluminum = [lists::ALUMINUM_MILL, lists::ALUMINUM_DERIVATIVE];
        if !self.north_before_metals() {
            let reach = self.metal("232-steel", &steel, lists::STEEL_CONTENT, ahead);
            all.0.push(("232-steel", reach));
            let content = lists::ALUMINUM_CONTENT;
            let reach = self.metal("232-aluminum", &aluminum, content, ahead);
            all.0.push(("232-aluminum", reach));
        }
        let copper = self.listed(lists::NOTE_36_COPPER_2025, "232-copper", reason::CONTENT);
        all.0.push(("232-copper", copper));
    }

    fn metal(
        &mut self,
        program: &'static str,
        whole: &[usize],
        content: usize,
        ahead: Reach,
    ) -> Reach {
        let russian = program == "232-aluminum" && self.cell.of(&["RU"]);
        let Some(list) = self.named.longest(whole) else {
            // Heading 9903.85.68 charges the whole value, whatever the chapter.
            if russian && self.on(content) {
                return self.due(program, content);
            }
            // What note 19(g) took in of 7616.99.51 besides castings and forgings is not settled.
            if program == "232-aluminum" && self.on(lists::ALUMINUM_OPEN) {
                return self.ask(program, reason::NOT_HELD);
            }
            return self.listed(content, program, reason::CONTENT);
        };
        // Russian aluminum has had its own rate since 2023-03-10; of other goods exemptions are not held.
        let held = if russian {
            winter(2023, 3, 10)
        } else {
            summer(2025, 3, 12)
        };
        if self.before(held) {
            return self.ask(program, reason::NOT_HELD);
        }
        if ahead == Reach::Open {
            return self.ask(program, reason::SECURITY);
        }
        self.due(program, list)
    }

    /// Note 16 from 2026-04-06: the whole value, by the longest prefix of its lists.
    fn metals_by_value(&mut self, ahead: Reach) -> (&'static str, Reach) {
        const METALS: &str = "232-metals-2026";
        const LISTS: [usize; 9] = [
            lists::NOTE_16_C_I_II,
            lists::NOTE_16_C_III_IV,
            lists::NOTE_16_C_V,
            lists::NOTE_16_C_VI,
            lists::NOTE_16_C_VII,
            lists::NOTE_16_C_VIII,
            lists::NOTE_16_C_IX,
            lists::NOTE_16_C_X,
            lists::NOTE_16_C_XI,
        ];
        // Note 19 was left as it was, and its headings for Russian aluminum go before all of note 16.
        const RUSSIAN: [usize; 3] = [
            lists::ALUMINUM_MILL,
            lists::ALUMINUM_DERIVATIVE,
            lists::ALUMINUM_CONTENT,
        ];
        if self.cell.of(&["RU"])
            && let Some(list) = self.named.longest(&RUSSIAN)
        {
            return (RUSSIAN_ALUMINUM, self.due(METALS, list));
        }
        let Some(list) = self.named.longest(&LISTS) else {
            return (METALS, Reach::Not);
        };
        let reach = match ahead {
            Reach::Whole => Reach::Not,
            Reach::Open => self.ask(METALS, reason::SECURITY),
            // Outside the metal chapters less than 15 percent by weight is free (9903.82.03).
            Reach::Not if !matches!(self.cell.chapter(), 72 | 73 | 74 | 76) => {
                self.ask(METALS, reason::WEIGHT)
            }
            Reach::Not => self.due(METALS, list),
        };
        (METALS, reach)
    }
}
