//! The JSON Schema of a shipment, made from the list of fields.

use super::fields::{Choice, FIELDS, Field, Kind, Level};
use deminimis_law::codes::Country;
use deminimis_law::facts::{Fact, FactType};
use serde_json::{Map, Value, json};

/// The JSON Schema (2020-12) of one shipment; `facts` are the rulebook's, and become the properties
/// of a line's `facts`.
#[must_use]
pub fn shipment_schema(facts: &[Fact]) -> Value {
    let mut line = object(Level::Line);
    line["properties"]["facts"] = facts_schema(facts);
    let mut shipment = object(Level::Shipment);
    shipment["properties"]["lines"] = json!({
        "type": "array",
        "minItems": 1,
        "maxItems": super::build::MAX_LINES,
        "description": "The articles.",
        "items": { "$ref": "#/$defs/line" },
    });
    if let Some(required) = shipment["required"].as_array_mut() {
        required.extend([json!("consignee"), json!("lines")]);
    }
    shipment["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    shipment["title"] = json!("shipment");
    shipment["$defs"] = json!({
        "line": line,
        "country": { "type": "string", "enum": Country::all().map(|c| c.as_str().to_owned()).collect::<Vec<_>>() },
    });
    shipment
}

/// The object of one level, with its groups as objects inside it. A field may be `null`, which is
/// the same as absence.
fn object(level: Level) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in FIELDS.iter().filter(|field| field.level == level) {
        match field.group {
            None => {
                properties.insert(field.json.to_owned(), value(field));
                if field.required {
                    required.push(json!(field.json));
                }
            }
            Some(group) => {
                let inner = properties.entry(group).or_insert_with(|| {
                    json!({ "type": ["object", "null"], "additionalProperties": false, "properties": {}, "required": [] })
                });
                inner["properties"][field.json] = value(field);
                if field.required
                    && let Some(list) = inner["required"].as_array_mut()
                {
                    list.push(json!(field.json));
                }
            }
        }
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

fn value(field: &Field) -> Value {
    let mut value = match field.kind {
        Kind::Text(max) | Kind::Personal(max) => json!({ "type": "string", "maxLength": max }),
        Kind::Choice(choice) => choice_schema(choice, field.required),
        Kind::Country => json!({ "$ref": "#/$defs/country" }),
        Kind::Currency => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
        Kind::Number => json!({ "type": "string", "pattern": "^([0-9]\\.?){4,10}$" }),
        Kind::Amount | Kind::Dollars => {
            json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$" })
        }
        Kind::Kilograms => {
            json!({ "type": ["string", "integer"], "pattern": "^[0-9]+(\\.[0-9]{1,3})?$", "minimum": 0 })
        }
        Kind::Quantity => {
            json!({ "type": ["string", "integer"], "pattern": "^[0-9]+(\\.[0-9]{1,3})?$", "minimum": 1 })
        }
        Kind::Count => {
            json!({ "type": ["string", "integer"], "pattern": "^[0-9]+$", "minimum": 1 })
        }
        Kind::When => {
            json!({ "type": "string", "anyOf": [{ "format": "date" }, { "format": "date-time" }] })
        }
        Kind::Timestamp => json!({ "type": "string", "format": "date-time" }),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Codes => {
            json!({ "type": ["array", "string"], "items": { "type": "string", "maxLength": 16 } })
        }
    };
    value["description"] = json!(field.doc);
    if !field.required {
        nullable(&mut value);
    }
    value
}

fn choice_schema(choice: Choice, required: bool) -> Value {
    let mut names: Vec<Value> = choice.names().into_iter().map(Value::from).collect();
    if !required {
        names.push(Value::Null);
    }
    json!({ "type": "string", "enum": names })
}

/// Lets a value also be `null`.
fn nullable(value: &mut Value) {
    if let Some(reference) = value.as_object_mut().and_then(|value| value.remove("$ref")) {
        value["anyOf"] = json!([{ "$ref": reference }, { "type": "null" }]);
        return;
    }
    match &mut value["type"] {
        Value::Array(types) => types.push(json!("null")),
        one => *one = json!([one.take(), "null"]),
    }
}

fn facts_schema(facts: &[Fact]) -> Value {
    let mut properties = Map::new();
    for fact in facts {
        let kind = match fact.kind {
            FactType::Bool => json!({ "type": ["boolean", "null"], "description": fact.means }),
            FactType::Text => {
                json!({ "type": ["string", "null"], "maxLength": 256, "description": fact.means })
            }
            FactType::Usd => {
                json!({ "type": ["string", "null"], "pattern": "^[0-9]+(\\.[0-9]{1,2})?$", "description": fact.means })
            }
            FactType::Share => {
                json!({ "type": ["string", "null"], "pattern": "^[01](\\.[0-9]{1,4})?$", "description": fact.means })
            }
        };
        properties.insert(fact.name.clone(), kind);
    }
    json!({
        "type": ["object", "null"],
        "additionalProperties": false,
        "description": "Typed answers that a measure may ask for.",
        "properties": properties,
    })
}
