//! A cargo release of two lines.

use super::{enclosed, record};
use deminimis_filing::messages::catair::Message;

/// A release of two lines, with a bill outside AMS.
pub fn release() -> Message<'static> {
    let se = |tag: &str, fields: &[(&str, &str)]| record("SE", tag, fields);
    let street = [
        ("address_component_qualifier_1", "15"),
        ("address_information_1", "1 OAK ST"),
    ];
    let city = [
        ("city_name", "AUSTIN"),
        ("postal_code", "78701"),
        ("country_code", "US"),
    ];
    let abroad = [("city_name", "SHENZHEN"), ("country_code", "CN")];
    enclosed(
        "SE",
        vec![
            se(
                "SE10",
                &[
                    ("action_code", "A"),
                    ("entry_filer_code", "N01"),
                    ("entry_number", "12345694"),
                    ("entry_type_code", "11"),
                    ("importer_of_record_type", "EI"),
                    ("importer_of_record_number", "12-3456789"),
                    ("mode_of_transportation_code", "40"),
                    ("bond_type_code", "9"),
                    ("estimated_entry_value", "2400"),
                    ("planned_port_of_entry", "4701"),
                ],
            ),
            se(
                "SE11",
                &[
                    ("elected_entry_date", "112026"),
                    ("location_of_goods_firms", "W123"),
                ],
            ),
            se(
                "SE13",
                &[
                    ("contact_name", "ANA LOPEZ"),
                    ("contact_phone", "2125550100"),
                ],
            ),
            se(
                "SE15",
                &[
                    ("bill_type_indicator", "M"),
                    ("bill_of_lading_number", "00112345675"),
                    ("non_ams_indicator", "N"),
                ],
            ),
            se(
                "SE15",
                &[
                    ("bill_type_indicator", "H"),
                    ("bill_of_lading_number", "H4711"),
                    ("quantity", "1"),
                    ("non_ams_indicator", "N"),
                ],
            ),
            se(
                "SE15",
                &[
                    ("bill_type_indicator", "R"),
                    ("bill_of_lading_number", "00112345686"),
                    ("non_ams_indicator", "Y"),
                ],
            ),
            se(
                "SE16",
                &[
                    ("carrier_code", "AA"),
                    ("voyage_flight_trip_manifest_number", "00100"),
                    ("date_of_arrival", "112026"),
                    ("quantity", "1"),
                ],
            ),
            se("SE17", &[("equipment_number", "CSQU3054383")]),
            se(
                "SE20",
                &[
                    ("reference_identifier_qualifier", "V1"),
                    ("reference_identifier", "001"),
                ],
            ),
            se(
                "SE20",
                &[
                    ("reference_identifier_qualifier", "AMT"),
                    ("reference_identifier", "90000"),
                ],
            ),
            se(
                "SE20",
                &[
                    ("reference_identifier_qualifier", "EXP"),
                    ("reference_identifier", "Y"),
                ],
            ),
            se(
                "SE30",
                &[("entity_code", "SE"), ("entity_name", "SHIRTS & MORE")],
            ),
            se("SE35", &street),
            se("SE36", &abroad),
            se(
                "SE30",
                &[("entity_code", "CN"), ("entity_name", "BOB STONE")],
            ),
            se("SE35", &street),
            se("SE36", &city),
            se(
                "SE40",
                &[
                    ("line_item_identifier", "001"),
                    ("country_of_origin", "CN"),
                    ("commercial_invoice_description", "SHIRTS"),
                ],
            ),
            se(
                "SE50",
                &[("entity_code", "MF"), ("entity_name", "EXAMPLE EXPORT")],
            ),
            se("SE55", &street),
            se("SE56", &abroad),
            se(
                "SE60",
                &[("hts_number", "9903053100"), ("line_item_value", "0")],
            ),
            se(
                "SE60",
                &[("hts_number", "6109100012"), ("line_item_value", "1200")],
            ),
            se(
                "SE40",
                &[("line_item_identifier", "002"), ("country_of_origin", "VN")],
            ),
            se(
                "SE50",
                &[("entity_code", "MF"), ("entity_name", "ANOTHER EXPORT")],
            ),
            se("SE55", &street),
            se("SE56", &abroad),
            se(
                "SE50",
                &[
                    ("entity_code", "BY"),
                    ("entity_identifier_qualifier", "34"),
                    ("entity_identifier", "123-45-6789"),
                ],
            ),
            se(
                "SE60",
                &[("hts_number", "6109100040"), ("line_item_value", "1200")],
            ),
        ],
    )
}
