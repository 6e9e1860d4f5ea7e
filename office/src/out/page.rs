//! Text for a terminal: headings, wrapped sentences and tables that fit its width.

use deminimis_law::Law;
use deminimis_law::Written;
use deminimis_law::time::Moment;
use std::borrow::Cow;
use std::io;

/// The narrowest page that is laid out; a narrower terminal gets this.
const NARROWEST: usize = 40;
/// The narrowest a column of a table becomes.
const NARROWEST_COLUMN: usize = 8;
/// The narrowest it becomes while ids are still whole.
const NARROW_COLUMN: usize = 12;

/// The ways in which an answer can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// How a piece of text looks where colour is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// Bold.
    Bold,
    /// Less bright: what is read second.
    Dim,
    /// Cyan: ids.
    Id,
    /// Red: what is not as it should be.
    Bad,
    /// Green: what is as it should be.
    Good,
}

/// Where text for a person goes.
pub struct Page<'o> {
    out: &'o mut dyn io::Write,
    width: usize,
    colour: bool,
}

impl<'o> Page<'o> {
    /// A page of `width` columns.
    pub fn new(out: &'o mut dyn io::Write, width: usize, colour: bool) -> Page<'o> {
        Page {
            out,
            width: width.max(NARROWEST),
            colour,
        }
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// An empty line.
    pub fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Text as it is: for another program, or for a file.
    pub fn raw(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// One line, wrapped; what follows the first line is indented by `indent` too.
    pub fn say(&mut self, indent: usize, style: Style, text: &str) -> io::Result<()> {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            let line = self.paint(style, &line);
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// A label and its text; the text is wrapped beside the label.
    pub fn field(&mut self, indent: usize, label: &str, text: &str) -> io::Result<()> {
        const LABEL: usize = 11;
        let mut label = self.paint(Style::Dim, &format!("{label:LABEL$}"));
        for line in wrap(text, self.width.saturating_sub(indent + LABEL + 1)) {
            writeln!(
                self.out,
                "{}",
                format!("{:indent$}{label} {line}", "").trim_end()
            )?;
            label = " ".repeat(LABEL);
        }
        Ok(())
    }

    /// Rows of cells; the widest columns give way until the table fits.
    pub fn table(
        &mut self,
        indent: usize,
        styles: &[Style],
        rows: &[Vec<String>],
    ) -> io::Result<()> {
        let room = self
            .width
            .saturating_sub(indent + 2 * styles.len().saturating_sub(1));
        let widths = widths(styles, rows, room);
        for row in rows {
            let cells: Vec<Vec<String>> = row
                .iter()
                .zip(&widths)
                // A line end within a cell would break the table.
                .map(|(cell, width)| wrap(&cell.replace('\n', "\u{fffd}"), *width))
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                let mut text = " ".repeat(indent);
                for (at, cell) in cells.iter().enumerate() {
                    let part = cell.get(line).map_or("", String::as_str);
                    let last = at + 1 == cells.len();
                    let padding = if last {
                        0
                    } else {
                        widths[at].saturating_sub(columns(part)) + 2
                    };
                    text.push_str(&self.paint(styles[at], part));
                    text.push_str(&" ".repeat(padding));
                }
                writeln!(self.out, "{}", text.trim_end())?;
            }
        }
        Ok(())
    }

    /// A JSON value, indented.
    pub fn json(&mut self, value: &serde_json::Value) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *self.out, value)?;
        writeln!(self.out)
    }

    fn paint(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Plain => "",
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Id => "36",
            Style::Bad => "31",
            Style::Good => "32",
        };
        if !self.colour || code.is_empty() || text.is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

/// The widest columns give way first, ids last: an id is copied, so it should stay whole.
fn widths(styles: &[Style], rows: &[Vec<String>], room: usize) -> Vec<usize> {
    let mut widths = vec![0; styles.len()];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = columns(cell).max(*width);
        }
    }
    for (with_ids, least) in [(false, NARROW_COLUMN), (true, NARROWEST_COLUMN)] {
        while widths.iter().sum::<usize>() > room {
            let may = widths.iter_mut().zip(styles);
            let may = may.filter(|(_, style)| with_ids || **style != Style::Id);
            match may.map(|(width, _)| width).max() {
                Some(widest) if *widest > least => *widest -= 1,
                _ => break,
            }
        }
    }
    widths
}

/// A text without control characters but line ends: ids and names come from others, and a terminal
/// would do what such characters say.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let steers = |letter: char| letter.is_control() && letter != '\n';
    match text.contains(steers) {
        true => text.replace(steers, "\u{fffd}").into(),
        false => text.into(),
    }
}

/// Breaks a text into lines of at most `width` columns, at spaces where there are any.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let text = harmless(text);
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        let mut word = word;
        if !line.is_empty() && columns(&line) + 1 + columns(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        while columns(word) > width {
            let cut = break_at(word, width);
            lines.push(word[..cut].to_owned());
            word = &word[cut..];
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Where a word that is too long is cut: after a dot, dash or slash if one is near the end.
fn break_at(word: &str, width: usize) -> usize {
    let hard = word
        .char_indices()
        .nth(width)
        .map_or(word.len(), |(at, _)| at);
    let soft = word[..hard].rfind(['.', '-', '/', '_']).map(|at| at + 1);
    soft.filter(|soft| *soft * 2 > hard).unwrap_or(hard)
}

/// A date of the law as a person reads it: `2025-08-29`, or with its minute in Eastern time.
pub fn date(law: &Law, written: Written) -> String {
    if written.bare {
        law.zone().day(written.moment).to_string()
    } else {
        minute(law, written.moment)
    }
}

/// A moment in Eastern time: `2025-08-29 00:01 EDT`.
pub fn minute(law: &Law, moment: Moment) -> String {
    let text = law.zone().show(moment);
    let zone = match law.zone().offset(moment) {
        -14_400 => "EDT",
        -18_000 => "EST",
        _ => return text,
    };
    // The offset is the last six characters: `-04:00`.
    let local = text
        .len()
        .checked_sub(6)
        .and_then(|at| text.get(..at))
        .unwrap_or(&text);
    format!("{} {zone}", local.replacen('T', " ", 1))
}

/// A moment as a date if it is midnight, else with its minute.
pub fn boundary(law: &Law, moment: Moment) -> String {
    let day = law.zone().day(moment);
    if law.zone().midnight(day) == moment {
        day.to_string()
    } else {
        minute(law, moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_and_cuts_what_has_none() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("s321.value-limit", 11), ["s321.value-", "limit"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("a\u{1b}[31mb", 80), ["a\u{fffd}[31mb"]);
    }

    #[test]
    fn a_table_fits_its_width() {
        let mut out = Vec::new();
        let rows = vec![vec!["an.id-of-an-instrument".to_owned(), "words ".repeat(30)]; 2];
        Page::new(&mut out, 60, false)
            .table(2, &[Style::Id, Style::Plain], &rows)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.lines().all(|line| line.chars().count() <= 60),
            "{text}"
        );
        assert!(!text.contains('\x1b'));
    }
}
