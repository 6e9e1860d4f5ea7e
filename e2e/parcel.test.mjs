// What happens to a parcel, told on its page, and its entry made there: with scripts and without.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Desk, parcel } from "./desk.mjs";
import { browse, look, open } from "./look.mjs";

const FILER = `
[filing]
filer_code = "ABC"
site_code = "2704"
password_file = "abi.pass"
entry_numbers = { from = 1, to = 90 }
[filing.mode_of_transportation]
air = "40"
`;

/** A filer for the desk's tenant. */
function withFiler(home) {
  writeFileSync(join(home, "deminimis.toml"), FILER);
  writeFileSync(join(home, "abi.pass"), "PASSWD\n");
  return [];
}

/** A parcel with all that an informal entry asks for. */
function whole(id) {
  const ann = { name: "Ann Smith", street: "12 Elm St", city: "Dayton", state: "OH", postal_code: "45402", country: "US" };
  const maker = { name: "Ningbo Mill", street: "3 Mill Lane", city: "Ningbo", postal_code: "315000", country: "CN" };
  const one = parcel(id, {
    arrives_at: "2026-11-20T15:00:00-05:00", exported_on: "2026-11-18", country_of_export: "CN",
    port_of_entry: "4701", port_of_unlading: "4701", carrier_code: "UA", voyage_flight_trip: "089",
    master_bill: "016-10000011", house_bill: `HX${id.replace("-", "")}`, manifest_quantity: "1", manifest_unit: "PCS",
    payment_type: "1",
    importer_of_record: { name: "Blue Harbor Imports", postal_code: "90731", number: "12-3456789" },
    purchaser: ann, seller: { ...maker, name: "Bright Goods Ltd" }, shipper: { name: "Harbor Parcel Co" },
  });
  one.lines = [{ ...one.lines[0], quantity: "12", unit: "No.", net_weight_kg: "1.500", manufacturer: maker }];
  return one;
}

let browser;
let desk;
let cookies;
before(async () => {
  browser = await browse();
  desk = await Desk.start([], withFiler);
  const { page, context } = await open(browser);
  await desk.welcome(page);
  cookies = await context.cookies();
  await context.close();
});
after(async () => {
  await browser?.close();
  await desk?.end();
});

for (const [at, javaScriptEnabled] of [true, false].entries()) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";
  test(`a parcel is held, released and entered, ${how}`, { timeout: 300_000 }, async () => {
    const key = desk.run("access", "key", `till ${at}`, "--role", "operator").trim();
    const id = `PX-${at + 1}`;
    assert.equal((await desk.ask("POST", "/v1/shipments", key, whole(id))).status, 200);
    const { page, context, troubles } = await open(browser, { javaScriptEnabled });
    await context.addCookies(cookies);
    const form = page.getByRole("form", { name: "Tell what happened" });
    // It is followed in a moment.
    do await page.goto(`${desk.address}/parcels/${id}`);
    while (!(await form.isVisible()));
    await form.getByLabel("What happened").selectOption("hold");
    await form.getByLabel("Which hold").fill("FDA review");
    await form.getByRole("button", { name: "Tell" }).click();
    await page.getByText("held: FDA review").waitFor();
    const path = `/v1/shipments/${id}/events`;
    assert.equal((await desk.ask("GET", path, key)).json.now.held, "FDA review");
    if (javaScriptEnabled) await look(page, "parcel-held");
    await form.getByLabel("What happened").selectOption("hold_removed");
    await form.getByLabel("Which hold").fill("FDA review");
    await form.getByRole("button", { name: "Tell" }).click();
    await page.getByRole("rowheader", { name: "Hold removed" }).waitFor();
    assert.equal(await page.getByText("held: FDA review").count(), 0);
    assert.equal((await desk.ask("GET", path, key)).json.now.held, null);

    const paper = await page.getByRole("link", { name: "Entry summary" }).getAttribute("href");
    const pdf = await context.request.get(desk.address + paper);
    assert.deepEqual([pdf.status(), pdf.headers()["content-type"]], [200, "application/pdf"]);

    await page.getByLabel("Sent on").fill("2026-11-21");
    await page.getByRole("button", { name: "Make the message" }).click();
    await page.getByRole("heading", { name: `Entry of ${id}` }).waitFor();
    const shown = await page.getByRole("region", { name: "The message", exact: true }).textContent();
    const asked = { shipment_ids: [id], sent_on: "2026-11-21" };
    const made = await desk.ask("POST", "/v1/entries", key, asked);
    assert.equal(shown, made.json.message);
    await page.getByText(made.json.entries[0].entry_number).first().waitFor();
    if (javaScriptEnabled) await look(page, "entry");
    assert.deepEqual(troubles, []);
    await context.close();
  });
}

test("what cannot be told or entered is said", { timeout: 300_000 }, async () => {
  const key = desk.run("access", "key", "till", "--role", "operator").trim();
  assert.equal((await desk.ask("POST", "/v1/shipments", key, parcel("PX-9"))).status, 200);
  const { page, context, troubles } = await open(browser);
  await context.addCookies(cookies);
  const form = page.getByRole("form", { name: "Tell what happened" });
  do await page.goto(`${desk.address}/parcels/PX-9`);
  while (!(await form.isVisible()));
  await page.getByRole("button", { name: "Make the message" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByText("port_of_entry").first().waitFor();
  await look(page, "entry-wrong");
  await page.goBack();
  await form.getByLabel("When").fill("yesterday");
  await form.getByRole("button", { name: "Tell" }).click();
  await page.getByText("offset").first().waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});
