//! Imported releases in the data folder: two files each, the figures that every run reads and the
//! lines that only people look at.
//! A release is there when its figures are: they are written last, whole, and renamed into place.

use super::release::{Identity, Line, read_lines};
use deminimis_law::time::Day;
use deminimis_tariff::{Release, Schedule};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const FIGURES: &str = ".figures.tsv";
/// The first line of figures: the SHA-256 of the rest, so that a file that was cut short or changed
/// is noticed. A missing number would silently be an unknown one.
const SEAL: &str = "# figures: ";

/// Why a stored release cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", path.display())]
pub struct StoreError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub why: String,
}

/// A release in the data folder.
pub struct Stored {
    /// Its figures.
    pub release: Release,
    /// Where its figures are.
    pub path: PathBuf,
    /// Which it is.
    pub identity: Identity,
}

/// The folder of imported releases within the data folder.
#[must_use]
pub fn folder(home: &Path) -> PathBuf {
    home.join("tariff")
}

/// Every release in the data folder, by day. None if there is no folder.
pub fn load(home: &Path) -> Result<Vec<Stored>, StoreError> {
    let folder = folder(home);
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| StoreError {
            path,
            why: error.to_string(),
        }
    };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(wrong(&folder)(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(wrong(&folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.ends_with(FIGURES) && !name.starts_with('.')) {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).map_err(wrong(&path))?;
            read_figures(path, &text)
        })
        .collect()
}

fn read_figures(path: PathBuf, text: &str) -> Result<Stored, StoreError> {
    let bad = |why: String| StoreError {
        path: path.clone(),
        why: format!("{why}; import the release again"),
    };
    let sealed = text
        .strip_prefix(SEAL)
        .and_then(|text| text.split_once('\n'));
    let (seal, text) = sealed.ok_or_else(|| bad("not the figures of a release".to_owned()))?;
    if seal != sha256(text.as_bytes()) {
        return Err(bad("the file was cut short or changed".to_owned()));
    }
    let said = |key: &str| {
        let head = text.lines().take_while(|line| line.starts_with("# "));
        let mut found = head.filter_map(|line| line[2..].split_once(": "));
        found.find(|(name, _)| *name == key).map(|(_, text)| text)
    };
    let hash = said("sha256").ok_or_else(|| bad("the hash of its source is missing".to_owned()))?;
    let source = said("source").unwrap_or_default().to_owned();
    let release = Release::read(text, hash).map_err(|error| bad(error.to_string()))?;
    let identity = Identity {
        name: release.name().to_owned(),
        day: Day(release.day()),
        sha256: hash.to_owned(),
        source,
    };
    Ok(Stored {
        release,
        path,
        identity,
    })
}

/// The embedded schedule with every imported release.
#[must_use]
pub fn schedule(stored: &[Stored]) -> Schedule {
    let embedded = Schedule::embedded();
    let releases: Vec<Release> = stored.iter().map(|one| one.release.clone()).collect();
    let mut all = Sha256::new();
    all.update(embedded.hash());
    for one in stored {
        all.update(format!("\n{} {}", one.identity.day, one.identity.sha256));
    }
    embedded.with_releases(&releases, hex(&all.finalize()))
}

/// The lines of a stored release.
pub fn lines(stored: &Stored) -> Result<Vec<Line>, StoreError> {
    let path = lines_path(&stored.path, &stored.identity);
    let bad = |why: String| StoreError {
        path: path.clone(),
        why: format!("{why}; import the release again"),
    };
    let file = File::open(&path).map_err(|error| bad(error.to_string()))?;
    let mut text = String::new();
    GzDecoder::new(file)
        .read_to_string(&mut text)
        .map_err(|error| bad(error.to_string()))?;
    read_lines(&text).ok_or_else(|| bad("a line is damaged".to_owned()))
}

/// Puts a release into the data folder, in place of one of the same day.
pub fn save(home: &Path, identity: &Identity, figures: &str, lines: &str) -> io::Result<PathBuf> {
    let folder = folder(home);
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}{FIGURES}", identity.day));
    let before = fs::read_to_string(&path).ok();
    let before = before.and_then(|text| read_figures(path.clone(), &text).ok());

    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(lines.as_bytes())?;
    let lines = lines_path(&path, identity);
    write_whole(&folder, &lines, &packed.finish()?)?;
    let sealed = format!("{SEAL}{}\n{figures}", sha256(figures.as_bytes()));
    write_whole(&folder, &path, sealed.as_bytes())?;
    if let Some(before) = before.map(|one| lines_path(&path, &one.identity))
        && before != lines
    {
        // Only the lines of a release that is no longer there: the next run does not miss them.
        let _ = fs::remove_file(before);
    }
    Ok(path)
}

/// The lines are named by their source too, so that figures never meet the lines of another.
fn lines_path(figures: &Path, identity: &Identity) -> PathBuf {
    let short = identity.sha256.get(..12).unwrap_or(&identity.sha256);
    figures.with_file_name(format!("{}.{short}.lines.tsv.gz", identity.day))
}

/// Writes a file so that it is there whole or not at all, even if the machine stops.
fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The name is durable when the folder is; some systems cannot open folders.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 as hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
