//! Where a run's refused rows go: a file that is made with the first of them.

use crate::commands::files::{self, OutFile};
use crate::read::Reject;
use crate::read::rejects::RejectWriter;
use std::io::{self, Write};
use std::path::PathBuf;

/// The file of refused rows, which is made with the first of them.
pub struct Rejects {
    path: PathBuf,
    named: bool,
    file: Option<OutFile>,
    writer: Option<RejectWriter<Box<dyn Write>>>,
}

impl Rejects {
    /// In the file that the user named, or in one named after the first file that is read.
    pub fn new(named: Option<&PathBuf>, first: Option<&PathBuf>) -> Rejects {
        Rejects {
            named: named.is_some(),
            path: named
                .cloned()
                .unwrap_or_else(|| files::default_rejects(first)),
            file: None,
            writer: None,
        }
    }

    /// The file, as the user knows it.
    pub fn output(&self) -> files::Named<'_> {
        files::Named {
            option: "--rejects",
            path: &self.path,
            named: self.named,
        }
    }

    /// A file that the user named must be writable, whether or not it will be needed.
    pub fn open_named(&mut self) -> io::Result<()> {
        if self.named {
            self.file = Some(OutFile::open(&self.path)?);
        }
        Ok(())
    }

    /// Writes one.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let file = match self.file.take() {
                    Some(file) => file,
                    None => OutFile::open(&self.path)?,
                };
                let writer: Box<dyn Write> = Box::new(file.writer()?);
                self.file = Some(file);
                self.writer.insert(RejectWriter::new(writer))
            }
        };
        writer.write(reject)
    }

    /// The file's name, if anything was refused.
    pub fn finish(self) -> io::Result<Option<String>> {
        let name = self.path.display().to_string();
        let Some(mut writer) = self.writer else {
            if self.path.is_file() {
                eprintln!("deminimis: {name} is from an earlier run; this one refused nothing");
            }
            return Ok(None);
        };
        writer.flush()?;
        drop(writer);
        if let Some(file) = self.file {
            file.finish()?;
        }
        Ok(Some(name))
    }
}
