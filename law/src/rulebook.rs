//! The rulebook: all law of a folder, read, checked, and named by its hash.

use crate::case::{Case, Model};
use crate::check::{self, Place, Places};
use crate::condition_text::Names;
use crate::error::{LawError, SourceFile};
use crate::facts::Fact;
use crate::inherit::inherited;
use crate::instrument::Instrument;
use crate::lists::{self, Holiday, List, NumberList, PortZone, RateTable, WordList};
use crate::sets::{NumberTest, OriginTest};
use crate::table::{Source, Table};
use crate::time::Zone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::de::DeTable;

/// The zone in which a date without a time is read.
pub const EASTERN: &str = "America/New_York";

/// All law in hand, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rulebook {
    /// Facts by name.
    pub facts: Vec<Fact>,
    /// Instruments by kind, then id: the order in which they are asked.
    pub instruments: Vec<Instrument>,
    /// The sets of numbers that conditions name.
    pub numbers: Vec<NumberTest>,
    /// The sets of origins that conditions name.
    pub origins: Vec<OriginTest>,
    /// Lists of numbers by name.
    pub lists: Vec<NumberList>,
    /// Tables of rates by name.
    pub rates: Vec<RateTable>,
    /// Lists of words by name.
    pub words: Vec<WordList>,
    /// Federal holidays by day.
    pub holidays: Vec<Holiday>,
    /// Ports whose zone is known, by code.
    pub ports: Vec<PortZone>,
}

/// The cases that stand with a rulebook. They change no answer and are not part of its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseBook {
    /// Shipments that cases vary, by name.
    pub models: Vec<Model>,
    /// The cases in the order of files.
    pub cases: Vec<Case>,
    /// Instruments that share a file, each with that file: its cases are theirs.
    pub homes: Vec<(String, String)>,
}

impl CaseBook {
    /// The cases that stand in an instrument's own file, or in an overlay of it.
    pub fn own<'b>(&'b self, id: &'b str) -> impl Iterator<Item = &'b Case> {
        let home = self.homes.iter().find(|(known, _)| known == id);
        self.cases.iter().filter(move |case| {
            case.instrument.as_deref() == Some(id)
                || home.is_some_and(|(_, file)| *file == case.file)
        })
    }
}

/// A rulebook that cannot be read back from its compact form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the compact law is damaged or of another version of this program")]
pub struct Damaged;

impl Rulebook {
    /// Reads and checks the files of a law folder, overlays last. All defects are reported.
    pub fn load(files: &[SourceFile]) -> Result<(Rulebook, CaseBook), Vec<LawError>> {
        Loader::default().load(files)
    }

    /// This rulebook with the instruments of more files added, and the cases of those files alone.
    /// An instrument that stands already gets more versions. Overlays cannot define facts.
    pub fn extend(&self, files: &[SourceFile]) -> Result<(Rulebook, CaseBook), Vec<LawError>> {
        Loader::from(self.clone()).load(files)
    }

    /// The compact form that is built into the program.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing to memory cannot fail for these types; an empty form would not read back.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Reads the compact form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Rulebook, Damaged> {
        postcard::from_bytes(bytes).map_err(|_| Damaged)
    }

    /// SHA-256 over the compact form: every byte that can change an answer.
    #[must_use]
    pub fn hash(&self) -> String {
        Sha256::digest(self.to_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The instrument of this id.
    #[must_use]
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments
            .iter()
            .find(|instrument| instrument.id == id)
    }
}

impl CaseBook {
    /// The compact form that is built into the program.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Reads the compact form.
    pub fn from_bytes(bytes: &[u8]) -> Result<CaseBook, Damaged> {
        postcard::from_bytes(bytes).map_err(|_| Damaged)
    }
}

#[derive(Default)]
struct Loader {
    names: Names,
    instruments: Vec<Instrument>,
    /// Where the versions read here stand, for messages.
    places: Places,
    lists: Vec<NumberList>,
    rates: Vec<RateTable>,
    words: Vec<WordList>,
    holidays: Vec<Holiday>,
    ports: Vec<PortZone>,
    book: CaseBook,
    errors: Vec<LawError>,
    /// A rulebook stands already; facts are fixed, since rules refer to them by place.
    extends: bool,
}

impl From<Rulebook> for Loader {
    fn from(book: Rulebook) -> Loader {
        Loader {
            names: Names {
                facts: book.facts,
                numbers: book.numbers,
                origins: book.origins,
            },
            instruments: book.instruments,
            lists: book.lists,
            rates: book.rates,
            words: book.words,
            holidays: book.holidays,
            ports: book.ports,
            extends: true,
            ..Loader::default()
        }
    }
}

impl Loader {
    fn load(mut self, files: &[SourceFile]) -> Result<(Rulebook, CaseBook), Vec<LawError>> {
        let Some(zone) = Zone::named(EASTERN) else {
            return Err(vec![LawError {
                file: String::new(),
                line: 0,
                field: "zone".to_owned(),
                message: "the time-zone data of this program lacks New York".to_owned(),
            }]);
        };
        let (facts, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_facts(file));
        for file in facts.into_iter().chain(others) {
            if let Err(error) = self.file(Source { file, zone: &zone }) {
                self.errors.push(error);
            }
        }
        self.done()
    }

    fn file(&mut self, source: Source<'_>) -> Result<(), LawError> {
        let file = source.file;
        if file.path.ends_with(".csv") {
            match lists::read(file, source.zone)? {
                List::Numbers(list) if self.lists.iter().any(|known| known.name == list.name) => {
                    return Err(file.error(0, "list", "a list of this name stands already"));
                }
                List::Numbers(list) => self.lists.push(list),
                List::Rates(table) if self.rates.iter().any(|known| known.name == table.name) => {
                    return Err(file.error(0, "list", "a table of this name stands already"));
                }
                List::Rates(table) => self.rates.push(table),
                List::Words(list) if self.words.iter().any(|known| known.name == list.name) => {
                    return Err(file.error(0, "list", "a list of this name stands already"));
                }
                List::Words(list) => self.words.push(list),
                List::Holidays(days) => self.holidays.extend(days),
                List::Ports(ports) => self.ports.extend(ports),
            }
            return Ok(());
        }
        let parsed = DeTable::parse(&file.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            file.error(at, "toml", error.message())
        })?;
        let table = Table::root(source, &parsed)?;
        if is_facts(file) {
            self.facts(&table)
        } else if table.has("instrument") {
            // A program's headings stand in one file and share what they have in common.
            for (start, entries) in inherited(&table, &parsed)? {
                let id = self.instrument(&Table::new(source, &entries, start), None)?;
                self.book.homes.push((id, file.path.clone()));
            }
            self.read_cases(&table, None)
        } else if table.has("kind") || table.has("id") {
            self.instrument(&table, Some(&table)).map(|_| ())
        } else {
            self.cases(&table)
        }
    }

    fn facts(&mut self, table: &Table<'_>) -> Result<(), LawError> {
        if self.extends {
            return Err(table.error("fact", "an overlay cannot define facts"));
        }
        for fact in table.tables("fact")? {
            let read = Fact::read_definition(&fact)?;
            if self.names.facts.iter().any(|known| known.name == read.name) {
                return Err(fact.error("name", "is defined twice"));
            }
            self.names.facts.push(read);
        }
        self.names.facts.sort_by(|a, b| a.name.cmp(&b.name));
        table.finish()
    }

    fn instrument(
        &mut self,
        table: &Table<'_>,
        cases: Option<&Table<'_>>,
    ) -> Result<String, LawError> {
        let read = Instrument::read(table, &mut self.names)?;
        if let Some(cases) = cases {
            self.read_cases(cases, Some(&read.id))?;
        }
        table.finish()?;
        let id = read.id.clone();
        let places = table.tables("version")?.iter().map(Place::of).collect();
        match self
            .instruments
            .iter_mut()
            .find(|known| known.id == read.id)
        {
            None => {
                self.places.insert(read.id.clone(), places);
                self.instruments.push(read);
                Ok(id)
            }
            // A second file of one id adds versions: that is how an overlay changes standing law.
            Some(known) if known.kind == read.kind && known.selects_on == read.selects_on => {
                let standing = vec![Place::default(); known.versions.len()];
                let stand = self.places.entry(read.id).or_insert(standing);
                stand.extend(places);
                known.versions.extend(read.versions);
                Ok(id)
            }
            Some(_) => Err(table.error("id", "stands already, with another kind or clock")),
        }
    }

    fn cases(&mut self, table: &Table<'_>) -> Result<(), LawError> {
        for field in ["title", "source", "confidence"] {
            table.text(field)?;
        }
        for model in table.tables("model")? {
            let read = Model::read(&model)?;
            if self.book.models.iter().any(|known| known.name == read.name) {
                return Err(model.error("name", "is defined twice"));
            }
            self.book.models.push(read);
        }
        self.read_cases(table, None)?;
        table.finish()
    }

    fn read_cases(&mut self, table: &Table<'_>, instrument: Option<&str>) -> Result<(), LawError> {
        for case in table.tables("case")? {
            let line = case.error("", "").line as u32;
            self.book.cases.push(Case::read(&case, instrument, line)?);
        }
        Ok(())
    }

    fn done(mut self) -> Result<(Rulebook, CaseBook), Vec<LawError>> {
        self.instruments
            .sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
        self.lists.sort_by(|a, b| a.name.cmp(&b.name));
        self.rates.sort_by(|a, b| a.name.cmp(&b.name));
        self.words.sort_by(|a, b| a.name.cmp(&b.name));
        self.holidays.sort_by_key(|holiday| holiday.observed);
        self.ports.sort_by(|a, b| a.port.cmp(&b.port));
        let book = Rulebook {
            facts: self.names.facts,
            instruments: self.instruments,
            numbers: self.names.numbers,
            origins: self.names.origins,
            lists: self.lists,
            rates: self.rates,
            words: self.words,
            holidays: self.holidays,
            ports: self.ports,
        };
        self.errors.extend(check::rulebook(&book, &self.places));
        if self.errors.is_empty() {
            Ok((book, self.book))
        } else {
            Err(self.errors)
        }
    }
}

fn is_facts(file: &SourceFile) -> bool {
    file.path.rsplit('/').next() == Some("facts.toml")
}
