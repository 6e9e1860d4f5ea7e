//! Section 301 on China, by notes 20 and 31, and on Nicaragua, by note 29.

use crate::lists;
use crate::read::{Around, Reader, reason};
use crate::text::summer;

impl Reader<'_> {
    /// Notes 20 and 31: products of China, not of Hong Kong or Macau.
    pub fn china(&mut self) {
        if !self.cell.of(&["CN"]) {
            return;
        }
        let around = Around {
            exempt: vec![(self.under_98(), "")],
            open: vec![(self.part_under_98(), reason::CHAPTER_98)],
        };
        if self.on(lists::NOTE_31_CHASSIS_STS) {
            let open = vec![(true, reason::DESCRIPTION)];
            let exempt = around.exempt.clone();
            let rate = self.rate("301-china-maritime", "note-31-chassis-sts");
            self.settle("301-china-maritime", rate, &Around { exempt, open });
        }
        let Some((list, open)) = self.china_list() else {
            return;
        };
        let rate = self.rate("301-china", lists::NAMES[list]);
        let mut around = around;
        around.open.extend(open.map(|reason| (true, reason)));
        if rate.is_some() || open != Some(reason::NOT_HELD) {
            self.settle("301-china", rate, &around);
        } else if !self.under_98() {
            self.unknown("301-china", reason::NOT_HELD);
        }
    }

    /// The list that governs, and what it leaves open.
    fn china_list(&self) -> Option<(usize, Option<&'static str>)> {
        const REVIEW: [usize; 10] = [
            lists::NOTE_31_B,
            lists::NOTE_31_C,
            lists::NOTE_31_D,
            lists::NOTE_31_E,
            lists::NOTE_31_F,
            lists::NOTE_31_G,
            lists::NOTE_31_H,
            lists::NOTE_31_I,
            lists::NOTE_31_J,
            lists::NOTE_31_CRANES,
        ];
        const FIRST: [usize; 7] = [
            lists::NOTE_20_B,
            lists::NOTE_20_D,
            lists::NOTE_20_F,
            lists::NOTE_20_S_I,
            lists::NOTE_20_S_II,
            lists::NOTE_20_G,
            lists::NOTE_20_FORMER,
        ];
        if let Some(list) = self.named.longest(&REVIEW) {
            // Only cranes of one configuration; 8426.19.00 has other cranes too.
            let crane = list == lists::NOTE_31_CRANES;
            return Some((list, crane.then_some(reason::DESCRIPTION)));
        }
        // Notes 20(g) and 20(s)(ii) name subheadings and except statistical numbers from them.
        let excepted = |list: &usize| match *list {
            lists::NOTE_20_G => self.on(lists::NOTE_20_G_EXCEPT),
            lists::NOTE_20_S_II => self.on(lists::NOTE_20_S_II_EXCEPT),
            _ => false,
        };
        let first: Vec<_> = FIRST.into_iter().filter(|list| !excepted(list)).collect();
        if let Some(list) = self.named.longest(&first) {
            let exported =
                [lists::NOTE_20_F, lists::NOTE_20_G].contains(&list) && self.exported_in_doubt();
            return Some(match list {
                lists::NOTE_20_FORMER => (list, Some(reason::NOT_HELD)),
                _ => (list, exported.then_some(reason::EXPORTED)),
            });
        }
        let later = REVIEW.iter().find(|list| self.named.ever(**list));
        let begun = !self.before(summer(2018, 7, 6));
        later
            .filter(|_| begun)
            .map(|list| (*list, Some(reason::NOT_HELD)))
    }

    /// 84 FR 21892: exported before 2019-05-10 and entered before 2019-06-15 kept 10 percent.
    fn exported_in_doubt(&self) -> bool {
        let raised = summer(2019, 5, 10);
        let grace = !self.before(raised) && self.before(summer(2019, 6, 15));
        grace && self.cell.loaded.is_none_or(|loaded| loaded < raised)
    }

    /// Note 29(b): goods of Nicaragua that do not originate under the CAFTA-DR.
    pub fn nicaragua(&mut self) {
        let rate = self.rate("301-nicaragua", "");
        let around = Around {
            exempt: vec![(self.cafta(), "")],
            open: vec![(
                // Of nothing, a part is nothing.
                self.cell.chapter_98.is_some() && rate.is_some_and(|rate| rate.ppm > 0),
                reason::CHAPTER_98,
            )],
        };
        self.settle("301-nicaragua", rate, &around);
    }
}
