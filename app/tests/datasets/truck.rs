//! The truck's manifest: what stands on it, and what the form cannot carry.

use crate::duty_run::{Installation, text};
use crate::{CASE, Parcel, SHIRT, csv};
use serde_json::Value;

const TRIP: &str = r#"{"companyKey": "c-9000", "operation": "CREATE", "tripNumber": "ABCDTRIP0001", "usPortOfArrival": "0901",
        "estimatedArrivalDateTime": "2026-11-20 14:30:00", "truck": {"number": "T1", "type": "TR", "licensePlates": [{"number": "TEMP1", "stateProvince": "ON"}]},
        "drivers": [{"firstName": "Ann", "lastName": "Roy", "gender": "F", "dateOfBirth": "1980-02-03", "citizenshipCountry": "CA"}]}"#;

/// What differs of a parcel that a truck brings from Canada under a number.
fn by_truck<'p>(number: &'p str, own: &[(&'p str, &'p str)]) -> Vec<(&'p str, &'p str)> {
    let mut all = own.to_vec();
    all.extend([
        ("mode", "truck"),
        ("arrives_at", "2026-11-20"),
        ("country_of_shipment", "CA"),
        ("entry_path", ""),
        ("s10_number", ""),
        ("shipper_state", "ON"),
        ("shipper_country", "CA"),
        ("house_bill", number),
        ("manifest_quantity", "1"),
        ("manifest_unit", "CTN"),
        ("gross_weight_kg", "0.4"),
    ]);
    all
}

#[test]
fn a_truck_has_its_parcels_as_shipments() {
    let home = Installation::new();
    let trip_file = home.file("trip.json", TRIP);
    let (one, two) = (by_truck("ABCD1234", &[]), by_truck("ABCD123", &[]));
    let packages = by_truck("ABCD9999", &[("manifest_unit", "BOX1")]);
    let file = home.file(
        "truck.csv",
        &csv(&[
            Parcel {
                id: "T1",
                change: &one,
                articles: &[SHIRT],
            },
            Parcel {
                id: "T2",
                change: &two,
                articles: &[SHIRT],
            },
            Parcel {
                id: "T3",
                change: &one,
                articles: &[SHIRT],
            },
            Parcel {
                id: "T4",
                change: &packages,
                articles: &[SHIRT],
            },
            Parcel {
                id: "M1",
                change: &[],
                articles: &[SHIRT],
            },
        ]),
    );
    let output = home.run(&format!(
        "truck-manifest {file} --trip {trip_file} --rejects no.csv"
    ));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let manifest: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(manifest["data"], "ACE_TRIP");
    let shipments = manifest["shipments"].as_array().unwrap();
    assert_eq!(shipments.len(), 1, "{shipments:?}");
    assert_eq!(shipments[0]["type"], "PAPS");
    assert_eq!(shipments[0]["shipmentControlNumber"], "ABCD1234");
    let article = &shipments[0]["commodities"][0];
    assert_eq!(
        (
            article["harmonizedCode"].as_str(),
            article["value"].as_str()
        ),
        (Some("6109100012"), Some("42.00"))
    );
    assert_eq!(
        (
            article["quantity"].as_u64(),
            article["packagingUnit"].as_str()
        ),
        (Some(1), Some("CTN"))
    );
    assert_eq!(article["loadedOn"]["number"], "T1");
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    assert!(rejects.contains("T2,house_bill,ABCD123,"), "{rejects}");
    assert!(
        rejects.contains(
            "T3,house_bill,ABCD1234,\"is the number of the earlier parcel T1, which keeps it"
        ),
        "{rejects}"
    );
    assert!(rejects.contains("T4,manifest_unit,BOX1,"), "{rejects}");
    let bad = home.file("bad.json", &TRIP.replace("0901", "901"));
    let (status, said) = home.failed(&format!("truck-manifest {file} --trip {bad}"));
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("usPortOfArrival \"901\""), "{said}");
}

const TOWEL: [&str; 6] = ["cotton towel", "6302.60.0020", "VN", "3", "KG", "10.10"];

#[test]
fn packages_are_the_parcels_and_not_what_the_tariff_counts() {
    let home = Installation::new();
    let trip = home.file("trip.json", TRIP);
    let cases = [
        ("T1", by_truck("ABCD0001", &[("manifest_quantity", "2")])),
        (
            "T2",
            by_truck(
                "ABCD0002",
                &[("gross_weight_kg", ""), ("line_gross_weight_kg", "1.25")],
            ),
        ),
        ("T3", by_truck("ABCD0003", &[("manifest_quantity", "")])),
        ("T4", by_truck("ABCD0004", &[("manifest_unit", "")])),
        ("T5", by_truck("ABCD0005", &[("gross_weight_kg", "")])),
        ("T6", by_truck("ABCD0006", &[])),
    ];
    let parcels: Vec<Parcel<'_>> = cases
        .iter()
        .map(|(id, change)| Parcel {
            id,
            change,
            articles: match *id {
                "T6" => &[SHIRT, CASE],
                _ => &[SHIRT, TOWEL],
            },
        })
        .collect();
    let file = home.file("truck.csv", &csv(&parcels));
    let output = home.run(&format!(
        "truck-manifest {file} --trip {trip} --rejects no.csv"
    ));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let manifest: Value = serde_json::from_slice(&output.stdout).unwrap();
    let shipments = manifest["shipments"].as_array().unwrap();
    assert_eq!(shipments.len(), 2, "{shipments:#?}");
    let goods = &shipments[0]["commodities"];
    assert_eq!(goods.as_array().unwrap().len(), 1, "two cartons, not four");
    let goods = &goods[0];
    assert_eq!(
        (goods["quantity"].as_u64(), goods["packagingUnit"].as_str()),
        (Some(2), Some("CTN"))
    );
    for (key, value) in [
        ("description", "cotton T-shirt; cotton towel"),
        ("value", "52.10"),
        ("weight", "0.4"),
        ("countryOfOrigin", "VN"),
    ] {
        assert_eq!(goods[key], value, "{key}");
    }
    // Two numbers are not one, and neither is told for both.
    assert!(goods.get("harmonizedCode").is_none(), "{goods:#?}");
    assert_eq!(shipments[1]["commodities"][0]["weight"], "2.500");
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    for (id, field) in [
        ("T3", "manifest_quantity,,is not given"),
        ("T4", "manifest_unit,,is not given"),
        ("T5", "gross_weight_kg,,is not given"),
        ("T6", "lines[2].country_of_origin,CN,"),
    ] {
        let told = format!("{id},{field}");
        assert!(rejects.contains(&told), "{told} in {rejects}");
    }
    assert_eq!(rejects.lines().count(), 5, "{rejects}");
}

#[test]
fn what_the_form_cannot_carry_is_refused() {
    let home = Installation::new();
    let trip = home.file("trip.json", TRIP);
    let cases = [
        ("T1", by_truck("ABCD0001", &[("customs_status", "in_bond")])),
        ("T2", by_truck("ABCD0002", &[("arrives_at", "2024-05-10")])),
        (
            "T3",
            by_truck(
                "ABCD0003",
                &[
                    ("htsus_number", "8711.50.0030"),
                    ("country_of_origin", "CA"),
                    ("description", "motorcycle, 970 cc"),
                ],
            ),
        ),
        ("T4", by_truck("ABCD0004", &[("line_value", "9000.00")])),
    ];
    let parcels: Vec<Parcel<'_>> = cases
        .iter()
        .map(|(id, change)| Parcel {
            id,
            change,
            articles: &[SHIRT],
        })
        .collect();
    let file = home.file("truck.csv", &csv(&parcels));
    let output = home.run(&format!(
        "truck-manifest {file} --trip {trip} --rejects no.csv"
    ));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let decided: Value = {
        let output = home.run(&format!("assess {file} --format json"));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let path = |at: usize| decided[at]["entry_path"].as_str().unwrap().to_owned();
    assert_eq!(
        (path(1).as_str(), path(3).as_str()),
        ("manifest-release", "entry-01")
    );
    let manifest: Value = serde_json::from_slice(&output.stdout).unwrap();
    let types: Vec<&str> = manifest["shipments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shipment| shipment["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["PAPS"], "the formal entry");
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    for told in [
        "T1,customs_status,in_bond,",
        "T2,entry_path,manifest-release,",
        "T3,entry_path,none,",
    ] {
        assert!(rejects.contains(told), "{told} in {rejects}");
    }
    assert_eq!(rejects.lines().count(), 4, "{rejects}");
}

#[test]
fn a_refused_trip_says_nothing_of_its_driver_or_of_the_key() {
    let home = Installation::new();
    let file = home.file("truck.csv", &csv(&[]));
    let secrets = ["c-9000", "1980", "Ann", "Roy", "A1234567"];
    let with_document = TRIP.replace(
        r#""citizenshipCountry": "CA""#,
        r#""citizenshipCountry": "CA", "travelDocuments": [{"type": "PASSPORT", "number": "A1234567", "country": "CA"}]"#,
    );
    for (from, to, says) in [
        ("\"F\"", "\"female\"", "drivers[0].gender"),
        ("1980-02-03", "03/02/1980", "drivers[0].dateOfBirth"),
        ("\"Roy\"", "\"\"", "drivers[0].lastName"),
        (
            "A1234567",
            "A1234567A1234567A1234567A1234567",
            "drivers[0].travelDocuments[0].number",
        ),
        ("c-9000", "c-9000-c-9000-c-9000-c-9000-c-9000", "companyKey"),
        ("\"1980-02-03\"", "1980", "line 3 column"),
        ("\"c-9000\"", "[\"c-9000\"]", "line 1 column"),
        ("\"gender\"", "\"Ann\"", "line 3 column"),
    ] {
        assert!(with_document.contains(from), "{from}");
        let trip = home.file("trip.json", &with_document.replacen(from, to, 1));
        let (status, said) = home.failed(&format!("truck-manifest {file} --trip {trip}"));
        assert!(matches!(status, Some(2 | 3)), "{from}: {status:?} {said}");
        assert!(said.contains(says), "{from}: {said}");
        for secret in secrets {
            assert!(!said.contains(secret), "{from}: {secret} in {said}");
        }
    }
}
