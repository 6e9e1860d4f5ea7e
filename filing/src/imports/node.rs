//! A JSON document as a tree of texts: numbers keep the digits they were written with.
//!
//! The systems write amounts as JSON numbers. Read as binary floats they could change, so each
//! number is taken as its text. A key given twice is refused, since readers differ on which counts.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// A value of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    /// A string, or a number as it was written.
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Reads a document.
    pub(super) fn parse(json: &str) -> Result<Node, String> {
        // Only what is JSON as it stands may have its numbers put in quotes.
        serde_json::from_str::<IgnoredAny>(json).map_err(|error| error.to_string())?;
        serde_json::from_str(&numbers_quoted(json)).map_err(|error| error.to_string())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Node::Object(pairs) => pairs
                .iter()
                .find(|(own, _)| own == key)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "true or false",
            Node::Text(_) => "text",
            Node::List(_) => "an array",
            Node::Object(_) => "an object",
        }
    }
}

/// The document with each number that stands outside of strings in quotes.
fn numbers_quoted(json: &str) -> String {
    let mut quoted = String::with_capacity(json.len() + json.len() / 8);
    let (mut in_string, mut escaped, mut in_number) = (false, false, false);
    for c in json.chars() {
        let of_number = matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
        if in_number && !of_number {
            quoted.push('"');
            in_number = false;
        }
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if c == '"' {
            in_string = true;
        } else if !in_number && matches!(c, '0'..='9' | '-') {
            quoted.push('"');
            in_number = true;
        }
        quoted.push(c);
    }
    if in_number {
        quoted.push('"');
    }
    quoted
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Node, D::Error> {
        from.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Node;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut pairs: Vec<(String, Node)> = Vec::new();
        let mut seen = HashSet::new();
        while let Some((key, node)) = map.next_entry::<String, Node>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format!(
                    "the key {key:?} stands twice in one object"
                )));
            }
            pairs.push((key, node));
        }
        Ok(Node::Object(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let json =
            r#"{"a": 12.50, "b\"1": [-3, 1e2, "7"], "c": 0.1000000000000000055511151231257827}"#;
        let node = Node::parse(json).unwrap();
        let text = |text: &str| Node::Text(text.to_owned());
        assert_eq!(node.get("a"), Some(&text("12.50")));
        assert_eq!(
            node.get("b\"1"),
            Some(&Node::List(vec![text("-3"), text("1e2"), text("7")]))
        );
        assert_eq!(
            node.get("c"),
            Some(&text("0.1000000000000000055511151231257827"))
        );
        assert_eq!(Node::parse("5").unwrap(), text("5"));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for json in [
            "",
            "{",
            "01",
            "1-2",
            "{1: 2}",
            "{\"a\": 1, \"a\": 2}",
            "[1,]",
            "nul",
            &"[".repeat(500),
        ] {
            assert!(Node::parse(json).is_err(), "{json}");
        }
    }
}
