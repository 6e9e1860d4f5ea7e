//! Each system's document against the fields it gives, and all of them through the contract's reader.

use super::*;
use deminimis_clearance::shipment::build::{Builder, PortZones};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::time::Zone;

const TO_EASYPOST: &str = r#""to_address": {"name": "Ana Ruiz", "street1": "1 Elm St", "street2": "Apt 2", "city": "Austin", "state": "TX", "zip": "78701", "country": "US", "phone": "5125550100"},
 "from_address": {"company": "Saigon Shirts", "street1": "9 Le Loi", "city": "Hanoi", "zip": "100000", "country": "VN"}"#;

fn document(system: System) -> String {
    let own = r#""deminimis": {"arrives_at": "2026-11-20", "mode": "air"}"#;
    let body = match system {
        System::EasyPost => format!(r#""id": "shp_1", {TO_EASYPOST}, "customs_info": {{"contents_type": "merchandise",
            "customs_items": [{{"description": "T-shirt", "quantity": 3, "value": 45.30, "weight": 16, "hs_tariff_number": "610910", "origin_country": "VN", "code": "TS-1", "currency": "USD"}}]}}"#),
        System::Shippo => r#""object_id": "shp_1", "address_to": {"name": "Ana Ruiz", "street1": "1 Elm St", "street2": "Apt 2", "city": "Austin", "state": "TX", "zip": "78701", "country": "US", "phone": "5125550100"},
            "address_from": {"company": "Saigon Shirts", "country": "VN"}, "customs_declaration": {"contents_type": "MERCHANDISE",
            "items": [{"description": "T-shirt", "quantity": 3, "value_amount": "45.30", "value_currency": "USD", "net_weight": "1", "mass_unit": "lb", "origin_country": "VN", "tariff_number": "610910", "sku_code": "TS-1"}]}"#.to_owned(),
        System::ShipStation => r#""orderNumber": "shp_1", "shipTo": {"name": "Ana Ruiz", "street1": "1 Elm St", "street2": "Apt 2", "city": "Austin", "state": "TX", "postalCode": "78701", "country": "US", "phone": "5125550100"},
            "internationalOptions": {"contents": "merchandise", "customsItems": [{"description": "T-shirt", "quantity": 3, "value": 15.10, "harmonizedTariffCode": "610910", "countryOfOrigin": "VN"}]}"#.to_owned(),
        System::Karrio => r#""id": "shp_1", "recipient": {"person_name": "Ana Ruiz", "address_line1": "1 Elm St", "address_line2": "Apt 2", "city": "Austin", "state_code": "TX", "postal_code": "78701", "country_code": "US", "phone_number": "5125550100"},
            "shipper": {"company_name": "Saigon Shirts", "country_code": "VN"}, "customs": {"content_type": "merchandise",
            "commodities": [{"description": "T-shirt", "quantity": 3, "value_amount": 15.1, "value_currency": "USD", "weight": 151.2, "weight_unit": "G", "origin_country": "VN", "hs_code": "610910", "sku": "TS-1"}]}"#.to_owned(),
        System::Shopify => r#""name": "shp_1", "currencyCode": "USD", "shippingAddress": {"name": "Ana Ruiz", "address1": "1 Elm St", "address2": "Apt 2", "city": "Austin", "provinceCode": "TX", "zip": "78701", "countryCodeV2": "US", "phone": "5125550100"},
            "lineItems": {"edges": [{"node": {"name": "Gift card", "quantity": 1, "requiresShipping": false}}, {"node": {"name": "T-shirt", "sku": "TS-1", "quantity": 3, "originalUnitPriceSet": {"shopMoney": {"amount": "15.10"}},
            "variant": {"inventoryItem": {"harmonizedSystemCode": "61091000", "countryCodeOfOrigin": "VN", "countryHarmonizedSystemCodes": {"nodes": [{"countryCode": "CA", "harmonizedSystemCode": "6109100010"}, {"countryCode": "US", "harmonizedSystemCode": "610910"}]}}}}}]}"#.to_owned(),
        System::WooCommerce => r#""id": 77, "number": "shp_1", "currency": "USD", "status": "processing", "billing": {"email": "ana@example.com"}, "shipping": {"first_name": "Ana", "last_name": "Ruiz", "address_1": "1 Elm St", "address_2": "Apt 2", "city": "Austin", "state": "TX", "postcode": "78701", "country": "US", "phone": "5125550100"},
            "line_items": [{"name": "T-shirt", "sku": "TS-1", "quantity": 3, "price": 15.1, "total": "45.30"}]"#.to_owned(),
        System::FedEx => r#""masterTrackingNumber": "shp_1", "requestedShipment": {"shipper": {"contact": {"companyName": "Saigon Shirts"}, "address": {"countryCode": "VN"}},
            "recipients": [{"contact": {"personName": "Ana Ruiz", "phoneNumber": "5125550100"}, "address": {"streetLines": ["1 Elm St", "Apt 2"], "city": "Austin", "stateOrProvinceCode": "TX", "postalCode": "78701", "countryCode": "US"}}],
            "customsClearanceDetail": {"isDocumentOnly": false, "commercialInvoice": {"shipmentPurpose": "SOLD"}, "commodities": [{"description": "T-shirt", "countryOfManufacture": "VN", "harmonizedCode": "610910", "quantity": 3, "unitPrice": {"amount": 15.1, "currency": "USD"}, "customsValue": {"amount": 45.3, "currency": "USD"}, "weight": {"units": "KG", "value": 0.1512}, "partNumber": "TS-1"}]}}"#.to_owned(),
        System::Ups => r#""ShipmentRequest": {"Shipment": {"ShipmentIdentificationNumber": "shp_1", "ShipTo": {"Name": "Ana Ruiz", "Phone": {"Number": "5125550100"}, "Address": {"AddressLine": ["1 Elm St", "Apt 2"], "City": "Austin", "StateProvinceCode": "TX", "PostalCode": "78701", "CountryCode": "US"}},
            "Shipper": {"Name": "Saigon Shirts", "Address": {"CountryCode": "VN"}}, "ShipmentServiceOptions": {"InternationalForms": {"ReasonForExport": "SALE", "CurrencyCode": "USD", "Product": {"Description": ["T-shirt"], "Unit": {"Number": "3", "Value": "15.10"}, "CommodityCode": "610910", "OriginCountryCode": "VN", "PartNumber": "TS-1", "ProductWeight": {"UnitOfMeasurement": {"Code": "LBS"}, "Weight": "0.3333"}}}}}}"#.to_owned(),
        System::Dhl => r#""shipmentTrackingNumber": "shp_1", "customerDetails": {"receiverDetails": {"postalAddress": {"addressLine1": "1 Elm St", "addressLine2": "Apt 2", "cityName": "Austin", "provinceCode": "TX", "postalCode": "78701", "countryCode": "US"}, "contactInformation": {"fullName": "Ana Ruiz", "phone": "5125550100"}},
            "shipperDetails": {"postalAddress": {"countryCode": "VN"}, "contactInformation": {"companyName": "Saigon Shirts"}}}, "content": {"unitOfMeasurement": "metric", "declaredValueCurrency": "USD", "exportDeclaration": {"exportReasonType": "commercial_purpose_or_sale",
            "lineItems": [{"number": 1, "description": "T-shirt", "price": 15.1, "quantity": {"value": 3, "unitOfMeasurement": "PCS"}, "commodityCodes": [{"typeCode": "outbound", "value": "6109100090"}, {"typeCode": "inbound", "value": "610910"}], "manufacturerCountry": "VN", "weight": {"netValue": 0.1512, "grossValue": 0.2}}]}}"#.to_owned(),
    };
    format!("{{{body}, {own}}}")
}

fn said(system: System) -> Options {
    Options {
        values: (system == System::ShipStation).then_some(Per::Piece),
        ..Options::default()
    }
}

/// What the contract's reader makes of a document, with what such a document cannot say added.
fn shipment(system: System, json: &str) -> (Shipment, Texts) {
    let given = read(system, json, &said(system)).unwrap();
    let (zone, ports) = (
        Zone::named("America/New_York").unwrap(),
        PortZones::default(),
    );
    let mut builder = Builder::new(&[], &zone, &ports);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut filling = builder.begin(&mut shipment, &mut texts);
    for one in &given {
        let field =
            FieldId::named(one.field).unwrap_or_else(|| panic!("{} is no field", one.field));
        assert_eq!(field.is_line(), one.line.is_some(), "{}", one.field);
        filling
            .set(field, one.line.unwrap_or(0), &one.value)
            .unwrap_or_else(|bad| panic!("{system:?}: {bad}"));
    }
    let country = FieldId::named("country_of_shipment").unwrap();
    filling.fill(country, 0, "VN").unwrap();
    filling
        .finish()
        .unwrap_or_else(|bad| panic!("{system:?}: {bad}"));
    (shipment, texts)
}

#[test]
fn one_parcel_told_by_nine_systems_is_one_parcel() {
    for system in System::ALL {
        let (shipment, texts) = shipment(system, &document(system));
        assert_eq!(shipment.id, "shp_1", "{system:?}");
        assert_eq!(shipment.lines.len(), 1, "{system:?}");
        let line = &shipment.lines[0];
        assert_eq!(
            (line.value, line.quantity),
            (4530, Some(3000)),
            "{system:?}"
        );
        let text = |name: &str| texts.at(FieldId::named(name).unwrap(), 0);
        assert_eq!(text("consignee_name"), Some("Ana Ruiz"), "{system:?}");
        assert_eq!(
            text("consignee_street"),
            Some("1 Elm St, Apt 2"),
            "{system:?}"
        );
        assert_eq!(text("consignee_postal_code"), Some("78701"), "{system:?}");
        assert_eq!(text("consignee_state"), Some("TX"), "{system:?}");
        assert_eq!(text("consignee_country"), Some("US"), "{system:?}");
        assert_eq!(text("consignee_phone"), Some("5125550100"), "{system:?}");
        assert_eq!(text("description"), Some("T-shirt"), "{system:?}");
        if system != System::WooCommerce {
            assert_eq!(text("htsus_number"), Some("610910"), "{system:?}");
            assert_eq!(text("country_of_origin"), Some("VN"), "{system:?}");
        }
        let has_weight = !matches!(
            system,
            System::ShipStation | System::WooCommerce | System::Shopify
        );
        assert_eq!(
            text("net_weight_kg"),
            has_weight.then_some("0.454"),
            "{system:?}"
        );
    }
}

#[test]
fn the_caller_can_say_what_values_and_weights_are_of() {
    let value = |system, options: Options| {
        let given = read(system, &document(system), &options).unwrap();
        let text = |field| {
            given
                .iter()
                .find(|given| given.field == field)
                .map(|given| given.value.clone())
        };
        (text("line_value").unwrap(), text("net_weight_kg"))
    };
    let both = |per| Options {
        values: Some(per),
        weights: Some(per),
        ..Options::default()
    };
    assert_eq!(
        value(System::EasyPost, both(Per::Piece)),
        ("135.90".to_owned(), Some("1.361".to_owned()))
    );
    assert_eq!(
        value(System::Karrio, both(Per::Line)),
        ("15.10".to_owned(), Some("0.151".to_owned()))
    );
    let open = read(
        System::ShipStation,
        &document(System::ShipStation),
        &Options::default(),
    )
    .unwrap_err();
    assert!(open.reason.contains("--values-are"), "{open}");
    assert_eq!(open.at, "/internationalOptions/customsItems/0/value");
}

#[test]
fn what_cannot_be_taken_is_refused_where_it_stands() {
    let no_number = |json: &str, system| read(system, json, &said(system)).unwrap_err();
    let easypost = document(System::EasyPost);
    for (from, to, at, reason) in [
        (
            "45.30",
            "\"45,30\"",
            "/customs_info/customs_items/0/value",
            "not a plain decimal",
        ),
        (
            "45.30",
            "45.305",
            "/customs_info/customs_items/0/value",
            "more decimals than the currency",
        ),
        (
            "45.30",
            "-1",
            "/customs_info/customs_items/0/value",
            "negative",
        ),
        (
            "45.30",
            "[1]",
            "/customs_info/customs_items/0/value",
            "is an array",
        ),
        (
            "16",
            "1e3",
            "/customs_info/customs_items/0/weight",
            "not a plain decimal",
        ),
        (
            "45.30",
            "45.3055555",
            "/customs_info/customs_items/0/value",
            "has more decimals than the currency (2)",
        ),
        (
            "16",
            "16.12345",
            "/customs_info/customs_items/0/weight",
            "has more decimals than a weight may have here (4)",
        ),
        (
            "\"merchandise\"",
            "\"other\"",
            "/customs_info/contents_type",
            "--set purpose",
        ),
        (
            "\"arrives_at\"",
            "\"arives_at\"",
            "/deminimis/arives_at",
            "not a field",
        ),
        (
            "\"quantity\": 3",
            "\"quantity\": 3, \"quantity\": 4",
            "",
            "twice",
        ),
        (
            "\"id\"",
            "\"shipments\": [1], \"id\"",
            "",
            "give that array itself",
        ),
    ] {
        assert!(easypost.contains(from), "{from}");
        let wrong = no_number(&easypost.replacen(from, to, 1), System::EasyPost);
        assert_eq!(wrong.at, at, "{from} {to}: {wrong}");
        assert!(wrong.reason.contains(reason), "{from} {to}: {wrong}");
    }
    let karrio = document(System::Karrio);
    for (from, to, reason) in [
        ("15.1,", "15.1234567,", "than a price may have here (6)"),
        (
            "\"quantity\": 3",
            "\"quantity\": 3.0001",
            "than a quantity may have here (3)",
        ),
    ] {
        assert!(karrio.contains(from), "{from}");
        let wrong = no_number(&karrio.replacen(from, to, 1), System::Karrio);
        assert!(wrong.reason.contains(reason), "{from} {to}: {wrong}");
    }
    let other = easypost.replacen("\"merchandise\"", "\"other\"", 1);
    let given = Options {
        purpose_is_given: true,
        ..Options::default()
    };
    assert!(read(System::EasyPost, &other, &given).is_ok());
    let fedex = document(System::FedEx).replacen("45.3,", "45.4,", 1);
    assert!(
        no_number(&fedex, System::FedEx)
            .reason
            .contains("unitPrice")
    );
    let cancelled = document(System::WooCommerce).replacen("processing", "cancelled", 1);
    assert!(
        no_number(&cancelled, System::WooCommerce)
            .reason
            .contains("cancelled")
    );
    let unit = document(System::Karrio).replacen("\"G\"", "\"stone\"", 1);
    assert_eq!(
        no_number(&unit, System::Karrio).at,
        "/customs/commodities/0/weight_unit"
    );
    for json in ["", "[]", "5", "nul", "{\"a\"", "\u{1F4E6}"] {
        for system in System::ALL {
            assert!(read(system, json, &said(system)).is_err(), "{json}");
        }
    }
}

/// The value of a field that the document's own object gives.
fn own(value: &str, field: &str) -> Result<Option<String>, BadImport> {
    let own = format!("\"deminimis\": {{\"{field}\": {value}, ");
    let document = document(System::EasyPost).replacen("\"deminimis\": {", &own, 1);
    let given = read(System::EasyPost, &document, &said(System::EasyPost))?;
    let found = given.into_iter().find(|one| one.field == field);
    Ok(found.map(|one| one.value))
}

#[test]
fn own_fields_take_the_contracts_own_types() {
    for (field, value, expected) in [
        ("sold_before_import", "true", Some("true")),
        ("sold_before_import", "false", Some("false")),
        ("sold_before_import", "\"true\"", Some("true")),
        ("sold_before_import", "null", None),
        ("at_express_hub", "true", Some("true")),
        ("manifest_quantity", "3", Some("3")),
    ] {
        let taken = own(value, field).unwrap();
        assert_eq!(taken.as_deref(), expected, "{field} {value}");
    }
    for (field, value) in [
        ("sold_before_import", "[true]"),
        ("house_bill", "true"),
        ("carrier_code", "{}"),
    ] {
        let bad = own(value, field).unwrap_err();
        assert_eq!(bad.at, format!("/deminimis/{field}"));
        // The refusal can say which parcel it is of.
        let id = bad.given.iter().find(|one| one.field == "shipment_id");
        assert_eq!(id.map(|one| one.value.as_str()), Some("shp_1"), "{bad}");
    }
}

#[test]
fn any_part_of_a_document_may_be_missing_or_of_another_type() {
    for system in System::ALL {
        let whole = document(system);
        let cuts: Vec<usize> = whole.match_indices(": ").map(|(at, _)| at).collect();
        assert!(cuts.len() > 15, "{system:?}");
        for at in cuts {
            for other in ["null", "true", "[]", "{}", "\"\"", "-0", "[[{}]]"] {
                let rest = &whole[at + 2..];
                let Some(first) = serde_json::Deserializer::from_str(rest)
                    .into_iter::<serde::de::IgnoredAny>()
                    .next()
                else {
                    continue;
                };
                first.unwrap();
                let mut values =
                    serde_json::Deserializer::from_str(rest).into_iter::<serde::de::IgnoredAny>();
                let _value = values.next();
                let changed = format!("{}: {other}{}", &whole[..at], &rest[values.byte_offset()..]);
                // Either refused with its place or read into fields of the contract; never a panic.
                match read(system, &changed, &said(system)) {
                    Err(bad) => assert!(!bad.reason.is_empty(), "{changed}"),
                    Ok(given) => {
                        for one in given {
                            let field = FieldId::named(one.field).expect(one.field);
                            assert_eq!(field.is_line(), one.line.is_some(), "{changed}");
                            assert!(!one.value.trim().is_empty(), "{} of {changed}", one.field);
                        }
                    }
                }
            }
        }
    }
}
