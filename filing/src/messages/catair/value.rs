//! What a field's class accepts, and how a value is laid into its columns.

use super::layout::{Class, FieldLayout};

/// Why a value does not fit its field, and what would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// First and last column within the record that the reason is about, from 1.
    pub columns: (usize, usize),
    /// What is wrong with the value.
    pub reason: String,
    /// What would be right.
    pub right: String,
}

/// Lays a value into the columns of its field: digits to the right after zeros (`N`) or spaces
/// (`SN`), all else to the left. An empty value leaves the field unused, which is spaces in every
/// class. Nothing is cut and no letter is changed.
pub(super) fn lay(field: &FieldLayout, value: &str, into: &mut [u8]) -> Result<(), Misfit> {
    let columns = (field.start, field.end);
    let misfit = |reason: String, right: String| {
        Err(Misfit {
            columns,
            reason,
            right,
        })
    };
    let bytes = value.as_bytes();
    if bytes.iter().all(|byte| *byte == b' ') {
        into.fill(b' ');
        return Ok(());
    }
    if let Some((_, sign)) = value
        .char_indices()
        .find(|(_, it)| !accepts(field.class, *it))
    {
        let letters = matches!(field.class, Class::A | Class::AN | Class::X);
        let right = if sign.is_ascii_lowercase() && letters {
            value.to_ascii_uppercase()
        } else {
            field.class.accepts().to_owned()
        };
        return misfit(
            format!("{sign:?} is not allowed in class {}", field.class.code()),
            right,
        );
    }
    if bytes.len() > field.len() {
        let reason = format!("{} characters in {} columns", bytes.len(), field.len());
        return misfit(reason, format!("at most {} characters", field.len()));
    }
    if bytes[0] == b' ' {
        let right = value.trim_start().to_owned();
        return misfit("begins with a space, which CBP discards".to_owned(), right);
    }
    if field.class == Class::D
        && let Err(reason) = date(bytes)
    {
        return misfit(reason.to_owned(), "a date MMDDYY".to_owned());
    }
    let room = into.len() - bytes.len();
    match field.class {
        Class::N => {
            into[..room].fill(b'0');
            into[room..].copy_from_slice(bytes);
        }
        Class::SN => {
            into[..room].fill(b' ');
            into[room..].copy_from_slice(bytes);
        }
        _ => {
            into[..bytes.len()].copy_from_slice(bytes);
            into[bytes.len()..].fill(b' ');
        }
    }
    Ok(())
}

fn accepts(class: Class, sign: char) -> bool {
    u8::try_from(sign).is_ok_and(|byte| allowed(class, byte))
}

/// Whether a byte may stand in a used field of that class, its padding aside.
pub(super) fn allowed(class: Class, byte: u8) -> bool {
    match class {
        Class::A => byte.is_ascii_uppercase(),
        Class::N | Class::SN | Class::D => byte.is_ascii_digit(),
        Class::AN => byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ',
        Class::X => (b' '..=b'~').contains(&byte) && !byte.is_ascii_lowercase(),
        Class::S => byte == b' ',
    }
}

/// Whether six digits are a day of the years 2000 to 2099.
pub(super) fn date(bytes: &[u8]) -> Result<(), &'static str> {
    let [a, b, c, d, e, f] = bytes else {
        return Err("a date has six digits");
    };
    if !bytes.iter().all(u8::is_ascii_digit) {
        return Err("a date has digits only");
    }
    let two = |tens: &u8, ones: &u8| (tens - b'0') * 10 + (ones - b'0');
    let (month, day, year) = (two(a, b), two(c, d), two(e, f));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => return Err("no such month"),
    };
    if (1..=days).contains(&day) {
        Ok(())
    } else {
        Err("no such day in that month")
    }
}

/// Judges the columns of a field as they stand in a message. `None` where they are all spaces or
/// hold a value that `lay` would have laid the same, leading zeros of an `SN` aside.
pub(super) fn judge(field: &FieldLayout, bytes: &[u8]) -> Option<Misfit> {
    let used = |byte: &u8| *byte != b' ';
    let (Some(first), Some(last)) = (bytes.iter().position(used), bytes.iter().rposition(used))
    else {
        return None;
    };
    let at = |place: usize| (field.start + place, field.start + place);
    let misfit = |columns, reason: String, right: &str| {
        Some(Misfit {
            columns,
            reason,
            right: right.to_owned(),
        })
    };
    let inner = &bytes[first..=last];
    if let Some(place) = inner.iter().position(|byte| !allowed(field.class, *byte)) {
        let sign = inner[place].escape_ascii();
        let reason = format!(
            "{:?} is not allowed in class {}",
            sign.to_string(),
            field.class.code()
        );
        return misfit(at(first + place), reason, field.class.accepts());
    }
    match field.class {
        Class::N if first > 0 || last + 1 < bytes.len() => {
            let place = if first > 0 { 0 } else { last + 1 };
            let reason = "spaces in a number".to_owned();
            misfit(
                at(place),
                reason,
                "right-justified after zeros, or all spaces if not used",
            )
        }
        Class::SN if last + 1 < bytes.len() => misfit(
            at(last + 1),
            "a space after the number".to_owned(),
            "right-justified digits",
        ),
        Class::D => {
            let reason = date(bytes).err()?;
            misfit((field.start, field.end), reason.to_owned(), "a date MMDDYY")
        }
        Class::A | Class::AN | Class::X if first > 0 => misfit(
            at(0),
            "begins with a space".to_owned(),
            "left-justified, then spaces",
        ),
        _ => None,
    }
}
