//! What carriers send, each in a shape of its own: where in it the fields of an event are.

use super::event::EventSent;
use super::state::Kind;
use crate::problem::{Code, FieldError, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The most events of one message.
pub const MOST: usize = 1000;

/// How a carrier writes its events. All but `events` are JSON Pointers within one event.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    /// JSON Pointer of the array of events in a message; empty if a message is one event.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub events: String,
    /// Where the shipment_id is.
    #[schema(max_length = 200)]
    pub shipment_id: String,
    /// Where what happened is.
    #[schema(max_length = 200)]
    pub kind: String,
    /// Where the time is: a timestamp with offset.
    #[schema(max_length = 200)]
    pub at: String,
    /// Where the carrier's own id of the event is.
    #[schema(max_length = 200)]
    pub event_id: Option<String>,
    /// Where the place is.
    #[schema(max_length = 200)]
    pub place: Option<String>,
    /// Where the name of a hold is.
    #[schema(max_length = 200)]
    pub hold: Option<String>,
    /// The carrier's words for what happened, and ours.
    pub kinds: BTreeMap<String, String>,
}

/// An event of a message with the parcel that it is of, or why it is none.
pub type Told = Result<(String, EventSent), String>;

impl Carrier {
    /// Checks what an admin wrote.
    ///
    /// # Errors
    /// The field that is not right.
    pub fn check(&self) -> Result<(), Problem> {
        let wrong = |pointer: String, detail: &str, value: &str| {
            let field = FieldError {
                pointer,
                detail: detail.to_owned(),
                value: value.chars().take(80).collect(),
                shipment_id: None,
                row: None,
            };
            Err(Problem::new(Code::BadShipment, detail).with(vec![field]))
        };
        let optional = [&self.event_id, &self.place, &self.hold];
        let needed = [&self.events, &self.shipment_id, &self.kind, &self.at];
        for pointer in needed.into_iter().chain(optional.into_iter().flatten()) {
            if pointer.len() > 200 || !(pointer.is_empty() || pointer.starts_with('/')) {
                let said = "must be a JSON Pointer of 200 bytes at most, such as /data/status";
                return wrong(String::new(), said, pointer);
            }
        }
        if self.kinds.is_empty() || self.kinds.len() > MOST {
            return wrong(
                "/kinds".to_owned(),
                "must name 1 to 1000 words of the carrier",
                "",
            );
        }
        for (word, kind) in &self.kinds {
            if Kind::parse(kind).is_none() {
                return wrong("/kinds".to_owned(), "is no kind of event", kind);
            }
            if word.len() > 200 {
                return wrong("/kinds".to_owned(), "a word has 200 bytes at most", word);
            }
        }
        Ok(())
    }

    /// The events of a message, each with the parcel that it is of or why it is none.
    ///
    /// # Errors
    /// The message has no events where they should be, or too many.
    pub fn read(&self, message: &Value) -> Result<Vec<Told>, Problem> {
        let events = match (self.events.is_empty(), message.pointer(&self.events)) {
            (true, _) => std::slice::from_ref(message),
            (false, Some(Value::Array(events))) => events.as_slice(),
            (false, _) => {
                let said = format!("the message has no array of events at {}", self.events);
                return Err(Problem::new(Code::BadShipment, said));
            }
        };
        if events.len() > MOST {
            let said = format!("a message has {MOST} events at most");
            return Err(Problem::new(Code::BadShipment, said));
        }
        Ok(events.iter().map(|event| self.event(event)).collect())
    }

    fn event(&self, event: &Value) -> Told {
        let text = |pointer: &str| match event.pointer(pointer) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let needed = |name: &str, pointer: &str| {
            text(pointer).ok_or_else(|| format!("{name}: there is no text at {pointer}"))
        };
        let word = needed("kind", &self.kind)?;
        let kind = self.kinds.get(&word);
        let unknown = || {
            let word: String = word.chars().take(80).collect();
            format!("kind: `{word}` is none of the words that the carrier's settings name")
        };
        let optional = |pointer: &Option<String>| pointer.as_deref().and_then(text);
        let sent = EventSent {
            event_id: optional(&self.event_id),
            kind: kind.ok_or_else(unknown)?.clone(),
            at: needed("at", &self.at)?,
            place: optional(&self.place),
            hold: optional(&self.hold),
            ..EventSent::default()
        };
        Ok((needed("shipment_id", &self.shipment_id)?, sent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn carrier() -> Carrier {
        serde_json::from_value(json!({
            "events": "/data/events", "shipment_id": "/parcel/ref", "kind": "/code",
            "at": "/when", "event_id": "/id", "kinds": {"DL": "delivered", "EX": "hold"},
        }))
        .unwrap()
    }

    #[test]
    fn each_event_is_read_or_refused_alone() {
        let message = json!({"data": {"events": [
            {"parcel": {"ref": "P-1"}, "code": "DL", "when": "2026-11-20T10:00:00Z", "id": 17},
            {"parcel": {"ref": "P-2"}, "code": "??", "when": "2026-11-20T10:00:00Z"},
            {"code": "EX", "when": "2026-11-20T10:00:00Z"},
        ]}});
        let read = carrier().read(&message).unwrap();
        let (id, event) = read[0].as_ref().unwrap();
        assert_eq!((id.as_str(), event.kind.as_str()), ("P-1", "delivered"));
        assert_eq!(event.event_id.as_deref(), Some("17"));
        assert!(read[1].as_ref().unwrap_err().contains("`??`"));
        assert!(read[2].as_ref().unwrap_err().contains("/parcel/ref"));
        assert!(carrier().read(&json!({})).is_err());
    }

    #[test]
    fn settings_are_checked() {
        assert!(carrier().check().is_ok());
        let mut wrong = carrier();
        wrong.kinds.insert("X".to_owned(), "exploded".to_owned());
        assert!(wrong.check().is_err());
        let mut wrong = carrier();
        wrong.at = "when".to_owned();
        assert!(wrong.check().is_err());
    }
}
