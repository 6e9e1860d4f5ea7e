//! Shopify Admin: an order, of the REST or the GraphQL interface. The customs fields of an inventory
//! item were read in its documentation, the names of an order are from memory.
//!
//! The price is that of one piece before discounts, as in the CSV preset. Lines that are not shipped
//! (`requires_shipping` false) are passed over; a cancelled order is refused.

use super::BadImport;
use super::take::{At, PartyKeys, Taker};
use super::weight::WeightUnit;
use deminimis_clearance::shipment::fields::Party;

const REST: PartyKeys = PartyKeys {
    name: &[&["name"], &["company"]],
    street: &[&["address1"], &["address2"]],
    city: &["city"],
    state: &["province_code"],
    postal_code: &["zip"],
    country: &["country_code"],
    email: &[],
    phone: &["phone"],
};

const GRAPHQL: PartyKeys = PartyKeys {
    state: &["provinceCode"],
    country: &["countryCodeV2"],
    ..REST
};

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    let graphql = root.get("lineItems").is_given();
    let [cancelled, address, currency] = match graphql {
        true => ["cancelledAt", "shippingAddress", "currencyCode"],
        false => ["cancelled_at", "shipping_address", "currency"],
    };
    let cancelled = root.get(cancelled);
    if cancelled.is_given() {
        return Err(cancelled.bad("says that the order was cancelled"));
    }
    taker.take("shipment_id", &root.get("name"))?;
    taker.take("order_id", &root.get("name"))?;
    let keys = if graphql { &GRAPHQL } else { &REST };
    taker.party(Party::Consignee, &root.get(address), keys)?;
    taker.take("consignee_email", &root.get("email"))?;
    let lines = match graphql {
        true => nodes(&root.get("lineItems"))?,
        false => root.get("line_items").list()?,
    };
    let mut line = 0;
    for item in &lines {
        if !is_shipped(item, graphql)? {
            continue;
        }
        taker.line("description", line, &item.get("name").or(item.get("title")))?;
        taker.line("sku", line, &item.get("sku"))?;
        taker.line("quantity", line, &item.get("quantity"))?;
        taker.line("currency", line, &root.get(currency))?;
        customs(taker, line, item)?;
        let price = item.down(&["originalUnitPriceSet", "shopMoney", "amount"]);
        let price = price.or(item.get("price"));
        taker.value(
            line,
            &price,
            &item.get("quantity"),
            root.get(currency).text()?,
        )?;
        taker.weight(
            line,
            &item.get("grams"),
            &item.get("quantity"),
            Ok(Some(WeightUnit::Gram)),
        )?;
        line += 1;
    }
    Ok(())
}

/// Whether a line is sent at all; a line that does not say it is.
fn is_shipped(item: &At<'_>, graphql: bool) -> Result<bool, BadImport> {
    let key = if graphql {
        "requiresShipping"
    } else {
        "requires_shipping"
    };
    let place = item.get(key);
    match place.flag()? {
        Some(shipped) => Ok(shipped),
        None => Ok(true),
    }
}

/// What the inventory item of a line says for customs: the number for the United States, where it
/// has one of its own.
fn customs(taker: &mut Taker<'_>, line: usize, item: &At<'_>) -> Result<(), BadImport> {
    let inventory = item.down(&["variant", "inventoryItem"]);
    let mut number = inventory.get("harmonizedSystemCode");
    for own in nodes(&inventory.get("countryHarmonizedSystemCodes"))? {
        if own.get("countryCode").text()? == Some("US") {
            number = own.get("harmonizedSystemCode");
        }
    }
    taker.line("htsus_number", line, &number)?;
    taker.line(
        "country_of_origin",
        line,
        &inventory.get("countryCodeOfOrigin"),
    )
}

/// The nodes of a connection, however the query asked for them.
fn nodes<'n>(at: &At<'n>) -> Result<Vec<At<'n>>, BadImport> {
    if at.get("nodes").is_given() {
        return at.get("nodes").list();
    }
    if at.get("edges").is_given() {
        let edges = at.get("edges").list()?;
        return Ok(edges.iter().map(|edge| edge.get("node")).collect());
    }
    at.list()
}
