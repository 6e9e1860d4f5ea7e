//! Lines of at most so many columns: wrapping, labels, citations at the right.

/// Where text begins after its label.
pub(super) const HANG: usize = 12;

/// Text being written.
pub(super) struct Page {
    pub out: String,
    pub width: usize,
    pub colour: bool,
}

impl Page {
    /// Whether a grade of confidence was written; a line may break before it.
    pub fn shows(&self, grade: &str) -> bool {
        let mut words = self.out.split_whitespace();
        let mut before = "";
        words.any(|word| {
            let named = before.trim_start_matches('(') == "confidence";
            before = word;
            named && word.trim_end_matches([')', ',', ';']) == grade
        })
    }

    pub fn gap(&mut self) {
        self.out.push('\n');
    }

    pub fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Text wrapped, its first line at `first`, the others at `hang`.
    pub fn paragraph(&mut self, text: &str, first: usize, hang: usize) {
        for line in wrap(text, self.width, first, hang) {
            self.line(&line);
        }
    }

    /// Text with a citation at the right of its last line, or below where it does not fit.
    pub fn cited(&mut self, text: &str, cite: &str, first: usize, hang: usize) {
        let mut lines = wrap(text, self.width, first, hang);
        let (last, own) = (lines.last().map_or(0, |line| chars(line)), chars(cite));
        if cite.is_empty() {
        } else if last + 2 + own <= self.width
            && let Some(line) = lines.last_mut()
        {
            line.push_str(&" ".repeat(self.width - last - own));
            line.push_str(cite);
        } else if hang + own <= self.width {
            lines.push(format!("{}{cite}", " ".repeat(self.width - own)));
        } else {
            lines.extend(wrap(cite, self.width, hang, hang));
        }
        lines.iter().for_each(|line| self.line(line));
    }

    /// Finished lines with a citation at the right of the first that has room, else below them.
    pub fn at_right(&mut self, mut lines: Vec<String>, cite: &str, hang: usize) {
        let own = chars(cite);
        let roomy = lines
            .iter()
            .position(|line| chars(line) + 2 + own <= self.width);
        match roomy {
            _ if cite.is_empty() => {}
            Some(at) => {
                let line = &mut lines[at];
                line.push_str(&" ".repeat(self.width - chars(line) - own));
                line.push_str(cite);
            }
            None if hang + own <= self.width => {
                lines.push(format!("{}{cite}", " ".repeat(self.width - own)));
            }
            None => lines.extend(wrap(cite, self.width, hang, hang)),
        }
        lines.iter().for_each(|line| self.line(line.trim_end()));
    }

    /// A labelled sentence with its citation. Only the label is ever coloured.
    pub fn entry(&mut self, label: &str, colour: Option<u8>, text: &str, cite: &str) {
        let start = self.out.len();
        let text = if text.is_empty() { "\u{2013}" } else { text };
        self.cited(text, cite, HANG, HANG);
        // The label takes the place of the spaces before the sentence.
        let padding = " ".repeat(HANG.saturating_sub(2 + label.len()));
        let shown = match colour {
            Some(colour) if self.colour => format!("  \u{1b}[{colour}m{label}\u{1b}[0m{padding}"),
            _ => format!("  {label}{padding}"),
        };
        let end = (start + HANG).min(self.out.len());
        self.out.replace_range(start..end, &shown);
    }

    /// What stands under a sentence; the name it begins with is dim where there are colours.
    pub fn detail(&mut self, name: &str, text: &str) {
        let start = self.out.len() + HANG;
        self.paragraph(format!("{name} {text}").trim_end(), HANG, HANG);
        let whole = self
            .out
            .get(start..)
            .is_some_and(|out| out.starts_with(name));
        // A name too long for a line is left as it is.
        if self.colour && whole {
            let dim = format!("\u{1b}[2m{name}\u{1b}[0m");
            self.out.replace_range(start..start + name.len(), &dim);
        }
    }
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// Breaks text at spaces into lines of at most `width` columns; a longer word stands alone and is
/// cut. One character is reckoned one column.
pub(super) fn wrap(text: &str, width: usize, first: usize, hang: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), " ".repeat(first));
    let mut used = first;
    let mut empty = true;
    // Spaces at the beginning and between columns are kept as they are.
    for word in text.split(' ') {
        let mut word = word;
        if !empty && used + 1 + chars(word) > width {
            lines.push(line.trim_end().to_owned());
            (line, used, empty) = (" ".repeat(hang), hang, true);
            if word.is_empty() {
                continue;
            }
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        let room = width.saturating_sub(hang).max(1);
        while used + chars(word) > width && chars(word) > room {
            let cut = word.char_indices().nth(width.saturating_sub(used).max(1));
            let (head, tail) = word.split_at(cut.map_or(word.len(), |(at, _)| at));
            line.push_str(head);
            lines.push(line);
            (line, used) = (" ".repeat(hang), hang);
            word = tail;
        }
        line.push_str(word);
        used += chars(word);
        empty = false;
    }
    lines.push(line.trim_end().to_owned());
    lines
}
