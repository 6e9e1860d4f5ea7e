//! The desk in a real browser: runs the tests of `e2e/` on the program that was built.
//!
//! They need node, Chromium and `npm ci` in `e2e/`. Where these are not there, continuous
//! integration (`CI` is set) fails, and everybody else is told what was not tested.

use std::path::Path;
use std::process::{Command, Stdio};

/// What is missing here, if anything.
fn missing(folder: &Path) -> Option<String> {
    let runs = |program: &str| {
        let mut command = Command::new(program);
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if !runs("node") {
        return Some("node".to_owned());
    }
    if !runs(&chromium) {
        return Some(chromium);
    }
    let installed = folder.join("node_modules/playwright-core").is_dir();
    (!installed).then(|| "what `npm ci` in e2e/ installs".to_owned())
}

#[test]
fn pages_work_in_a_browser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../e2e");
    if let Some(missing) = missing(&folder) {
        let said = format!("the pages were not tested in a browser: there is no {missing}");
        assert!(std::env::var_os("CI").is_none(), "{said}");
        eprintln!("SKIPPED: {said}");
        return;
    }
    let ran = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .current_dir(&folder)
        .env("DEMINIMIS_BIN", env!("CARGO_BIN_EXE_deminimis"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    // A runner that found no tests would be content as well.
    assert!(
        said.contains("from the first link to the log-out"),
        "{said}"
    );
}
