//! ShipStation: an order with `internationalOptions.customsItems`. The names of a customs item were
//! read in its documentation; whether `value` is the line's or one piece's was not established, so
//! the caller says it. From where the parcel is sent the order does not say.

use super::take::{At, PartyKeys, Taker};
use super::{BadImport, easypost};
use deminimis_clearance::shipment::fields::Party;

const ADDRESS: PartyKeys = PartyKeys {
    street: &[&["street1"], &["street2"], &["street3"]],
    postal_code: &["postalCode"],
    email: &[],
    ..easypost::ADDRESS
};

const PURPOSES: [(&str, &str); 5] = [
    ("merchandise", "sale"),
    ("gift", "gift"),
    ("documents", "documents"),
    ("sample", "sample"),
    ("returned_goods", "return"),
];

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    taker.take("shipment_id", &root.get("orderNumber"))?;
    taker.take("order_id", &root.get("orderId"))?;
    taker.party(Party::Consignee, &root.get("shipTo"), &ADDRESS)?;
    taker.take("consignee_email", &root.get("customerEmail"))?;
    let customs = root.get("internationalOptions");
    taker.purpose(&customs.get("contents"), &PURPOSES)?;
    for (line, item) in customs.get("customsItems").list()?.iter().enumerate() {
        let quantity = item.get("quantity");
        taker.line("description", line, &item.get("description"))?;
        taker.line("htsus_number", line, &item.get("harmonizedTariffCode"))?;
        taker.line("country_of_origin", line, &item.get("countryOfOrigin"))?;
        taker.line("quantity", line, &quantity)?;
        taker.value(line, &item.get("value"), &quantity, None)?;
    }
    Ok(())
}
