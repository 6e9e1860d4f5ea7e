//! What a terminal can show: its width, and whether colour is wanted.

use deminimis_law::money::Cents;
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
    /// What a file gets.
    pub const PLAIN: Style = Style {
        width: 120,
        colour: false,
    };

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
            width: width.unwrap_or(Style::PLAIN.width).clamp(60, 240),
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

/// A number with commas between thousands.
#[must_use]
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount as a person writes it: `$11,400.00`.
#[must_use]
pub fn dollars(amount: Cents) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let cents = amount.0.unsigned_abs();
    let whole = grouped(u128::from(cents / 100));
    format!("{sign}${whole}.{:02}", cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_off() {
        for (cents, text) in [
            (0, "$0.00"),
            (4_200, "$42.00"),
            (99_999, "$999.99"),
            (1_140_000, "$11,400.00"),
            (12_345_678_900, "$123,456,789.00"),
            (-100_050, "-$1,000.50"),
        ] {
            assert_eq!(dollars(Cents(cents)), text);
        }
    }
}
