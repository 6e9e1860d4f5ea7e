//! A document as it is put together: text, columns, boxes and tables become strips, strips fill
//! pages.
//!
//! A strip is what is never parted: a line of a long paragraph, or a row of a table while it is
//! short. Whatever is longer is made of several strips, so that it can go on in the next page and
//! nothing has to be cut. The heading of a table stands again on each of its pages.

use super::fonts::Fonts;
use super::text::{Ink, Line, Milli, Style, lines, prepare, width_of};
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

/// How wide a column of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// As wide as its widest text, up to three tenths of the table.
    Fit,
    /// A share of what the others leave.
    Share(i32),
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Its lines.
    pub title: &'static str,
    pub width: Width,
    pub align: Align,
}

impl Column {
    pub const fn new(title: &'static str, width: Width, align: Align) -> Column {
        Column {
            title,
            width,
            align,
        }
    }
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub pieces: Vec<Piece>,
    pub span: usize,
}

/// How a row looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// A hairline above it.
    #[default]
    Plain,
    /// It belongs to the row above: no line between, and on one page with it.
    Under,
    /// A heavier line above it, and on one page with the row before.
    Total,
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    pub look: Look,
}

const HAIR: Milli = 400;
const HEAVY: Milli = 900;
/// Space above and below the text of a row or box.
const PAD: Milli = 3_000;
/// Between the columns of a table.
const GUTTER: Milli = 9_000;

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

    /// A table; its heading stands again on each page.
    pub fn table(&mut self, columns: &[Column], rows: &[Row], style: Style) {
        let widths = self.widths(columns, rows, style);
        let table = self.node(Tag::Table, 0);
        let titled = columns.iter().any(|column| !column.title.is_empty());
        let head = titled.then(|| self.table_head(columns, &widths, table, style));
        if let Some(head) = head {
            let mut strips = self.heads[head].clone();
            strips.iter_mut().for_each(|strip| strip.keep = true);
            self.strips.extend(strips);
        }
        let body = self.node(Tag::Body, table);
        for (at, row) in rows.iter().enumerate() {
            let node = self.node(Tag::Row, body);
            let mut strips = self.row(columns, row, &widths, node);
            let (line, ink) = match row.look {
                Look::Plain if at == 0 && titled => (0, Ink::Line),
                Look::Plain => (HAIR, Ink::Line),
                Look::Under => (0, Ink::Line),
                Look::Total => (HEAVY, Ink::Deep),
            };
            let above = match row.look {
                Look::Under => 0,
                _ => PAD,
            };
            pad(&mut strips, above, PAD);
            if let Some(first) = strips.first_mut().filter(|_| line > 0) {
                first.marks.push(Mark::Fill {
                    x: 0,
                    y: 0,
                    width: self.paper.inner_width(),
                    height: line,
                    ink,
                });
            }
            strips.iter_mut().for_each(|strip| strip.head = head);
            if row.look != Look::Plain
                && let Some(before) = self.strips.last_mut()
            {
                before.keep = true;
            }
            self.strips.extend(strips);
        }
    }

    fn table_head(
        &mut self,
        columns: &[Column],
        widths: &[Milli],
        table: Node,
        style: Style,
    ) -> usize {
        let style = Style {
            size: style.size / 10 * 8,
            bold: false,
            ink: Ink::Grey,
        };
        let head = self.node(Tag::Head, table);
        let row = self.node(Tag::Row, head);
        let (mut x, mut laid) = (0, Vec::new());
        for (column, width) in columns.iter().zip(widths) {
            let node = self.node(Tag::HeadCell, row);
            let title = match column.title {
                "" => "\u{2013}",
                title => title,
            };
            let mut strips = Vec::new();
            for line in title.split('\n') {
                strips.extend(self.words(line, style, x, *width, node, column.align));
            }
            laid.push(strips);
            x += width + GUTTER;
        }
        // Titles of one line stand at the foot of those of several.
        let height = |own: &Vec<Strip>| own.iter().map(|strip| strip.height).sum::<Milli>();
        let tallest = laid.iter().map(height).max().unwrap_or(0);
        for own in &mut laid {
            let above = tallest - height(own);
            pad(own, above, 0);
        }
        let mut strips = self.side_by_side(laid);
        pad(&mut strips, 0, PAD);
        if let Some(last) = strips.last_mut() {
            let y = last.height - HEAVY;
            last.marks.push(Mark::Fill {
                x: 0,
                y,
                width: self.paper.inner_width(),
                height: HEAVY,
                ink: Ink::Deep,
            });
        }
        self.heads.push(strips);
        self.heads.len() - 1
    }

    fn row(&mut self, columns: &[Column], row: &Row, widths: &[Milli], parent: Node) -> Vec<Strip> {
        let (mut x, mut at, mut laid) = (0, 0, Vec::new());
        for cell in &row.cells {
            let to = (at + cell.span.max(1)).min(widths.len());
            let own = widths.get(at..to).unwrap_or_default();
            let width = own.iter().sum::<Milli>() + GUTTER * (own.len() as Milli - 1).max(0);
            let align = columns
                .get(to.saturating_sub(1))
                .map_or(Align::Left, |last| last.align);
            let align = if cell.span > 1 { Align::Left } else { align };
            let node = self.node(Tag::Cell(cell.span.max(1) as u32), parent);
            let strips = match cell.pieces.as_slice() {
                [Piece::Text(text, style, Align::Left)] => {
                    self.words(text, *style, x, width, node, align)
                }
                [Piece::Text(text, style, own)] => self.words(text, *style, x, width, node, *own),
                pieces => self.pieces(pieces, x, width, node, align),
            };
            laid.push(strips);
            x += width + GUTTER;
            at = to;
        }
        self.side_by_side(laid)
    }

    fn widths(&self, columns: &[Column], rows: &[Row], style: Style) -> Vec<Milli> {
        let total = self.paper.inner_width() - GUTTER * (columns.len() as Milli - 1);
        let most = total / 10 * 3;
        let title = Style {
            size: style.size / 10 * 8,
            ..style
        };
        let mut widths = vec![0; columns.len()];
        for (at, column) in columns.iter().enumerate() {
            if column.width != Width::Fit {
                continue;
            }
            let lines = column.title.split('\n');
            let own = lines.map(|line| width_of(self.fonts, line, title)).max();
            widths[at] = own.unwrap_or(0);
        }
        for row in rows {
            let mut at = 0;
            for cell in &row.cells {
                if cell.span <= 1 && columns.get(at).is_some_and(|it| it.width == Width::Fit) {
                    let own = cell.pieces.iter().map(|piece| self.natural(piece)).max();
                    widths[at] = widths[at].max(own.unwrap_or(0));
                }
                at += cell.span.max(1);
            }
        }
        let widths: Vec<Milli> = widths.iter().map(|own| (*own + 200).min(most)).collect();
        fit_in(total, columns, widths)
    }

    fn natural(&self, piece: &Piece) -> Milli {
        match piece {
            Piece::Text(text, style, _) => {
                let text = prepare(self.fonts, text, &mut Vec::new());
                width_of(self.fonts, &text, *style)
            }
            _ => 0,
        }
    }

    /// Pieces from top to bottom at `x`, each as structure of its own under `parent`.
    fn pieces(
        &mut self,
        pieces: &[Piece],
        x: Milli,
        width: Milli,
        parent: Node,
        align: Align,
    ) -> Vec<Strip> {
        let mut strips = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text, style, own) => {
                    let align = if *own == Align::Left { align } else { *own };
                    let node = self.node(Tag::P, parent);
                    strips.extend(self.words(text, *style, x, width, node, align));
                }
                Piece::Heading(level, text, style) => {
                    let words = prepare(self.fonts, text, &mut Vec::new());
                    let node = self.node(Tag::Heading(*level, words), parent);
                    let mut own = self.words(text, *style, x, width, node, align);
                    own.iter_mut().for_each(|strip| strip.keep = true);
                    strips.extend(own);
                }
                Piece::Gap(height) => strips.push(Strip {
                    height: *height,
                    keep: strips.last().is_some_and(|strip: &Strip| strip.keep),
                    ..Strip::default()
                }),
                Piece::Bars(bars, height, alt) => {
                    strips.push(self.bars(bars, *height, alt, x, width, parent));
                }
                Piece::Tick(ticked, text, style) => {
                    strips.extend(self.tick(*ticked, text, *style, x, width, parent));
                }
                Piece::Blank(height) => strips.push(Strip {
                    height: *height,
                    marks: vec![fill(x, height - HAIR, width, HAIR)],
                    ..Strip::default()
                }),
            }
        }
        strips
    }

    /// A text as strips of one line each.
    fn words(
        &mut self,
        text: &str,
        style: Style,
        x: Milli,
        width: Milli,
        node: Node,
        align: Align,
    ) -> Vec<Strip> {
        let text = self.shown(text);
        let lines = lines(self.fonts, &text, style, width.max(1));
        let strip = |line: Line| {
            let free = width - line.width;
            let by = match align {
                Align::Left => 0,
                Align::Right => free,
                Align::Centre => free / 2,
            };
            Strip {
                height: style.leading(),
                marks: vec![Mark::Text {
                    x: x + by,
                    y: style.ascent(),
                    line: Rc::new(line),
                    style,
                    node: Some(node),
                }],
                keep: false,
                head: None,
            }
        };
        lines.into_iter().map(strip).collect()
    }

    /// A barcode in the middle of its column, its modules as wide as the column lets them be.
    fn bars(
        &mut self,
        bars: &Rc<[bool]>,
        height: Milli,
        alt: &str,
        x: Milli,
        width: Milli,
        parent: Node,
    ) -> Strip {
        // Ten modules on either side stay white.
        let modules = bars.len() as Milli + 20;
        let module = (width / modules).min(1_300);
        let node = self.node(Tag::Figure(alt.to_owned()), parent);
        self.said.update(alt.as_bytes());
        let mark = Mark::Bars {
            x: x + (width - module * bars.len() as Milli) / 2,
            y: 0,
            module,
            height,
            bars: Rc::clone(bars),
            node,
        };
        Strip {
            height,
            marks: vec![mark],
            keep: true,
            head: None,
        }
    }

    fn tick(
        &mut self,
        ticked: bool,
        text: &str,
        style: Style,
        x: Milli,
        width: Milli,
        parent: Node,
    ) -> Vec<Strip> {
        let alt = if ticked { "ticked" } else { "not ticked" };
        self.said.update(alt.as_bytes());
        let paragraph = self.node(Tag::P, parent);
        let node = self.node(Tag::Figure(alt.to_owned()), paragraph);
        let size = style.size / 10 * 8;
        let indent = size + 4_000;
        let mut strips = self.words(
            text,
            style,
            x + indent,
            width - indent,
            paragraph,
            Align::Left,
        );
        if let Some(first) = strips.first_mut() {
            first.marks.insert(
                0,
                Mark::Tick {
                    x,
                    y: style.ascent() - size,
                    size,
                    ticked,
                    node,
                },
            );
        }
        strips
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

    /// Fills pages with strips, from top to bottom.
    pub fn pages(&mut self) -> Vec<Page> {
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

/// Gives the columns with shares what the others leave, at least two fifths of the table.
fn fit_in(total: Milli, columns: &[Column], mut widths: Vec<Milli>) -> Vec<Milli> {
    let is_fit = |column: &Column| column.width == Width::Fit;
    let shares: Vec<i32> = columns
        .iter()
        .map(|column| match column.width {
            Width::Fit => 0,
            Width::Share(share) => share,
        })
        .collect();
    let fixed: Milli = columns
        .iter()
        .zip(&widths)
        .filter(|(column, _)| is_fit(column))
        .map(|(_, width)| *width)
        .sum();
    let most = match shares.iter().any(|share| *share > 0) {
        true => total / 5 * 3,
        false => total,
    };
    if fixed > most {
        for (column, width) in columns.iter().zip(&mut widths) {
            if is_fit(column) {
                *width = (i64::from(*width) * i64::from(most) / i64::from(fixed)) as Milli;
            }
        }
    }
    let fixed: Milli = columns
        .iter()
        .zip(&widths)
        .filter(|(column, _)| is_fit(column))
        .map(|(_, width)| *width)
        .sum();
    let shared = share_out(total - fixed, &shares);
    for ((column, width), share) in columns.iter().zip(&mut widths).zip(shared) {
        if !is_fit(column) {
            *width = share;
        }
    }
    widths
}
