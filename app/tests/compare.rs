//! `deminimis compare`, as a user runs it.

mod duty_run;

use duty_run::{Installation, elements_of, example, fits, keys, text};
use serde_json::{Value, json};

const HEADER: &str = "shipment_id,mode,arrives_at,country_of_shipment,consignee_name,consignee_street,\
consignee_postal_code,description,htsus_number,country_of_origin,line_value,gross_weight_kg\n";

/// Shirts of China to different persons: three in one week, and one in the next month.
fn shirts() -> String {
    let rows = [
        ("A", "2026-11-16"),
        ("B", "2026-11-17"),
        ("C", "2026-11-18"),
        ("D", "2026-12-01"),
    ];
    let row = |(id, day): (&str, &str)| {
        format!(
            "{id},air,{day},CN,Person {id},{id} Oak St,78703,cotton T-shirt,6109.10.0012,CN,40.00,0.250\n"
        )
    };
    HEADER.to_owned() + &rows.map(row).concat()
}

fn model<'a>(told: &'a Value, name: &str) -> &'a Value {
    let models = told["models"].as_array().unwrap();
    models.iter().find(|one| one["model"] == name).unwrap()
}

#[test]
fn duty_is_of_each_parcel_direct_and_of_all_together_in_bulk() {
    let installation = Installation::new();
    installation.file("p.csv", &shirts());
    let told = installation.json("compare p.csv --models direct,bulk --per-year 1000");
    let direct = model(&told, "direct");
    assert_eq!(
        (&direct["parcels"], &direct["entries"]),
        (&json!(4), &json!(4))
    );
    assert_eq!(direct["paths"], json!({"entry-11": 4}));
    // 36.5 % of four times 40.00, and 2.77 an entry.
    assert_eq!(direct["all"]["duty"]["low_usd"], "58.40");
    assert_eq!(direct["all"]["fees"]["high_usd"], "11.08");
    // $4.00 and a quarter of a kilogram at $8.00; $1.00 of handling and $2.00 an entry.
    assert_eq!(direct["all"]["freight_usd"], "24.00");
    assert_eq!(direct["all"]["handling_usd"], "12.00");
    // 105.48 of four parcels is 26.37 each.
    assert_eq!(
        direct["per_parcel"],
        json!({"low_usd": "26.37", "high_usd": "26.37"})
    );
    assert_eq!(direct["per_year"]["low_usd"], "26370.00");
    let bulk = model(&told, "bulk");
    assert_eq!((&bulk["parcels"], &bulk["entries"]), (&json!(4), &json!(2)));
    assert_eq!(bulk["paths"], json!({"entry-01": 2}));
    // The origin stays, and with it the duty.
    assert_eq!(bulk["all"]["duty"], direct["all"]["duty"]);
    assert_ne!(bulk["all"]["fees"], direct["all"]["fees"]);
}

#[test]
fn a_zone_enters_weekly_and_never_free() {
    let installation = Installation::new();
    // Before August 2025 such parcels were free when sent direct.
    installation.file(
        "p.csv",
        &shirts()
            .replace("CN,40.00", "VN,40.00")
            .replace("2026-1", "2024-1"),
    );
    let told = installation.json("compare p.csv --models direct,mx-border,ftz");
    assert_eq!(model(&told, "direct")["free"], 4);
    assert_eq!(model(&told, "mx-border")["free"], 4);
    let zone = model(&told, "ftz");
    // Weeks of Monday, 11 November and 25 November 2024.
    assert_eq!(
        (&zone["free"], &zone["paths"]),
        (&json!(0), &json!({"entry-06": 3}))
    );
    let needs = zone["needs"].to_string();
    assert!(
        needs.contains("HQ H275567") && needs.contains("bond"),
        "{needs}"
    );
}

#[test]
fn the_table_and_the_picture_tell_every_model() {
    let installation = Installation::new();
    let output = installation.run(&format!("compare {} --svg c.svg", example("parcels.csv")));
    // Two rows of the example are refused, as by assess.
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let svg = std::fs::read_to_string(installation.path("c.svg")).unwrap();
    assert!(elements_of(&svg) > 30);
    for name in ["direct", "mx-border", "ca-border", "ftz", "bulk"] {
        assert!(
            table.contains(&format!("\n{name}: ")),
            "no {name} in:\n{table}"
        );
        assert!(
            svg.contains(&format!(">{name}<")),
            "no {name} in the picture"
        );
    }
    assert!(
        table.contains("76 parcels") && table.contains("2 parcels were refused"),
        "{table}"
    );
    assert!(fits(&table, 120), "{table}");
}

#[test]
fn models_of_the_user_take_the_place_of_the_samples() {
    let installation = Installation::new();
    installation.file("p.csv", &shirts());
    installation.file(
        "m.toml",
        "[[model]]\nname = \"express\"\ntitle = \"by courier\"\nmode = \"express\"\nparcel_usd = \"10.00\"\ndays = 3\n",
    );
    let told = installation.json("compare p.csv --with m.toml");
    assert_eq!(told["models"].as_array().unwrap().len(), 1);
    let own = model(&told, "express");
    assert_eq!(
        (&own["all"]["freight_usd"], &own["days"]),
        (&json!("40.00"), &json!(3))
    );
    assert_eq!(own["cheapest"], true);
    // Sixteen days from the first arrival to the last: 4 parcels make 91 a year.
    assert_eq!(told["per_year"], 91);
    installation.file("m.toml", "[[model]]\nname = \"a\"\n");
    for (line, said) in [
        ("compare p.csv --with m.toml", "m.toml: "),
        (
            "compare p.csv --models direkt",
            "no model `direkt`; there are direct, mx-border",
        ),
        ("compare p.csv --svg p.csv", "is the same file as"),
        ("compare p.csv --per-year 0", "--per-year"),
    ] {
        let (status, stderr) = installation.failed(line);
        assert_eq!(status, Some(2), "{line}: {stderr}");
        assert!(stderr.contains(said), "{line}: {stderr}");
    }
}

#[test]
fn the_keys_are_those_that_programs_read() {
    let installation = Installation::new();
    installation.file("p.csv", &shirts());
    let told = installation.json("compare p.csv --models direct");
    let mut outer = keys(&told);
    outer.sort_unstable();
    assert_eq!(
        outer,
        [
            "from", "law", "models", "parcels", "per_year", "refused", "to"
        ]
    );
    let mut inner = keys(&told["models"][0]);
    inner.sort_unstable();
    assert_eq!(
        inner,
        [
            "all",
            "cheapest",
            "days",
            "entries",
            "free",
            "model",
            "needs",
            "needs_person",
            "open",
            "parcels",
            "paths",
            "per_parcel",
            "per_parcel_duty",
            "per_parcel_fees",
            "per_year",
            "prohibited",
            "title",
        ]
    );
}

#[test]
fn help_says_what_a_model_may_change() {
    let help = text(&Installation::new().run("compare --help").stdout);
    for part in [
        "never changes origin",
        "--models",
        "--with",
        "--per-year",
        "Examples:",
    ] {
        assert!(help.contains(part), "no {part} in:\n{help}");
    }
}
