//! A document as it is put together: text, columns, boxes and tables become strips, strips fill
//! pages.
//!
//! A strip is what is never parted: a line of a long paragraph, or a row of a table while it is
//! short. Whatever is longer is made of several strips, so that it can go on in the next page and
//! nothing has to be cut. The heading of a table stands again on each of its pages.

mod pages;
mod pieces;
mod table;

pub(super) use table::{Cell, Column, Look, Row, Width};

use super::fonts::Fonts;
use super::text::{Ink, Line, Milli, Style, prepare};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The size of a page and its margins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    pub width: Milli,
    pub height: Milli,
    pub side: Milli,
    pub top: Milli,
    /// The foot of the page stands within it.
    pub bottom: Milli,
}

impl Paper {
    /// United States letter.
    pub const LETTER: Paper = Paper {
        width: 612_000,
        height: 792_000,
        side: 54_000,
        top: 50_000,
        bottom: 54_000,
    };

    /// What text may fill.
    pub const fn inner_width(self) -> Milli {
        self.width - 2 * self.side
    }

    const fn inner_height(self) -> Milli {
        self.height - self.top - self.bottom
    }
}

/// Where text stands in its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Align {
    #[default]
    Left,
    Right,
    Centre,
}

/// What a piece of structure is to a reader who does not see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Section,
    P,
    /// Its level and its words.
    Heading(u16, String),
    Table,
    Head,
    Body,
    Row,
    HeadCell,
    /// How many columns it spans.
    Cell(u32),
    /// What the figure shows, in words.
    Figure(String),
}

/// A piece of structure by its place in [`Sheet::tags`].
pub(super) type Node = usize;

/// Something drawn, placed from the upper left corner of its strip. Marks without a node are not
/// part of what is read.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    Text {
        x: Milli,
        y: Milli,
        line: Rc<Line>,
        style: Style,
        node: Option<Node>,
    },
    Fill {
        x: Milli,
        y: Milli,
        width: Milli,
        height: Milli,
        ink: Ink,
    },
    Bars {
        x: Milli,
        y: Milli,
        module: Milli,
        height: Milli,
        bars: Rc<[bool]>,
        node: Node,
    },
    Tick {
        x: Milli,
        y: Milli,
        size: Milli,
        ticked: bool,
        node: Node,
    },
}

impl Mark {
    fn shift(&mut self, by_x: Milli, by_y: Milli) {
        match self {
            Mark::Text { x, y, .. }
            | Mark::Fill { x, y, .. }
            | Mark::Bars { x, y, .. }
            | Mark::Tick { x, y, .. } => {
                *x += by_x;
                *y += by_y;
            }
        }
    }

    /// The same for a page on which it is only repeated.
    fn repeated(&self) -> Mark {
        let mut mark = self.clone();
        if let Mark::Text { node, .. } = &mut mark {
            *node = None;
        }
        mark
    }
}

/// What is never parted.
#[derive(Clone, Debug, Default)]
pub(super) struct Strip {
    pub height: Milli,
    pub marks: Vec<Mark>,
    /// It stands on one page with the next.
    keep: bool,
    /// The heading that stands again above it on a new page.
    head: Option<usize>,
}

/// A piece of a column, from top to bottom.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String, Style, Align),
    Heading(u16, String, Style),
    Gap(Milli),
    Bars(Rc<[bool]>, Milli, String),
    /// A small box before its words.
    Tick(bool, String, Style),
    /// A line to write on.
    Blank(Milli),
}

const HAIR: Milli = 400;
const HEAVY: Milli = 900;
/// Space above and below the text of a row or box.
const PAD: Milli = 3_000;

/// A document being put together.
pub(super) struct Sheet<'f> {
    pub fonts: &'f Fonts,
    pub paper: Paper,
    /// Structure: what it is, and what it holds. The first is the whole.
    pub tags: Vec<(Tag, Vec<Node>)>,
    strips: Vec<Strip>,
    heads: Vec<Vec<Strip>>,
    /// Characters that no face has, with how often.
    pub unshown: BTreeMap<char, usize>,
    /// Everything said so far: what tells this document from another.
    said: Sha256,
}

/// A page: marks at their place on it.
pub(super) type Page = Vec<Mark>;

impl<'f> Sheet<'f> {
    pub fn new(fonts: &'f Fonts, paper: Paper) -> Sheet<'f> {
        Sheet {
            fonts,
            paper,
            tags: vec![(Tag::Section, Vec::new())],
            strips: Vec::new(),
            heads: Vec::new(),
            unshown: BTreeMap::new(),
            said: Sha256::new(),
        }
    }

    /// A hash of everything said, as hexadecimal text.
    pub fn digest(&self) -> String {
        let bytes = self.said.clone().finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn node(&mut self, tag: Tag, parent: Node) -> Node {
        let node = self.tags.len();
        self.tags.push((tag, Vec::new()));
        self.tags[parent].1.push(node);
        node
    }

    /// A text as it can be shown; what cannot is noted.
    fn shown(&mut self, text: &str) -> String {
        let mut unshown = Vec::new();
        let text = prepare(self.fonts, text, &mut unshown);
        for character in unshown {
            *self.unshown.entry(character).or_default() += 1;
        }
        self.said.update(text.as_bytes());
        self.said.update([0]);
        text
    }

    /// Pieces over the whole width, free to part between lines.
    pub fn flow(&mut self, pieces: &[Piece]) {
        let width = self.paper.inner_width();
        let strips = self.pieces(pieces, 0, width, 0, Align::Left);
        self.strips.extend(strips);
    }

    /// The same, kept on one page with what follows.
    pub fn flow_kept(&mut self, pieces: &[Piece]) {
        let from = self.strips.len();
        self.flow(pieces);
        self.strips[from..]
            .iter_mut()
            .for_each(|strip| strip.keep = true);
    }

    /// Keeps what is put in on one page, if it fits one.
    pub fn together(&mut self, put: impl FnOnce(&mut Self)) {
        let from = self.strips.len();
        put(self);
        let own = &mut self.strips[from..];
        let last = own.len().saturating_sub(1);
        own[..last].iter_mut().for_each(|strip| strip.keep = true);
    }

    /// Empty space.
    pub fn gap(&mut self, height: Milli) {
        self.strips.push(Strip {
            height,
            ..Strip::default()
        });
    }

    /// A line over the whole width.
    pub fn rule(&mut self, height: Milli, ink: Ink) {
        let mark = Mark::Fill {
            x: 0,
            y: 0,
            width: self.paper.inner_width(),
            height,
            ink,
        };
        self.strips.push(Strip {
            height,
            marks: vec![mark],
            keep: true,
            head: None,
        });
    }

    /// Columns side by side, as wide as their shares.
    pub fn columns(&mut self, columns: &[(i32, Vec<Piece>)], gutter: Milli) {
        let shares: Vec<i32> = columns.iter().map(|(share, _)| *share).collect();
        let spaces = gutter * (columns.len() as Milli - 1);
        let widths = share_out(self.paper.inner_width() - spaces, &shares);
        let (mut x, mut laid) = (0, Vec::new());
        for ((_, pieces), width) in columns.iter().zip(widths) {
            laid.push(self.pieces(pieces, x, width, 0, Align::Left));
            x += width + gutter;
        }
        let strips = self.side_by_side(laid);
        self.strips.extend(strips);
    }

    /// Boxes side by side with hairlines around them, as on a form.
    pub fn boxes(&mut self, boxes: &[(i32, Vec<Piece>)]) {
        let shares: Vec<i32> = boxes.iter().map(|(share, _)| *share).collect();
        let widths = share_out(self.paper.inner_width(), &shares);
        let (mut x, mut laid, mut edges) = (0, Vec::new(), vec![0]);
        for ((_, pieces), width) in boxes.iter().zip(widths) {
            laid.push(self.pieces(pieces, x + 4_000, width - 8_000, 0, Align::Left));
            x += width;
            edges.push(x);
        }
        let mut strips = self.side_by_side(laid);
        pad(&mut strips, PAD, PAD + 1_000);
        let width = self.paper.inner_width();
        let last = strips.len().saturating_sub(1);
        for (at, strip) in strips.iter_mut().enumerate() {
            let height = strip.height;
            for edge in &edges {
                strip.marks.push(fill(edge - HAIR / 2, 0, HAIR, height));
            }
            if at == 0 {
                strip.marks.push(fill(0, -HAIR / 2, width, HAIR));
            }
            if at == last {
                strip.marks.push(fill(0, height - HAIR / 2, width, HAIR));
            }
        }
        self.strips.extend(strips);
    }

    /// Joins columns: whole while they are short, line by line where they are long.
    fn side_by_side(&self, columns: Vec<Vec<Strip>>) -> Vec<Strip> {
        let height = |strips: &Vec<Strip>| strips.iter().map(|strip| strip.height).sum::<Milli>();
        let tallest = columns.iter().map(height).max().unwrap_or(0);
        if tallest <= self.paper.inner_height() / 3 {
            let mut whole = Strip {
                height: tallest,
                ..Strip::default()
            };
            for column in columns {
                let mut y = 0;
                for mut strip in column {
                    strip.marks.iter_mut().for_each(|mark| mark.shift(0, y));
                    y += strip.height;
                    whole.marks.append(&mut strip.marks);
                }
            }
            return vec![whole];
        }
        let count = columns.iter().map(Vec::len).max().unwrap_or(0);
        let mut joined = vec![Strip::default(); count];
        for column in columns {
            for (strip, into) in column.into_iter().zip(&mut joined) {
                into.height = into.height.max(strip.height);
                into.marks.extend(strip.marks);
            }
        }
        joined
    }
}

fn fill(x: Milli, y: Milli, width: Milli, height: Milli) -> Mark {
    Mark::Fill {
        x,
        y,
        width,
        height,
        ink: Ink::Line,
    }
}

/// Space above the first strip and below the last.
fn pad(strips: &mut [Strip], above: Milli, below: Milli) {
    if let Some(first) = strips.first_mut() {
        first.marks.iter_mut().for_each(|mark| mark.shift(0, above));
        first.height += above;
    }
    if let Some(last) = strips.last_mut() {
        last.height += below;
    }
}

/// A width in parts as the shares ask; the last takes what rounding leaves.
fn share_out(total: Milli, shares: &[i32]) -> Vec<Milli> {
    let all = i64::from(shares.iter().sum::<i32>().max(1));
    let part = |share: &i32| (i64::from(total) * i64::from(*share) / all) as Milli;
    let mut widths: Vec<Milli> = shares.iter().map(part).collect();
    let left = total - widths.iter().sum::<Milli>();
    if let Some(last) = widths.last_mut() {
        *last += left;
    }
    widths
}
