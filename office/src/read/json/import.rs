//! One document of another system into a shipment: `filing` says which of its values is which
//! field, the contract's own reader judges each, and a refusal names the place in the document.

use super::super::Import;
use super::super::reject::{Problem, RejectReason, shown};
use deminimis_clearance::shipment::build::Filling;
use deminimis_clearance::shipment::fields::FieldId;
use deminimis_filing::imports;

/// Reads one document into the filling.
pub(super) fn read_document(
    bytes: &[u8],
    import: Import,
    filling: &mut Filling,
) -> Result<(), Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::whole(RejectReason::NotUtf8))?;
    let given = imports::read(import.system, text, &import.options).map_err(|bad| {
        for one in bad.given.iter().filter(|one| one.line.is_none()) {
            if let Some(field) = FieldId::named(one.field) {
                // A further value that cannot be read is not told: the parcel is refused already.
                let _set = filling.set(field, 0, &one.value);
            }
        }
        Problem {
            field: bad.at,
            line: None,
            value: shown(&bad.value),
            reason: RejectReason::Rule(bad.reason),
        }
    })?;
    for one in given {
        let Some(field) = FieldId::named(one.field) else {
            let unknown = RejectReason::UnknownKey(None);
            return Err(Problem {
                field: one.at,
                ..Problem::whole(unknown)
            });
        };
        let set = filling.set(field, one.line.unwrap_or(0), &one.value);
        set.map_err(|bad| Problem {
            field: one.at,
            line: bad.line.map(|line| line as u32 + 1),
            value: bad.value,
            reason: RejectReason::Field(bad.reason),
        })?;
    }
    Ok(())
}
