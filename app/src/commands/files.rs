//! Files that a run writes: never one that it reads, and in place only when they are whole.

use crate::commands::CommandError;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where a run's refused rows go if nothing is said: the first input's name without `.gz` and one
/// more extension, here.
pub fn default_rejects(first: Option<&PathBuf>) -> PathBuf {
    let name = first.filter(|path| path.as_os_str() != "-");
    let name = name.map_or(Some(OsStr::new("stdin")), |path| path.file_name());
    let name = Path::new(name.unwrap_or(OsStr::new("parcels")));
    let packed = name
        .extension()
        .is_some_and(|last| last.eq_ignore_ascii_case("gz"));
    let stem = |name: &Path| name.file_stem().map(OsString::from).unwrap_or_default();
    let mut stem = match packed {
        true => stem(Path::new(&stem(name))),
        false => stem(name),
    };
    stem.push(".rejects.csv");
    PathBuf::from(stem)
}

/// A file to be written, as the user knows it: by an option, or by default.
pub struct Named<'a> {
    /// `-o`, or `--rejects`.
    pub option: &'static str,
    /// The file.
    pub path: &'a Path,
    /// Whether the user named it.
    pub named: bool,
}

/// Refuses to write over a file that is read, and to write two things into one file.
pub fn check(inputs: &[&Path], outputs: &[Named<'_>]) -> Result<(), CommandError> {
    let mut taken: Vec<(PathBuf, String)> = Vec::new();
    for input in inputs {
        let what = if input.as_os_str() == "-" {
            "standard input".to_owned()
        } else {
            format!("{}, which is read", input.display())
        };
        taken.extend(real(input).map(|real| (real, what)));
    }
    for output in outputs {
        let Some(real) = real_output(output.path) else {
            continue;
        };
        let (option, path) = (output.option, output.path.display());
        let what = if output.named {
            format!("{option} {path}")
        } else {
            format!("refused rows go to {path}, which")
        };
        if let Some((_, other)) = taken.iter().find(|(taken, _)| *taken == real) {
            let message = format!("{what} is the same file as {other}: name another with {option}");
            return Err(CommandError::Usage(message));
        }
        taken.push((real, what.trim_end_matches(", which").to_owned()));
    }
    Ok(())
}

/// Refuses to write where something is that must be kept: a ledger, or its key.
pub fn keep(kept: &[PathBuf], path: &Path) -> Result<(), CommandError> {
    let Some(real) = real_output(path) else {
        return Ok(());
    };
    if kept
        .iter()
        .any(|kept| real_output(kept).as_ref() == Some(&real))
    {
        let message = format!(
            "{} is part of the ledger: name another file to write to",
            path.display()
        );
        return Err(CommandError::Usage(message));
    }
    Ok(())
}

/// An input that is a file, by its real name.
fn real(path: &Path) -> Option<PathBuf> {
    let path = if path.as_os_str() == "-" {
        Path::new("/dev/stdin")
    } else {
        path
    };
    real_output(path)
}

/// The real name of a file, also of one that is not there yet; devices and pipes have none.
fn real_output(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = fs::canonicalize(path) {
        return real.is_file().then_some(real);
    }
    let folder = fs::canonicalize(folder(path)).ok()?;
    Some(folder.join(path.file_name()?))
}

fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

/// A file being written: until it is finished, what had its name stays as it was.
pub struct OutFile {
    path: PathBuf,
    place: Place,
}

enum Place {
    /// A temporary file beside the target, and the target.
    Beside(NamedTempFile, PathBuf),
    /// A device or a pipe.
    Direct(File),
}

impl OutFile {
    /// Makes the file, so that a path that cannot be written is known before any work.
    pub fn open(path: &Path) -> io::Result<OutFile> {
        let place = match (fs::canonicalize(path), fs::symlink_metadata(path)) {
            (Ok(real), _) if real.is_file() => OpenOptions::new()
                .write(true)
                .open(&real)
                .and_then(|known| Place::beside(real, Some(known.metadata()?.permissions()))),
            (Err(_), Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                Place::beside(path.to_owned(), None)
            }
            _ => File::create(path).map(Place::Direct),
        };
        let path = path.to_owned();
        match place {
            Ok(place) => Ok(OutFile { path, place }),
            Err(error) => Err(named(&path, &error)),
        }
    }

    /// Where its content goes; flush it before the file is finished.
    pub fn writer(&self) -> io::Result<impl Write + use<>> {
        let file = match &self.place {
            Place::Beside(file, _) => file.as_file(),
            Place::Direct(file) => file,
        };
        let file = file
            .try_clone()
            .map_err(|error| named(&self.path, &error))?;
        let path = self.path.clone();
        Ok(BufWriter::new(Writer { path, file }))
    }

    /// Gives the file its name.
    pub fn finish(self) -> io::Result<()> {
        match self.place {
            Place::Beside(file, target) => match file.persist(target) {
                Ok(_) => Ok(()),
                Err(error) => Err(named(&self.path, &error.error)),
            },
            Place::Direct(_) => Ok(()),
        }
    }
}

impl Place {
    fn beside(target: PathBuf, known: Option<fs::Permissions>) -> io::Result<Place> {
        let mut prefix = OsString::from(".");
        prefix.push(target.file_name().unwrap_or_default());
        prefix.push(".");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".part");
        // As any new file: the process's mask takes off what it should not have.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder(&target))?;
        if let Some(known) = known {
            file.as_file().set_permissions(known)?;
        }
        Ok(Place::Beside(file, target))
    }
}

/// Writes into a file and names it in every error.
struct Writer {
    path: PathBuf,
    file: File,
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        written.map_err(|error| named(&self.path, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(|error| named(&self.path, &error))
    }
}

/// The error with the file's name, and without that of the temporary file.
fn named(path: &Path, error: &io::Error) -> io::Error {
    let text = error.to_string();
    let text = text.split(" at path \"").next().unwrap_or_default();
    let text = format!("cannot write {}: {text}", path.display());
    io::Error::new(error.kind(), text)
}

#[cfg(test)]
mod tests {
    use super::default_rejects;
    use std::path::{Path, PathBuf};

    #[test]
    fn rejects_are_named_by_the_full_stem() {
        for (input, rejects) in [
            ("orders.2025.csv", "orders.2025.rejects.csv"),
            ("a/orders.2025.csv.gz", "orders.2025.rejects.csv"),
            ("parcels.json", "parcels.rejects.csv"),
            ("parcels", "parcels.rejects.csv"),
            ("-", "stdin.rejects.csv"),
            ("..", "parcels.rejects.csv"),
        ] {
            let named = default_rejects(Some(&PathBuf::from(input)));
            assert_eq!(named, Path::new(rejects), "{input}");
        }
    }
}
