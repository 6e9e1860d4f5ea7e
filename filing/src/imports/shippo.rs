//! Shippo: a shipment with `customs_declaration`, or a declaration with the addresses beside it.
//! `value_amount` and `net_weight` are those of the whole line (Shippo's documentation); the unit
//! of weight stands in `mass_unit`.

use super::BadImport;
use super::easypost::ADDRESS;
use super::take::{At, Taker};
use super::weight::WeightUnit;
use deminimis_clearance::shipment::fields::Party;

const PURPOSES: [(&str, &str); 5] = [
    ("MERCHANDISE", "sale"),
    ("GIFT", "gift"),
    ("DOCUMENTS", "documents"),
    ("SAMPLE", "sample"),
    ("RETURN_MERCHANDISE", "return"),
];

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    taker.take("shipment_id", &root.get("object_id"))?;
    taker.take("order_id", &root.get("order"))?;
    taker.take("tracking_number", &root.get("tracking_number"))?;
    taker.party(Party::Consignee, &root.get("address_to"), &ADDRESS)?;
    taker.party(Party::Shipper, &root.get("address_from"), &ADDRESS)?;
    taker.take(
        "country_of_shipment",
        &root.down(&["address_from", "country"]),
    )?;
    let inner = root.get("customs_declaration");
    let customs = inner.or(root.clone());
    taker.purpose(&customs.get("contents_type"), &PURPOSES)?;
    taker.take("incoterm", &customs.get("incoterm"))?;
    for (line, item) in customs.get("items").list()?.iter().enumerate() {
        let quantity = item.get("quantity");
        taker.line("description", line, &item.get("description"))?;
        taker.line("sku", line, &item.get("sku_code"))?;
        taker.line("htsus_number", line, &item.get("tariff_number"))?;
        taker.line("country_of_origin", line, &item.get("origin_country"))?;
        taker.line("quantity", line, &quantity)?;
        taker.line("currency", line, &item.get("value_currency"))?;
        let currency = item.get("value_currency").text()?;
        taker.value(line, &item.get("value_amount"), &quantity, currency)?;
        let unit = WeightUnit::read(&item.get("mass_unit"));
        taker.weight(line, &item.get("net_weight"), &quantity, unit)?;
    }
    Ok(())
}
