// Screening in a real browser: a file dropped, followed to its end, filtered, taken home; what is
// wrong with it is said; with scripts and without, and with ten thousand rows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Desk, parcel } from "./desk.mjs";
import { browse, look, open } from "./look.mjs";

let browser;
let desk;
let cookies;
before(async () => {
  browser = await browse();
  desk = await Desk.start();
  const { page, context } = await open(browser);
  await desk.welcome(page);
  cookies = await context.cookies();
  await context.close();
});
after(async () => {
  await browser?.close();
  await desk?.end();
});

async function visit(options = {}) {
  const opened = await open(browser, options);
  await opened.context.addCookies(cookies);
  return opened;
}

/** A file as a browser has it; `bad` of its parcels lack their value. */
function file(name, count, bad = 0) {
  const lines = Array.from({ length: count }, (_, at) => {
    const one = parcel(`${name}-${String(at).padStart(5, "0")}`);
    one.consignee = { ...one.consignee, name: `Person ${at}`, street: `${at} Elm St` };
    // Every second one entered when there was an exemption.
    if (at % 2 === 0) Object.assign(one, { arrives_at: "2024-05-10", country_of_shipment: "VN" });
    one.lines = [{ ...one.lines[0], country_of_origin: at % 2 === 0 ? "VN" : "CN" }];
    if (at < bad) delete one.lines[0].line_value;
    return JSON.stringify(one);
  });
  return { name: `${name}.ndjson`, mimeType: "application/x-ndjson", buffer: Buffer.from(lines.join("\n")) };
}

/** Sends a file and waits for its end: by itself with scripts, by loading again without. */
async function send(page, of, scripts) {
  await page.goto(`${desk.address}/screen`);
  await page.locator("#file").setInputFiles(of);
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/\/screen\/[0-9a-f]+$/);
  while (!(await page.getByText("This file is finished").isVisible())) {
    assert.ok(!(await page.getByText("This file is failed").isVisible()));
    await page.waitForTimeout(500);
    if (!scripts) await page.reload();
  }
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";
  test(`a file is screened, ${how}`, { timeout: 300_000 }, async () => {
    const { page, context, troubles } = await visit({ javaScriptEnabled });
    await page.goto(`${desk.address}/screen`);
    if (javaScriptEnabled) {
      await page.getByRole("heading", { name: "No files yet" }).waitFor();
      await look(page, "screen-empty");
    }
    const name = javaScriptEnabled ? "live" : "plain";
    await send(page, file(name, 12, 2), javaScriptEnabled);
    assert.equal(await page.locator("tbody tr").count(), 10);
    await page.getByRole("link", { name: /Entry required/ }).click();
    await page.getByRole("link", { name: "all parcels" }).waitFor();
    assert.equal(await page.locator("tbody tr").count(), 5);
    if (javaScriptEnabled) await look(page, "batch");
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "What was refused" }).click();
    const rejects = readFileSync(await (await coming).path(), "utf8");
    assert.equal(rejects.trim().split("\n").length, 3, rejects);
    assert.match(rejects, /line_value/);
    await page.getByRole("link", { name: "Screen", exact: true }).first().click();
    await page.getByRole("link", { name: `${name}.ndjson` }).waitFor();
    if (javaScriptEnabled) await look(page, "screen");
    await page.getByRole("link", { name: `${name}.ndjson` }).click();
    await page.getByRole("button", { name: "Delete this file" }).click();
    await page.getByRole("heading", { name: "Screen" }).waitFor();
    assert.equal(await page.getByRole("link", { name: `${name}.ndjson` }).count(), 0);
    assert.deepEqual(troubles, []);
    await context.close();
  });
}

test("what cannot be read is said", { timeout: 300_000 }, async () => {
  const { page, context, troubles } = await visit();
  await page.goto(`${desk.address}/screen`);
  await page.locator("#file").setInputFiles({ name: "x.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("This file is failed").waitFor();
  assert.ok((await page.locator("p.wrong").textContent()).length > 10);
  await look(page, "batch-wrong");
  await page.goto(`${desk.address}/screen/0123`);
  await page.getByText("there is no such batch").waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

test("a file of ten thousand rows", { timeout: 600_000 }, async () => {
  const { page, context, troubles } = await visit();
  await send(page, file("many", 10_000), true);
  assert.equal(await page.locator("tbody tr").count(), 100);
  await look(page, "batch-many");
  await page.getByRole("link", { name: /Entry required/ }).click();
  let seen = 0;
  for (;;) {
    seen += await page.locator("tbody tr").count();
    const more = page.getByRole("link", { name: "More" });
    if (!(await more.isVisible())) break;
    const [at] = [page.url()];
    await more.click();
    await page.waitForURL((url) => url.href !== at);
  }
  assert.equal(seen, 5000);
  assert.deepEqual(troubles, []);
  await context.close();
});
