//! A tenant's ledger as lines of JSON, and back into an empty ledger of either store.
//!
//! A line is a row of a table: `{"table":"posting","row":[…]}`, bytes as hexadecimal digits, columns
//! in the order of [`TABLES`]. The first line says whose ledger it is, the last one how many rows
//! there were, so that a cut file is seen. What is sealed stays sealed. The log goes whole, with the
//! leaves of other tenants but without their records, so that root, chain and heads are the same.

use crate::engine::MAX_VALUE_CENTS;
use crate::error::{Refused, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{BufRead, Read, Write};

/// The form of an export. Another form gets another number.
const FORM: u32 = 1;

/// How long a line may be: a record and an answer are bounded where they are made, and twice as
/// long in hexadecimal digits.
const LONGEST_LINE: u64 = 64 << 20;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Number(&'static str),
    Text(&'static str),
    Bytes(&'static str),
}

use Column::{Bytes, Number, Text};

impl Column {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Number(name) | Text(name) | Bytes(name) => name,
        }
    }
}

/// A table as it is exported.
#[derive(Debug)]
pub(crate) struct Table {
    pub name: &'static str,
    /// Whether it has rows of several tenants; `tenant` is then its column.
    pub of_tenant: bool,
    pub columns: &'static [Column],
    pub order: &'static str,
}

impl Table {
    pub(crate) fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name()).collect();
        names.join(", ")
    }

    /// The condition on `$1`, the tenant, which each statement has.
    pub(crate) fn condition(&self) -> &'static str {
        if self.of_tenant {
            "tenant = $1"
        } else {
            "length($1) > 0"
        }
    }

    /// How a column is selected: in the log, the position of a record of another tenant is left out.
    pub(crate) fn source(&self, column: Column) -> String {
        if self.name == "record_log" && column == Number("position") {
            return "(SELECT r.position FROM record r
                WHERE r.position = record_log.position AND r.tenant = $1)"
                .into();
        }
        column.name().into()
    }
}

/// All tables of a ledger, in an order in which they can be filled.
pub(crate) const TABLES: [Table; 15] = [
    Table {
        name: "posting",
        of_tenant: true,
        columns: &[
            Number("position"),
            Text("tenant"),
            Text("shipment_id"),
            Number("kind"),
            Number("sign"),
            Bytes("person"),
            Number("day"),
            Number("arrives_at"),
            Number("filed_at"),
            Number("order_mark"),
            Number("bill_mark"),
            Number("value_cents"),
            Number("counted"),
            Number("could_count"),
            Number("crossed"),
            Number("undecided"),
        ],
        order: "position",
    },
    Table {
        name: "shipment",
        of_tenant: true,
        columns: &[
            Text("tenant"),
            Text("shipment_id"),
            Number("state"),
            Bytes("person"),
            Number("day"),
            Number("arrives_at"),
            Number("filed_at"),
            Number("order_mark"),
            Number("bill_mark"),
            Number("value_cents"),
            Number("counted"),
            Number("could_count"),
            Number("crossed"),
            Number("undecided"),
            Bytes("body_hash"),
            Bytes("answer"),
            Number("position"),
        ],
        order: "position",
    },
    Table {
        name: "event",
        of_tenant: true,
        columns: &[
            Text("tenant"),
            Text("shipment_id"),
            Text("event_id"),
            Bytes("body_hash"),
            Bytes("answer"),
            Number("position"),
        ],
        order: "position",
    },
    Table {
        name: "person_day",
        of_tenant: true,
        columns: &[
            Text("tenant"),
            Bytes("person"),
            Number("day"),
            Bytes("holds"),
        ],
        order: "person, day",
    },
    Table {
        name: "person_mark",
        of_tenant: true,
        columns: &[
            Text("tenant"),
            Bytes("person"),
            Number("kind"),
            Number("mark"),
            Number("day"),
            Number("shipments"),
            Number("total_cents"),
        ],
        order: "person, kind, mark, day",
    },
    Table {
        name: "person_alias",
        of_tenant: true,
        columns: &[Text("tenant"), Bytes("person"), Bytes("into_person")],
        order: "person",
    },
    Table {
        name: "person_apart",
        of_tenant: true,
        columns: &[Text("tenant"), Bytes("person"), Bytes("other")],
        order: "person, other",
    },
    Table {
        name: "person_event",
        of_tenant: true,
        columns: &[
            Text("tenant"),
            Text("event_id"),
            Bytes("body_hash"),
            Bytes("answer"),
            Number("position"),
        ],
        order: "event_id",
    },
    Table {
        name: "person_secret",
        of_tenant: true,
        columns: &[Text("tenant"), Bytes("person"), Bytes("sealed")],
        order: "person",
    },
    Table {
        name: "person_blocking",
        of_tenant: true,
        columns: &[Text("tenant"), Bytes("blocking"), Bytes("person")],
        order: "blocking, person",
    },
    Table {
        name: "record_start",
        of_tenant: false,
        columns: &[Number("from_position")],
        order: "from_position",
    },
    Table {
        name: "record",
        of_tenant: true,
        columns: &[
            Number("position"),
            Text("tenant"),
            Text("shipment_id"),
            Text("event_id"),
            Number("kept_until"),
            Number("lost"),
            Bytes("commitments"),
            Bytes("public"),
        ],
        order: "position",
    },
    Table {
        name: "record_sealed",
        of_tenant: true,
        columns: &[
            Number("position"),
            Text("tenant"),
            Bytes("person"),
            Bytes("sealed"),
        ],
        order: "position",
    },
    Table {
        name: "record_log",
        of_tenant: false,
        columns: &[
            Number("seq"),
            Number("position"),
            Bytes("leaf"),
            Bytes("chain"),
        ],
        order: "seq",
    },
    Table {
        name: "tree_head",
        of_tenant: false,
        columns: &[
            Number("number"),
            Bytes("log_id"),
            Number("size"),
            Bytes("root"),
            Bytes("chain"),
            Number("signed_at"),
            Bytes("public_key"),
            Bytes("signature"),
        ],
        order: "number",
    },
];

/// A line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    First {
        deminimis_ledger: u32,
        tenant: String,
    },
    Row {
        table: String,
        row: Vec<Value>,
    },
    Last {
        rows: u64,
    },
}

/// Writes lines.
pub(crate) struct Writer<'a> {
    to: &'a mut (dyn Write + Send),
    rows: u64,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(to: &'a mut (dyn Write + Send), tenant: &str) -> Result<Self, StoreError> {
        let mut writer = Self { to, rows: 0 };
        writer.line(&Line::First {
            deminimis_ledger: FORM,
            tenant: tenant.to_owned(),
        })?;
        Ok(writer)
    }

    fn line(&mut self, line: &Line) -> Result<(), StoreError> {
        let failed = |error: std::io::Error| StoreError::Failure(error.to_string());
        let text = serde_json::to_string(line).map_err(|error| failed(error.into()))?;
        writeln!(self.to, "{text}").map_err(failed)
    }

    /// Takes a row as its store made it: a JSON array.
    pub(crate) fn row(&mut self, table: &Table, json: &str) -> Result<(), StoreError> {
        let row = serde_json::from_str(json);
        let row = row.map_err(|error| StoreError::Failure(error.to_string()))?;
        self.rows += 1;
        self.line(&Line::Row {
            table: table.name.to_owned(),
            row,
        })
    }

    /// Ends the export and tells how many rows it has.
    pub(crate) fn end(mut self) -> Result<u64, StoreError> {
        self.line(&Line::Last { rows: self.rows })?;
        let flushed = self.to.flush();
        flushed.map_err(|error| StoreError::Failure(error.to_string()))?;
        Ok(self.rows)
    }
}

/// Reads lines, each checked against the columns of its table.
pub(crate) struct Reader<'a> {
    from: &'a mut (dyn BufRead + Send),
    tenant: String,
    number: u64,
    rows: u64,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(from: &'a mut (dyn BufRead + Send)) -> Result<Self, StoreError> {
        let mut reader = Self {
            from,
            tenant: String::new(),
            number: 0,
            rows: 0,
        };
        match reader.line()? {
            Line::First {
                deminimis_ledger: FORM,
                tenant,
            } => {
                reader.tenant = tenant;
                Ok(reader)
            }
            _ => Err(reader.bad()),
        }
    }

    fn bad(&self) -> StoreError {
        Refused::BadLine(self.number).into()
    }

    fn line(&mut self) -> Result<Line, StoreError> {
        self.number += 1;
        let mut text = Vec::new();
        let mut bounded = Read::take(&mut *self.from, LONGEST_LINE);
        let read = bounded.read_until(b'\n', &mut text);
        if read.is_err() || text.last() != Some(&b'\n') {
            return Err(self.bad());
        }
        serde_json::from_slice(&text).map_err(|_| self.bad())
    }

    /// The next row, or nothing after the last. An export without its end is refused.
    pub(crate) fn row(&mut self) -> Result<Option<(&'static Table, Vec<Value>)>, StoreError> {
        match self.line()? {
            Line::Row { table, row } => {
                let table = TABLES.iter().find(|one| one.name == table);
                let table = table.filter(|table| fits(table, &row, &self.tenant));
                self.rows += 1;
                Ok(Some((table.ok_or_else(|| self.bad())?, row)))
            }
            Line::Last { rows } if rows == self.rows => Ok(None),
            Line::First { .. } | Line::Last { .. } => Err(self.bad()),
        }
    }

    /// How many rows there were.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }
}

/// Whether a row is one of this table and tenant, with numbers that a ledger can have written.
fn fits(table: &Table, row: &[Value], tenant: &str) -> bool {
    let one = |(column, value): (&Column, &Value)| match (column, value) {
        (Text("tenant"), value) => value == tenant,
        (_, Value::Null) => true,
        (Number("sign"), value) => value.as_i64().is_some_and(|sign| (-1..=1).contains(&sign)),
        (Number("value_cents"), value) => value
            .as_i64()
            .is_some_and(|value| (0..=MAX_VALUE_CENTS).contains(&value)),
        (Number(_), value) => value.is_i64(),
        (Text(_), Value::String(text)) => !text.contains('\0'),
        (Bytes(_), Value::String(text)) => {
            text.len().is_multiple_of(2) && text.bytes().all(|digit| digit.is_ascii_hexdigit())
        }
        _ => false,
    };
    row.len() == table.columns.len() && table.columns.iter().zip(row).all(one)
}
