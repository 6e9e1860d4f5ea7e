//! Parcels as other systems describe them, read into fields of the contract.
//!
//! Each system has one file here that says where it keeps what, whether its values and weights are
//! those of a whole line or of one piece, and in which unit. What a system does not say (when the
//! parcel arrives, how it travels) is not guessed: the caller gives it, or the parcel is refused
//! with what is missing. Values are handed on as text; the contract's own reader judges them.

pub mod decimal;
mod dhl;
mod easypost;
mod fedex;
mod karrio;
mod node;
mod shippo;
mod shipstation;
mod shopify;
mod take;
mod ups;
mod weight;
mod woocommerce;

use deminimis_clearance::shipment::fields::{FieldId, Kind};
use node::Node;
use take::{At, Taker};

/// A system whose documents can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the systems' own")]
pub enum System {
    EasyPost,
    Shippo,
    ShipStation,
    Karrio,
    Shopify,
    WooCommerce,
    FedEx,
    Ups,
    Dhl,
}

/// What an amount or weight beside a quantity is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// The whole line.
    Line,
    /// One piece: the quantity multiplies it.
    Piece,
}

/// What the caller says of documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What values are of, in place of what the system is known for.
    pub values: Option<Per>,
    /// What weights are of, in place of what the system is known for.
    pub weights: Option<Per>,
    /// The caller gives a purpose for parcels without one, so that a word for one that is not
    /// known here need not be refused.
    pub purpose_is_given: bool,
}

/// One field that a document gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The contract's flat name (`consignee_name`, `line_value`).
    pub field: &'static str,
    /// The line, counted from 0, if the field stands in lines.
    pub line: Option<usize>,
    /// The value as text, to be read by the contract's reader.
    pub value: String,
    /// Where it stands in the document, as a JSON Pointer.
    pub at: String,
}

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at} {reason}")]
pub struct BadImport {
    /// The place, as a JSON Pointer; empty for the document as a whole.
    pub at: String,
    /// What stands there, at most 80 characters.
    pub value: String,
    /// Why it cannot be taken and what would be right; completes "place value …".
    pub reason: String,
    /// What was taken before, so that a refusal can say which parcel it is.
    pub given: Vec<Given>,
}

impl System {
    /// Every system.
    pub const ALL: [System; 9] = [
        System::EasyPost,
        System::Shippo,
        System::ShipStation,
        System::Karrio,
        System::Shopify,
        System::WooCommerce,
        System::FedEx,
        System::Ups,
        System::Dhl,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            System::EasyPost => "easypost",
            System::Shippo => "shippo",
            System::ShipStation => "shipstation",
            System::Karrio => "karrio",
            System::Shopify => "shopify",
            System::WooCommerce => "woocommerce",
            System::FedEx => "fedex",
            System::Ups => "ups",
            System::Dhl => "dhl",
        }
    }

    /// Finds a system by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<System> {
        System::ALL.into_iter().find(|system| system.name() == name)
    }

    /// What its values are of; nothing where that is not established.
    #[must_use]
    pub const fn values(self) -> Option<Per> {
        match self {
            System::EasyPost | System::Shippo | System::WooCommerce => Some(Per::Line),
            System::Karrio | System::Shopify | System::FedEx | System::Ups | System::Dhl => {
                Some(Per::Piece)
            }
            System::ShipStation => None,
        }
    }

    /// What its weights are of; nothing where that is not established.
    #[must_use]
    pub const fn weights(self) -> Option<Per> {
        match self {
            System::EasyPost | System::Shippo => Some(Per::Line),
            System::Karrio | System::Shopify | System::FedEx | System::Ups | System::Dhl => {
                Some(Per::Piece)
            }
            System::ShipStation | System::WooCommerce => None,
        }
    }

    /// Whether the names of its fields were read in its documentation, or taken from memory.
    #[must_use]
    pub const fn is_confirmed(self) -> bool {
        matches!(
            self,
            System::EasyPost | System::Shippo | System::ShipStation
        )
    }
}

/// Reads one parcel's document: a JSON object of `system`.
///
/// Beside the system's own keys an object `deminimis` may give fields of the contract's shipment by
/// their flat names, such as `arrives_at`, which win over those the system gives.
///
/// # Errors
/// Not a JSON object, or the first value that cannot be taken.
pub fn read(system: System, json: &str, options: &Options) -> Result<Vec<Given>, BadImport> {
    let node = Node::parse(json).map_err(|why| whole(format!("is not JSON: {why}")))?;
    if !matches!(node, Node::Object(_)) {
        return Err(whole(format!("is {}: an object is meant", node.kind())));
    }
    let root = At::root(&node);
    for wrapper in ["orders", "shipments", "results", "data"] {
        if root.get(wrapper).list().is_ok_and(|list| !list.is_empty()) {
            return Err(whole(format!(
                "is an answer that holds several under {wrapper:?}: give that array itself"
            )));
        }
    }
    let mut taker = Taker::new(system, options);
    let taken = match system {
        System::EasyPost => easypost::read(&mut taker, &root),
        System::Shippo => shippo::read(&mut taker, &root),
        System::ShipStation => shipstation::read(&mut taker, &root),
        System::Karrio => karrio::read(&mut taker, &root),
        System::Shopify => shopify::read(&mut taker, &root),
        System::WooCommerce => woocommerce::read(&mut taker, &root),
        System::FedEx => fedex::read(&mut taker, &root),
        System::Ups => ups::read(&mut taker, &root),
        System::Dhl => dhl::read(&mut taker, &root),
    };
    if let Err(mut bad) = taken {
        bad.given = taker.finish();
        return Err(bad);
    }
    let mut given = taker.finish();
    let own = match own_fields(&root.get("deminimis")) {
        Ok(own) => own,
        Err(mut bad) => {
            bad.given = given;
            return Err(bad);
        }
    };
    given.retain(|theirs| own.iter().all(|own| own.field != theirs.field));
    given.splice(0..0, own);
    Ok(given)
}

fn whole(reason: String) -> BadImport {
    BadImport {
        at: String::new(),
        value: String::new(),
        reason,
        given: Vec::new(),
    }
}

/// Fields of the contract's shipment that the document gives by their own names.
fn own_fields(at: &At<'_>) -> Result<Vec<Given>, BadImport> {
    let mut own = Vec::new();
    for (key, place) in at.pairs()? {
        let Some(field) = FieldId::named(key).filter(|field| !field.is_line()) else {
            return Err(place.bad("is not a field of a shipment"));
        };
        let flag = match field.get().kind {
            // The contract's own truth values, as its schema writes them; text is taken as well.
            Kind::Bool => place.flag().ok().flatten(),
            _ => None,
        };
        let text = match flag {
            Some(flag) => Some(flag.to_string()),
            None => place.text()?.map(str::to_owned),
        };
        if let Some(value) = text {
            own.push(Given {
                field: field.name(),
                line: None,
                value,
                at: place.path.clone(),
            });
        }
    }
    Ok(own)
}

#[cfg(test)]
mod tests;
