//! The description of the API, made of the routes themselves, and what it says of who may come.

use crate::guard::{Rule, Rules};
use crate::problem::Code;
use axum::http::Method;
use deminimis_clearance::render::decision_schema;
use deminimis_clearance::shipment::schema::shipment_schema;
use deminimis_office::setup::Setup;
use deminimis_store::desk::Role;
use serde_json::{Map, Value, json};

/// The name under which routes ask for a key: `security(("api_key" = ["operator"]))`.
const SCHEME: &str = "api_key";
/// What a route says to which a file is streamed: `extensions(("x-streams" = json!(true)))`.
const STREAMS: &str = "x-streams";

/// The description with the schemas of the contract, which the program's own types give.
#[must_use]
pub fn described(setup: &Setup) -> Value {
    let mut api = serde_json::to_value(crate::router::api().1).unwrap_or_default();
    api["openapi"] = json!("3.1.0");
    api["info"] = json!({
        "title": "deminimis",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "May this parcel enter the United States free, by which path, what is owed \
            and why. Every route names the least role that a key must have; each role may do what \
            those before it may: viewer, operator, compliance, admin.",
        "license": {"name": "MIT OR Apache-2.0"},
    });
    api["servers"] = json!([{"url": "/"}]);
    let schemas = &mut api["components"]["schemas"];
    let shipment = serde_json::to_value(shipment_schema(&setup.book.facts)).unwrap_or_default();
    let decision = serde_json::to_value(decision_schema()).unwrap_or_default();
    for (name, schema) in [("Shipment", shipment), ("Decision", decision)] {
        take_in(schemas, name, schema);
    }
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    schemas["Shipments"] = json!({
        "description": "A shipment, or an array of them",
        "oneOf": [of("Shipment"), {"type": "array", "minItems": 1, "maxItems": 10_000,
            "items": of("Shipment")}],
    });
    schemas["Entered"] = json!({
        "description": "The decision of a parcel that was entered",
        "allOf": [of("Decision"), {"type": "object", "properties": {
            "filled": {"type": "array", "items": {"type": "string"},
                "description": "The fields that the tenant's settings filled in, if any"},
            "house_policy": {"type": "array",
                "description": "The rules of the house that it breaks, if any: no law",
                "items": {"type": "object", "required": ["rule", "limit", "found"],
                    "properties": {"rule": {"type": "string"}, "limit": {"type": "string"},
                        "found": {"type": "string"}}}}}}],
    });
    schemas["Decisions"] = json!({
        "description": "The decision of a shipment; of an array its decisions in their order, and \
            beside them what was refused, each with its row",
        "oneOf": [of("Decision"), {"type": "object", "required": ["decisions", "rejected"],
            "properties": {"decisions": {"type": "array", "items": of("Decision")},
                "rejected": {"type": "array", "items": of("FieldError")}}}],
    });
    api["components"]["securitySchemes"] = json!({SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key; admins make them. The roles of a route are the least it takes.",
    }});
    for_each_operation(&mut api, |method, _, operation| complete(method, operation));
    api
}

/// Puts a JSON Schema among the components, its own definitions beside it under names of their own.
fn take_in(schemas: &mut Value, name: &str, mut schema: Value) {
    let defs = schema.as_object_mut().and_then(|schema| {
        schema.remove("$schema");
        schema.remove("$defs")
    });
    let own = |text: &str| text.replace("#/$defs/", &format!("#/components/schemas/{name}"));
    refer(&mut schema, &own);
    for (key, mut def) in defs
        .and_then(|defs| defs.as_object().cloned())
        .unwrap_or_default()
    {
        refer(&mut def, &own);
        schemas[format!("{name}{key}")] = def;
    }
    schemas[name] = schema;
}

fn refer(schema: &mut Value, own: &impl Fn(&str) -> String) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "$ref" => *text = own(text),
                    value => refer(value, own),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, own)),
        _ => {}
    }
}

/// The answers that the guard and the server give for every route.
fn complete(method: &str, operation: &mut Value) {
    let secured = operation.get("security").is_some();
    let mut codes = vec![
        Code::BadRequest,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::Failure,
    ];
    if secured {
        codes.extend([
            Code::Unauthenticated,
            Code::Forbidden,
            Code::TooMany,
            Code::Busy,
        ]);
    }
    if method != "get" {
        codes.extend([Code::TooSlow, Code::TooLarge, Code::UnsupportedMediaType]);
        codes.extend([Code::BadShipment, Code::Conflict]);
    }
    let mut responses = operation["responses"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    for code in codes {
        let status = code.status().as_str().to_owned();
        responses.entry(status).or_insert_with(|| {
            json!({
                "description": code.title(),
                "content": {"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                }},
            })
        });
    }
    operation["responses"] = Value::Object(responses);
}

/// Every operation of a description: method, path, and what is said of it.
pub fn for_each_operation(api: &mut Value, mut each: impl FnMut(&str, &str, &mut Value)) {
    let none = Map::new();
    let mut empty = Value::Object(none);
    let paths = api.get_mut("paths").unwrap_or(&mut empty);
    for (path, item) in paths.as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                each(method, path, operation);
            }
        }
    }
}

/// What the description says of who may come. A route that names no key is for anybody.
#[must_use]
pub fn rules(mut api: Value) -> Rules {
    let mut rules = Rules::default();
    for_each_operation(&mut api, |method, path, operation| {
        let role = operation["security"][0][SCHEME][0].as_str();
        let role = role.and_then(Role::parse);
        // A role that does not read must not open a route to anybody.
        let role = role.or(operation.get("security").map(|_| Role::Admin));
        if let Ok(method) = Method::from_bytes(method.to_ascii_uppercase().as_bytes()) {
            let streams = operation[STREAMS] == json!(true);
            let page = false;
            let bodyless = operation.get("requestBody").is_none();
            rules.add(
                method,
                path,
                Rule {
                    role,
                    page,
                    streams,
                    bodyless,
                },
            );
        }
    });
    rules
}
