//! Two entry summaries in one block.

use super::{enclosed, record};
use deminimis_filing::messages::catair::{Message, Record};

/// An informal summary that is certified for release, and a formal one with a case.
pub fn summaries() -> Message<'static> {
    let ae = |tag: &str, fields: &[(&str, &str)]| record("AE", tag, fields);
    let mut records = vec![
        ae(
            "10",
            &[
                ("summary_filing_action_request_code", "A"),
                ("entry_filer_code", "N01"),
                ("entry_number", "12345678"),
                ("district_port_of_entry", "4701"),
                ("broker_reference_number", "REF-1"),
                ("entry_type_code", "11"),
                ("mode_of_transportation_code", "40"),
                ("electronic_signature", "X"),
                ("cargo_release_certification_request_indicator", "A"),
                ("payment_type_code", "1"),
            ],
        ),
        ae(
            "11",
            &[
                ("importer_of_record_number", "12-3456789"),
                ("consignee_number", "00-0000000"),
                ("estimated_entry_date", "112026"),
                ("date_of_importation", "112026"),
                ("us_state_of_destination_code", "NY"),
            ],
        ),
        ae(
            "20",
            &[
                ("carrier_code", "AA"),
                ("district_port_of_unlading", "4701"),
                ("estimated_date_of_arrival", "112026"),
                ("location_of_goods_code", "W123"),
            ],
        ),
        ae(
            "SE13",
            &[
                ("contact_name", "ANA LOPEZ"),
                ("contact_phone", "2125550100"),
            ],
        ),
        ae("21", &[("trip_identifier", "00100")]),
        ae(
            "22",
            &[
                ("manifested_quantity", "1"),
                ("manifested_quantity_unit_of_measure_code", "PCS"),
            ],
        ),
        ae(
            "23",
            &[
                ("manifest_component_type_code", "M"),
                ("manifest_component_identifier", "00112345675"),
            ],
        ),
        ae(
            "23",
            &[
                ("manifest_component_type_code", "H"),
                ("manifest_component_identifier", "H4711"),
            ],
        ),
        ae(
            "34",
            &[
                ("accounting_class_code_1", "311"),
                ("header_fee_amount_1", "277"),
            ],
        ),
        ae(
            "SE20",
            &[
                ("reference_identifier_qualifier", "EXP"),
                ("reference_identifier", "Y"),
            ],
        ),
        ae(
            "SE30",
            &[("entity_code", "CN"), ("entity_name", "BOB STONE")],
        ),
        ae(
            "SE35",
            &[
                ("address_component_qualifier_1", "15"),
                ("address_information_1", "1 OAK ST"),
            ],
        ),
        ae(
            "SE36",
            &[
                ("city_name", "AUSTIN"),
                ("country_sub_entity_code", "TX"),
                ("postal_code", "78701"),
                ("country_code", "US"),
            ],
        ),
        ae(
            "40",
            &[
                ("line_item_identifier", "001"),
                ("country_of_origin_code", "CN"),
                ("country_of_export_code", "CN"),
                ("date_of_exportation", "111926"),
                ("charges_amount", "4"),
                ("gross_shipping_weight", "1"),
                ("related_party_indicator", "N"),
            ],
        ),
        ae(
            "44",
            &[("commercial_description_text", "COTTON T-SHIRTS, KNITTED")],
        ),
        ae(
            "47",
            &[
                ("party_type_code", "M"),
                ("party_identifier", "CNEXAEXP12SHE"),
            ],
        ),
        ae(
            "50",
            &[
                ("hts_number", "9903053100"),
                ("duty_amount", "500"),
                ("value_of_goods_amount", "0"),
                ("unit_of_measure_code_1", "X"),
            ],
        ),
        ae(
            "50",
            &[
                ("hts_number", "6109100012"),
                ("duty_amount", "660"),
                ("value_of_goods_amount", "40"),
                ("quantity_1", "100"),
                ("unit_of_measure_code_1", "DOZ"),
                ("quantity_2", "50"),
                ("unit_of_measure_code_2", "KG"),
            ],
        ),
        ae("OI", &[("commercial_description_text", "COTTON T SHIRTS")]),
        record(
            "PG",
            "PG01",
            &[
                ("pga_line_number", "001"),
                ("government_agency_code", "FDA"),
                ("government_agency_program_code", "FOO"),
                ("disclaimer", "A"),
            ],
        ),
        record("PG", "PG02", &[("item_type", "P")]),
        ae(
            "89",
            &[
                ("accounting_class_code_1", "311"),
                ("total_fee_amount_1", "277"),
            ],
        ),
        ae("90", &totals("1160", "277", "0", "0")),
    ];
    records.extend(formal());
    enclosed("AE", records)
}

fn totals<'a>(
    duty: &'a str,
    fee: &'a str,
    ad: &'a str,
    tax: &'a str,
) -> [(&'static str, &'a str); 5] {
    [
        ("grand_total_duty_amount", duty),
        ("grand_total_user_fee_amount", fee),
        ("grand_total_ir_tax_amount", tax),
        ("grand_total_ad_duty_amount", ad),
        ("grand_total_cv_duty_amount", "0"),
    ]
}

fn formal() -> Vec<Record> {
    let ae = |tag: &str, fields: &[(&str, &str)]| record("AE", tag, fields);
    vec![
        ae(
            "10",
            &[
                ("summary_filing_action_request_code", "A"),
                ("entry_filer_code", "N01"),
                ("entry_number", "12345686"),
                ("district_port_of_entry", "4701"),
                ("entry_type_code", "03"),
                ("mode_of_transportation_code", "11"),
                ("electronic_signature", "X"),
                ("payment_type_code", "6"),
                ("preliminary_statement_print_date", "112326"),
                ("periodic_statement_month", "12"),
            ],
        ),
        ae("11", &[("importer_of_record_number", "123-45-6789")]),
        ae(
            "31",
            &[
                ("bond_type_code", "8"),
                ("bond_designation_type_code", "B"),
                ("surety_company_code", "001"),
            ],
        ),
        ae(
            "31",
            &[
                ("bond_type_code", "9"),
                ("bond_designation_type_code", "A"),
                ("surety_company_code", "002"),
                ("single_transaction_bond_amount", "5000"),
            ],
        ),
        ae(
            "40",
            &[
                ("line_item_identifier", "1"),
                ("country_of_origin_code", "CN"),
            ],
        ),
        ae(
            "50",
            &[
                ("hts_number", "7307110030"),
                ("duty_amount", "4800"),
                ("value_of_goods_amount", "1000"),
                ("quantity_1", "10000"),
                ("unit_of_measure_code_1", "KG"),
            ],
        ),
        ae(
            "52",
            &[
                ("license_certificate_permit_type_code", "14"),
                ("license_certificate_permit_number", "AB12"),
            ],
        ),
        ae(
            "53",
            &[
                ("case_number", "A570881001"),
                ("bond_cash_claim_code", "C"),
                ("case_deposit_rate", "11111"),
                ("case_rate_type_qualifier_code", "A"),
                ("duty_amount", "111110"),
            ],
        ),
        ae(
            "60",
            &[("accounting_class_code", "016"), ("ir_tax_amount", "25")],
        ),
        ae(
            "62",
            &[("accounting_class_code", "499"), ("user_fee_amount", "346")],
        ),
        ae(
            "62",
            &[("accounting_class_code", "501"), ("user_fee_amount", "125")],
        ),
        ae("88", &[("total_cash_deposit_ad_duty_amount", "111110")]),
        ae(
            "89",
            &[
                ("accounting_class_code_1", "499"),
                ("total_fee_amount_1", "3358"),
                ("accounting_class_code_2", "501"),
                ("total_fee_amount_2", "125"),
            ],
        ),
        ae("90", &totals("4800", "3483", "111110", "25")),
    ]
}
