//! Cells that no spreadsheet runs: the one place where text of anyone is made safe for a table.

use std::borrow::Cow;

/// A cell that a spreadsheet does not run: one that begins like a formula gets a leading `'`.
#[must_use]
pub fn guarded(cell: &str) -> Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => Cow::Owned(format!("'{cell}")),
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
        }
        for cell in ["", "a=1", "1", "'=1", " =1"] {
            assert_eq!(guarded(cell), cell);
        }
    }
}
