//! `id check`, `id build` and `id kinds`.

use crate::duty_run::{Installation, text};
use serde_json::Value;

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

#[test]
fn a_refused_importer_number_is_not_shown() {
    let home = Installation::new();
    // A Social Security number with a digit too many, without hyphens, with a slip of the finger.
    for number in ["123-45-67890", "123456789", "123-45-678O"] {
        for format in ["text", "json"] {
            let output = home.run(&format!(
                "id check importer-number {number} --format {format}"
            ));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(output.status.code(), Some(3), "{said}");
            assert!(said.contains("(withheld)"), "{said}");
            for part in [number, "123", "456", "678"] {
                assert!(!said.contains(part), "{part} in {said}");
            }
        }
    }
    // What is right is told back: nothing was wrong with it that could be somebody else's.
    let said = home.said("id check importer-number 12-3456789");
    assert!(said.contains("12-3456789"), "{said}");
}
