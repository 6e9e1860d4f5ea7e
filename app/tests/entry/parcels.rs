//! The file of parcels that `entry` is run on: made up, the same in every run.

use std::collections::BTreeMap;

/// A small generator whose numbers are the same in every run.
pub struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Articles with what they are called; each asks for pieces, dozens or kilograms.
const ARTICLES: [(&str, &str); 9] = [
    ("6109.10.0012", "cotton T-shirt, knitted"),
    ("6110.20.2020", "cotton pullover, knitted"),
    ("6302.60.0020", "terry towel of cotton"),
    ("4820.10.2060", "notebook, sewn"),
    ("4911.91.4020", "printed picture on paper"),
    ("6117.10.1000", "shawl of wool, knitted"),
    ("6505.00.2060", "hat of cotton, knitted"),
    ("6601.91.0000", "umbrella with telescopic shaft"),
    ("6702.10.2000", "artificial flowers of plastics"),
];

/// (origin, city, postal code).
const MAKERS: [(&str, &str, &str); 7] = [
    ("CN", "Ningbo", "315000"),
    ("VN", "Hanoi", "100000"),
    ("IN", "Surat", "395003"),
    ("JP", "Kyoto", "600-8001"),
    ("KR", "Busan", "48058"),
    ("TR", "Izmir", "35210"),
    ("MX", "Puebla", "72000"),
];

/// A field, and whether a cargo release asks for it too.
pub type Needed = (&'static str, bool);

/// Fields without which no entry of any of the parcels can be written.
const OF_ALL: [Needed; 18] = [
    ("importer_of_record_number", true),
    ("port_of_entry", true),
    ("payment_type", false),
    ("master_bill", true),
    ("manifest_quantity", true),
    ("manifest_unit", false),
    ("country_of_export", false),
    ("exported_on", false),
    ("seller_name", true),
    ("seller_street", true),
    ("seller_city", true),
    ("seller_country", true),
    ("purchaser_name", true),
    ("purchaser_street", true),
    ("purchaser_city", true),
    ("manufacturer_name", true),
    ("manufacturer_city", true),
    ("net_weight_kg", false),
];

/// Further ones of an informal entry: its consignee is told by address.
const OF_INFORMAL: [Needed; 2] = [("consignee_street", true), ("consignee_city", true)];

/// Further ones of a formal entry.
const OF_FORMAL: [Needed; 6] = [
    ("bond_type", true),
    ("bond_surety_code", false),
    ("state_of_destination", false),
    ("manufacturer_id", false),
    ("related_parties", false),
    ("line_charges_usd", false),
];

/// A parcel that lacks a field.
#[derive(Clone, Copy, Debug)]
pub struct Lack {
    pub field: &'static str,
    /// Whether a cargo release asks for it too.
    pub in_release: bool,
    /// Whether the parcel is above the limit of informal entries.
    pub formal: bool,
    /// Row of the file: the parcel's first, or that of the line which lacks it.
    pub row: usize,
    /// The line, from 1, if the field stands in lines.
    pub line: Option<usize>,
}

/// The columns of the file; the last fifteen are the line's.
const COLUMNS: [&str; 55] = [
    "shipment_id",
    "mode",
    "arrives_at",
    "exported_on",
    "country_of_shipment",
    "country_of_export",
    "port_of_entry",
    "port_of_unlading",
    "carrier_code",
    "voyage_flight_trip",
    "conveyance_name",
    "master_bill",
    "house_bill",
    "manifest_quantity",
    "manifest_unit",
    "payment_type",
    "at_express_hub",
    "importer_of_record_name",
    "importer_of_record_postal_code",
    "importer_of_record_number",
    "consignee_name",
    "consignee_street",
    "consignee_city",
    "consignee_state",
    "consignee_postal_code",
    "consignee_country",
    "shipper_name",
    "seller_name",
    "seller_street",
    "seller_city",
    "seller_postal_code",
    "seller_country",
    "purchaser_name",
    "purchaser_street",
    "purchaser_city",
    "purchaser_country",
    "bond_type",
    "bond_surety_code",
    "state_of_destination",
    "foreign_port_of_lading",
    "description",
    "htsus_number",
    "country_of_origin",
    "quantity",
    "unit",
    "net_weight_kg",
    "line_value",
    "manufacturer_name",
    "manufacturer_street",
    "manufacturer_city",
    "manufacturer_postal_code",
    "manufacturer_country",
    "manufacturer_id",
    "related_parties",
    "line_charges_usd",
];

pub type Fields = BTreeMap<&'static str, String>;

/// The fields of parcel `at` by a mode, and what its lines share.
fn parcel(dice: &mut Dice, at: usize) -> Fields {
    let (mode, port, carrier, trip) = dice.pick(&[
        ("air", "4701", "UA", "089"),
        ("air", "2720", "NH", "1234"),
        ("express", "4701", "5X", "0142"),
        ("truck", "2304", "ABCD", "T77"),
        ("rail", "2304", "KCSM", "R5"),
        ("ocean", "2704", "MAEU", "412W"),
    ]);
    let by_air = matches!(mode, "air" | "express");
    let serial = 1_000_000 + at;
    let bill = match by_air {
        true => format!("016-{serial}{}", serial % 7),
        false => format!("{}{serial}", if mode == "ocean" { "MAEU" } else { "ABCD" }),
    };
    let day = dice.below(60);
    let date = |day: usize| match day {
        0..=30 => format!("2026-10-{:02}", day + 1),
        _ => format!("2026-11-{:02}", day - 30),
    };
    let house = match by_air && dice.below(3) > 0 {
        true => format!("HX{at:08}"),
        false => String::new(),
    };
    let hub = mode == "express" && dice.below(2) == 0;
    let (origin, city, postal) = dice.pick(&MAKERS);
    let name = format!(
        "Person {at} {}",
        dice.pick(&["Lopez", "Smith", "Okafor", "Nguyen"])
    );
    let street = format!(
        "{} Oak St, Apartment {}",
        1 + dice.below(900),
        1 + dice.below(40)
    );
    let own = [
        ("shipment_id", format!("E-{at:04}")),
        ("mode", mode.to_owned()),
        ("arrives_at", date(day + 1)),
        ("exported_on", date(day)),
        ("country_of_shipment", origin.to_owned()),
        ("country_of_export", origin.to_owned()),
        ("port_of_entry", port.to_owned()),
        ("port_of_unlading", port.to_owned()),
        ("carrier_code", carrier.to_owned()),
        ("voyage_flight_trip", trip.to_owned()),
        ("conveyance_name", "Sea Lark".to_owned()),
        ("master_bill", bill),
        ("house_bill", house),
        ("manifest_quantity", (1 + dice.below(4)).to_string()),
        ("manifest_unit", "PCS".to_owned()),
        ("payment_type", "1".to_owned()),
        ("at_express_hub", hub.to_string()),
        ("importer_of_record_name", "Blue Harbor Imports".to_owned()),
        ("importer_of_record_postal_code", "90731".to_owned()),
        ("importer_of_record_number", "12-3456789".to_owned()),
        ("consignee_name", name.clone()),
        ("consignee_street", street.clone()),
        ("consignee_city", "Austin".to_owned()),
        ("consignee_state", "TX".to_owned()),
        (
            "consignee_postal_code",
            format!("78{:03}", dice.below(1000)),
        ),
        ("consignee_country", "US".to_owned()),
        ("shipper_name", "Harbor Parcel Co".to_owned()),
        ("seller_name", "Bright Goods Ltd".to_owned()),
        (
            "seller_street",
            "88 Long Road, Building 4, Floor 12".to_owned(),
        ),
        ("seller_city", city.to_owned()),
        ("seller_postal_code", postal.to_owned()),
        ("seller_country", origin.to_owned()),
        ("purchaser_name", name),
        ("purchaser_street", street),
        ("purchaser_city", "Austin".to_owned()),
        ("purchaser_country", "US".to_owned()),
        ("bond_type", "continuous".to_owned()),
        ("bond_surety_code", "036".to_owned()),
        ("state_of_destination", "TX".to_owned()),
        ("foreign_port_of_lading", "57035".to_owned()),
    ];
    own.into_iter().collect()
}

/// The lines of a parcel: one to five articles, of its origin or of another; above the limit of
/// informal entries if it is to be formal.
fn lines(dice: &mut Dice, parcel: &Fields, formal: bool) -> Vec<Fields> {
    let count = 1 + dice.below(5);
    let line = |at: usize| {
        let (number, description) = dice.pick(&ARTICLES);
        let (other, city, postal) = dice.pick(&MAKERS);
        let pieces = 1 + dice.below(24);
        let cents = dice.below(100);
        let dollars = match formal {
            true => 600 + dice.below(9_000) + if at == 0 { 2_000 } else { 0 },
            false => 3 + dice.below(2_300 / count),
        };
        let origin = match dice.below(4) {
            0 => other,
            _ => parcel["country_of_shipment"].as_str(),
        };
        let own = [
            ("description", description.to_owned()),
            ("htsus_number", number.to_owned()),
            ("country_of_origin", origin.to_owned()),
            ("quantity", pieces.to_string()),
            ("unit", "No.".to_owned()),
            (
                "net_weight_kg",
                format!("{}.{:03}", pieces / 4, 1 + dice.below(999)),
            ),
            ("line_value", format!("{dollars}.{cents:02}")),
            (
                "manufacturer_name",
                format!("{city} Mill No. {}", 1 + dice.below(50)),
            ),
            (
                "manufacturer_street",
                format!("{} Mill Lane", 1 + dice.below(99)),
            ),
            ("manufacturer_city", city.to_owned()),
            ("manufacturer_postal_code", postal.to_owned()),
            ("manufacturer_country", other.to_owned()),
            (
                "manufacturer_id",
                format!("{other}MILL{}", &city[..3].to_uppercase()),
            ),
            ("related_parties", (dice.below(9) == 0).to_string()),
            ("line_charges_usd", format!("{}.00", 1 + dice.below(90))),
        ];
        own.into_iter().collect()
    };
    (0..count).map(line).collect()
}

/// Takes a field away from a parcel, or from its last line, and says which line lacks it.
fn lack(field: &'static str, parcel: &mut Fields, lines: &mut [Fields]) -> Option<usize> {
    if parcel.remove(field).is_some() {
        return None;
    }
    let at = lines.len();
    let last = lines.last_mut().expect("a parcel has a line");
    last.remove(field).expect(field);
    match field {
        // Weighed goods, and a value of which the charges must be told.
        "net_weight_kg" => last.insert("htsus_number", "4911.91.4020".to_owned()),
        "line_charges_usd" => last.insert("line_value", "4000.00".to_owned()),
        _ => None,
    };
    Some(at)
}

/// What the next parcel that lacks something lacks: each field of its kind in turn.
fn needed(formal: bool, before: usize) -> Needed {
    let further: &[Needed] = match formal {
        true => &OF_FORMAL,
        false => &OF_INFORMAL,
    };
    let all: Vec<Needed> = OF_ALL.iter().chain(further).copied().collect();
    all[before % all.len()]
}

/// A file of so many parcels, one in four to be entered formally; and one in ten lacks a field.
pub fn file(parcels: usize) -> (String, BTreeMap<String, Lack>) {
    let mut dice = Dice(2026);
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS).expect("memory");
    let (mut lacking, mut before, mut row) = (BTreeMap::new(), [0, 0], 2);
    for at in 0..parcels {
        let formal = at % 4 == 3;
        let mut parcel = parcel(&mut dice, at);
        let mut lines = lines(&mut dice, &parcel, formal);
        if !formal {
            parcel.retain(|field, _| !field.starts_with("bond_"));
        }
        if at % 10 == 7 {
            let (field, in_release) = needed(formal, before[usize::from(formal)]);
            before[usize::from(formal)] += 1;
            let line = lack(field, &mut parcel, &mut lines);
            let lack = Lack {
                field,
                in_release,
                formal,
                row: row + line.map_or(0, |line| line - 1),
                line,
            };
            lacking.insert(parcel["shipment_id"].clone(), lack);
        }
        row += lines.len();
        for line in &lines {
            let cell = |column: &&str| {
                let value = line.get(column).or_else(|| parcel.get(column));
                value.cloned().unwrap_or_default()
            };
            out.write_record(COLUMNS.iter().map(cell)).expect("memory");
        }
    }
    let bytes = out.into_inner().expect("memory");
    (String::from_utf8(bytes).expect("UTF-8"), lacking)
}
