//! The JSON form of a shipment, read straight into a [`Filling`]: parties, `bond`, `license`,
//! `lines` and `facts` are objects and arrays; amounts are text, since a JSON number may change
//! digits on its way.

use super::super::near::nearest;
use super::super::reject::{Problem, RejectReason, shown};
use super::value::Value;
use deminimis_clearance::shipment::build::{Filling, Reason};
use deminimis_clearance::shipment::fields::{FIELDS, FieldId, LINE_GROUPS, Level, SHIPMENT_GROUPS};
use deminimis_law::facts::FactId;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Room that one shipment leaves for the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Keys seen in the objects that are open, innermost last.
    seen: Vec<Key>,
    /// Text put together on the way: codes of an array, digits of a number.
    pub text: String,
}

/// What the visitors share.
pub(super) struct Context<'f, 'b, 'a> {
    pub filling: &'f mut Filling<'b, 'a>,
    pub ignore_unknown: bool,
    /// The first problem: serde's errors are text, ours are typed.
    pub problem: Option<Problem>,
    pub scratch: &'f mut Scratch,
}

impl<'f, 'b, 'a> Context<'f, 'b, 'a> {
    pub(super) fn new(
        filling: &'f mut Filling<'b, 'a>,
        ignore_unknown: bool,
        scratch: &'f mut Scratch,
    ) -> Context<'f, 'b, 'a> {
        scratch.seen.clear();
        Context {
            filling,
            ignore_unknown,
            problem: None,
            scratch,
        }
    }

    /// Notes a problem and gives serde an error to stop at.
    pub(super) fn fail<E: Error>(&mut self, problem: Problem) -> E {
        self.problem.get_or_insert(problem);
        E::custom("refused")
    }
}

/// Which object is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Shipment,
    Line(usize),
    Group(Level, &'static str, usize),
    Facts(usize),
}

impl Scope {
    pub(super) fn line(self) -> usize {
        match self {
            Scope::Shipment => 0,
            Scope::Line(line) | Scope::Group(_, _, line) | Scope::Facts(line) => line,
        }
    }

    /// The object's place as a JSON Pointer.
    fn pointer(self) -> String {
        match self {
            Scope::Shipment => String::new(),
            Scope::Line(line) => format!("/lines/{line}"),
            Scope::Group(Level::Shipment, group, _) => format!("/{group}"),
            Scope::Group(Level::Line, group, line) => format!("/lines/{line}/{group}"),
            Scope::Facts(line) => format!("/lines/{line}/facts"),
        }
    }

    /// A problem of the value under `key` in this object.
    pub(super) fn problem(self, key: &str, value: &str, reason: RejectReason) -> Problem {
        let escaped = shown(key).replace('~', "~0").replace('/', "~1");
        let line = matches!(
            self,
            Scope::Line(_) | Scope::Facts(_) | Scope::Group(Level::Line, ..)
        );
        Problem {
            field: format!("{}/{escaped}", self.pointer()),
            line: line.then_some(self.line() as u32 + 1),
            value: shown(value),
            reason,
        }
    }
}

/// A key of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Field(FieldId),
    Group(&'static str),
    Fact(FactId),
    Lines,
    Facts,
    Unknown,
}

impl Key {
    /// Finds a key in its object.
    fn find(scope: Scope, key: &str, filling: &Filling) -> Key {
        let group = |groups: &[&'static str]| {
            groups
                .iter()
                .find(|group| **group == key)
                .map(|group| Key::Group(group))
        };
        let field = |level, group| FieldId::json(level, group, key).map(Key::Field);
        match scope {
            Scope::Shipment if key == "lines" => Some(Key::Lines),
            Scope::Shipment => field(Level::Shipment, None).or_else(|| group(&SHIPMENT_GROUPS)),
            Scope::Line(_) if key == "facts" => Some(Key::Facts),
            Scope::Line(_) => field(Level::Line, None).or_else(|| group(&LINE_GROUPS)),
            Scope::Group(level, group, _) => field(level, Some(group)),
            Scope::Facts(_) => filling.fact_named(key).map(Key::Fact),
        }
        .unwrap_or(Key::Unknown)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Key::Field(field) => field.get().json,
            Key::Group(group) => group,
            Key::Lines => "lines",
            Key::Facts => "facts",
            Key::Fact(_) | Key::Unknown => "",
        }
    }
}

/// Answers every JSON type that a visitor does not take with a typed problem: serde's own message
/// would repeat the value, which may be about a natural person.
macro_rules! refuse_others {
    ($($visit:ident($type:ty)),+ $(,)?) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<(), E> { Err(self.wrong_type()) })+
    };
}

pub(super) use refuse_others;

/// Reads one object of the given scope.
pub(super) struct Object<'c, 'f, 'b, 'a> {
    pub context: &'c mut Context<'f, 'b, 'a>,
    pub scope: Scope,
}

impl Object<'_, '_, '_, '_> {
    fn wrong_type<E: Error>(self) -> E {
        let reason = RejectReason::WrongType("an object in braces");
        let line = matches!(self.scope, Scope::Line(_) | Scope::Facts(_));
        self.context.fail(Problem {
            field: self.scope.pointer(),
            line: line.then_some(self.scope.line() as u32 + 1),
            value: String::new(),
            reason,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object in braces")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match self.scope {
            // A group or the facts may be null, which is absence; a shipment or a line may not.
            Scope::Group(..) | Scope::Facts(_) => Ok(()),
            Scope::Shipment | Scope::Line(_) => Err(self.wrong_type()),
        }
    }

    refuse_others!(
        visit_str(&str),
        visit_bool(bool),
        visit_u64(u64),
        visit_i64(i64),
        visit_f64(f64)
    );

    fn visit_seq<S: SeqAccess<'de>>(self, _: S) -> Result<(), S::Error> {
        Err(self.wrong_type())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let Object { context, scope } = self;
        let first = context.scratch.seen.len();
        while let Some(key) = map.next_key_seed(KeySeed { context, scope })? {
            if key != Key::Unknown {
                if context.scratch.seen[first..].contains(&key) {
                    let name = match key {
                        Key::Fact(fact) => context.filling.fact_name(fact),
                        key => key.name(),
                    };
                    let problem = scope.problem(name, "", RejectReason::Field(Reason::GivenTwice));
                    return Err(context.fail(problem));
                }
                context.scratch.seen.push(key);
            }
            match key {
                Key::Field(_) | Key::Fact(_) => map.next_value_seed(Value {
                    context,
                    scope,
                    key,
                })?,
                Key::Group(group) => {
                    let level = if scope == Scope::Shipment {
                        Level::Shipment
                    } else {
                        Level::Line
                    };
                    let scope = Scope::Group(level, group, scope.line());
                    map.next_value_seed(Object { context, scope })?;
                }
                Key::Facts => map.next_value_seed(Object {
                    context,
                    scope: Scope::Facts(scope.line()),
                })?,
                Key::Lines => map.next_value_seed(Lines { context })?,
                Key::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        context.scratch.seen.truncate(first);
        Ok(())
    }
}

/// Reads a key.
struct KeySeed<'c, 'f, 'b, 'a> {
    context: &'c mut Context<'f, 'b, 'a>,
    scope: Scope,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_, '_, '_> {
    type Value = Key;
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Key, D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_, '_, '_> {
    type Value = Key;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        let found = Key::find(self.scope, key, self.context.filling);
        if found != Key::Unknown || self.context.ignore_unknown {
            return Ok(found);
        }
        let reason = match self.scope {
            Scope::Facts(_) => RejectReason::Field(Reason::UnknownFact),
            _ => RejectReason::UnknownKey(meant(self.scope, key)),
        };
        let problem = self.scope.problem(key, "", reason);
        Err(self.context.fail(problem))
    }
}

/// The key of the same object that was probably meant; a flat CSV name is answered with its object.
fn meant(scope: Scope, key: &str) -> Option<&'static str> {
    if let Some(field) = FieldId::named(key)
        && let Some(group) = field.get().group
    {
        return Some(group);
    }
    let known = FIELDS.iter().filter(|field| match scope {
        Scope::Shipment => field.level == Level::Shipment && field.group.is_none(),
        Scope::Line(_) => field.level == Level::Line && field.group.is_none(),
        Scope::Group(level, group, _) => field.level == level && field.group == Some(group),
        Scope::Facts(_) => false,
    });
    let groups: &[&'static str] = match scope {
        Scope::Shipment => &SHIPMENT_GROUPS,
        Scope::Line(_) => &LINE_GROUPS,
        _ => &[],
    };
    let more = if scope == Scope::Shipment {
        "lines"
    } else {
        "facts"
    };
    nearest(
        key,
        known
            .map(|field| field.json)
            .chain(groups.iter().copied())
            .chain([more]),
    )
    .first()
    .copied()
}

/// Reads the array of lines.
struct Lines<'c, 'f, 'b, 'a> {
    context: &'c mut Context<'f, 'b, 'a>,
}

impl Lines<'_, '_, '_, '_> {
    fn wrong_type<E: Error>(self) -> E {
        let reason = RejectReason::WrongType("an array of lines in brackets");
        self.context
            .fail(Scope::Shipment.problem("lines", "", reason))
    }
}

impl<'de> DeserializeSeed<'de> for Lines<'_, '_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Lines<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an array of lines")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    refuse_others!(
        visit_str(&str),
        visit_bool(bool),
        visit_u64(u64),
        visit_i64(i64),
        visit_f64(f64)
    );

    fn visit_map<M: MapAccess<'de>>(self, _: M) -> Result<(), M::Error> {
        Err(self.wrong_type())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut lines: S) -> Result<(), S::Error> {
        let mut line = 0;
        // A line exists as soon as its object begins, even if the object is empty.
        while lines
            .next_element_seed(OneLine {
                context: self.context,
                line,
            })?
            .is_some()
        {
            line += 1;
        }
        Ok(())
    }
}

/// Reads one line.
struct OneLine<'c, 'f, 'b, 'a> {
    context: &'c mut Context<'f, 'b, 'a>,
    line: usize,
}

impl<'de> DeserializeSeed<'de> for OneLine<'_, '_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        if let Err(bad) = self.context.filling.line(self.line) {
            return Err(self.context.fail(Problem::pointer(bad)));
        }
        Object {
            context: self.context,
            scope: Scope::Line(self.line),
        }
        .deserialize(input)
    }
}
