//! Presets and maps: whether a price is of one or of the line, what an export leaves open, and what
//! is said of a map that does not fit.

mod reading;

use deminimis_clearance::shipment::fields::{FieldId, Party, id};
use deminimis_law::names::{Mode, Purpose};
use deminimis_law::time::Zone;
use deminimis_office::read::{Catalog, Map, ReadError, presets};
use reading::{Outcome, facts, read_with};

fn constants(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Reads a sample with the preset of that name.
fn sample(name: &str, set: &[(&str, &str)]) -> Outcome {
    let path = format!(
        "{}/tests/data/presets/{name}.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let bytes = std::fs::read(&path).expect(&path);
    read_with(&bytes, &format!("{name}.csv"), |options| {
        options.map = Some(presets::preset(name).expect(name));
        options.set = constants(set);
    })
}

fn values(outcome: &Outcome, shipment: usize) -> Vec<i64> {
    outcome.accepted[shipment]
        .0
        .lines
        .iter()
        .map(|line| line.value)
        .collect()
}

const EXPRESS: [(&str, &str); 2] = [("mode", "express"), ("arrives_at", "2024-05-10")];
const FROM_CN: [(&str, &str); 3] = [
    ("mode", "express"),
    ("arrives_at", "2024-05-10"),
    ("country_of_shipment", "CN"),
];

#[test]
fn shopify_prices_are_of_one() {
    let outcome = sample("shopify", &FROM_CN);
    assert_eq!(outcome.ids(), ["#1001", "#1002"]);
    assert_eq!(
        values(&outcome, 0),
        [4497, 1000],
        "3 scarves at 14.99, one hat"
    );
    let (shipment, texts) = &outcome.accepted[1];
    assert_eq!(shipment.mode, Mode::Express);
    assert_eq!(
        texts.party(Party::Consignee).postal_code,
        Some("02108"),
        "without Shopify's apostrophe"
    );
    assert_eq!(
        texts.get(FieldId::named("ordered_on").unwrap()),
        Some("2024-05-01")
    );
    let [cancelled] = outcome.rejected.as_slice() else {
        panic!("{:?}", outcome.rejected)
    };
    assert_eq!(
        (cancelled.row, cancelled.field.as_str()),
        (5, "Cancelled at")
    );
    assert_eq!(cancelled.reason.to_string(), "the order was cancelled");
    let consignee = cancelled.consignee.as_ref().unwrap();
    assert_eq!(
        (consignee.name.as_deref(), consignee.postal_code.as_deref()),
        (Some("Cy Dean"), Some("89501"))
    );
    assert!(consignee.day.is_some());
}

#[test]
fn what_an_export_leaves_open_is_named() {
    let outcome = sample("shopify", &[("mode", "express")]);
    let said = outcome.message();
    assert!(
        said.contains("no column gives arrives_at, country_of_shipment"),
        "{said}"
    );
    assert!(
        said.contains("--set arrives_at=2024-05-10 --set country_of_shipment=CN"),
        "{said}"
    );
    for (set, part) in [
        (("mode", "drone"), "--set: mode \"drone\" is not one of"),
        (("colour", "red"), "--set: \"colour\" is not a field"),
        (("shipment_id", "1"), "cannot be one for all"),
        (("facts.colour", "1"), "not a fact"),
    ] {
        let said = sample("shopify", &[set]).message();
        assert!(said.contains(part), "{said}");
    }
    assert!(
        presets::preset("etsy")
            .unwrap_err()
            .contains("shopify, easypost, shippo, woocommerce")
    );
}

#[test]
fn easypost_values_are_of_the_line() {
    let outcome = sample("easypost", &EXPRESS);
    assert_eq!(outcome.ids(), ["shp_1", "shp_2"]);
    assert_eq!(
        values(&outcome, 0),
        [2356, 1000],
        "two shirts together 23.56"
    );
    assert_eq!(outcome.accepted[1].0.purpose, Purpose::Gift);
    assert_eq!(outcome.accepted[0].0.country_of_shipment.as_str(), "VN");
    assert_eq!(outcome.rejected[0].field, "customs_info.contents_type");
    assert!(
        outcome.rejected[0]
            .reason
            .to_string()
            .contains("not a word")
    );
}

#[test]
fn shippo_values_are_of_the_line() {
    let outcome = sample("shippo", &EXPRESS);
    assert_eq!(outcome.ids(), ["74a1", "74a2"]);
    assert_eq!(
        (values(&outcome, 0), values(&outcome, 1)),
        (vec![20000], vec![999]),
        "20 cases together 200"
    );
    assert_eq!(outcome.accepted[0].0.lines[0].quantity, Some(20_000));
    assert_eq!(outcome.accepted[1].0.purpose, Purpose::Sample);
}

#[test]
fn woocommerce_totals_are_of_the_line() {
    let outcome = sample("woocommerce", &FROM_CN);
    assert_eq!(outcome.ids(), ["W-301", "W-303"]);
    assert_eq!(
        values(&outcome, 0),
        [4500],
        "four mugs together 45.00 after the discount"
    );
    assert_eq!(values(&outcome, 1), [1800], "yen have no decimals");
    assert_eq!(
        outcome.accepted[0].1.get(id::CONSIGNEE_NAME),
        Some("Ana Lopez")
    );
    assert_eq!(outcome.accepted[1].1.get(id::CONSIGNEE_NAME), Some("Dean"));
    assert_eq!(
        outcome.rejected[0].reason.to_string(),
        "the order was cancelled"
    );
}

fn catalog(text: &str) -> Result<Catalog, ReadError> {
    let zone = Zone::named("America/New_York").unwrap();
    Catalog::read(text.as_bytes(), "sku.csv", &facts(), &zone)
}

#[test]
fn a_catalog_fills_what_is_absent_and_is_remembered() {
    let path = format!("{}/tests/data/catalog.csv", env!("CARGO_MANIFEST_DIR"));
    // Leaked: the reader borrows it for as long as the facts that the helper makes.
    let catalog: &'static Catalog = Box::leak(Box::new(
        catalog(&std::fs::read_to_string(path).unwrap()).unwrap(),
    ));
    assert_eq!(catalog.len(), 2);
    let text = "shipment_id,mode,arrives_at,country_of_shipment,consignee_name,sku,country_of_origin,line_value\n\
        A,air,2024-05-10,CN,Ana,HAT-1,CN,1\nA,,,,,SC-SAND,,2\nB,air,2024-05-10,CN,Ana,NONE,,1\n";
    let outcome = read_with(text.as_bytes(), "a.csv", |options| {
        options.catalog = Some(catalog)
    });
    let [(shipment, texts)] = outcome.accepted.as_slice() else {
        panic!("{:?}", outcome.rejected)
    };
    assert_eq!(texts.line(id::DESCRIPTION, 0), Some("knitted wool hat"));
    assert_eq!(
        shipment.lines[0].origin.unwrap().as_str(),
        "CN",
        "the row's own origin stands"
    );
    assert_eq!(shipment.lines[1].origin.unwrap().as_str(), "IN");
    assert_eq!(
        (
            shipment.lines[0].claims.len(),
            shipment.lines[0].facts.len()
        ),
        (1, 1)
    );
    assert!(texts.from_catalog(0) && texts.from_catalog(1) && !texts.from_catalog(2));
    assert_eq!(
        (outcome.rejected[0].row, outcome.rejected[0].field.as_str()),
        (4, "description")
    );
}

#[test]
fn a_bad_catalog_is_a_wrong_call() {
    for (text, said) in [
        ("description\nx\n", "needs a column sku"),
        ("sku,colour\n", "is not a field"),
        ("sku,mode\n", "belongs to the shipment"),
        ("sku,line_value\n", "belongs to the shipment"),
        ("sku,facts.colour\n", "not a fact"),
        (
            "sku,country_of_origin\nA,UK\n",
            "row 2: country_of_origin \"UK\"",
        ),
        (
            "sku,description\nA,x\nA,y\n",
            "row 3: sku \"A\" stands twice",
        ),
        ("sku,description\n,x\n", "row 2: sku is empty"),
        ("sku,description\nA\n", "record"),
    ] {
        let error = catalog(text).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_map_that_does_not_fit_is_a_wrong_call() {
    const FILE: &str = "No,What,Price,Count,When\n1,shirt,2.50,2,03/04/2024\n";
    const MAP: &str = "[row]\nshipment_id = \"No\"\n[columns]\nWhat = \"description\"\n[constants]\nmode = \"air\"\n\
        country_of_shipment = \"CN\"\nconsignee_name = \"Ana\"\n[totals]\nline_value = { unit_price = \"Price\", quantity = \"count\" }\n\
        [dates]\narrives_at = { column = \"When\", form = \"%d/%m/%Y\" }\n";
    let read = |map: String| {
        let map = Map::parse(&map);
        map.map(|map| read_with(FILE.as_bytes(), "a.csv", |options| options.map = Some(map)))
    };
    let good = read(MAP.to_owned()).unwrap();
    assert_eq!(good.ids(), ["1"], "{:?} {}", good.rejected, good.message());
    assert_eq!(values(&good, 0), [500]);
    assert_eq!(good.accepted[0].0.arrives_at.day.to_string(), "2024-04-03");
    let american = read(MAP.replace("%d/%m", "%m/%d")).unwrap();
    assert_eq!(
        american.accepted[0].0.arrives_at.day.to_string(),
        "2024-03-04"
    );
    let wrong_form = read(MAP.replace("%d/%m/%Y", "%Y-%m-%d")).unwrap();
    assert!(
        wrong_form.rejected[0]
            .reason
            .to_string()
            .contains("of the form %Y-%m-%d")
    );
    for (from, to, said) in [
        (
            "\"No\"",
            "\"Nr\"",
            "names column \"Nr\", which the file does not have",
        ),
        (
            "\"description\"",
            "\"descripton\"",
            "did you mean description",
        ),
        ("mode = \"air\"", "mode = \"Air\"", "write air"),
        ("%d/%m/%Y", "%d/%m", "needs %Y"),
        ("%d/%m/%Y", "%d/%m/%Y %H:%M", "give %z, or zone"),
        ("[columns]", "[colums]", "unknown field"),
        (
            "What = \"description\"",
            "",
            "the map does not name the columns What",
        ),
        (
            "[row]",
            "[[refuse]]\ncolumn = \"No\"\nreason = \"x\"\n[row]",
            "exactly one of when, begins, equals",
        ),
    ] {
        assert!(MAP.contains(from), "{from}");
        let message = match read(MAP.replace(from, to)) {
            Ok(outcome) => outcome.message(),
            Err(message) => message,
        };
        assert!(message.contains(said), "{from} -> {to}: {message}");
    }
}

#[test]
fn the_example_map_reads_and_refuses_as_it_says() {
    let path = format!(
        "{}/../examples/maps/online-retail.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    let map = Map::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        573744,21314,SMALL GLASS POT,8,2011-11-01 08:16:00,2.1,17733.0,United Kingdom\n\
        573744,21704,BAG OF MARBLES,12,2011-11-01 08:16:00,0.85,17733.0,United Kingdom\n\
        C573750,21704,BAG OF MARBLES,-12,2011-11-01 08:20:00,0.85,17733.0,United Kingdom\n\
        573751,21704,BAG OF MARBLES,1,2011-11-01 08:21:00,0.85,,France\n\
        573752,21704,damaged,-90,2011-11-01 08:22:00,0.0,17733.0,United Kingdom\n\
        573753,21704,a gift,1,2011-11-01 08:23:00,0.0,17733.0,United Kingdom\n\
        573754,21704,a pencil,3,2011-11-01 23:30:00,0.333,17733.0,United Kingdom\n";
    let outcome = read_with(text.as_bytes(), "a.csv", |options| options.map = Some(map));
    assert_eq!(outcome.ids(), ["573744", "573754"], "{}", outcome.message());
    assert_eq!(values(&outcome, 0), [1680, 1020]);
    assert_eq!(
        values(&outcome, 1),
        [100],
        "3 at 0.333 are 0.999, rounded once"
    );
    let reasons: Vec<String> = outcome
        .rejected
        .iter()
        .map(|reject| reject.reason.to_string())
        .collect();
    for (reason, said) in reasons.iter().zip([
        "a cancellation, not a parcel",
        "no customer id",
        "a cancellation or a correction",
        "has no price",
    ]) {
        assert!(reason.contains(said), "{reason}");
    }
    assert_eq!(
        (outcome.counts.rows_read, outcome.counts.rows_accepted),
        (7, 3)
    );
    assert_eq!(
        outcome.accepted[0].0.arrives_at.day.to_string(),
        "2011-11-01"
    );
}
