// The law and the tariff in a real browser: their main act, their wrong and their empty
// state, with scripts and without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, parcel } from "./desk.mjs";
import { browse, look, open } from "./look.mjs";

let browser;
let desk;
before(async () => {
  browser = await browse();
  desk = await Desk.start();
});
after(async () => {
  await browser?.close();
  await desk?.end();
});

let cookies = [];
/** A page of the one admin of this desk. */
async function visit(options = {}) {
  const opened = await open(browser, options);
  if (cookies.length === 0) {
    await desk.welcome(opened.page);
    cookies = await opened.context.cookies();
  } else {
    await opened.context.addCookies(cookies);
  }
  return opened;
}

test("the law on a day, between two days, and one instrument", { timeout: 300_000 }, async () => {
  const { page, context, troubles } = await visit();
  await page.goto(`${desk.address}/law`);
  await page.waitForFunction(() => document.querySelector("img[src='/law/timeline.svg']").naturalWidth > 0);
  await look(page, "law");
  await page.locator("#at").fill("2025-08-30");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("Suspension (").click();
  await page.getByRole("link", { name: "suspension.all-countries" }).click();
  await page.getByRole("heading", { name: "suspension.all-countries" }).waitFor();
  assert.ok((await page.locator("#versions + ul > li").count()) >= 2);
  await look(page, "instrument");
  await page.goto(`${desk.address}/law`);
  await page.getByLabel("Before").fill("2025-08-28");
  await page.getByLabel("After").fill("2025-08-30");
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("link", { name: "suspension.all-countries" }).waitFor();
  await look(page, "law-diff");
  await page.goto(`${desk.address}/law?at=yesterday`);
  await page.getByRole("alert").waitFor();
  await look(page, "law-wrong");
  await page.goto(`${desk.address}/law/suspension.all-contries`);
  await page.getByText("nearest: suspension.all-countries").waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";
  test(`the tariff, ${how}`, { timeout: 300_000 }, async () => {
    const { page, context, troubles } = await visit({ javaScriptEnabled });
    await page.goto(`${desk.address}/tariff`);
    await page.getByLabel("A number, or words").fill("6109.10.0012");
    await page.getByRole("button", { name: "Look up" }).click();
    await page.getByText("16.5%").first().waitFor();
    await page.getByLabel("Number (8 or 10 digits)").fill("6109.10.0012");
    await page.getByLabel("Value in dollars").fill("40.00");
    await page.getByLabel("Origins, compared").fill("CN, VN");
    await page.getByLabel("Entered").fill("2026-11-20");
    await page.getByLabel("History of the first origin").fill("2025-01..2026-12");
    await page.getByRole("button", { name: "Reckon" }).click();
    const row = page.getByRole("row", { name: /^CN / });
    await row.waitFor();
    assert.match(await row.textContent(), /\$17\.37/);
    assert.equal(await page.locator("svg.waterfall").count(), 2);
    const history = page.getByRole("region", { name: "Table of the history" });
    assert.match(await history.textContent(), /2025-05-02[\s\S]*2026-07-24/);
    const drawn = () => page.getByRole("img", { name: /over time/ }).evaluate((img) => img.naturalWidth);
    for (let tries = 0; tries < 100 && (await drawn()) === 0; tries += 1) await page.waitForTimeout(100);
    assert.ok((await drawn()) > 100, `the picture is ${await drawn()} wide`);
    if (javaScriptEnabled) {
      await look(page, "tariff");
      await page.getByLabel("Value in dollars").fill("12.345");
      await page.getByRole("button", { name: "Reckon" }).click();
      await page.getByRole("alert").waitFor();
      await look(page, "tariff-wrong");
      await page.goto(`${desk.address}/tariff?q=shirt`);
      await page.getByText("deminimis tariff import").waitFor();
    }
    assert.deepEqual(troubles, []);
    await context.close();
  });
}
