//! Pieces of a column: text, headings, barcodes, ticked boxes and lines to write on.

use super::super::text::{Line, Milli, Style, lines, prepare};
use super::{Align, HAIR, Mark, Node, Piece, Sheet, Strip, Tag, fill};
use sha2::Digest;
use std::rc::Rc;

impl Sheet<'_> {
    /// Pieces from top to bottom at `x`, each as structure of its own under `parent`.
    pub(super) fn pieces(
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
    pub(super) fn words(
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
}
