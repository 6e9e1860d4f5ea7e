use super::*;
use crate::shipment::fields::id;
use deminimis_law::names::Given;
use deminimis_law::time::Day;

fn eastern() -> Zone {
    Zone::named("America/New_York").unwrap()
}

const PLAIN: [(FieldId, &str); 9] = [
    (id::SHIPMENT_ID, " PX-1 "),
    (id::MODE, "air"),
    (id::ARRIVES_AT, "2024-05-10"),
    (id::COUNTRY_OF_SHIPMENT, "VN"),
    (id::CONSIGNEE_NAME, "Ana Lopez"),
    (id::DESCRIPTION, "cotton T-shirt"),
    (id::LINE_VALUE, "42.00"),
    (id::COUNTRY_OF_ORIGIN, "VN"),
    (id::HTSUS_NUMBER, "6109.10.0012"),
];

fn build(extra: &[(FieldId, &str)]) -> Result<(Shipment, Texts), BadField> {
    build_with(extra, &PortZones::default())
}

fn build_with(extra: &[(FieldId, &str)], ports: &PortZones) -> Result<(Shipment, Texts), BadField> {
    let zone = eastern();
    let mut builder = Builder::new(&[], &zone, ports);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut filling = builder.begin(&mut shipment, &mut texts);
    let replaced = |field| extra.iter().any(|(other, _)| *other == field);
    for (field, text) in PLAIN
        .iter()
        .filter(|(field, _)| !replaced(*field))
        .chain(extra)
    {
        filling.set(*field, 0, text)?;
    }
    filling.finish()?;
    Ok((shipment, texts))
}

fn refusal(field: FieldId, text: &str) -> String {
    build(&[(field, text)]).unwrap_err().to_string()
}

#[test]
fn a_plain_shipment_has_its_defaults() {
    let (shipment, texts) = build(&[]).unwrap();
    assert_eq!(shipment.id, "PX-1");
    assert_eq!(shipment.lines[0].value, 4200);
    assert_eq!(shipment.lines[0].fair_retail_value, 4200);
    assert_eq!(shipment.purpose, Purpose::Sale);
    assert!(shipment.given.is_empty());
    assert_eq!(texts.get(id::SHIPMENT_ID), Some("PX-1"));
    assert_eq!(texts.line(id::DESCRIPTION, 0), Some("cotton T-shirt"));
    assert_eq!(texts.line(id::DESCRIPTION, 1), None);
}

#[test]
fn the_currency_may_come_after_the_amount() {
    let (shipment, _) = build(&[(id::LINE_VALUE, "5000"), (id::CURRENCY, "JPY")]).unwrap();
    assert_eq!(shipment.lines[0].value, 5000);
    let bad = build(&[(id::LINE_VALUE, "50.5"), (id::CURRENCY, "JPY")]).unwrap_err();
    assert_eq!(
        bad.to_string(),
        "line_value \"50.5\" has more decimals than JPY has (0); round it first"
    );
    assert_eq!(bad.pointer(), "/lines/0/line_value");
}

#[test]
fn the_port_decides_the_day() {
    let ports = PortZones::from_rows([("2704", "America/Los_Angeles")]).unwrap();
    let arrives = (id::ARRIVES_AT, "2024-05-11T01:30:00-04:00");
    let (here, _) = build_with(
        &[arrives, (FieldId::named("port_of_entry").unwrap(), "2704")],
        &ports,
    )
    .unwrap();
    let (east, _) = build_with(&[arrives], &ports).unwrap();
    assert_eq!(here.arrives_at.day, Day::new(2024, 5, 10).unwrap());
    assert_eq!(east.arrives_at.day, Day::new(2024, 5, 11).unwrap());
    assert!(PortZones::from_rows([("1", "Mars/Olympus")]).is_err());
}

#[test]
fn refusals_say_what_would_be_right() {
    for (field, text, said) in [
        (
            id::COUNTRY_OF_SHIPMENT,
            "UK",
            "for the United Kingdom write GB",
        ),
        (id::COUNTRY_OF_ORIGIN, "cn", "capital letters"),
        (id::COUNTRY_OF_ORIGIN, "EU", "name the member state"),
        (id::CURRENCY, "usd", "write USD"),
        (id::CURRENCY, "$", "such as USD"),
        (id::MODE, "Hand-Carried", "write hand_carried"),
        (id::MODE, "drone", "air, express, truck"),
        (id::ARRIVES_AT, "3/4/2024", "2024-03-04"),
        (id::ARRIVES_AT, "45352", "day count"),
        (id::ARRIVES_AT, "2025-02-29", "day of the calendar"),
        (id::ARRIVES_AT, "2025-02-28T10:00:00", "offset"),
        (id::FILED_AT, "2025-02-28", "needs a time"),
        (
            id::EXPORTED_ON,
            "2025-02-28T10:00:00Z",
            "day without a time",
        ),
        (id::LINE_VALUE, "1e999", "plain decimal"),
        (id::LINE_VALUE, "-5.00", "negative"),
        (id::QUANTITY, "0", "more than zero"),
        (id::HTSUS_NUMBER, "901210010", "leading zero"),
        (
            id::CONSIGNEE_NAME,
            "a\u{7}b",
            "consignee_name \"(withheld)\" holds a control character",
        ),
        (id::DESCRIPTION, "\u{85}", "control character"),
        (id::CLAIMS, "S,KR", "separate codes with ;"),
        (id::ACCOMPANIED, "yes", "true or false"),
    ] {
        let shown = refusal(field, text);
        assert!(shown.contains(said), "{shown}");
    }
    let missing = build(&[(id::MODE, " ")]).unwrap_err();
    assert_eq!(missing.to_string(), "mode is required and missing");
}

#[test]
fn repeats_must_agree_and_lines_are_counted() {
    let zone = eastern();
    let ports = PortZones::default();
    let mut builder = Builder::new(&[], &zone, &ports);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    for lines in [1, 3, 2] {
        let mut filling = builder.begin(&mut shipment, &mut texts);
        for line in 0..lines {
            for (field, text) in PLAIN {
                filling.set(field, line, text).unwrap();
            }
            filling.set(id::CLAIMS, line, "S; 9817.61.01").unwrap();
        }
        let again = filling.set(id::MODE, 0, "truck").unwrap_err();
        assert_eq!(again.reason, Reason::Disagrees);
        filling.finish().unwrap();
        assert_eq!(shipment.lines.len(), lines);
        assert_eq!(shipment.lines[0].claims.len(), 2);
        assert_eq!(shipment.lines[lines - 1].claims[1].as_str(), "98176101");
    }
    let mut filling = builder.begin(&mut shipment, &mut texts);
    assert!(filling.line(MAX_LINES - 1).is_ok());
    assert_eq!(
        filling.line(MAX_LINES).unwrap_err().reason,
        Reason::TooManyLines
    );
}

#[test]
fn what_is_given_is_known() {
    let field = |name| FieldId::named(name).unwrap();
    let (shipment, texts) = build(&[
        (field("owner_city"), "Austin"),
        (field("importer_of_record_number"), "12-3456789XX"),
        (field("bond_type"), "continuous"),
        (field("power_of_attorney"), "false"),
        (field("shipper_name"), "ANA LOPEZ"),
        (field("consignee_street"), "12 Oak St\r\nApt 4"),
    ])
    .unwrap();
    let given: Vec<_> = shipment.given.iter().collect();
    assert_eq!(given, [Given::Owner, Given::ImporterOfRecord, Given::Bond]);
    assert!(shipment.shipper_is_consignee);
    assert_eq!(
        texts.party(super::super::fields::Party::Consignee).street,
        Some("12 Oak St Apt 4")
    );
}

#[test]
fn the_schema_lists_every_field_where_json_has_it() {
    let schema = crate::shipment::schema::shipment_schema(&[]);
    for field in crate::shipment::FIELDS.iter() {
        let level = match field.level {
            Level::Shipment => &schema["properties"],
            Level::Line => &schema["$defs"]["line"]["properties"],
        };
        let object = match field.group {
            Some(group) => &level[group]["properties"],
            None => level,
        };
        assert_eq!(
            object[field.json]["description"], field.doc,
            "{}",
            field.name
        );
    }
    assert_eq!(
        schema["properties"]["consignee"]["required"],
        serde_json::json!(["name"])
    );
    assert_eq!(schema["properties"]["lines"]["maxItems"], 999);
    let required = schema["required"].as_array().unwrap();
    assert!(
        ["shipment_id", "consignee", "lines"]
            .iter()
            .all(|name| required.contains(&(*name).into()))
    );
}
