//! Figures written as bytes, as `Display` would, without the cost of its machinery.

use deminimis_law::money::Cents;
use deminimis_law::time::Day;
use deminimis_person::Key;

/// Appends an amount: `1234.50`.
pub fn push_cents(out: &mut Vec<u8>, amount: Cents) {
    if amount.0 < 0 {
        out.push(b'-');
    }
    let cents = amount.0.unsigned_abs();
    push_whole(out, cents / 100);
    out.push(b'.');
    push_two(out, cents % 100);
}

/// Appends a day: `2025-04-01`.
pub fn push_day(out: &mut Vec<u8>, day: Day) {
    let (year, month, day_of_month) = day.ymd();
    let Some(year) = u64::try_from(year).ok().filter(|year| *year < 10_000) else {
        out.extend_from_slice(day.to_string().as_bytes());
        return;
    };
    push_two(out, year / 100);
    push_two(out, year % 100);
    out.push(b'-');
    push_two(out, u64::from(month));
    out.push(b'-');
    push_two(out, u64::from(day_of_month));
}

/// Appends a person's key: 32 hexadecimal digits.
pub fn push_key(out: &mut Vec<u8>, key: Key) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS[usize::from(nibble & 15)];
    out.extend(
        key.0
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(*byte)]),
    );
}

fn push_whole(out: &mut Vec<u8>, number: u64) {
    // The greatest number has twenty digits.
    let (mut digits, mut at, mut rest) = ([0; 20], 20, number);
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Two digits of a number below a hundred.
fn push_two(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&[b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn figures_are_as_displayed() {
        let amounts = [
            0,
            1,
            9,
            10,
            99,
            100,
            12_345_678,
            -1,
            -100,
            i64::MAX,
            i64::MIN,
        ];
        for amount in amounts.map(Cents) {
            assert_eq!(text(|out| push_cents(out, amount)), amount.to_string());
        }
        for day in [
            0, 20_179, -719_528, -719_529, 2_932_896, 2_932_897, 9_999_999,
        ]
        .map(Day)
        {
            assert_eq!(text(|out| push_day(out, day)), day.to_string());
        }
        let key = Key(std::array::from_fn(|at| 0x1f_u8.wrapping_mul(at as u8)));
        assert_eq!(text(|out| push_key(out, key)), key.to_string());
    }
}
