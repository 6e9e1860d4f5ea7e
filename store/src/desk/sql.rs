//! Statements that both databases take, values in and out, and the tasks that run them.

use crate::error::StoreError;
use crate::pending::Answer;
use std::error::Error;
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

/// A value that goes into a statement or comes out of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Value {
        number.map_or(Value::Null, Value::Int)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        of: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(of, out),
            Value::Text(text) => text.to_sql(of, out),
            Value::Bytes(bytes) => bytes.to_sql(of, out),
        }
    }

    fn accepts(of: &Type) -> bool {
        matches!(*of, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

/// A row that came out. A column is asked for by its place; one of another type is a failure.
#[derive(Clone, Debug)]
pub(super) struct Row(pub Vec<Value>);

impl Row {
    fn wrong<T>(&self, at: usize) -> Result<T, StoreError> {
        let found = self.0.get(at);
        let why = format!("column {at} of the desk's tables holds {found:?}");
        Err(StoreError::Failure(why))
    }

    pub fn int(&self, at: usize) -> Result<i64, StoreError> {
        match self.0.get(at) {
            Some(Value::Int(number)) => Ok(*number),
            _ => self.wrong(at),
        }
    }

    pub fn maybe_int(&self, at: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(at) {
            Some(Value::Null) => Ok(None),
            _ => self.int(at).map(Some),
        }
    }

    pub fn maybe_text(&self, at: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(at) {
            Some(Value::Null) => Ok(None),
            _ => self.text(at).map(Some),
        }
    }

    pub fn bytes(&self, at: usize) -> Result<Vec<u8>, StoreError> {
        match self.0.get(at) {
            Some(Value::Bytes(bytes)) => Ok(bytes.clone()),
            _ => self.wrong(at),
        }
    }

    pub fn text(&self, at: usize) -> Result<String, StoreError> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            _ => self.wrong(at),
        }
    }
}

/// An open transaction. Texts name their values `$1`, `$2` … in the order of first use.
pub(super) trait Sql {
    /// Runs a statement; how many rows it touched.
    fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError>;

    /// Runs a query.
    fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Runs a query for one row at most.
    fn one(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, values)?.into_iter().next())
    }
}

/// What a task waits behind: tasks of one lane wait for each other, never for those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// It changes something.
    Write,
    /// It reads, and may take its time.
    Read,
    /// It reads a row or two that every request needs before anything else.
    Look,
}

/// Something that runs in a transaction and is answered after its end.
pub(super) trait Job: Send {
    /// Whether anybody still waits for its answer.
    fn is_wanted(&self) -> bool;

    /// Runs; whether what it did is to be kept.
    fn run(&mut self, sql: &mut dyn Sql) -> Result<(), StoreError>;

    /// Answers, with the error if the transaction did not end well.
    fn answer(self: Box<Self>, ended: Result<(), StoreError>);
}

pub(super) struct Task<T, F> {
    act: F,
    result: Option<T>,
    answer: Answer<T>,
}

impl<T, F> Task<T, F> {
    pub fn new(act: F, answer: Answer<T>) -> Task<T, F> {
        Task {
            act,
            result: None,
            answer,
        }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnMut(&mut dyn Sql) -> Result<T, StoreError> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn run(&mut self, sql: &mut dyn Sql) -> Result<(), StoreError> {
        self.result = Some((self.act)(sql)?);
        Ok(())
    }

    fn answer(self: Box<Self>, ended: Result<(), StoreError>) {
        let Task { result, answer, .. } = *self;
        let none = || StoreError::Failure("a task of the desk was not run".to_owned());
        // Who asked may have gone.
        let _ = answer.send(ended.and_then(|()| result.ok_or_else(none)));
    }
}
