//! Strips fill pages.

use super::super::text::Milli;
use super::{Page, Sheet, Strip};

impl Sheet<'_> {
    /// Fills pages with strips, from top to bottom.
    pub(in super::super) fn pages(&mut self) -> Vec<Page> {
        let room = self.paper.inner_height();
        let strips = std::mem::take(&mut self.strips);
        let (mut pages, mut page, mut y) = (Vec::new(), Page::new(), 0);
        let mut at = 0;
        while at < strips.len() {
            let group = kept(&strips[at..], room);
            let height: Milli = strips[at..at + group]
                .iter()
                .map(|strip| strip.height)
                .sum();
            if y > 0 && y + height > room {
                pages.push(std::mem::take(&mut page));
                y = 0;
                let head = strips[at].head.map(|head| &self.heads[head]);
                for strip in head.into_iter().flatten() {
                    self.place(strip, y, true, &mut page);
                    y += strip.height;
                }
            }
            for strip in &strips[at..at + group] {
                // Space at the top of a page is only space.
                if y > 0 || !strip.marks.is_empty() {
                    self.place(strip, y, false, &mut page);
                    y += strip.height;
                }
            }
            at += group;
        }
        pages.push(page);
        pages
    }

    fn place(&self, strip: &Strip, y: Milli, again: bool, page: &mut Page) {
        for mark in &strip.marks {
            let mut mark = if again { mark.repeated() } else { mark.clone() };
            mark.shift(self.paper.side, self.paper.top + y);
            page.push(mark);
        }
    }
}

/// How many strips stand on one page with the first; what would not fit a page is let go.
fn kept(strips: &[Strip], room: Milli) -> usize {
    let last = strips.iter().position(|strip| !strip.keep);
    let count = last.map_or(strips.len(), |last| last + 1);
    let height: Milli = strips[..count].iter().map(|strip| strip.height).sum();
    if height > room { 1 } else { count }
}
