//! UPS: a shipment request with `InternationalForms`; the names are from memory. `Unit.Value` and
//! `ProductWeight` are those of one piece.

use super::BadImport;
use super::take::{At, PartyKeys, Taker};
use super::weight::WeightUnit;
use deminimis_clearance::shipment::fields::Party;

const PARTY: PartyKeys = PartyKeys {
    name: &[&["Name"], &["AttentionName"]],
    street: &[&["Address", "AddressLine"]],
    city: &["Address", "City"],
    state: &["Address", "StateProvinceCode"],
    postal_code: &["Address", "PostalCode"],
    country: &["Address", "CountryCode"],
    email: &["EMailAddress"],
    phone: &["Phone", "Number"],
};

const PURPOSES: [(&str, &str); 4] = [
    ("SALE", "sale"),
    ("GIFT", "gift"),
    ("SAMPLE", "sample"),
    ("RETURN", "return"),
];

pub(super) fn read(taker: &mut Taker<'_>, root: &At<'_>) -> Result<(), BadImport> {
    let shipment = root.down(&["ShipmentRequest", "Shipment"]);
    let shipment = shipment.or(root.get("Shipment")).or(root.clone());
    let number = shipment.get("ShipmentIdentificationNumber");
    taker.take("shipment_id", &number)?;
    taker.take("tracking_number", &number)?;
    taker.party(Party::Consignee, &shipment.get("ShipTo"), &PARTY)?;
    let from = shipment.get("ShipFrom").or(shipment.get("Shipper"));
    taker.party(Party::Shipper, &from, &PARTY)?;
    taker.take(
        "country_of_shipment",
        &from.down(&["Address", "CountryCode"]),
    )?;
    let forms = shipment.down(&["ShipmentServiceOptions", "InternationalForms"]);
    let forms = forms.or(shipment.get("InternationalForms"));
    taker.purpose(&forms.get("ReasonForExport"), &PURPOSES)?;
    taker.take("incoterm", &forms.get("TermsOfShipment"))?;
    let currency = forms.get("CurrencyCode");
    for (line, item) in forms.get("Product").one_or_list()?.iter().enumerate() {
        let unit = item.get("Unit");
        let quantity = unit.get("Number");
        let descriptions = item.get("Description");
        match descriptions.list() {
            Ok(parts) if !parts.is_empty() => {
                let mut words = Vec::new();
                for part in &parts {
                    words.extend(part.text()?);
                }
                taker.say("description", Some(line), words.join(" "), &descriptions);
            }
            _ => taker.line("description", line, &descriptions)?,
        }
        taker.line("sku", line, &item.get("PartNumber"))?;
        taker.line("htsus_number", line, &item.get("CommodityCode"))?;
        taker.line("country_of_origin", line, &item.get("OriginCountryCode"))?;
        taker.line("quantity", line, &quantity)?;
        taker.line("currency", line, &currency)?;
        taker.line("invoice_number", line, &forms.get("InvoiceNumber"))?;
        taker.value(line, &unit.get("Value"), &quantity, currency.text()?)?;
        let weight = item.get("ProductWeight");
        let scale = WeightUnit::read(&weight.down(&["UnitOfMeasurement", "Code"]));
        taker.weight(line, &weight.get("Weight"), &quantity, scale)?;
    }
    Ok(())
}
