//! `deminimis person match`, as a user runs it.

use std::path::Path;
use std::process::{Command, Output};

const PEOPLE: &str = "id,name,street,city,state,postal_code,note\n\
    1,Ana Lopez,12 Oak St,Austin,TX,78701,\n\
    2,\"LOPEZ, ANA\",12 Oak Street,Austin,TX,78701-1234,\n\
    3,A Lopez,12 Oak St,Austin,TX,78701,\n\
    3,Bo Kim,1 Elm St,Austin,TX,78701,\n\
    4,,,,,,\n\
    5,Bo Kim,1 Elm St\n";

fn run(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deminimis"))
        .args(line.split(' '))
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn pairs_are_written_and_bad_rows_refused_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.csv"), PEOPLE).unwrap();
    let output = run(folder.path(), "person match people.csv --uncertain ask.csv");
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let pairs = text(&output.stdout);
    let lines: Vec<&str> = pairs.lines().collect();
    assert_eq!(lines.len(), 2, "{pairs}");
    assert_eq!(lines[0], "id_a,id_b,score,evidence");
    assert!(
        lines[1].starts_with("1,2,") && lines[1].contains("same name"),
        "{pairs}"
    );
    let said = text(&output.stderr);
    assert!(
        said.contains("rows: 6 read = 3 accepted + 3 refused"),
        "{said}"
    );
    assert!(said.contains("columns passed over: note"), "{said}");
    let asked = std::fs::read_to_string(folder.path().join("ask.csv")).unwrap();
    assert!(asked.contains("agrees with an initial"), "{asked}");
    let refused = std::fs::read_to_string(folder.path().join("people.rejects.csv")).unwrap();
    for part in [
        "people.csv,5,3,id,",
        "people.csv,6,4,,",
        "people.csv,7,,,,the row has 3 fields where the header has 7",
    ] {
        assert!(refused.contains(part), "no `{part}` in:\n{refused}");
    }
    // What a row says of a person stays out of the other file.
    assert!(!refused.contains("Bo Kim"), "{refused}");
}

#[test]
fn columns_are_named_by_a_map() {
    let folder = tempfile::tempdir().unwrap();
    let people = "rec,First,Last,Line,Zip\n\
        a,Ana,Lopez,12 Oak St,78701\nb,Anna,Lopez,12 Oak Street,78701\n";
    std::fs::write(folder.path().join("theirs.csv"), people).unwrap();
    let map = "[columns]\nrec = \"id\"\nLine = \"street\"\nZip = \"postal_code\"\n\
        [join]\nname = [\"First\", \"Last\"]\n";
    std::fs::write(folder.path().join("map.toml"), map).unwrap();
    let by_file = run(
        folder.path(),
        "person match theirs.csv --map map.toml --format json",
    );
    assert_eq!(by_file.status.code(), Some(0), "{}", text(&by_file.stderr));
    let line = "person match theirs.csv --format json --map id=rec --map name=First+Last \
        --map street=Line --map postal_code=Zip";
    let by_options = run(folder.path(), line);
    assert_eq!(text(&by_file.stdout), text(&by_options.stdout));
    let told: serde_json::Value = serde_json::from_slice(&by_file.stdout).unwrap();
    assert_eq!(told["person_rules"], 2);
    assert_eq!(told["rows"]["accepted"], 2);
    let wrong = run(folder.path(), "person match theirs.csv");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        text(&wrong.stderr).contains("no column `id`"),
        "{}",
        text(&wrong.stderr)
    );
}
