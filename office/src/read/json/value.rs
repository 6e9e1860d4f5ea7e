//! The JSON value of one field or fact, as text for the builder.

use super::super::reject::{Problem, RejectReason};
use super::shape::{Context, Key, Scope, refuse_others};
use deminimis_clearance::shipment::fields::Kind;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Reads the value of a field or of a fact.
pub(super) struct Value<'c, 'f, 'b, 'a> {
    pub context: &'c mut Context<'f, 'b, 'a>,
    pub scope: Scope,
    pub key: Key,
}

impl Value<'_, '_, '_, '_> {
    fn set<E: Error>(self, text: &str) -> Result<(), E> {
        let line = self.scope.line();
        let set = match self.key {
            Key::Field(field) => self.context.filling.set(field, line, text),
            Key::Fact(fact) => self.context.filling.set_fact(fact, line, text),
            _ => Ok(()),
        };
        set.map_err(|bad| self.context.fail(Problem::pointer(bad)))
    }

    /// Sets what the scratch holds.
    fn set_scratch<E: Error>(self) -> Result<(), E> {
        let text = std::mem::take(&mut self.context.scratch.text);
        let line = self.scope.line();
        let set = match self.key {
            Key::Field(field) => self.context.filling.set(field, line, &text),
            _ => Ok(()),
        };
        self.context.scratch.text = text;
        set.map_err(|bad| self.context.fail(Problem::pointer(bad)))
    }

    fn kind(&self) -> Option<Kind> {
        match self.key {
            Key::Field(field) => Some(field.get().kind),
            _ => None,
        }
    }

    /// What the field takes, for messages.
    fn right(&self) -> &'static str {
        match self.kind() {
            Some(Kind::Bool) => "true or false, without quotes",
            Some(Kind::Codes) => "an array of texts, such as [\"S\"]",
            Some(Kind::Quantity | Kind::Count | Kind::Kilograms) => {
                "a whole number or text such as \"0.75\""
            }
            Some(Kind::Amount | Kind::Dollars) => "text such as \"12.50\"",
            Some(_) => "text in quotes",
            None => "true, false, or text",
        }
    }

    fn wrong<E: Error>(self, value: &str) -> E {
        let personal = matches!(self.kind(), Some(Kind::Personal(_)));
        let reason = RejectReason::WrongType(self.right());
        let value = if personal { "(withheld)" } else { value };
        self.refuse(value, reason)
    }

    fn refuse<E: Error>(self, value: &str, reason: RejectReason) -> E {
        let problem = self.scope.problem(self.name(), value, reason);
        self.context.fail(problem)
    }

    fn name(&self) -> &str {
        match self.key {
            Key::Fact(fact) => self.context.filling.fact_name(fact),
            key => key.name(),
        }
    }

    fn number<E: Error>(self, digits: fmt::Arguments<'_>) -> Result<(), E> {
        match self.kind() {
            Some(Kind::Quantity | Kind::Count | Kind::Kilograms) => {
                self.context.scratch.text.clear();
                // Writing to a String cannot fail.
                let _ = fmt::Write::write_fmt(&mut self.context.scratch.text, digits);
                self.set_scratch()
            }
            Some(Kind::Amount | Kind::Dollars) | None => {
                Err(self.refuse(&digits.to_string(), RejectReason::AmountAsNumber))
            }
            _ => Err(self.wrong(&digits.to_string())),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.right())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.kind() {
            Some(Kind::Bool) => Err(self.wrong(text)),
            _ => self.set(text),
        }
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<(), E> {
        let text = if yes { "true" } else { "false" };
        match self.kind() {
            Some(Kind::Bool) | None => self.set(text),
            _ => Err(self.wrong(text)),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.number(format_args!("{number}"))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.number(format_args!("{number}"))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        match self.kind() {
            Some(Kind::Amount | Kind::Dollars) | None => {
                Err(self.refuse(&number.to_string(), RejectReason::AmountAsNumber))
            }
            _ => Err(self.wrong(&number.to_string())),
        }
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        if self.kind() != Some(Kind::Codes) {
            return Err(self.wrong("an array"));
        }
        self.context.scratch.text.clear();
        let mut text_only = true;
        loop {
            let code = Code {
                list: &mut self.context.scratch.text,
                text_only: &mut text_only,
            };
            match list.next_element_seed(code) {
                Ok(Some(())) => {}
                Ok(None) => return self.set_scratch(),
                Err(_) if !text_only => return Err(self.wrong("an array")),
                Err(error) => return Err(error),
            }
        }
    }

    fn visit_map<M: MapAccess<'de>>(self, _map: M) -> Result<(), M::Error> {
        Err(self.wrong("an object"))
    }
}

/// Adds one code of an array to a list; notes whether it was text.
struct Code<'s> {
    list: &'s mut String,
    text_only: &'s mut bool,
}

impl Code<'_> {
    fn wrong_type<E: Error>(self) -> E {
        *self.text_only = false;
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Code<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Code<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a code as text")
    }

    fn visit_str<E: Error>(self, code: &str) -> Result<(), E> {
        self.list.push_str(code);
        self.list.push(';');
        Ok(())
    }

    refuse_others!(
        visit_bool(bool),
        visit_u64(u64),
        visit_i64(i64),
        visit_f64(f64)
    );

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(self.wrong_type())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, _: S) -> Result<(), S::Error> {
        Err(self.wrong_type())
    }

    fn visit_map<M: MapAccess<'de>>(self, _: M) -> Result<(), M::Error> {
        Err(self.wrong_type())
    }
}
