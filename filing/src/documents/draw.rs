//! Pages of marks become a PDF: tagged, archivable (PDF/A-2a) and accessible (PDF/UA-1).
//!
//! The only place where lengths become the floating numbers of the format. Nothing here reads a
//! clock or draws lots: the same pages give the same bytes.

use super::fonts::Fonts;
use super::sheet::{Mark, Node, Page, Paper, Sheet, Tag};
use super::text::{Ink, Line, Milli, Run, Style, lines, prepare};
use super::{DocumentError, Made};
use deminimis_law::time::Day;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag as PdfTag,
    TagGroup, TagKind, TagTree,
};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use std::num::{NonZeroU16, NonZeroU32};

/// What a document says of itself.
pub(super) struct About {
    /// The title, shown by a viewer instead of the file's name.
    pub title: String,
    /// What stands in the foot of each page before its number.
    pub foot: String,
    /// The date of the document.
    pub date: Day,
}

const FOOT: Style = Style {
    size: 6_800,
    bold: false,
    ink: Ink::Grey,
};

/// Points of thousandths of a point.
#[allow(
    clippy::float_arithmetic,
    reason = "the format counts in floating points; layout is done before, in whole numbers"
)]
fn points(milli: Milli) -> f32 {
    milli as f32 / 1000.0
}

/// A length of a face as a part of its em.
#[allow(clippy::float_arithmetic, reason = "as above")]
fn of_em(units: i32, em: i32) -> f32 {
    units as f32 / em as f32
}

/// The identifiers of what was drawn for each piece of structure.
type Leaves = Vec<Vec<Identifier>>;

/// Makes the PDF.
pub(super) fn pdf(mut sheet: Sheet<'_>, about: &About) -> Result<Made, DocumentError> {
    let pages = sheet.pages();
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| DocumentError::Pdf(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let mut leaves: Leaves = vec![Vec::new(); sheet.tags.len()];
    let mut outline = Outline::new();
    for (at, marks) in pages.iter().enumerate() {
        let paper = sheet.paper;
        let settings = PageSettings::from_wh(points(paper.width), points(paper.height))
            .ok_or_else(|| DocumentError::Pdf("the page has no size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut pen = Pen {
            fonts: sheet.fonts,
            surface: &mut surface,
            leaves: &mut leaves,
        };
        pen.page(marks)?;
        pen.foot(paper, about, at, pages.len())?;
        surface.finish();
        page.finish();
        headings(&sheet.tags, marks, at, &mut outline);
    }
    document.set_outline(outline);
    let mut tree = TagTree::new().with_lang(Some("en-US".to_owned()));
    tree.push(group(&sheet.tags, &leaves, 0));
    document.set_tag_tree(tree);
    document.set_metadata(metadata(&sheet, about));
    let pdf = document
        .finish()
        .map_err(|error| DocumentError::Pdf(format!("{error:?}")))?;
    Ok(Made {
        pdf,
        pages: pages.len(),
        unshown: sheet.unshown.into_iter().collect(),
        missing: Vec::new(),
    })
}

fn metadata(sheet: &Sheet<'_>, about: &About) -> Metadata {
    let (year, month, day) = about.date.ymd();
    let date = DateTime::new(u16::try_from(year).unwrap_or(0))
        .month(month as u8)
        .day(day as u8)
        .hour(0)
        .minute(0)
        .second(0)
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(about.title.clone())
        .language("en-US".to_owned())
        .creator("deminimis".to_owned())
        .creation_date(date)
        .document_id(sheet.digest())
}

/// Where the headings of a page stand, for a viewer's list of contents.
fn headings(tags: &[(Tag, Vec<Node>)], page: &Page, at: usize, outline: &mut Outline) {
    let mut last = None;
    for mark in page {
        let Mark::Text {
            x,
            y,
            style,
            node: Some(node),
            ..
        } = mark
        else {
            continue;
        };
        if let Some((Tag::Heading(_, words), _)) = tags.get(*node)
            && last != Some(*node)
        {
            last = Some(*node);
            let to = Point::from_xy(points(*x), points(y - style.size));
            outline.push_child(OutlineNode::new(words.clone(), XyzDestination::new(at, to)));
        }
    }
}

/// The structure below a node, in reading order.
fn group(tags: &[(Tag, Vec<Node>)], leaves: &Leaves, node: Node) -> TagGroup {
    let (tag, children) = &tags[node];
    let mut group = TagGroup::new(kind(tag));
    for child in children {
        let child = self::group(tags, leaves, *child);
        if !child.children.is_empty() {
            group.push(child);
        }
    }
    for leaf in &leaves[node] {
        group.push(*leaf);
    }
    group
}

fn kind(tag: &Tag) -> TagKind {
    match tag {
        Tag::Section => PdfTag::Section.into(),
        Tag::P => PdfTag::P.into(),
        Tag::Heading(level, words) => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            PdfTag::Hn(level, Some(words.clone())).into()
        }
        Tag::Table => PdfTag::Table.into(),
        Tag::Head => PdfTag::THead.into(),
        Tag::Body => PdfTag::TBody.into(),
        Tag::Row => PdfTag::TR.into(),
        Tag::HeadCell => PdfTag::TH(TableHeaderScope::Column).into(),
        Tag::Cell(span) => {
            let span = NonZeroU32::new(*span).filter(|span| span.get() > 1);
            PdfTag::TD.with_col_span(span).into()
        }
        Tag::Figure(alt) => PdfTag::Figure(Some(alt.clone())).into(),
    }
}

struct Pen<'p, 'a> {
    fonts: &'p Fonts,
    surface: &'p mut Surface<'a>,
    leaves: &'p mut Leaves,
}

impl Pen<'_, '_> {
    fn page(&mut self, marks: &Page) -> Result<(), DocumentError> {
        for mark in marks {
            match mark {
                Mark::Text {
                    x,
                    y,
                    line,
                    style,
                    node,
                } => match node {
                    Some(node) => {
                        let id = self
                            .surface
                            .start_tagged(ContentTag::Span(SpanTag::empty()));
                        self.line(*x, *y, line, *style)?;
                        self.surface.end_tagged();
                        self.leaves[*node].push(id);
                    }
                    None => self.aside(ArtifactType::PaginationOther, |pen| {
                        pen.line(*x, *y, line, *style)
                    })?,
                },
                Mark::Fill {
                    x,
                    y,
                    width,
                    height,
                    ink,
                } => self.aside(ArtifactType::Layout, |pen| {
                    pen.ink(*ink);
                    pen.fill(rectangle(*x, *y, *width, *height));
                    Ok(())
                })?,
                Mark::Bars { .. } | Mark::Tick { .. } => self.figure(mark),
            }
        }
        Ok(())
    }

    /// Draws what is not part of what is read.
    fn aside(
        &mut self,
        kind: ArtifactType,
        draw: impl FnOnce(&mut Self) -> Result<(), DocumentError>,
    ) -> Result<(), DocumentError> {
        let artifact = Artifact::with_kind(kind);
        self.surface.start_tagged(ContentTag::Artifact(artifact));
        let drawn = draw(self);
        self.surface.end_tagged();
        drawn
    }

    fn figure(&mut self, mark: &Mark) {
        let id = self.surface.start_tagged(ContentTag::Other);
        self.ink(Ink::Black);
        let node = match mark {
            Mark::Bars {
                x,
                y,
                module,
                height,
                bars,
                node,
            } => {
                self.fill(symbol(bars, *x, *y, *module, *height));
                *node
            }
            Mark::Tick {
                x,
                y,
                size,
                ticked,
                node,
            } => {
                self.surface.set_fill(None);
                self.surface.set_stroke(Some(stroke(600)));
                self.fill(tick(*x, *y, *size, *ticked));
                self.surface.set_stroke(None);
                *node
            }
            Mark::Text { .. } | Mark::Fill { .. } => {
                self.surface.end_tagged();
                return;
            }
        };
        self.surface.end_tagged();
        self.leaves[node].push(id);
    }

    fn ink(&mut self, ink: Ink) {
        self.surface.set_fill(Some(Fill {
            paint: colour(ink).into(),
            opacity: NormalizedF32::ONE,
            rule: Default::default(),
        }));
    }

    fn fill(&mut self, path: Option<Path>) {
        if let Some(path) = path {
            self.surface.draw_path(&path);
        }
    }

    fn line(&mut self, x: Milli, y: Milli, line: &Line, style: Style) -> Result<(), DocumentError> {
        self.ink(style.ink);
        let mut from = x;
        for run in &line.runs {
            self.run(from, y, run, style)?;
            from += run.advance;
        }
        Ok(())
    }

    fn run(&mut self, x: Milli, y: Milli, run: &Run, style: Style) -> Result<(), DocumentError> {
        let (face, thicken) = self.fonts.face(run.family, style.bold);
        let font = face
            .font()
            .ok_or_else(|| DocumentError::Pdf("a face is damaged".to_owned()))?;
        let em = face.units();
        let glyph = |glyph: &super::text::Glyph| {
            KrillaGlyph::new(
                GlyphId::new(glyph.id),
                of_em(glyph.advance, em),
                of_em(glyph.x, em),
                of_em(glyph.y, em),
                0.0,
                glyph.text.clone(),
                None,
            )
        };
        let glyphs: Vec<KrillaGlyph> = run.glyphs.iter().map(glyph).collect();
        if thicken {
            let mut stroke = stroke(style.size / 30);
            stroke.paint = colour(style.ink).into();
            self.surface.set_stroke(Some(stroke));
        }
        let (start, size) = (Point::from_xy(points(x), points(y)), points(style.size));
        self.surface
            .draw_glyphs(start, &glyphs, font, &run.text, size, false);
        self.surface.set_stroke(None);
        Ok(())
    }

    /// The foot of a page: what document it is, and which page of how many.
    fn foot(
        &mut self,
        paper: Paper,
        about: &About,
        at: usize,
        of: usize,
    ) -> Result<(), DocumentError> {
        let y = paper.height - paper.bottom / 2;
        let number = format!("Page {} of {of}", at + 1);
        // What does not fit is left out whole: it stands in the document itself, and half a name
        // would be another name.
        let set = |text: &str, width: Milli| {
            let text = prepare(self.fonts, text, &mut Vec::new());
            let mut set = lines(self.fonts, &text, FOOT, width);
            set.pop().filter(|_| set.is_empty())
        };
        let right = set(&number, paper.inner_width());
        let taken = right.as_ref().map_or(0, |line| line.width) + 12_000;
        let left = set(&about.foot, paper.inner_width() - taken);
        for line in [left, right].into_iter().flatten().enumerate() {
            let (side, line) = line;
            let x = match side {
                0 => paper.side,
                _ => paper.width - paper.side - line.width,
            };
            self.aside(ArtifactType::Footer, |pen| pen.line(x, y, &line, FOOT))?;
        }
        Ok(())
    }
}

fn colour(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Black => rgb::Color::new(0x14, 0x18, 0x1f),
        Ink::Grey => rgb::Color::new(0x5b, 0x64, 0x70),
        Ink::Deep => rgb::Color::new(0x17, 0x3a, 0x5e),
        Ink::Line => rgb::Color::new(0xb9, 0xc0, 0xca),
    }
}

fn stroke(width: Milli) -> Stroke {
    Stroke {
        paint: colour(Ink::Black).into(),
        width: points(width),
        ..Stroke::default()
    }
}

fn rectangle(x: Milli, y: Milli, width: Milli, height: Milli) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(
        points(x),
        points(y),
        points(width),
        points(height),
    )?);
    path.finish()
}

/// Black bars as one path, neighbouring modules as one bar.
fn symbol(bars: &[bool], x: Milli, y: Milli, module: Milli, height: Milli) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut at = 0;
    while at < bars.len() {
        let length = bars[at..].iter().take_while(|black| **black).count();
        if length > 0 {
            path.push_rect(Rect::from_xywh(
                points(x + module * at as Milli),
                points(y),
                points(module * length as Milli),
                points(height),
            )?);
        }
        at += length.max(1);
    }
    path.finish()
}

fn tick(x: Milli, y: Milli, size: Milli, ticked: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(
        points(x),
        points(y),
        points(size),
        points(size),
    )?);
    if ticked {
        let inset = size / 5;
        let (left, right) = (points(x + inset), points(x + size - inset));
        let (top, bottom) = (points(y + inset), points(y + size - inset));
        path.move_to(left, top);
        path.line_to(right, bottom);
        path.move_to(left, bottom);
        path.line_to(right, top);
    }
    path.finish()
}
