//! Documents of other systems, read and assessed.

use crate::duty_run::{Installation, text};
use serde_json::Value;

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
