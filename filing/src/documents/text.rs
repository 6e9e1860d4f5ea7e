//! Lines of text: which face, which direction, which glyphs, and where a line ends.
//!
//! Lengths are thousandths of a point, whole numbers, so that a page is the same on every machine.
//! Nothing given is left out: a word too long for its column goes on in the next line, and a
//! character that no face has is shown by its number in brackets and reported.

use super::fonts::Fonts;
use rustybuzz::{Direction, UnicodeBuffer};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// A length in thousandths of a point.
pub(super) type Milli = i32;

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Style {
    /// The size of the letters.
    pub size: Milli,
    /// Whether it is bold.
    pub bold: bool,
    /// Its colour.
    pub ink: Ink,
}

/// The colours of a document; few, so that it prints well in black.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ink {
    /// What is read.
    Black,
    /// What names it.
    Grey,
    /// Titles.
    Deep,
    /// Hairlines.
    Line,
}

impl Style {
    /// From baseline to baseline.
    pub const fn leading(self) -> Milli {
        self.size / 100 * 138
    }

    /// From the top of the line to the baseline.
    pub const fn ascent(self) -> Milli {
        self.size / 100 * 104
    }
}

/// A glyph, with lengths in units of its face.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub id: u32,
    pub advance: i32,
    pub x: i32,
    pub y: i32,
    /// The bytes of the run's text that it stands for.
    pub text: Range<usize>,
}

/// Glyphs of one face and one direction, from left to right.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub family: usize,
    pub text: String,
    pub glyphs: Vec<Glyph>,
    pub advance: Milli,
}

/// A line of text, its runs from left to right.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub runs: Vec<Run>,
    pub width: Milli,
}

/// A character that no face has.
pub(super) type Unshown = Vec<char>;

/// Text as it can be shown: what no face has is replaced by its number, and told.
pub(super) fn prepare(fonts: &Fonts, text: &str, unshown: &mut Unshown) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = None;
    for character in text.chars() {
        match fonts.family_of(character, previous) {
            Some(family) => {
                previous = Some(family);
                out.push(character);
            }
            None => {
                previous = None;
                out.push_str(&format!("[U+{:04X}]", u32::from(character)));
                unshown.push(character);
            }
        }
    }
    out
}

/// A text made ready to be broken into lines.
struct Prepared<'t> {
    fonts: &'t Fonts,
    text: &'t str,
    style: Style,
    bidi: BidiInfo<'t>,
    /// The family of each character by the byte at which it starts.
    families: Vec<(usize, usize)>,
}

/// What belongs together: its bytes and its advance.
struct Cluster {
    bytes: Range<usize>,
    advance: Milli,
}

/// Breaks prepared text into lines of at most `width`. A text without characters gives no line.
pub(super) fn lines(fonts: &Fonts, text: &str, style: Style, width: Milli) -> Vec<Line> {
    let prepared = Prepared::new(fonts, text, style);
    let clusters = prepared.clusters();
    let (mut lines, mut start) = (Vec::new(), 0);
    while start < clusters.len() {
        let mut end = prepared.end_of_line(&clusters, start, width);
        let mut line = prepared.line(&clusters[start..end]);
        // Letters at the end of a line may take another form, which may be wider.
        while line.width > width && end > start + 1 {
            end -= 1;
            line = prepared.line(&clusters[start..end]);
        }
        lines.push(line);
        start = end;
        while start < clusters.len() && prepared.is_space(&clusters[start]) {
            start += 1;
        }
    }
    lines
}

/// How wide a prepared text is in one line.
pub(super) fn width_of(fonts: &Fonts, text: &str, style: Style) -> Milli {
    let prepared = Prepared::new(fonts, text, style);
    let clusters = prepared.clusters();
    clusters.iter().map(|cluster| cluster.advance).sum()
}

impl<'t> Prepared<'t> {
    fn new(fonts: &'t Fonts, text: &'t str, style: Style) -> Prepared<'t> {
        let mut families: Vec<(usize, usize)> = Vec::with_capacity(text.len());
        let mut previous = None;
        for (at, character) in text.char_indices() {
            let family = fonts.family_of(character, previous).unwrap_or(0);
            previous = Some(family);
            families.push((at, family));
        }
        Prepared {
            fonts,
            text,
            style,
            bidi: BidiInfo::new(text, None),
            families,
        }
    }

    /// Bytes of one family each, in the order of the text.
    fn by_family(&self, bytes: Range<usize>) -> Vec<(Range<usize>, usize)> {
        let from = self.families.partition_point(|(at, _)| *at < bytes.start);
        let to = self.families.partition_point(|(at, _)| *at < bytes.end);
        let mut parts: Vec<(Range<usize>, usize)> = Vec::new();
        for (at, family) in self.families[from..to].iter().copied() {
            match parts.last_mut() {
                Some((range, last)) if *last == family => range.end = at,
                Some((range, _)) => {
                    range.end = at;
                    parts.push((at..at, family));
                }
                None => parts.push((at..at, family)),
            }
        }
        if let Some((range, _)) = parts.last_mut() {
            range.end = bytes.end;
        }
        parts
    }

    /// The text as runs of glyphs in the order of the text, whatever their direction.
    fn clusters(&self) -> Vec<Cluster> {
        let mut clusters: Vec<Cluster> = Vec::new();
        let mut start = 0;
        while start < self.text.len() {
            let level = self.bidi.levels[start];
            let end = self.bidi.levels[start..]
                .iter()
                .position(|other| *other != level)
                .map_or(self.text.len(), |length| start + length);
            for (bytes, family) in self.by_family(start..end) {
                let run = self.shape(bytes.clone(), family, level);
                let mut own: Vec<Cluster> = Vec::new();
                for glyph in &run.glyphs {
                    let at = bytes.start + glyph.text.start..bytes.start + glyph.text.end;
                    let advance = self.milli(glyph.advance, family);
                    match own.last_mut() {
                        Some(last) if last.bytes == at => last.advance += advance,
                        _ => own.push(Cluster { bytes: at, advance }),
                    }
                }
                own.sort_by_key(|cluster| cluster.bytes.start);
                clusters.append(&mut own);
            }
            start = end;
        }
        clusters
    }

    fn milli(&self, units: i32, family: usize) -> Milli {
        let em = self.fonts.face(family, self.style.bold).0.units();
        let milli = i64::from(units) * i64::from(self.style.size) / i64::from(em);
        i32::try_from(milli).unwrap_or(i32::MAX / 4)
    }

    fn shape(&self, bytes: Range<usize>, family: usize, level: Level) -> Run {
        let text = &self.text[bytes];
        let (face, _) = self.fonts.face(family, self.style.bold);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(match level.is_rtl() {
            true => Direction::RightToLeft,
            false => Direction::LeftToRight,
        });
        let shaped = rustybuzz::shape(&face.shaper, &[], buffer);
        let mut starts: Vec<usize> = shaped
            .glyph_infos()
            .iter()
            .map(|info| info.cluster as usize)
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let end_of = |start: usize| {
            let next = starts.partition_point(|known| *known <= start);
            starts.get(next).copied().unwrap_or(text.len())
        };
        let placed = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        let glyphs: Vec<Glyph> = placed
            .map(|(info, position)| Glyph {
                id: info.glyph_id,
                advance: position.x_advance,
                x: position.x_offset,
                y: position.y_offset,
                text: info.cluster as usize..end_of(info.cluster as usize),
            })
            .collect();
        let units = glyphs.iter().map(|glyph| glyph.advance).sum();
        Run {
            family,
            advance: self.milli(units, family),
            text: text.to_owned(),
            glyphs,
        }
    }

    fn first_char(&self, cluster: &Cluster) -> char {
        self.text[cluster.bytes.clone()]
            .chars()
            .next()
            .unwrap_or(' ')
    }

    fn last_char(&self, cluster: &Cluster) -> char {
        self.text[cluster.bytes.clone()]
            .chars()
            .next_back()
            .unwrap_or(' ')
    }

    fn is_space(&self, cluster: &Cluster) -> bool {
        self.first_char(cluster) == ' '
    }

    /// Where the line that begins at `start` ends: after its last space or other opportunity, or,
    /// where there is none, after the last letter that fits.
    fn end_of_line(&self, clusters: &[Cluster], start: usize, width: Milli) -> usize {
        let (mut used, mut opportunity, mut at) = (0, None, start);
        while at < clusters.len() {
            let cluster = &clusters[at];
            if at > start && self.may_break(clusters, at) {
                opportunity = Some(at);
            }
            if !self.is_space(cluster) && used + cluster.advance > width {
                return opportunity.unwrap_or(at.max(start + 1));
            }
            used += cluster.advance;
            at += 1;
        }
        at
    }

    /// Whether a line may end before cluster `at`.
    fn may_break(&self, clusters: &[Cluster], at: usize) -> bool {
        let (before, after) = (
            self.last_char(&clusters[at - 1]),
            self.first_char(&clusters[at]),
        );
        if after == ' ' || NEVER_FIRST.contains(after) || NEVER_LAST.contains(before) {
            return false;
        }
        if before == ' ' || is_wide(before) || is_wide(after) {
            return before != '\u{a0}' && after != '\u{a0}';
        }
        // A hyphen or stroke within a word, but not within a number or a date.
        let joined = at >= 2 && self.last_char(&clusters[at - 2]).is_alphabetic();
        matches!(before, '-' | '/' | '\u{2013}') && joined && after.is_alphabetic()
    }

    /// Sets clusters in one line, in the order in which they are seen.
    fn line(&self, clusters: &[Cluster]) -> Line {
        let mut last = clusters.len();
        while last > 1 && self.is_space(&clusters[last - 1]) {
            last -= 1;
        }
        let (Some(first), Some(end)) = (clusters.first(), clusters[..last].last()) else {
            return Line::default();
        };
        let bytes = first.bytes.start..end.bytes.end;
        let Some(paragraph) = self.bidi.paragraphs.first() else {
            return Line::default();
        };
        let (levels, order) = self.bidi.visual_runs(paragraph, bytes);
        let mut line = Line::default();
        for range in order {
            let level = levels[range.start];
            let mut parts = self.by_family(range);
            if level.is_rtl() {
                parts.reverse();
            }
            for (bytes, family) in parts {
                let run = self.shape(bytes, family, level);
                line.width += run.advance;
                line.runs.push(run);
            }
        }
        line
    }
}

/// What may not begin a line.
const NEVER_FIRST: &str =
    "、。，．：；？！）」』】〕》〉”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)],.;:!?%";
/// What may not end one.
const NEVER_LAST: &str = "（「『【〔《〈“‘([";

/// Characters written without spaces between words.
fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STYLE: Style = Style {
        size: 9000,
        bold: false,
        ink: Ink::Black,
    };

    /// What a line says in the order of the text.
    fn said(line: &Line) -> Vec<String> {
        line.runs.iter().map(|run| run.text.clone()).collect()
    }

    #[test]
    fn breaks_at_spaces_and_a_long_word_within() {
        let fonts = Fonts::embedded().expect("faces");
        let lines = lines(&fonts, "one two Donaudampfschifffahrt", STYLE, 40_000);
        let said: Vec<String> = lines.iter().map(|line| said(line).concat()).collect();
        assert_eq!(said[0], "one two");
        assert!(lines.len() > 2, "{said:?}");
        assert_eq!(said[1..].concat(), "Donaudampfschifffahrt");
        assert!(lines.iter().all(|line| line.width <= 40_000));
    }

    #[test]
    fn words_of_two_directions_stand_in_the_order_they_are_read() {
        let fonts = Fonts::embedded().expect("faces");
        let lines = lines(&fonts, "שלום 12 abc", STYLE, 400_000);
        let runs = said(&lines[0]);
        assert_eq!(runs.first().map(String::as_str), Some("abc"), "{runs:?}");
        assert_eq!(runs.last().map(String::as_str), Some("שלום"), "{runs:?}");
    }

    #[test]
    fn characters_without_spaces_break_but_not_before_a_comma() {
        let fonts = Fonts::embedded().expect("faces");
        // Nine points a character: four fit, and the comma may not begin the second line.
        let lines = lines(&fonts, "男式棉衫，针织", STYLE, 37_000);
        let said: Vec<String> = lines.iter().map(|line| said(line).concat()).collect();
        assert_eq!(said, ["男式棉", "衫，针织"]);
    }

    #[test]
    fn what_no_face_has_is_shown_by_its_number_and_told() {
        let fonts = Fonts::embedded().expect("faces");
        let mut unshown = Vec::new();
        let text = prepare(&fonts, "a\u{1f600}b\u{202e}c", &mut unshown);
        assert_eq!(text, "a[U+1F600]b[U+202E]c");
        assert_eq!(unshown, ['\u{1f600}', '\u{202e}']);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]
        #[test]
        fn no_letter_is_lost_and_no_line_is_wider_than_its_column(
            text in "[ -~éß中文针あ가שלوبت-]{0,60}",
            width in 20_000..200_000i32,
        ) {
            let fonts = Fonts::embedded().expect("faces");
            let lines = lines(&fonts, &text, STYLE, width);
            let count = |text: &str| {
                let mut all: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
                all.sort_unstable();
                all
            };
            let drawn: String = lines.iter().flat_map(said).collect();
            prop_assert_eq!(count(&drawn), count(&text));
            for line in &lines {
                prop_assert!(line.width <= width, "{} > {}", line.width, width);
                let glyphs = line.runs.iter().flat_map(|run| &run.glyphs);
                prop_assert!(glyphs.clone().all(|glyph| glyph.id != 0));
            }
        }
    }
}
