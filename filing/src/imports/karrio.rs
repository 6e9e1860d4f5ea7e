//! Karrio: a shipment with `customs.commodities`. The top-level names were read in its
//! documentation, those of a commodity are from memory; value and weight are taken as one piece's.

use super::BadImport;
use super::take::{At, PartyKeys, Taker};
use super::weight::WeightUnit;
use deminimis_clearance::shipment::fields::Party;

const ADDRESS: PartyKeys = PartyKeys {
    name: &[&["person_name"], &["company_name"]],
    street: &[&["address_line1"], &["address_line2"]],
    city: &["city"],
    state: &["state_code"],
    postal_code: &["postal_code"],
    country: &["country_code"],
    email: &["email"],
    phone: &["phone_number"],
};

const PURPOSES: [(&str, &str); 5] = [
    ("merchandise", "sale"),
    ("gift", "gift"),
    ("documents", "documents"),
    ("sample", "sample"),
    ("return_merchandise", "return"),
];

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    taker.take("shipment_id", &root.get("id"))?;
    taker.take("order_id", &root.get("reference"))?;
    taker.take("tracking_number", &root.get("tracking_number"))?;
    taker.party(Party::Consignee, &root.get("recipient"), &ADDRESS)?;
    taker.party(Party::Shipper, &root.get("shipper"), &ADDRESS)?;
    taker.take(
        "country_of_shipment",
        &root.down(&["shipper", "country_code"]),
    )?;
    let customs = root.get("customs");
    taker.purpose(&customs.get("content_type"), &PURPOSES)?;
    taker.take("incoterm", &customs.get("incoterm"))?;
    for (line, item) in customs.get("commodities").list()?.iter().enumerate() {
        let quantity = item.get("quantity");
        taker.line("description", line, &item.get("description"))?;
        taker.line("sku", line, &item.get("sku"))?;
        taker.line("htsus_number", line, &item.get("hs_code"))?;
        taker.line("country_of_origin", line, &item.get("origin_country"))?;
        taker.line("quantity", line, &quantity)?;
        taker.line("currency", line, &item.get("value_currency"))?;
        taker.line("invoice_number", line, &customs.get("invoice"))?;
        let currency = item.get("value_currency").text()?;
        taker.value(line, &item.get("value_amount"), &quantity, currency)?;
        let unit = WeightUnit::read(&item.get("weight_unit"));
        taker.weight(line, &item.get("weight"), &quantity, unit)?;
    }
    Ok(())
}
