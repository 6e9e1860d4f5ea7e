//! EasyPost: a shipment with `customs_info`. Values and weights of customs items are those of the
//! whole line, in dollars and in ounces (EasyPost's documentation).

use super::BadImport;
use super::take::{At, PartyKeys, Taker};
use super::weight::WeightUnit;
use deminimis_clearance::shipment::fields::Party;

pub(super) const ADDRESS: PartyKeys = PartyKeys {
    name: &[&["name"], &["company"]],
    street: &[&["street1"], &["street2"]],
    city: &["city"],
    state: &["state"],
    postal_code: &["zip"],
    country: &["country"],
    email: &["email"],
    phone: &["phone"],
};

const PURPOSES: [(&str, &str); 5] = [
    ("merchandise", "sale"),
    ("gift", "gift"),
    ("documents", "documents"),
    ("sample", "sample"),
    ("returned_goods", "return"),
];

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    taker.take("shipment_id", &root.get("id"))?;
    taker.take("order_id", &root.get("reference"))?;
    taker.take("tracking_number", &root.get("tracking_code"))?;
    taker.party(Party::Consignee, &root.get("to_address"), &ADDRESS)?;
    taker.party(Party::Shipper, &root.get("from_address"), &ADDRESS)?;
    taker.take(
        "country_of_shipment",
        &root.down(&["from_address", "country"]),
    )?;
    let customs = root.get("customs_info");
    taker.purpose(&customs.get("contents_type"), &PURPOSES)?;
    for (line, item) in customs.get("customs_items").list()?.iter().enumerate() {
        let quantity = item.get("quantity");
        taker.line("description", line, &item.get("description"))?;
        taker.line("sku", line, &item.get("code"))?;
        taker.line("htsus_number", line, &item.get("hs_tariff_number"))?;
        taker.line("country_of_origin", line, &item.get("origin_country"))?;
        taker.line("manufacturer_name", line, &item.get("manufacturer"))?;
        taker.line("quantity", line, &quantity)?;
        taker.line("currency", line, &item.get("currency"))?;
        let currency = item.get("currency").text()?;
        taker.value(line, &item.get("value"), &quantity, currency)?;
        taker.weight(
            line,
            &item.get("weight"),
            &quantity,
            Ok(Some(WeightUnit::Ounce)),
        )?;
    }
    Ok(())
}
