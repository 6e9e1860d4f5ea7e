// The tracking board in a real browser: empty, live and wrong.

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

test("the board is empty, then has a parcel that comes by itself", { timeout: 300_000 }, async () => {
  const { page, context, troubles } = await visit();
  await page.goto(`${desk.address}/board`);
  await page.getByRole("heading", { name: "No parcels yet" }).waitFor();
  await look(page, "board-empty");
  const key = desk.run("access", "key", "till", "--role", "operator").trim();
  assert.equal((await desk.ask("POST", "/v1/shipments", key, parcel("PX-1"))).status, 200);
  // Nobody loads the page again.
  await page.getByRole("rowheader", { name: "PX-1" }).waitFor();
  const held = { event_id: "h1", kind: "hold", at: new Date().toISOString(), hold: "FDA review" };
  const told = await desk.ask("POST", "/v1/shipments/PX-1/events", key, held);
  assert.equal(told.status, 200, JSON.stringify(told.json));
  await page.getByRole("cell", { name: "FDA review" }).waitFor();
  await look(page, "board");
  await page.goto(`${desk.address}/board?state=delivered`);
  await page.getByRole("heading", { name: "No parcel is like that" }).waitFor();
  await page.goto(`${desk.address}/board?state=x`);
  await page.getByText("state must be one of").waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});
