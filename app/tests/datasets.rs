//! The data sets end to end: parcels from files, decided by the program, written, read back and
//! compared with the decisions that `assess` gives of the same parcels.

mod duty_run;

use duty_run::{Installation, text};
use serde_json::Value;

const HEADER: &str = "shipment_id,mode,arrives_at,country_of_shipment,entry_path,purpose,consignee_name,\
    consignee_street,consignee_city,consignee_state,consignee_postal_code,consignee_country,shipper_name,\
    shipper_street,shipper_city,shipper_state,shipper_country,shipper_kind,s10_number,house_bill,carrier_code,\
    voyage_flight_trip,port_of_entry,filer_code,bond_number,importer_of_record_number,manifest_quantity,\
    manifest_unit,gross_weight_kg,description,htsus_number,country_of_origin,quantity,unit,line_value";

/// One parcel: what differs from a plain sale by mail in October 2026, and its articles as
/// description, number, origin, quantity, unit and value.
struct Parcel<'p> {
    id: &'p str,
    change: &'p [(&'p str, &'p str)],
    articles: &'p [[&'p str; 6]],
}

const SHIRT: [&str; 6] = ["cotton T-shirt", "6109.10.0012", "VN", "1", "DOZ", "42.00"];
const CASE: [&str; 6] = [
    "plastic phone case",
    "3926.90.9985",
    "CN",
    "2",
    "X",
    "10.55",
];

fn csv(parcels: &[Parcel<'_>]) -> String {
    let names: Vec<&str> = HEADER.split(',').map(str::trim).collect();
    let mut rows = vec![names.join(",")];
    for parcel in parcels {
        for article in parcel.articles {
            let cell = |name: &&str| {
                let changed = parcel.change.iter().find(|(field, _)| field == name);
                changed.map_or_else(
                    || plain(name, parcel.id, article),
                    |(_, value)| (*value).to_owned(),
                )
            };
            let cells: Vec<String> = names
                .iter()
                .map(cell)
                .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
                .collect();
            rows.push(cells.join(","));
        }
    }
    rows.join("\n") + "\n"
}

fn plain(name: &str, id: &str, article: &[&str; 6]) -> String {
    let place = [
        "description",
        "htsus_number",
        "country_of_origin",
        "quantity",
        "unit",
        "line_value",
    ];
    if let Some(at) = place.iter().position(|own| *own == name) {
        return article[at].to_owned();
    }
    match name {
        "shipment_id" => id,
        "mode" => "mail",
        "arrives_at" => "2026-10-09",
        "country_of_shipment" | "shipper_country" => "VN",
        "entry_path" => "mail-worksheet",
        "purpose" => "sale",
        "consignee_name" => "Ana Lopez",
        "consignee_street" => "12 Oak St",
        "consignee_city" => "Austin",
        "consignee_state" => "TX",
        "consignee_postal_code" => "78701",
        "consignee_country" => "US",
        "shipper_name" => "Saigon Textile Co",
        "shipper_street" => "9 Le Loi",
        "shipper_city" => "Hanoi",
        "shipper_kind" => "business",
        "s10_number" => "RB123456785US",
        "carrier_code" => "SQ",
        "voyage_flight_trip" => "SQ12",
        "port_of_entry" => "4701",
        "filer_code" => "B76",
        "bond_number" => "123456789",
        "importer_of_record_number" => "12-3456789",
        _ => "",
    }
    .to_owned()
}

/// The decisions of a file by the parcels' ids.
fn decision(home: &Installation, file: &str, id: &str) -> Value {
    let output = home.run(&format!("assess {file} --format json"));
    let all: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    all.into_iter()
        .find(|one| one["shipment_id"] == id)
        .unwrap()
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes);
    rows.records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn a_month_of_mail_is_written_as_decided() {
    let home = Installation::new();
    let gift = [
        ("purpose", "gift"),
        ("shipper_kind", "person"),
        ("shipper_name", "Mai Tran"),
        ("entry_path", ""),
    ];
    let file = home.file(
        "mail.csv",
        &csv(&[
            Parcel {
                id: "M1",
                change: &[],
                articles: &[SHIRT],
            },
            Parcel {
                id: "M2",
                change: &[("consignee_name", "Bo Chen")],
                articles: &[SHIRT, CASE],
            },
            Parcel {
                id: "M3",
                change: &gift,
                articles: &[SHIRT],
            },
            Parcel {
                id: "M4",
                change: &[("arrives_at", "2026-11-01")],
                articles: &[SHIRT],
            },
            Parcel {
                id: "M5",
                change: &[("entry_path", ""), ("consignee_name", "Cy Dean")],
                articles: &[SHIRT],
            },
            Parcel {
                id: "M6",
                change: &[
                    ("s10_number", "RB123456784US"),
                    ("bond_number", ""),
                    ("consignee_name", "Di Eng"),
                ],
                articles: &[SHIRT],
            },
        ]),
    );
    let output = home.run(&format!(
        "worksheet {file} --month 2026-10 --rejects no.csv"
    ));
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let rows = rows(&output.stdout);
    assert_eq!(rows.len(), 6, "{rows:?}");
    let (m1, m2) = (decision(&home, &file, "M1"), decision(&home, &file, "M2"));
    assert_eq!(m1["entry_path"], "mail-worksheet");
    assert_eq!(rows[1][8], m1["owed"]["duty_usd"].as_str().unwrap());
    assert_eq!(rows[1][7], "42.00");
    assert!(rows[1][4].starts_with("6109.10.0012"), "{}", rows[1][4]);
    // Every heading that charges M2's second article stands in its row, in the decision's order.
    let charges = m2["owed"]["lines"][1]["charges"].as_array().unwrap();
    let charged = charges
        .iter()
        .filter(|charge| matches!(charge["state"].as_str(), Some("charged" | "met" | "exempt")));
    let headings: Vec<&str> = charged
        .map(|charge| charge["heading"].as_str().unwrap())
        .collect();
    assert!(headings.len() > 1, "{charges:?}");
    assert_eq!(rows[3][4], headings.join("; "));
    let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
    assert_eq!(
        cents(&rows[2][8]) + cents(&rows[3][8]),
        cents(m2["owed"]["duty_usd"].as_str().unwrap())
    );
    assert_eq!(
        (
            rows[4][2].as_str(),
            rows[4][6].as_str(),
            rows[4][8].as_str()
        ),
        ("GIFT: cotton T-shirt", "Free (gift)", "0.00")
    );
    let sum = |column: usize| (1..5).map(|at| cents(&rows[at][column])).sum::<i64>();
    assert_eq!((cents(&rows[5][7]), cents(&rows[5][8])), (sum(7), sum(8)));
    // The day comes from the decisions, and what is not on the worksheet is told.
    let due = m1["deadlines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["rule"] == "deadline.mail-worksheet")
        .unwrap();
    assert!(
        said.contains(&format!("due {}", due["due"].as_str().unwrap())),
        "{said}"
    );
    assert!(
        said.contains("1 arrived in another month") && said.contains("path entry-13"),
        "{said}"
    );
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    assert!(
        rejects.contains("M6,s10_number,RB123456784US") && rejects.contains("RB123456785US"),
        "{rejects}"
    );
    assert!(rejects.contains("M6,bond_number"), "{rejects}");
    assert_eq!(rejects.lines().count(), 3, "{rejects}");
}

#[test]
fn names_of_columns_are_the_callers_and_a_spreadsheet_is_written() {
    let home = Installation::new();
    let file = home.file(
        "mail.csv",
        &csv(&[Parcel {
            id: "M1",
            change: &[],
            articles: &[SHIRT],
        }]),
    );
    let names: Vec<String> = (1..=14).map(|at| format!("Field {at}")).collect();
    let header = home.file("header.csv", &names.join(","));
    let output = home.run(&format!(
        "worksheet {file} --month 2026-10 --header {header}"
    ));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(rows(&output.stdout)[0], names);
    let short = home.file("short.csv", "one,two");
    let (status, said) = home.failed(&format!(
        "worksheet {file} --month 2026-10 --header {short}"
    ));
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("2 names"), "{said}");
    for out in ["a.xlsx", "b.xlsx"] {
        home.said(&format!("worksheet {file} --month 2026-10 -o {out}"));
    }
    let bytes = |name: &str| std::fs::read(home.path(name)).unwrap();
    assert!(bytes("a.xlsx").starts_with(b"PK") && bytes("a.xlsx") == bytes("b.xlsx"));
    let (status, said) = home.failed(&format!("worksheet {file} --month 2026-13"));
    assert_eq!(status, Some(2), "{said}");
}

#[test]
fn type_13_has_its_elements_or_says_what_is_missing() {
    let home = Installation::new();
    let own = [("entry_path", "entry-13"), ("arrives_at", "2026-11-20")];
    let bad = [
        ("entry_path", "entry-13"),
        ("arrives_at", "2026-11-20"),
        ("importer_of_record_number", "123-456789"),
        ("filer_code", ""),
        ("consignee_name", "Bo Chen"),
    ];
    let file = home.file(
        "mail.csv",
        &csv(&[
            Parcel {
                id: "E1",
                change: &own,
                articles: &[SHIRT, CASE],
            },
            Parcel {
                id: "E2",
                change: &bad,
                articles: &[SHIRT],
            },
        ]),
    );
    let output = home.run(&format!("entry13 {file} --rejects no.csv"));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let entries: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(entries.len(), 1);
    let decided = decision(&home, &file, "E1");
    assert_eq!(entries[0]["total_duty_usd"], decided["owed"]["duty_usd"]);
    assert_eq!(entries[0]["lines"].as_array().unwrap().len(), 2);
    assert_eq!(entries[0]["s10_number"], "RB123456785US");
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    assert!(
        rejects.contains("E2,importer_of_record_number,(withheld)"),
        "{rejects}"
    );
    assert!(rejects.contains("E2,filer_code"), "{rejects}");
    assert!(!rejects.contains("456789"), "{rejects}");
}

#[test]
fn a_truck_has_its_parcels_as_shipments() {
    let home = Installation::new();
    let trip = r#"{"companyKey": "c-9000", "operation": "CREATE", "tripNumber": "ABCDTRIP0001", "usPortOfArrival": "0901",
        "estimatedArrivalDateTime": "2026-11-20 14:30:00", "truck": {"number": "T1", "type": "TR", "licensePlates": [{"number": "TEMP1", "stateProvince": "ON"}]},
        "drivers": [{"firstName": "Ann", "lastName": "Roy", "gender": "F", "dateOfBirth": "1980-02-03", "citizenshipCountry": "CA"}]}"#;
    let trip_file = home.file("trip.json", trip);
    let truck = |number: &'static str| {
        [
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
        ]
    };
    let (one, two) = (truck("ABCD1234"), truck("ABCD123"));
    let mut packages = truck("ABCD9999");
    packages[9].1 = "BOX1";
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
        rejects.contains("T3,house_bill,ABCD1234,is the number of an earlier parcel"),
        "{rejects}"
    );
    assert!(rejects.contains("T4,manifest_unit,BOX1,"), "{rejects}");
    let bad = home.file("bad.json", &trip.replace("0901", "901"));
    let (status, said) = home.failed(&format!("truck-manifest {file} --trip {bad}"));
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("usPortOfArrival \"901\""), "{said}");
}

#[test]
fn documents_of_other_systems_are_assessed_where_the_caller_says_the_rest() {
    let home = Installation::new();
    let order = r#"{"id": "shp_1", "to_address": {"name": "Ana Lopez", "street1": "12 Oak St", "city": "Austin", "state": "TX", "zip": "78701", "country": "US"},
        "from_address": {"company": "Saigon Shirts", "country": "VN"}, "customs_info": {"contents_type": "merchandise",
        "customs_items": [{"description": "T-shirt", "quantity": 2, "value": 42.00, "weight": 10.5, "hs_tariff_number": "6109.10.0012", "origin_country": "VN"}]}}"#;
    let file = home.file(
        "easypost.json",
        &format!(
            "[{order}, {}]",
            order.replace("shp_1", "shp_2").replace("42.00", "\"$42\"")
        ),
    );
    let output = home.run(&format!("assess {file} --from easypost --set mode=express --set arrives_at=2026-11-20 --format json --rejects no.csv"));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let decisions: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (decisions.len(), decisions[0]["entered_value_usd"].as_str()),
        (1, Some("42.00"))
    );
    let rejects = std::fs::read_to_string(home.path("no.csv")).unwrap();
    assert!(
        rejects.contains("shp_2,/customs_info/customs_items/0/value,$42,"),
        "{rejects}"
    );
    // Without what an import cannot know, each parcel is refused with what is missing.
    let output = home.run(&format!(
        "assess {file} --from easypost --set mode=express --format json --rejects no2.csv"
    ));
    assert_eq!(output.status.code(), Some(3));
    let rejects = std::fs::read_to_string(home.path("no2.csv")).unwrap();
    assert!(rejects.contains("shp_1,/arrives_at"), "{rejects}");
    let csv = home.file("a.csv", "a,b\n1,2\n");
    let (status, said) = home.failed(&format!("assess {csv} --from karrio"));
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("read as JSON"), "{said}");
}

#[test]
fn identifiers_are_checked_and_built() {
    let home = Installation::new();
    let said = home.said("id check entry-number B76-0324527-8");
    assert!(
        said.contains("valid entry number") && said.contains("filer B76"),
        "{said}"
    );
    let output = home.run("id check s10 RB123456784US");
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stdout);
    assert!(
        said.contains("5 is right") && said.contains("RB123456785US"),
        "{said}"
    );
    let output = home.run("id check air-waybill 172-12345670 --format json");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (
            output.status.code(),
            answer["valid"].as_bool(),
            answer["right"].as_str()
        ),
        (Some(3), Some(false), Some("172-12345675"))
    );
    assert_eq!(
        home.said("id check entry-number B76-0324527-9 --offset 1 --format json")
            .matches("\"valid\":true")
            .count(),
        1
    );
    assert_eq!(
        home.said("id build entry-number B76 0324527"),
        "B76-0324527-8\n"
    );
    assert_eq!(home.said("id build container CSQU 305438"), "CSQU3054383\n");
    assert_eq!(
        home.said("id build manufacturer-id --name Bergstrom --street 1 --city Oslo --country NO"),
        "NOBER1OSL\n"
    );
    assert_eq!(home.failed("id build s10 RB 1234567 US").0, Some(3));
    assert_eq!(home.failed("id check nothing 1").0, Some(2));
    assert!(home.said("id kinds").lines().count() >= 14);
}
