//! Types as columns: small numbers for what has names, and the packed sums of a day.
//!
//! A row that cannot be read is a failure of our surroundings, never a default.

use crate::error::StoreError;
use crate::rows::{DayRow, Mark};
use crate::types::{Kind, Open, PersonKey, SLOTS, Slot, Slots, State};

/// The form of a packed day. Another form gets another number.
const FORM: u8 = 1;

pub(crate) fn corrupt(what: &str) -> StoreError {
    StoreError::Failure(format!("the ledger holds a {what} that cannot be read"))
}

pub(crate) fn state_number(state: State) -> i16 {
    match state {
        State::Reserved => 0,
        State::Posted => 1,
        State::Voided => 2,
    }
}

pub(crate) fn state(number: i16) -> Result<State, StoreError> {
    let all = [State::Reserved, State::Posted, State::Voided];
    pick(&all, number, "state")
}

pub(crate) fn kind_number(kind: Kind) -> i16 {
    match kind {
        Kind::Reserve => 0,
        Kind::Post => 1,
        Kind::Void => 2,
        Kind::Move => 3,
        Kind::Amend => 4,
        Kind::Merge => 5,
        Kind::Split => 6,
    }
}

pub(crate) fn kind(number: i16) -> Result<Kind, StoreError> {
    let all = [
        Kind::Reserve,
        Kind::Post,
        Kind::Void,
        Kind::Move,
        Kind::Amend,
        Kind::Merge,
        Kind::Split,
    ];
    pick(&all, number, "kind of posting")
}

pub(crate) fn open_number(open: Option<Open>) -> Option<i16> {
    open.map(|open| match open {
        Open::Priced => 0,
        Open::Unpriced => 1,
    })
}

pub(crate) fn open(number: Option<i16>) -> Result<Option<Open>, StoreError> {
    number
        .map(|number| pick(&[Open::Priced, Open::Unpriced], number, "open value"))
        .transpose()
}

fn pick<T: Copy>(all: &[T], number: i16, what: &str) -> Result<T, StoreError> {
    let place = usize::try_from(number).ok();
    let found = place.and_then(|place| all.get(place).copied());
    found.ok_or_else(|| corrupt(what))
}

pub(crate) fn slot_number(slot: Option<Slot>) -> Option<i16> {
    slot.and_then(|slot| i16::try_from(slot.place()).ok())
}

pub(crate) fn slot(number: Option<i16>) -> Result<Option<Slot>, StoreError> {
    let read = |number| {
        let place = usize::try_from(number).ok();
        place.and_then(Slot::new).ok_or_else(|| corrupt("slot"))
    };
    number.map(read).transpose()
}

pub(crate) fn slots(number: i16) -> Result<Slots, StoreError> {
    u8::try_from(number).map(Slots).map_err(|_| corrupt("slot"))
}

/// A hash as the column has it: both stores know only signed numbers.
pub(crate) fn mark_number(mark: u64) -> i64 {
    mark.cast_signed()
}

pub(crate) fn mark_parts(mark: Mark) -> (i16, i64) {
    match mark {
        Mark::Order(order) => (0, mark_number(order)),
        Mark::Bill(bill) => (1, mark_number(bill)),
    }
}

/// Reads a mark as its two columns have it.
pub(crate) fn mark(kind: i16, mark: i64) -> Mark {
    let mark = mark.cast_unsigned();
    if kind == 0 {
        Mark::Order(mark)
    } else {
        Mark::Bill(mark)
    }
}

pub(crate) fn person(bytes: &[u8]) -> Result<PersonKey, StoreError> {
    let key = bytes.try_into().map(PersonKey);
    key.map_err(|_| corrupt("person"))
}

pub(crate) fn hash(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| corrupt("hash"))
}

/// Packs a day: its form, the latest place in its order, the common sums, and the slots in use.
pub(crate) fn pack(row: &DayRow) -> Vec<u8> {
    let holds = &row.holds;
    let mut bytes = Vec::with_capacity(112);
    bytes.push(FORM);
    let mut put = |number: i64| bytes.extend_from_slice(&number.to_le_bytes());
    // A day has a row only after a parcel came to it.
    let (arrives, filed) = row.latest.unwrap_or((i64::MIN, i64::MIN));
    put(arrives);
    put(filed);
    put(holds.all.shipments);
    put(holds.all.total_cents);
    put(holds.undecided.shipments);
    put(holds.undecided.unpriced);
    put(holds.undecided.total_cents);
    for slot in 0..SLOTS {
        let (counted, could) = (holds.counted[slot], holds.could_count[slot]);
        let sums = [
            counted.shipments,
            counted.total_cents,
            could.shipments,
            could.total_cents,
            holds.crossed[slot],
        ];
        if sums != [0; 5] {
            put(i64::try_from(slot).unwrap_or(0));
            sums.into_iter().for_each(&mut put);
        }
    }
    bytes
}

pub(crate) fn unpack(bytes: &[u8]) -> Result<DayRow, StoreError> {
    let wrong = || corrupt("day");
    let (form, rest) = bytes.split_first().ok_or_else(wrong)?;
    let (numbers, tail) = rest.as_chunks::<8>();
    if *form != FORM || !tail.is_empty() {
        return Err(wrong());
    }
    let numbers: Vec<i64> = numbers.iter().map(|b| i64::from_le_bytes(*b)).collect();
    let Some((head, slots)) = numbers.split_first_chunk::<7>() else {
        return Err(wrong());
    };
    let [arrives, filed, shipments, total, open, unpriced, open_total] = *head;
    let mut row = DayRow {
        latest: (arrives != i64::MIN).then_some((arrives, filed)),
        ..DayRow::default()
    };
    row.holds.all.shipments = shipments;
    row.holds.all.total_cents = total;
    row.holds.undecided.shipments = open;
    row.holds.undecided.unpriced = unpriced;
    row.holds.undecided.total_cents = open_total;
    let (slots, tail) = slots.as_chunks::<6>();
    if !tail.is_empty() {
        return Err(wrong());
    }
    for [slot, counted, counted_total, could, could_total, crossed] in slots {
        let slot = usize::try_from(*slot).ok().and_then(Slot::new);
        let slot = slot.ok_or_else(wrong)?.place();
        row.holds.counted[slot].shipments = *counted;
        row.holds.counted[slot].total_cents = *counted_total;
        row.holds.could_count[slot].shipments = *could;
        row.holds.could_count[slot].total_cents = *could_total;
        row.holds.crossed[slot] = *crossed;
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Posting;

    #[test]
    fn a_packed_day_reads_back_and_a_torn_one_does_not() {
        let mut row = DayRow::default();
        assert_eq!(unpack(&pack(&row)), Ok(row));
        row.latest = Some((1_700_000_000, i64::MAX));
        row.holds.apply(
            1,
            &Posting {
                value_cents: 79_999,
                counted: Slot::new(2),
                could_count: Slot::new(7),
                crossed: Slots::default().with(Slot::new(3).unwrap()),
                undecided: Some(Open::Priced),
            },
        );
        let packed = pack(&row);
        assert_eq!(unpack(&packed), Ok(row));
        for end in 0..packed.len() {
            // Whole slots can be missing from the end without a trace in the form itself.
            let missing = (packed.len() - end) % 48;
            if missing != 0 || end < 57 {
                assert!(unpack(&packed[..end]).is_err(), "cut at {end}");
            }
        }
        let mut other = packed;
        other[0] = 2;
        assert!(unpack(&other).is_err());
    }
}
