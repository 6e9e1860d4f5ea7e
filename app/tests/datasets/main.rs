//! The data sets end to end: parcels from files, decided by the program, written, read back and
//! compared with the decisions that `assess` gives of the same parcels.

#[path = "../duty_run/mod.rs"]
mod duty_run;
mod identifiers;
mod imports;
mod mail;
mod truck;

use deminimis_filing::identifiers::s10::S10;
use duty_run::Installation;
use serde_json::Value;

const HEADER: &str = "shipment_id,mode,arrives_at,country_of_shipment,entry_path,purpose,consignee_name,\
    consignee_street,consignee_city,consignee_state,consignee_postal_code,consignee_country,shipper_name,\
    shipper_street,shipper_city,shipper_state,shipper_country,shipper_kind,s10_number,house_bill,carrier_code,\
    voyage_flight_trip,port_of_entry,filer_code,bond_number,importer_of_record_number,manifest_quantity,\
    manifest_unit,gross_weight_kg,customs_status,net_weight_kg,\
    line_gross_weight_kg,description,htsus_number,country_of_origin,quantity,unit,line_value";

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
    "3926.90.9989",
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
        "s10_number" => return own_s10(id),
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

/// A valid S10 number of the parcel's own: its serial is the id's two places, as numbers of bytes.
fn own_s10(id: &str) -> String {
    let serial: String = id.bytes().map(|byte| format!("{byte:04}")).collect();
    let number = S10::build("RB", &serial, "US").expect("ids of two places");
    number.to_string()
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
