//! Tables: columns as wide as their text asks for, a heading on each page, rows that go on in the
//! next.

use super::super::text::{Ink, Milli, Style, prepare, width_of};
use super::{Align, HAIR, HEAVY, Mark, Node, PAD, Piece, Sheet, Strip, Tag, pad, share_out};

/// Between the columns of a table.
const GUTTER: Milli = 9_000;

/// How wide a column of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Width {
    /// As wide as its widest text, up to three tenths of the table.
    Fit,
    /// A share of what the others leave.
    Share(i32),
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(in super::super) struct Column {
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
pub(in super::super) struct Cell {
    pub pieces: Vec<Piece>,
    pub span: usize,
}

/// How a row looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Look {
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
pub(in super::super) struct Row {
    pub cells: Vec<Cell>,
    pub look: Look,
}

impl Sheet<'_> {
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
