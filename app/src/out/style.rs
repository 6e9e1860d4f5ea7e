//! What a terminal can show: its width, and whether colour is wanted.

use std::io::IsTerminal;

/// How to write for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
    /// Whether colour may be used.
    pub colour: bool,
}

impl Style {
    /// The style of standard output: its own width on a terminal, 120 columns elsewhere; colour only
    /// on a terminal and not against `NO_COLOR`.
    #[must_use]
    pub fn of_stdout() -> Style {
        let terminal = std::io::stdout().is_terminal();
        let width = terminal_size::terminal_size()
            .filter(|_| terminal)
            .map(|(width, _)| width.0 as usize);
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Style {
            width: width.unwrap_or(120).clamp(60, 240),
            colour: terminal && !refused,
        }
    }

    /// The text in a colour of the basic eight (31 red, 32 green, 33 yellow, 36 cyan), if wanted.
    #[must_use]
    pub fn paint(&self, code: u8, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Cuts text to `width` columns, with an ellipsis where something is missing.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('\u{2026}');
    cut
}
