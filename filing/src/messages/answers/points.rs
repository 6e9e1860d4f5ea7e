//! What a condition points at: a record that was sent, by its place and what it held.

use serde::Serialize;
use std::fmt;

/// A record, or a repetition of one, that a condition is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Point {
    /// The record: `50`, `SE15`; empty where the reference type names none.
    pub record: String,
    /// The field of the record, where the reference names one.
    pub field: String,
    /// Which repetition, from 1; 0 where it does not repeat.
    pub occurrence: u32,
    /// What it held, as CBP gives it back.
    pub value: String,
}

impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "record {}", self.record)?;
        if self.occurrence > 0 {
            write!(out, " no. {}", self.occurrence)?;
        }
        if !self.field.is_empty() {
            write!(out, " {}", self.field)?;
        }
        if !self.value.is_empty() {
            write!(out, " {:?}", self.value)?;
        }
        Ok(())
    }
}

/// (reference data type, record, field): AE, output record E0, table 1.
const REFERENCES: [(&str, &str, &str); 25] = [
    ("CARMAN", "22", "manifested_quantity"),
    ("BOLINB", "23", "manifest_component_identifier"),
    ("BNDDTL", "31", "bond_type_code"),
    ("CONREL", "32", "release_entry_number_1"),
    ("MISDOC", "33", "missing_document_code_1"),
    ("HDRFEE", "34", "header_fee_amount_1"),
    ("PSCHRE", "35", "reason_code_1"),
    ("PSCEXP", "36", "explanation_text"),
    ("LINITM", "40", "line_item_identifier"),
    ("EIPINV", "42", "invoice_number"),
    ("INVLIN", "42", "invoice_line_range_1_begin"),
    ("COMDES", "44", "commercial_description_text"),
    ("ARPART", "47", "party_identifier"),
    ("TARIFF", "50", "hts_number"),
    ("TARQTY", "50", "quantity_1"),
    ("LICNSE", "52", "license_certificate_permit_number"),
    ("ADDCVD", "53", "case_number"),
    ("IADDET", "54", "declaration_type_code"),
    ("LINFEE", "62", "user_fee_amount"),
    ("PSCLRE", "63", "reason_code_1"),
    ("CENWRN", "CW02", "condition_code_1"),
    ("PSTLIN", "", ""),
    ("TOTALS", "90", ""),
    ("FEETOT", "89", "total_fee_amount_1"),
    ("PGOI", "OI", "commercial_description_text"),
];

impl Point {
    /// The record that a reference of an answer to entry summaries names. A reference that is not
    /// in the table keeps its name as record, so that nothing is lost.
    pub(super) fn of_reference(reference: &str, occurrence: u32, value: &str) -> Point {
        let known = REFERENCES.iter().find(|(known, ..)| *known == reference);
        let (record, field) = known.map_or((reference, ""), |(_, record, field)| (record, field));
        Point {
            record: record.to_owned(),
            field: field.to_owned(),
            occurrence,
            value: value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::catair::layout;

    #[test]
    fn every_reference_names_a_field_of_the_table() {
        for (reference, record, field) in REFERENCES {
            let known = layout("AE", record);
            assert!(
                record.is_empty() || known.is_some(),
                "{reference}: {record}"
            );
            if let Some(known) = known.filter(|_| !field.is_empty()) {
                assert!(known.field(field).is_some(), "{reference}: {field}");
            }
        }
    }

    #[test]
    fn an_unknown_reference_keeps_its_name() {
        let point = Point::of_reference("PG01", 2, "FDA");
        assert_eq!(point.to_string(), "record PG01 no. 2 \"FDA\"");
    }
}
