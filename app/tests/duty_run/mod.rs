//! Running the program in an installation of its own, and looking at what it wrote.
#![allow(dead_code, reason = "each test file uses a part")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A data folder, and a folder for files.
pub struct Installation(TempDir);

impl Installation {
    pub fn new() -> Installation {
        Installation(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    /// Runs a command as a user types it; arguments hold no spaces.
    pub fn run(&self, line: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_deminimis"))
            .args(line.split(' '))
            .current_dir(self.0.path())
            .env("DEMINIMIS_HOME", self.path("home"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    pub fn said(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{line}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.said(&format!("{line} --format json"))).unwrap()
    }

    /// What is said on standard error, and the exit status.
    pub fn failed(&self, line: &str) -> (Option<i32>, String) {
        let output = self.run(line);
        (output.status.code(), text(&output.stderr))
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A file of the examples.
pub fn example(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join("examples")
        .join(name)
        .canonicalize()
        .unwrap()
        .display()
        .to_string()
}

/// The keys of an object, in their order.
pub fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// Every element is closed by its own name, attributes are quoted, and no bare sign stands in text.
/// Returns the number of elements.
pub fn elements_of(svg: &str) -> usize {
    let (mut open, mut count, mut rest) = (Vec::new(), 0, svg);
    while let Some(start) = rest.find('<') {
        let before = &rest[..start];
        assert!(!before.contains('>'), "a bare > in {before}");
        for part in before.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;"];
            assert!(
                known.iter().any(|name| part.starts_with(name)),
                "a bare & in {before}"
            );
        }
        let end = start + rest[start..].find('>').expect("an element ends");
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "an open quote in <{tag}>");
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "<{tag}>");
        } else {
            count += 1;
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    count
}

/// Whether every line of a table fits so many columns.
pub fn fits(table: &str, width: usize) -> bool {
    table.lines().all(|line| line.chars().count() <= width)
}
