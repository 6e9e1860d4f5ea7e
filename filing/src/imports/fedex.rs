//! FedEx Ship: a request with `customsClearanceDetail`; the names are from memory. `unitPrice` and
//! the weight are one piece's, `customsValue` is the whole line's; where both amounts stand they
//! must agree.

use super::decimal::line_total;
use super::take::{At, PartyKeys, Taker};
use super::weight::WeightUnit;
use super::{BadImport, Per};
use deminimis_clearance::shipment::fields::Party;
use deminimis_law::codes::Currency;

const PARTY: PartyKeys = PartyKeys {
    name: &[&["contact", "personName"], &["contact", "companyName"]],
    street: &[&["address", "streetLines"]],
    city: &["address", "city"],
    state: &["address", "stateOrProvinceCode"],
    postal_code: &["address", "postalCode"],
    country: &["address", "countryCode"],
    email: &["contact", "emailAddress"],
    phone: &["contact", "phoneNumber"],
};

const PURPOSES: [(&str, &str); 5] = [
    ("SOLD", "sale"),
    ("GIFT", "gift"),
    ("SAMPLE", "sample"),
    ("PERSONAL_EFFECTS", "personal_effects"),
    ("REPAIR_AND_RETURN", "return"),
];

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    let shipment = root.get("requestedShipment").or(root.clone());
    let number = shipment
        .get("masterTrackingNumber")
        .or(root.get("masterTrackingNumber"));
    taker.take("shipment_id", &number)?;
    taker.take("tracking_number", &number)?;
    taker.party(Party::Shipper, &shipment.get("shipper"), &PARTY)?;
    taker.take(
        "country_of_shipment",
        &shipment.down(&["shipper", "address", "countryCode"]),
    )?;
    let recipients = shipment.get("recipients");
    let list = recipients.list()?;
    if let [_, second, ..] = list.as_slice() {
        return Err(second.bad("is a second recipient: one parcel has one"));
    }
    if let Some(recipient) = list.first() {
        taker.party(Party::Consignee, recipient, &PARTY)?;
    }
    let customs = shipment.get("customsClearanceDetail");
    let invoice = customs.get("commercialInvoice");
    match customs.get("isDocumentOnly").flag()? {
        Some(true) => taker.say(
            "purpose",
            None,
            "documents".to_owned(),
            &customs.get("isDocumentOnly"),
        ),
        _ => taker.purpose(&invoice.get("shipmentPurpose"), &PURPOSES)?,
    }
    taker.take("incoterm", &invoice.get("termsOfSale"))?;
    for (line, item) in customs.get("commodities").list()?.iter().enumerate() {
        let quantity = item.get("quantity");
        taker.line("description", line, &item.get("description"))?;
        taker.line("sku", line, &item.get("partNumber"))?;
        taker.line("htsus_number", line, &item.get("harmonizedCode"))?;
        taker.line("country_of_origin", line, &item.get("countryOfManufacture"))?;
        taker.line("quantity", line, &quantity)?;
        value(taker, line, item)?;
        let unit = WeightUnit::read(&item.down(&["weight", "units"]));
        taker.weight(line, &item.down(&["weight", "value"]), &quantity, unit)?;
    }
    Ok(())
}

/// The value of a line: what is said of the whole, else the price of one times the quantity.
fn value(taker: &mut Taker<'_>, line: usize, item: &At<'_>) -> Result<(), BadImport> {
    let (whole, one, quantity) = (
        item.get("customsValue"),
        item.get("unitPrice"),
        item.get("quantity"),
    );
    // Amount and currency come from one place.
    let chosen = match whole.get("amount").text()? {
        Some(_) => whole.clone(),
        None => one.clone(),
    };
    taker.line("currency", line, &chosen.get("currency"))?;
    let currency = chosen.get("currency").text()?;
    let (total, price) = (whole.get("amount"), one.get("amount"));
    let Some(said) = total.text()? else {
        return taker.value(line, &price, &quantity, currency);
    };
    let decimals = currency
        .and_then(Currency::parse)
        .unwrap_or(Currency::USD)
        .decimals();
    if let (Some(price), Some(count)) = (price.text()?, quantity.text()?) {
        let reckoned = line_total(price, count, decimals);
        let said = line_total(said, "1", decimals);
        if reckoned.is_ok() && said.is_ok() && reckoned != said {
            return Err(total.bad("is not unitPrice times quantity: one of them is wrong"));
        }
    }
    taker.value_of(Per::Line, line, &total, &quantity, currency)
}
