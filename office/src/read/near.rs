//! The nearest known name to one that is not known.

use deminimis_clearance::shipment::fields::FieldId;

/// The known names nearest to `name`, at most three, the nearest first. None if all are far.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let name: String = name
        .trim()
        .to_ascii_lowercase()
        .replace([' ', '-', '.'], "_");
    if name.len() > 64 {
        return Vec::new();
    }
    let mut ranked: Vec<(usize, &str)> = known
        .map(|other| (distance(&name, other), other))
        .filter(|(distance, other)| *distance * 3 <= name.len().max(other.len()))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(3).map(|(_, other)| other).collect()
}

/// The flat names of all fields.
pub(crate) fn flat_names() -> impl Iterator<Item = &'static str> {
    FieldId::all().map(FieldId::name)
}

/// How many letters must be put in, taken out, changed or swapped with the next.
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut before_last = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let change = last[column] + usize::from(a != b);
            let mut best = change.min(last[column + 1] + 1).min(now[column] + 1);
            if row > 0 && column > 0 && *a == other[column - 1] && one[row - 1] == *b {
                best = best.min(before_last[column - 1] + 1);
            }
            now.push(best);
        }
        before_last = std::mem::replace(&mut last, now);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(
            nearest("Shipment ID", flat_names()).first(),
            Some(&"shipment_id")
        );
        assert_eq!(
            nearest("consginee_name", flat_names()).first(),
            Some(&"consignee_name")
        );
        assert!(nearest("zzzzzzzzzz", flat_names()).is_empty());
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ab", "ba"), 1);
    }
}
