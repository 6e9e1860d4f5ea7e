//! JSON: one object, an array of objects, or one object a line. The input is cut into shipments
//! first (`frame`), each is then read straight into the caller's buffers (`shape`).

mod frame;
mod import;
mod shape;
mod value;

use super::constants::Constants;
use super::reject::{PartyKeyMaterial, Problem, salvageable, shown, shown_id};
use super::{
    Catalog, Counts, Defaults, Format, Ids, Import, Options, Read, ReadError, Reject, RejectReason,
    Source,
};
use deminimis_clearance::shipment::build::{Builder, Filling};
use deminimis_clearance::shipment::fields::{FieldId, id};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::time::Zone;
use frame::{Frame, Framer};
use serde::de::DeserializeSeed;
use shape::{Context, Object, Scope, Scratch};
use std::io;

/// Reads shipments from JSON.
pub struct JsonSource<'a> {
    file: String,
    framer: Framer<'a>,
    builder: Builder<'a>,
    constants: Constants,
    import: Option<Import>,
    catalog: Option<&'a Catalog>,
    defaults: Option<&'a Defaults>,
    zone: &'a Zone,
    ids: Ids,
    ignore_unknown: bool,
    scratch: Scratch,
    counts: Counts,
}

impl<'a> JsonSource<'a> {
    /// Opens a source; nothing is read yet.
    ///
    /// # Errors
    /// Usage: a constant that is not a field or cannot be read.
    pub fn new(
        input: Box<dyn io::Read + 'a>,
        file: &str,
        format: Format,
        options: &Options<'a>,
    ) -> Result<JsonSource<'a>, ReadError> {
        let usage = |message| ReadError::Usage {
            file: file.to_owned(),
            message,
        };
        Ok(JsonSource {
            file: file.to_owned(),
            framer: Framer::new(input, format == Format::NdJson),
            builder: Builder::new(options.facts, options.zone, options.ports),
            constants: Constants::new(options).map_err(usage)?,
            import: options.import,
            catalog: options.catalog,
            defaults: options.defaults,
            zone: options.zone,
            ids: options.ids.clone(),
            ignore_unknown: options.ignore_unknown,
            scratch: Scratch::default(),
            counts: Counts::default(),
        })
    }
}

impl Source for JsonSource<'_> {
    fn next(
        &mut self,
        shipment: &mut Shipment,
        texts: &mut Texts,
    ) -> Result<Option<Read>, ReadError> {
        let failure = |error| ReadError::Failure {
            file: self.file.clone(),
            error,
        };
        let frame = self.framer.next().map_err(failure)?;
        if frame == Frame::End {
            if self.counts.shipments_read == 0 {
                return Err(ReadError::Empty {
                    file: self.file.clone(),
                    message: "holds no shipment",
                });
            }
            return Ok(None);
        }
        let before = self.counts.shipments_read;
        self.counts.shipments_read += 1;
        self.counts.rows_read += 1;
        let mut filling = self.builder.begin(shipment, texts);
        let read = match frame {
            Frame::Broken(why) => Err(Problem::whole(RejectReason::RestUnreadable { before, why })),
            Frame::TooBig => Err(Problem::whole(RejectReason::RecordTooBig)),
            _ => match self.import {
                Some(import) => import::read_document(&self.framer.bytes, import, &mut filling),
                None => read_object(
                    &self.framer.bytes,
                    &mut filling,
                    self.ignore_unknown,
                    &mut self.scratch,
                ),
            },
        };
        let read = read.and_then(|()| {
            if let Some(catalog) = self.catalog {
                catalog.fill(&mut filling).map_err(Problem::pointer)?;
            }
            self.constants
                .fill(&mut filling)
                .map_err(Problem::pointer)?;
            if let Some(defaults) = self.defaults {
                defaults.fill(&mut filling).map_err(Problem::pointer)?;
            }
            filling.finish().map_err(Problem::pointer)
        });
        // The id counts as seen even where the shipment is refused: the first stands, as in CSV.
        let fresh = texts
            .get(id::SHIPMENT_ID)
            .is_none_or(|id| self.ids.insert(id.as_bytes()));
        let read = read.and_then(|()| match fresh {
            true => Ok(()),
            false => Err(Problem {
                field: "/shipment_id".to_owned(),
                line: None,
                value: shown(texts.get(id::SHIPMENT_ID).unwrap_or("")),
                reason: RejectReason::Duplicate,
            }),
        });
        let read = match read {
            Ok(()) => Read::Shipment {
                row: self.framer.place,
                rows: 1,
            },
            Err(problem) => {
                let salvaged = Salvage::new(&self.framer.bytes, texts, &self.constants);
                Read::Refused(Box::new(Reject {
                    file: self.file.clone(),
                    row: self.framer.place,
                    rows: 1,
                    shipment_id: shown_id(texts, None).or_else(|| salvaged.get(id::SHIPMENT_ID)),
                    field: problem.field,
                    line: problem.line,
                    value: problem.value,
                    reason: problem.reason,
                    consignee: PartyKeyMaterial::collect(self.zone, |field| salvaged.get(field)),
                }))
            }
        };
        self.counts.handed_out(&read);
        Ok(Some(read))
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}

/// Reads one object into the filling.
fn read_object(
    bytes: &[u8],
    filling: &mut Filling,
    ignore_unknown: bool,
    scratch: &mut Scratch,
) -> Result<(), Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::whole(RejectReason::NotUtf8))?;
    let mut context = Context::new(filling, ignore_unknown, scratch);
    let mut input = serde_json::Deserializer::from_str(text);
    let object = Object {
        context: &mut context,
        scope: Scope::Shipment,
    };
    let read = object.deserialize(&mut input).and_then(|()| input.end());
    read.map_err(|error| {
        let problem = context.problem.take();
        problem.unwrap_or_else(|| Problem::whole(RejectReason::NotJson(error.to_string())))
    })
}

/// What a refused object still tells: what was set before the problem, and where the object is JSON
/// at all, what stands after it.
struct Salvage<'s> {
    texts: &'s Texts,
    constants: &'s Constants,
    value: Option<serde_json::Value>,
}

impl<'s> Salvage<'s> {
    fn new(bytes: &[u8], texts: &'s Texts, constants: &'s Constants) -> Salvage<'s> {
        Salvage {
            texts,
            constants,
            value: serde_json::from_slice(bytes).ok(),
        }
    }

    fn get(&self, field: FieldId) -> Option<String> {
        let stored = || {
            let object = self.value.as_ref()?;
            let object = match field.get().group {
                Some(group) => object.get(group)?,
                None => object,
            };
            object.get(field.get().json)?.as_str().and_then(salvageable)
        };
        let text = self.texts.get(field).map(str::to_owned).or_else(stored);
        text.or_else(|| self.constants.get(field).map(str::to_owned))
    }
}
