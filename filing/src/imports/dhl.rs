//! DHL MyDHL: a shipment request with `exportDeclaration`; the names are from memory. Price and
//! weight are one piece's; weights are in kilograms where `unitOfMeasurement` says metric, else in
//! pounds. Of the commodity codes only the inbound one is read: the outbound one is a number of the
//! exporting country's own schedule.

use super::BadImport;
use super::take::{At, PartyKeys, Taker};
use super::weight::WeightUnit;
use deminimis_clearance::shipment::fields::Party;

const PARTY: PartyKeys = PartyKeys {
    name: &[
        &["contactInformation", "fullName"],
        &["contactInformation", "companyName"],
    ],
    street: &[
        &["postalAddress", "addressLine1"],
        &["postalAddress", "addressLine2"],
        &["postalAddress", "addressLine3"],
    ],
    city: &["postalAddress", "cityName"],
    state: &["postalAddress", "provinceCode"],
    postal_code: &["postalAddress", "postalCode"],
    country: &["postalAddress", "countryCode"],
    email: &["contactInformation", "email"],
    phone: &["contactInformation", "phone"],
};

const PURPOSES: [(&str, &str); 5] = [
    ("commercial_purpose_or_sale", "sale"),
    ("gift", "gift"),
    ("sample", "sample"),
    ("return", "return"),
    ("personal_belongings_or_personal_use", "personal_effects"),
];

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    taker.take("shipment_id", &root.get("shipmentTrackingNumber"))?;
    taker.take("tracking_number", &root.get("shipmentTrackingNumber"))?;
    let parties = root.get("customerDetails");
    taker.party(Party::Consignee, &parties.get("receiverDetails"), &PARTY)?;
    let shipper = parties.get("shipperDetails");
    taker.party(Party::Shipper, &shipper, &PARTY)?;
    taker.take(
        "country_of_shipment",
        &shipper.down(&["postalAddress", "countryCode"]),
    )?;
    let content = root.get("content").or(root.clone());
    let declaration = content.get("exportDeclaration");
    taker.purpose(&declaration.get("exportReasonType"), &PURPOSES)?;
    taker.take("incoterm", &content.get("incoterm"))?;
    let currency = content.get("declaredValueCurrency");
    for (line, item) in declaration.get("lineItems").list()?.iter().enumerate() {
        let quantity = item.down(&["quantity", "value"]);
        taker.line("description", line, &item.get("description"))?;
        for code in item.get("commodityCodes").list()? {
            if code.get("typeCode").text()? == Some("inbound") {
                taker.line("htsus_number", line, &code.get("value"))?;
            }
        }
        taker.line("country_of_origin", line, &item.get("manufacturerCountry"))?;
        taker.line("quantity", line, &quantity)?;
        taker.line("currency", line, &currency)?;
        taker.line(
            "invoice_number",
            line,
            &declaration.down(&["invoice", "number"]),
        )?;
        taker.value(line, &item.get("price"), &quantity, currency.text()?)?;
        taker.weight(
            line,
            &item.down(&["weight", "netValue"]),
            &quantity,
            unit(&content),
        )?;
    }
    Ok(())
}

fn unit(content: &At<'_>) -> Result<Option<WeightUnit>, BadImport> {
    let place = content.get("unitOfMeasurement");
    match place.text()? {
        None => Ok(None),
        Some("metric") => Ok(Some(WeightUnit::Kilogram)),
        Some("imperial") => Ok(Some(WeightUnit::Pound)),
        Some(_) => Err(place.bad("is neither metric nor imperial")),
    }
}
