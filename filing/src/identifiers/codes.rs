//! Short codes without a check digit: only their form can be judged.
//!
//! Lengths of Schedule D, Schedule K and FIRMS codes stand in CATAIR (cargo release v40, SE10 and
//! SE11); the form of SCAC is common knowledge of the field (confidence M). Whether a code is
//! assigned is not known here.

use super::Wrong;

/// A port of the United States: district and port, two digits each (Schedule D).
///
/// # Errors
/// Not four digits, or district 00.
pub fn schedule_d(text: &str) -> Result<&str, Wrong> {
    if is_digits(text, 4) && !text.starts_with("00") {
        return Ok(text);
    }
    Err(Wrong::new(
        "the form is four digits: two of the district, not 00, and two of the port",
    ))
}

/// A foreign port: five digits (Schedule K).
///
/// # Errors
/// Not five digits.
pub fn schedule_k(text: &str) -> Result<&str, Wrong> {
    if is_digits(text, 5) {
        return Ok(text);
    }
    Err(Wrong::new("the form is five digits"))
}

/// A carrier's code (SCAC): two to four letters; manifests take those of four.
///
/// # Errors
/// Another form.
pub fn scac(text: &str) -> Result<&str, Wrong> {
    if (2..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(text);
    }
    Err(Wrong::new("the form is two to four upper-case letters"))
}

/// A place where goods lie (FIRMS): four letters or digits.
///
/// # Errors
/// Another form.
pub fn firms(text: &str) -> Result<&str, Wrong> {
    let places = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    if text.len() == 4 && text.bytes().all(places) {
        return Ok(text);
    }
    Err(Wrong::new("the form is four upper-case letters or digits"))
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        assert!(schedule_d("4701").is_ok() && schedule_d("0101").is_ok());
        for text in ["", "470", "47011", "0001", "47O1", "\u{664}701"] {
            assert!(schedule_d(text).is_err(), "{text}");
        }
        assert!(schedule_k("57035").is_ok() && schedule_k("5703").is_err());
        assert!(scac("FDXE").is_ok() && scac("UP").is_ok());
        assert!(
            scac("F").is_err()
                && scac("FDXEE").is_err()
                && scac("fdxe").is_err()
                && scac("FDX1").is_err()
        );
        assert!(firms("H789").is_ok() && firms("H78").is_err() && firms("h789").is_err());
    }
}
