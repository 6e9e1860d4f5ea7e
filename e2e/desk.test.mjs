// The desk in a real browser: from the first admin's link to the log-out, with scripts and without,
// by keyboard, and each page in its empty, its wrong and its full state.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, parcel } from "./desk.mjs";
import { browse, look, open } from "./look.mjs";

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

/** Runs a test with a desk of its own. */
function withDesk(name, run, parcels = () => []) {
  test(name, { timeout: 300_000 }, async () => {
    const desk = await Desk.start(parcels());
    try {
      await run(desk);
    } finally {
      await desk.end();
    }
  });
}

async function makeKey(page, name, role) {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Name of the key").fill(name);
  await page.locator("#key-role").selectOption(role);
  await page.getByRole("button", { name: "Make a key" }).click();
  return (await page.locator("#made-key").textContent()).trim();
}

/** The whole way, which must be the same with scripts and without. */
async function walk(desk, options, each) {
  const { page, context, troubles } = await open(browser, options);
  await page.goto(desk.link);
  await each(page, "welcome");
  await page.getByLabel("Login").fill("ann");
  await page.getByLabel("Password").fill(desk.password);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("heading", { name: "No parcels yet" }).waitFor();
  await each(page, "parcels-empty");

  const key = await makeKey(page, "till 4", "operator");
  assert.match(key, /^dmk_[0-9a-f]{64}$/);
  await each(page, "settings");
  const first = await desk.ask("POST", "/v1/shipments", key, parcel("PX-1"));
  assert.equal(first.status, 200, JSON.stringify(first.json));
  const free = parcel("PX-2", { arrives_at: "2024-05-10", country_of_shipment: "VN" });
  free.lines = [{ ...free.lines[0], country_of_origin: "VN" }];
  assert.equal((await desk.ask("POST", "/v1/shipments", key, free)).json.outcome, "free");

  await page.getByRole("link", { name: "Parcels" }).click();
  await page.getByRole("rowheader", { name: "PX-1" }).waitFor();
  await each(page, "parcels");
  await page.getByLabel("Outcome").selectOption("free");
  // Without scripts the form is sent; with them the list has changed by itself.
  if (options.javaScriptEnabled === false) await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("rowheader", { name: "PX-1" }).waitFor({ state: "detached" });
  assert.match(page.url(), /outcome=free/);
  await page.getByRole("link", { name: "PX-2" }).click();
  await page.getByRole("heading", { name: "PX-2" }).waitFor();

  await page.goto(`${desk.address}/parcels/PX-1`);
  await page.getByText("Entry required").waitFor();
  const owed = first.json.owed.total_usd;
  assert.ok((await page.getByRole("row", { name: /^Total/ }).textContent()).includes(`$${owed}`));
  assert.equal(await page.locator("svg.waterfall rect").count(), 8);
  for (const finding of first.json.findings) {
    await page.getByText(finding.reason).first().waitFor();
  }
  await page.getByText("What was sent").click();
  await page.getByText("Ann Smith").waitFor();
  await each(page, "parcel");

  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  await each(page, "login");
  await page.goto(`${desk.address}/parcels`);
  assert.match(page.url(), /\/login$/);
  assert.deepEqual(troubles, []);
  await context.close();
}

withDesk("from the first link to the log-out", (desk) => walk(desk, {}, look));

withDesk("the same without scripts", (desk) => walk(desk, { javaScriptEnabled: false }, async () => {}));

withDesk("a log-in by keyboard alone", async (desk) => {
  const { page, context, troubles } = await open(browser);
  await desk.welcome(page);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.goto(`${desk.address}/login`);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "skip");
  const seen = await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0);
  assert.ok(seen, "the skip link is seen when it has the focus");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "login");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await page.keyboard.type("ann");
  await page.keyboard.press("Tab");
  await page.keyboard.type(desk.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/parcels");
  assert.deepEqual(troubles, []);
  await context.close();
});

withDesk("what is wrong is said on the page", async (desk) => {
  const { page, context, troubles } = await open(browser);
  await desk.welcome(page);
  await page.goto(`${desk.address}/parcels/none`);
  await page.getByText("there is no such shipment").waitFor();
  await look(page, "problem");
  await page.goto(`${desk.address}/parcels?outcome=x`);
  await page.getByText("must be one of").waitFor();
  await look(page, "parcels-wrong");
  await page.goto(`${desk.address}/parcels?id=PX`);
  await page.getByRole("heading", { name: "No parcel is like that" }).waitFor();
  await look(page, "parcels-none");
  await page.goto(`${desk.address}/settings`);
  await page.getByLabel("Name of the key").fill("till");
  await page.getByLabel("Days").fill("x");
  await page.getByRole("button", { name: "Make a key" }).click();
  assert.match(await page.getByRole("alert").textContent(), /whole number from 1 to 3650/);
  await look(page, "settings-wrong");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Login").fill("ann");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  assert.match(await page.getByRole("alert").textContent(), /not right/);
  await look(page, "login-wrong");
  await page.goto(desk.link);
  await page.getByText("this invitation was used").waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

const MANY = 10_000;
withDesk(
  "ten thousand parcels",
  async (desk) => {
    const { page, context, troubles } = await open(browser);
    await desk.welcome(page);
    // The list is brought up to date as far as a look has time for.
    while (await page.getByText("not in this list yet").isVisible()) await page.reload();
    assert.equal(await page.locator("table.list tbody tr").count(), 100);
    await look(page, "parcels-many");
    let seen = 100;
    const ids = new Set(await page.locator("tbody th").allTextContents());
    while (await page.getByRole("link", { name: "Older" }).isVisible()) {
      await page.getByRole("link", { name: "Older" }).click();
      const found = await page.locator("tbody th").allTextContents();
      seen += found.length;
      for (const id of found) ids.add(id);
    }
    assert.equal(seen, MANY);
    assert.equal(ids.size, MANY);
    await page.goto(`${desk.address}/parcels`);
    await page.getByLabel("Id begins with").fill("MANY-04711");
    await page.getByRole("rowheader", { name: "MANY-04711" }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll("table.list tbody tr").length === 1);
    await page.goto(`${desk.address}/board`);
    await page.waitForFunction(() => document.querySelectorAll("table.list tbody tr").length === 500);
    await page.getByRole("link", { name: "Next" }).click();
    await page.waitForURL("**after=**");
    await look(page, "board-many");
    for (let at = 0; at < 100; at += 1) desk.run("access", "key", `key ${at}`, "--role", "viewer");
    await page.goto(`${desk.address}/settings`);
    assert.equal(await page.getByRole("button", { name: "Take back" }).count(), 100);
    await look(page, "settings-many");
    assert.deepEqual(troubles, []);
    await context.close();
  },
  () =>
    Array.from({ length: MANY }, (_, at) => {
      const id = `MANY-${String(at).padStart(5, "0")}`;
      const one = parcel(id, { arrives_at: "2024-05-10", country_of_shipment: "VN" });
      one.consignee = { ...one.consignee, name: `Person ${at}`, street: `${at} Elm St` };
      one.lines = [{ ...one.lines[0], country_of_origin: "VN" }];
      return one;
    }),
);
