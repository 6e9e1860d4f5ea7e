//! The files of a run, which are read once or twice. Standard input is spooled to be read again.

use crate::pass::PassError;
use crate::read::{
    Catalog, Defaults, Format, Ids, Import, Map, Options, ReadError, Reject, RejectReason, Source,
    open,
};
use crate::setup::Setup;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

/// The name by which messages call standard input.
pub const STDIN: &str = "standard input";

/// Standard input up to this size stays in memory.
const SPOOL: usize = 32 << 20;

/// One input of a run.
pub enum Input {
    /// A file.
    Path(PathBuf),
    /// A file under another name: where it lies is nobody's business.
    Named(String, PathBuf),
    /// What is no file, under its name, spooled.
    Spooled(String, Box<std::cell::RefCell<tempfile::SpooledTempFile>>),
}

/// The inputs of a run.
pub struct Inputs(Vec<Input>);

/// How inputs are read; one pass shares the ids seen.
pub struct Opening<'a> {
    /// The law and tables.
    pub setup: &'a Setup,
    /// The format, if not told by name and look.
    pub format: Option<Format>,
    /// A map of columns.
    pub map: Option<Map>,
    /// A system whose JSON documents are read.
    pub import: Option<Import>,
    /// A catalog of articles.
    pub catalog: Option<&'a Catalog>,
    /// Passes over unknown columns.
    pub ignore_unknown: bool,
    /// Fields set where absent.
    pub set: Vec<(String, String)>,
    /// Fields filled where they are still absent then, and marked as not the sender's.
    pub defaults: Option<&'a Defaults>,
    /// The ids seen in this pass.
    pub ids: Ids,
}

impl Opening<'_> {
    /// The same for another pass, which has seen no id yet.
    #[must_use]
    pub fn again(&self) -> Opening<'_> {
        Opening {
            setup: self.setup,
            format: self.format,
            map: self.map.clone(),
            import: self.import,
            catalog: self.catalog,
            ignore_unknown: self.ignore_unknown,
            set: self.set.clone(),
            defaults: self.defaults,
            ids: Ids::default(),
        }
    }
}

impl Inputs {
    /// Files by path; `-` is standard input, which is read to its end here.
    pub fn new(paths: &[PathBuf]) -> Result<Inputs, ReadError> {
        let input = |path: &PathBuf| {
            if path.as_os_str() != "-" {
                return Ok(Input::Path(path.clone()));
            }
            let mut spool = tempfile::spooled_tempfile(SPOOL);
            io::copy(&mut io::stdin().lock(), &mut spool).map_err(|error| ReadError::Failure {
                file: STDIN.to_owned(),
                error,
            })?;
            let spool = Box::new(std::cell::RefCell::new(spool));
            Ok(Input::Spooled(STDIN.to_owned(), spool))
        };
        paths
            .iter()
            .map(input)
            .collect::<Result<_, _>>()
            .map(Inputs)
    }

    /// What was sent instead of read from a file, under the name by which messages call it.
    ///
    /// # Errors
    /// There is no room for it.
    pub fn sent(name: &str, bytes: &[u8]) -> io::Result<Inputs> {
        let mut spool = tempfile::spooled_tempfile(SPOOL);
        spool.write_all(bytes)?;
        let spool = Box::new(std::cell::RefCell::new(spool));
        Ok(Inputs(vec![Input::Spooled(name.to_owned(), spool)]))
    }

    /// One file, under the name by which messages call it.
    #[must_use]
    pub fn named(name: &str, path: PathBuf) -> Inputs {
        Inputs(vec![Input::Named(name.to_owned(), path)])
    }

    /// The inputs in order.
    pub fn iter(&self) -> impl Iterator<Item = &Input> {
        self.0.iter()
    }

    /// How many inputs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Opens one from its beginning.
    pub fn open<'a>(
        &'a self,
        input: &'a Input,
        opening: &Opening<'a>,
    ) -> Result<Box<dyn Source + 'a>, ReadError> {
        let setup = opening.setup;
        let mut options = Options::new(&setup.book.facts, setup.law.zone(), &setup.ports);
        options.format = opening.format;
        options.map.clone_from(&opening.map);
        options.import = opening.import;
        options.catalog = opening.catalog;
        options.ignore_unknown = opening.ignore_unknown;
        options.set.clone_from(&opening.set);
        options.defaults = opening.defaults;
        options.ids = opening.ids.clone();
        let name = input.name();
        let failure = |error| ReadError::Failure {
            file: name.clone(),
            error,
        };
        let bytes: Box<dyn Read + 'a> = match input {
            Input::Path(path) | Input::Named(_, path) => {
                Box::new(File::open(path).map_err(failure)?)
            }
            Input::Spooled(_, spool) => {
                spool.borrow_mut().rewind().map_err(failure)?;
                Box::new(Spool(spool))
            }
        };
        open(bytes, &name, &options)
    }

    /// The same among others: one that holds nothing is refused alone, and is none.
    pub(crate) fn open_among<'a>(
        &'a self,
        input: &'a Input,
        opening: &Opening<'a>,
        mut refuse: impl FnMut(&Reject) -> io::Result<()>,
    ) -> Result<Option<Box<dyn Source + 'a>>, PassError> {
        match self.open(input, opening) {
            Ok(source) => Ok(Some(source)),
            Err(error @ ReadError::Empty { .. }) if self.len() > 1 => {
                refuse(&whole_file(input.name(), &error))?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Input {
    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Input::Path(path) => path.display().to_string(),
            Input::Named(name, _) | Input::Spooled(name, _) => name.clone(),
        }
    }
}

struct Spool<'a>(&'a std::cell::RefCell<tempfile::SpooledTempFile>);

impl Read for Spool<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

/// What is said of a file that is refused as a whole.
fn whole_file(file: String, error: &ReadError) -> Reject {
    Reject {
        file,
        row: 0,
        rows: 0,
        shipment_id: None,
        field: String::new(),
        line: None,
        value: String::new(),
        reason: RejectReason::Rule(error.to_string()),
        consignee: None,
    }
}
