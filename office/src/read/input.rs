//! Opens a file as a source: decompresses it, drops a byte order mark, tells CSV from JSON.

use super::csv::CsvSource;
use super::json::JsonSource;
use super::{Format, Options, ReadError, Source};
use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read};

/// How many bytes are looked at to tell what a file is: enough for the first line of most.
const LOOK: usize = 1 << 16;

/// Opens a source on `input`; `name` is what messages call it, and its extension tells the format
/// unless the options do or the first bytes must (standard input).
///
/// # Errors
/// The input cannot be read, is empty, or does not fit the options.
pub fn open<'a>(
    input: Box<dyn Read + 'a>,
    name: &str,
    options: &Options<'a>,
) -> Result<Box<dyn Source + 'a>, ReadError> {
    let failure = |error| ReadError::Failure {
        file: name.to_owned(),
        error,
    };
    let usage = |message: &str| ReadError::Usage {
        file: name.to_owned(),
        message: message.to_owned(),
    };
    let (mut head, mut input) = look(input).map_err(failure)?;
    if head.starts_with(&[0x1f, 0x8b]) {
        (head, input) = look(Box::new(MultiGzDecoder::new(input))).map_err(failure)?;
    }
    if head.is_empty() {
        return Err(ReadError::Empty {
            file: name.to_owned(),
            message: "is empty",
        });
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(usage("is UTF-16; save it as UTF-8"));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(usage("is a spreadsheet or archive; save the sheet as CSV"));
    }
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        input = skip(input, 3).map_err(failure)?;
        head.drain(..3);
    }
    let format = options
        .format
        .or_else(|| by_name(name))
        .unwrap_or_else(|| by_look(&head));
    match format {
        Format::Csv if options.map.is_none() && options.import.is_some() => Err(usage(
            "this system is read as JSON, as its interface answers; for a CSV of it write a map \
             of its columns (--map)",
        )),
        Format::Csv => Ok(Box::new(CsvSource::new(input, name, options)?)),
        _ if options.map.is_some() && options.import.is_none() => {
            Err(usage("a map names columns of CSV; this is JSON"))
        }
        _ => Ok(Box::new(JsonSource::new(input, name, format, options)?)),
    }
}

/// The first bytes, and the whole input again.
fn look<'a>(mut input: Box<dyn Read + 'a>) -> io::Result<(Vec<u8>, Box<dyn Read + 'a>)> {
    let mut head = vec![0; LOOK];
    let mut length = 0;
    while length < LOOK {
        match input.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(length);
    let again = Cursor::new(head.clone()).chain(input);
    Ok((head, Box::new(again)))
}

fn skip<'a>(mut input: Box<dyn Read + 'a>, bytes: usize) -> io::Result<Box<dyn Read + 'a>> {
    let mut skipped = vec![0; bytes];
    input.read_exact(&mut skipped)?;
    Ok(input)
}

/// The format that a name's extension tells.
fn by_name(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "csv" | "txt" => Some(Format::Csv),
        "json" => Some(Format::Json),
        "ndjson" | "jsonl" => Some(Format::NdJson),
        _ => None,
    }
}

/// The format that the first bytes tell.
fn by_look(head: &[u8]) -> Format {
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => Format::Json,
        _ => Format::Csv,
    }
}
