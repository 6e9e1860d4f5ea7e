//! The law and the tables a run uses: embedded, or from files, with overlays, as known at a moment.

use crate::home::data_folder;
use crate::rates;
use crate::tariff::{self, StoreError, Stored};
use deminimis_clearance::Books;
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::build::PortZones;
use deminimis_law::time::{Day, Moment, Zone, parse_timestamp};
use deminimis_law::{CaseBook, Law, LawError, Rulebook, SourceFile};
use deminimis_tariff::Schedule;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

/// Everything besides parcels.
pub struct Setup {
    /// All law in hand, overlays included.
    pub book: Arc<Rulebook>,
    /// The rulebook before overlays were added, if any were.
    pub standing: Option<Rulebook>,
    /// The cases that stand with it; with an overlay, the overlay's.
    pub cases: CaseBook,
    /// The law as known.
    pub law: Law,
    /// The schedule, with what was imported.
    pub tariff: Cow<'static, Schedule>,
    /// The releases of the schedule that were imported, for their descriptions.
    pub releases: Vec<Stored>,
    /// Exchange rates.
    pub rates: Rates,
    /// Ports whose zone is known.
    pub ports: PortZones,
}

/// Where the law comes from.
#[derive(Clone, Debug, Default)]
pub struct LawChoice {
    /// A folder that replaces the embedded law.
    pub folder: Option<PathBuf>,
    /// Files that add to it.
    pub overlays: Vec<PathBuf>,
    /// The moment of knowledge; none is all law in hand.
    pub known_at: Option<Moment>,
}

/// Why the law cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A law file is defective.
    #[error("{}", list(.0))]
    Law(Vec<LawError>),
    /// A file cannot be read.
    #[error("{path}: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The program itself is damaged.
    #[error("{0}")]
    Damaged(#[from] deminimis_law::rulebook::Damaged),
    /// An imported release in the data folder is damaged.
    #[error("{0}")]
    Tariff(#[from] StoreError),
    /// A port's zone is unknown to the program.
    #[error("the law names a port with the unknown time zone {0}")]
    Zone(String),
}

fn list(errors: &[LawError]) -> String {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl Setup {
    /// Reads, checks and compiles the law.
    pub fn new(choice: &LawChoice) -> Result<Setup, SetupError> {
        let (mut book, mut cases, mut hash) = match &choice.folder {
            None => (
                deminimis_law_us::rulebook()?,
                None,
                Some(Arc::<str>::from(deminimis_law_us::HASH)),
            ),
            Some(folder) => {
                let read =
                    deminimis_law_us::folder::read(folder).map_err(|error| SetupError::Read {
                        path: folder.clone(),
                        error,
                    })?;
                let (book, cases) = Rulebook::load(&read).map_err(SetupError::Law)?;
                (book, Some(cases), None)
            }
        };
        let mut standing = None;
        if !choice.overlays.is_empty() {
            let files = choice
                .overlays
                .iter()
                .map(|path| source(path))
                .collect::<Result<Vec<_>, _>>()?;
            let (extended, mut own) = book.extend(&files).map_err(SetupError::Law)?;
            own.models = match cases.take() {
                Some(standing) => standing.models,
                None => deminimis_law_us::cases()?.models,
            };
            standing = Some(std::mem::replace(&mut book, extended));
            (cases, hash) = (Some(own), None);
        }
        let rows = book
            .ports
            .iter()
            .map(|row| (row.port.as_str(), row.zone.as_str()));
        let ports = PortZones::from_rows(rows).map_err(SetupError::Zone)?;
        let book = Arc::new(book);
        let law = match hash {
            Some(hash) => Law::compile_hashed(&book, choice.known_at, hash),
            None => Law::compile(&book, choice.known_at),
        };
        let rates = rates::in_hand(&law)?;
        let releases = releases()?;
        Ok(Setup {
            book,
            standing,
            cases: cases.unwrap_or_default(),
            law,
            tariff: schedule(&releases),
            releases,
            rates,
            ports,
        })
    }

    /// The cases that stand with the law in use; the embedded ones are read only when asked for.
    pub fn cases(&self) -> Result<CaseBook, SetupError> {
        if self.cases.cases.is_empty() {
            Ok(deminimis_law_us::cases()?)
        } else {
            Ok(self.cases.clone())
        }
    }

    /// What the assessment reads.
    #[must_use]
    pub fn books(&self) -> Books<'_> {
        Books {
            law: &self.law,
            tariff: &self.tariff,
            rates: &self.rates,
        }
    }
}

/// Every release in the data folder.
fn releases() -> Result<Vec<Stored>, SetupError> {
    let stored = data_folder().map(|home| tariff::load(&home)).transpose()?;
    Ok(stored.unwrap_or_default())
}

/// The embedded schedule, with what was imported.
fn schedule(stored: &[Stored]) -> Cow<'static, Schedule> {
    match stored {
        [] => Cow::Borrowed(Schedule::embedded()),
        some => Cow::Owned(tariff::schedule(some)),
    }
}

fn source(path: &Path) -> Result<SourceFile, SetupError> {
    let text = fs::read_to_string(path).map_err(|error| SetupError::Read {
        path: path.to_owned(),
        error,
    })?;
    Ok(SourceFile {
        path: path.to_string_lossy().into_owned(),
        text,
    })
}

/// Reads `WHEN` of the command line: a bare date is the end of that Eastern day for knowledge.
pub fn known_at(text: &str, zone: &Zone) -> Result<Moment, String> {
    if let Some(day) = Day::parse(text) {
        return Ok(Moment(zone.midnight(day.plus(1)).0 - 1));
    }
    parse_timestamp(text).map_err(|error| format!("`{text}` {error}"))
}
