//! Cuts JSON input into its shipments without parsing them, so that each is refused alone and only
//! one is held in memory.

use super::super::MAX_RECORD;
use std::io::{self, BufRead, BufReader, Read};

/// How shipments stand in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Not known before the first bytes.
    Unknown,
    /// One object a line.
    Lines,
    /// Elements of one array; `true` once the first was read.
    Array(bool),
    /// One object, or several after one another.
    Objects,
    /// Nothing more to read.
    Done,
}

/// What was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A shipment's bytes are in the buffer.
    Value,
    /// A shipment above [`MAX_RECORD`]; its bytes were passed over.
    TooBig,
    /// The input is broken here, and nothing after it can be read.
    Broken(&'static str),
    /// The end.
    End,
}

/// Cuts input into shipments.
pub(super) struct Framer<'a> {
    input: BufReader<Box<dyn Read + 'a>>,
    layout: Layout,
    /// The bytes of the shipment that was cut last.
    pub bytes: Vec<u8>,
    /// Which element of the array, or which line of the file, it is; from 1.
    pub place: u64,
    /// Lines of the file before the place of reading.
    lines: u64,
}

impl<'a> Framer<'a> {
    pub(super) fn new(input: Box<dyn Read + 'a>, lines: bool) -> Framer<'a> {
        Framer {
            input: BufReader::with_capacity(1 << 16, input),
            layout: if lines {
                Layout::Lines
            } else {
                Layout::Unknown
            },
            bytes: Vec::new(),
            place: 0,
            lines: 0,
        }
    }

    /// Cuts the next shipment.
    pub(super) fn next(&mut self) -> io::Result<Frame> {
        if self.bytes.capacity() > 1 << 20 {
            // A huge object must not keep its room for the rest of the file.
            self.bytes = Vec::new();
        }
        self.bytes.clear();
        if self.layout == Layout::Unknown {
            self.layout = self.tell_layout()?;
        }
        let frame = match self.layout {
            Layout::Lines => self.line()?,
            Layout::Array(begun) => self.element(begun)?,
            Layout::Objects => self.object()?,
            Layout::Unknown | Layout::Done => Frame::End,
        };
        if matches!(frame, Frame::Broken(_) | Frame::End) {
            self.layout = Layout::Done;
        }
        Ok(frame)
    }

    /// `[` begins an array. An object that ends on its first line means one object a line, so that
    /// a bad line can be refused alone; else objects are told apart by their braces.
    fn tell_layout(&mut self) -> io::Result<Layout> {
        match self.peek_past_space()? {
            Some(b'[') => {
                self.input.consume(1);
                Ok(Layout::Array(false))
            }
            _ => {
                let buffer = self.input.fill_buf()?;
                let line = buffer.split(|byte| *byte == b'\n').next().unwrap_or(b"");
                let mut depth = Depth::default();
                let ends = line.iter().any(|byte| depth.step(*byte));
                Ok(if ends { Layout::Lines } else { Layout::Objects })
            }
        }
    }

    fn line(&mut self) -> io::Result<Frame> {
        loop {
            self.lines += 1;
            self.place = self.lines;
            let (mut read, mut too_big) = (0, false);
            loop {
                let buffer = self.input.fill_buf()?;
                if buffer.is_empty() {
                    break;
                }
                let end = buffer.iter().position(|byte| *byte == b'\n');
                let taken = end.map_or(buffer.len(), |end| end + 1);
                if self.bytes.len() + taken > MAX_RECORD {
                    too_big = true;
                    self.bytes = Vec::new();
                }
                if !too_big {
                    self.bytes.extend_from_slice(&buffer[..taken]);
                }
                read += taken;
                self.input.consume(taken);
                if end.is_some() {
                    break;
                }
            }
            if read == 0 {
                return Ok(Frame::End);
            }
            if too_big {
                return Ok(Frame::TooBig);
            }
            if !self.bytes.trim_ascii().is_empty() {
                return Ok(Frame::Value);
            }
            self.bytes.clear();
        }
    }

    fn element(&mut self, begun: bool) -> io::Result<Frame> {
        let end = match (self.peek_past_space()?, begun) {
            (None, _) => return Ok(Frame::Broken("the array is not closed")),
            (Some(b']'), _) => true,
            (Some(b','), true) => {
                self.input.consume(1);
                match self.peek_past_space()? {
                    Some(b']') => return Ok(Frame::Broken("the array has a comma before its end")),
                    _ => false,
                }
            }
            (Some(_), true) => {
                return Ok(Frame::Broken("a comma is missing between two shipments"));
            }
            (Some(_), false) => false,
        };
        if end {
            self.input.consume(1);
            return Ok(match self.peek_past_space()? {
                None => Frame::End,
                Some(_) => Frame::Broken("there is text after the array"),
            });
        }
        self.layout = Layout::Array(true);
        self.place += 1;
        self.value("the array ends inside a shipment")
    }

    fn object(&mut self) -> io::Result<Frame> {
        if self.peek_past_space()?.is_none() {
            return Ok(Frame::End);
        }
        self.place = self.lines + 1;
        self.value("the file ends inside a shipment")
    }

    /// Takes one value: an object by its braces, anything else up to the next comma or bracket.
    fn value(&mut self, unclosed: &'static str) -> io::Result<Frame> {
        let (mut depth, mut too_big) = (Depth::default(), false);
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(if depth.is_open() {
                    Frame::Broken(unclosed)
                } else {
                    Frame::Value
                });
            }
            let end = buffer.iter().position(|byte| depth.step(*byte));
            let scalar = depth.ended_before;
            let taken = end.map_or(buffer.len(), |end| if scalar { end } else { end + 1 });
            self.lines += buffer[..taken]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count() as u64;
            if self.bytes.len() + taken > MAX_RECORD {
                too_big = true;
                self.bytes = Vec::new();
            }
            if !too_big {
                self.bytes.extend_from_slice(&buffer[..taken]);
            }
            self.input.consume(taken);
            if end.is_some() {
                if taken == 0 && self.bytes.is_empty() {
                    return Ok(Frame::Broken("a shipment must be an object in braces"));
                }
                return Ok(if too_big { Frame::TooBig } else { Frame::Value });
            }
        }
    }

    /// The next byte that is not white space.
    fn peek_past_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let space = buffer
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            let next = buffer.get(space).copied();
            self.lines += buffer[..space]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count() as u64;
            self.input.consume(space);
            if next.is_some() {
                return Ok(next);
            }
        }
    }
}

/// Follows braces and strings to the end of one value.
#[derive(Clone, Copy, Debug, Default)]
struct Depth {
    depth: u32,
    string: bool,
    escaped: bool,
    /// The value is no object and ended before the byte looked at last.
    ended_before: bool,
}

impl Depth {
    /// Looks at one byte; `true` if the value ends with it (or before it, see `ended_before`).
    fn step(&mut self, byte: u8) -> bool {
        if self.string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                return self.depth == 0;
            }
            b'}' | b']' | b',' if self.depth == 0 => {
                self.ended_before = true;
                return true;
            }
            _ => {}
        }
        false
    }

    fn is_open(self) -> bool {
        self.depth > 0 || self.string
    }
}
