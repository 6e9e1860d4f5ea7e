//! WooCommerce: an order of the REST interface; the names are from memory. `total` is that of the
//! whole line after discounts and without tax, as in the CSV preset. Number and origin stand in
//! `meta_data` under keys that each plug-in chooses, so they are not read: a catalog by sku gives
//! them.

use super::BadImport;
use super::take::{At, PartyKeys, Taker};
use deminimis_clearance::shipment::fields::Party;

const ADDRESS: PartyKeys = PartyKeys {
    name: &[],
    street: &[&["address_1"], &["address_2"]],
    city: &["city"],
    state: &["state"],
    postal_code: &["postcode"],
    country: &["country"],
    email: &[],
    phone: &["phone"],
};

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    let status = root.get("status");
    if let Some(ended @ ("cancelled" | "refunded" | "failed" | "trash")) = status.text()? {
        return Err(status.bad(format!("says that the order is {ended}")));
    }
    taker.take("shipment_id", &root.get("number").or(root.get("id")))?;
    taker.take("order_id", &root.get("id"))?;
    let shipping = root.get("shipping");
    let mut name = Vec::new();
    for part in ["first_name", "last_name"] {
        name.extend(shipping.get(part).text()?);
    }
    match name.is_empty() {
        true => taker.take("consignee_name", &shipping.get("company"))?,
        false => taker.say(
            "consignee_name",
            None,
            name.join(" "),
            &shipping.get("first_name"),
        ),
    }
    taker.party(Party::Consignee, &shipping, &ADDRESS)?;
    taker.take("consignee_email", &root.down(&["billing", "email"]))?;
    for (line, item) in root.get("line_items").list()?.iter().enumerate() {
        let quantity = item.get("quantity");
        taker.line("description", line, &item.get("name"))?;
        taker.line("sku", line, &item.get("sku"))?;
        taker.line("quantity", line, &quantity)?;
        taker.line("currency", line, &root.get("currency"))?;
        taker.value(
            line,
            &item.get("total"),
            &quantity,
            root.get("currency").text()?,
        )?;
    }
    Ok(())
}
