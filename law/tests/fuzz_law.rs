//! The reader of law takes any text: it reads it or refuses it, and never panics.
//!
//! The texts of `corpus/` are kept, and so is what found a defect; each is also read with bytes
//! changed, cut out, doubled and joined to another. The seed is fixed, so that a run repeats.

use deminimis_law::names::{Clock, Mode};
use deminimis_law::time::Moment;
use deminimis_law::{Law, Rulebook, SourceFile};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// The kept texts, by name.
static CORPUS: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = std::fs::read_dir(folder).expect("the corpus is there");
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("the corpus can be listed").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            SourceFile {
                path: name,
                text: std::fs::read_to_string(path).expect("the corpus is text"),
            }
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
});

/// Pieces that are worth standing where they do not belong.
const PIECES: [&str; 24] = [
    "[[version]]\n",
    "[version.when]\n",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'''",
    "=",
    "\n",
    "\u{feff}",
    "\u{e9}",
    "\0",
    "-9223372036854775808",
    "18446744073709551616",
    "nan",
    "1e999",
    "0x",
    "9999-12-31",
    "0000-00-00T00:00:00Z",
    "@group.origins",
    "when = { not = {} }\n",
    "until = 1900-01-01\n",
    "id = \"group.origins\"\n",
];

const LIST: &str =
    "prefix,from,until,condition,cite\n2203,2020-01-01,2021-01-01T00:00:00Z,,a\n24,,,,b\n";

/// Reads one text beside the facts and the groups that it may name, then compiles what was read.
fn read(file: &SourceFile) -> bool {
    let own = |other: &&SourceFile| other.path != file.path && !other.path.starts_with("broken");
    let beside = CORPUS
        .iter()
        .filter(|other| other.path.contains("group") || other.path == "facts.toml");
    let mut files: Vec<_> = beside.filter(own).cloned().collect();
    files.push(SourceFile {
        path: "lists/list.csv".to_owned(),
        text: LIST.to_owned(),
    });
    files.push(file.clone());
    match Rulebook::load(&files) {
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in &errors {
                assert!(
                    error.line > 0 && !error.field.is_empty() && !error.file.is_empty(),
                    "{error:?}"
                );
            }
            false
        }
        Ok((book, cases)) => {
            assert_eq!(Rulebook::from_bytes(&book.to_bytes()).as_ref(), Ok(&book));
            assert_eq!(
                deminimis_law::CaseBook::from_bytes(&cases.to_bytes()),
                Ok(cases)
            );
            compile(book);
            true
        }
    }
}

fn compile(book: Rulebook) {
    let book = Arc::new(book);
    for known_at in [None, Some(Moment(0)), Some(Moment(1_700_000_000))] {
        let law = Law::compile(&book, known_at);
        for clock in Clock::ALL {
            for bound in law.bounds(*clock) {
                let stretch = law.stretch(*clock, *bound);
                for kind in deminimis_law::kind::Kind::ALL {
                    let _rules = law.rules(
                        *kind,
                        deminimis_law::compile::Scope::Line,
                        *clock,
                        stretch,
                        Mode::Air,
                    );
                }
            }
        }
    }
}

#[test]
fn the_kept_texts_are_read_or_refused() {
    assert!(CORPUS.len() >= 12);
    for file in CORPUS.iter() {
        let broken = file.path.starts_with("broken");
        assert_eq!(read(file), !broken, "{}", file.path);
    }
}

#[derive(Clone, Debug)]
enum Change {
    Byte(usize, u8),
    Cut(usize, usize),
    Double(usize, usize),
    Piece(usize, usize),
    Join(usize, usize, usize),
    Truncate(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = || any::<usize>();
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (at(), 1_usize..60).prop_map(|(at, count)| Change::Cut(at, count)),
        (at(), 1_usize..200).prop_map(|(at, count)| Change::Double(at, count)),
        (at(), at()).prop_map(|(at, piece)| Change::Piece(at, piece)),
        (at(), at(), at()).prop_map(|(at, other, from)| Change::Join(at, other, from)),
        at().prop_map(Change::Truncate),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes {
        let place = |at: usize| at % (bytes.len() + 1);
        match *change {
            Change::Byte(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
            Change::Cut(at, count) => {
                let at = place(at);
                bytes.drain(at..bytes.len().min(at + count));
            }
            Change::Double(at, count) => {
                let at = place(at);
                let part = bytes[at..bytes.len().min(at + count)].to_vec();
                bytes.splice(at..at, part);
            }
            Change::Piece(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, PIECES[piece % PIECES.len()].bytes());
            }
            Change::Join(at, other, from) => {
                let other = CORPUS[other % CORPUS.len()].text.as_bytes();
                bytes.truncate(place(at));
                bytes.extend(&other[from % (other.len() + 1)..]);
            }
            Change::Truncate(at) => bytes.truncate(place(at)),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn changed_texts_are_read_or_refused() {
    let config = Config {
        cases: 1500,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let texts = (0..CORPUS.len(), prop::collection::vec(change(), 1..5));
    let read_changed = |(which, changes): (usize, Vec<Change>)| {
        let kept = &CORPUS[which];
        read(&SourceFile {
            path: kept.path.clone(),
            text: changed(&kept.text, &changes),
        });
        Ok(())
    };
    runner.run(&texts, read_changed).unwrap();
}

#[test]
fn deep_nesting_is_refused_without_overflowing() {
    let deep =
        |open: &str, close: &str| format!("when = {}{}\n", open.repeat(2000), close.repeat(2000));
    for text in [
        deep("[", "]"),
        deep("{ not = ", "}"),
        "[".repeat(10_000),
        "a.".repeat(10_000),
    ] {
        assert!(!read(&SourceFile {
            path: "deep.toml".to_owned(),
            text
        }));
    }
}
