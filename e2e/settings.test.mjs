// Settings of the house in a real browser: what is filled in, rules of the house, retention, webhooks
// and invitations; empty, wrong and full, with scripts and without.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Desk, parcel } from "./desk.mjs";
import { browse, look, open } from "./look.mjs";

// The place of the test's own that is told is on this machine.
process.env.DEMINIMIS_ALLOW_PRIVATE_WEBHOOKS = "true";

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

/** Runs a test with a desk of its own and a page of its first admin. */
function withDesk(name, options, run) {
  test(name, { timeout: 600_000 }, async () => {
    const desk = await Desk.start();
    const { page, context, troubles } = await open(browser, options);
    try {
      await desk.welcome(page);
      const key = desk.run("access", "key", "till", "--role", "admin").trim();
      await run(desk, page, key);
      assert.deepEqual(troubles, []);
    } finally {
      await context.close();
      await desk.end();
    }
  });
}

/** Asks until the answer is right. */
async function until(what, ask, right) {
  const begun = Date.now();
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    assert.ok(Date.now() - begun < 60_000, `${what}: ${JSON.stringify(answer).slice(0, 2000)}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

async function entered(desk, key, one) {
  const answer = await desk.ask("POST", "/v1/shipments", key, one);
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  return answer.json;
}

async function save(page) {
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").getByText("Saved").waitFor();
}

/** The main act: a bond and a filer code are filled in, and the second parcel of a day is held. */
async function walk(desk, page, key, each) {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Filing" }).click();
  assert.equal(await page.getByText("Nothing is set.").count(), 8);
  await each(page, "settings-filing-empty");
  await page.getByLabel("Filer code").fill("?");
  await page.getByLabel("Bond number").fill("B-77");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText("Nothing was changed").waitFor();
  assert.equal(await page.getByLabel("Filer code").getAttribute("aria-invalid"), "true");
  await page.getByText("three upper-case letters or digits").waitFor();
  await page.getByText("continuous (8) or single (9) is meant").waitFor();
  assert.equal(await page.getByLabel("Bond number").inputValue(), "B-77");
  await each(page, "settings-filing-wrong");
  await page.getByLabel("Filer code").fill("WLH");
  await page.getByLabel("Kind of bond").selectOption("Continuous");
  await page.getByLabel("Surety code").fill("036");
  await save(page);
  assert.equal(await page.getByLabel("Filer code").inputValue(), "WLH");
  assert.equal(await page.getByLabel("Kind of bond").inputValue(), "continuous");
  await each(page, "settings-filing");
  const first = await entered(desk, key, parcel("PX-1"));
  assert.deepEqual(first.filled, ["bond_number", "bond_surety_code", "bond_type", "filer_code"]);
  await page.goto(`${desk.address}/parcels/PX-1`);
  await page.getByText("What was sent").click();
  await page.getByText("B-77 (filled in by the house)").waitFor();

  await page.goto(`${desk.address}/settings/policy`);
  await page.getByLabel("Parcels of one person on one day").fill("none");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("must be a whole number from 1 to 10000").waitFor();
  await each(page, "settings-policy-wrong");
  await page.getByLabel("Parcels of one person on one day").fill("1");
  await page.getByLabel("Files that were worked off").fill("7");
  await save(page);
  await each(page, "settings-policy");
  const told = (await desk.ask("GET", "/v1/settings", key)).json;
  const days = told.find((one) => one.name === "keep_batches_days");
  assert.deepEqual([days.value, days.from], [7, "tenant"]);
  const second = await entered(desk, key, parcel("PX-2"));
  assert.deepEqual(second.house_policy, [{ rule: "shipments_a_day", limit: "1", found: "2" }]);
  assert.equal(second.outcome, first.outcome);
  const story = () => desk.ask("GET", "/v1/shipments/PX-2/events", key);
  await until("is followed", story, (answer) => JSON.stringify(answer.json).includes('"booked"'));
  await page.goto(`${desk.address}/board?held=yes`);
  await page.getByRole("rowheader", { name: "PX-2" }).waitFor();
  await page.getByRole("cell", { name: "house-policy: 2 parcels of this person on this day" }).waitFor();
  await each(page, "board-house-policy");
  const at = new Date(Date.now() + 2000).toISOString();
  const event = { kind: "hold_removed", hold: "house-policy", at };
  assert.equal((await desk.ask("POST", "/v1/shipments/PX-2/events", key, event)).json.now.state, "booked");
  await page.goto(`${desk.address}/board?held=yes`);
  await page.getByRole("heading", { name: "No parcel is like that" }).waitFor();
  // Empty again is as nothing was set.
  await page.goto(`${desk.address}/settings/policy`);
  await page.getByLabel("Files that were worked off").fill("");
  await save(page);
  await page.getByText("30 by default.").first().waitFor();

  // What somebody else changes meanwhile is not undone by a form that was shown before.
  const rule = (value) => desk.ask("PUT", "/v1/settings/shipments_a_day", key, { value });
  await page.goto(`${desk.address}/settings/policy`);
  assert.equal((await rule(3)).status, 204);
  await page.getByLabel("Files that were worked off").fill("9");
  await save(page);
  const now = (await desk.ask("GET", "/v1/settings", key)).json;
  assert.equal(now.find((one) => one.name === "shipments_a_day").value, 3);
  assert.equal(now.find((one) => one.name === "keep_batches_days").value, 9);
  await page.goto(`${desk.address}/settings/policy`);
  assert.equal((await rule(4)).status, 204);
  await page.getByLabel("Parcels of one person on one day").fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("somebody else has changed shipments_a_day").waitFor();
}

withDesk("a house says what it files with and what it allows", {}, (desk, page, key) => walk(desk, page, key, look));

withDesk("the same without scripts", { javaScriptEnabled: false }, (desk, page, key) =>
  walk(desk, page, key, async () => {}),
);

withDesk("a webhook is added, told, told again and deleted", {}, async (desk, page, key) => {
  const told = [];
  const place = createServer((request, answer) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      told.push({ id: request.headers["webhook-id"], signature: request.headers["webhook-signature"], body });
      answer.writeHead(204).end();
    });
  });
  // A test that fails must not wait for it.
  await new Promise((listening) => place.listen(0, "127.0.0.1", listening).unref());
  const address = `http://127.0.0.1:${place.address().port}/hook`;
  await page.goto(`${desk.address}/settings/webhooks`);
  await page.getByRole("heading", { name: "No webhooks yet" }).waitFor();
  await look(page, "settings-webhooks-empty");
  await page.getByLabel("Address").fill("http://169.254.169.254/latest");
  await page.getByLabel("shipment.entered").check();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Address").inputValue(), "http://169.254.169.254/latest");
  await look(page, "settings-webhooks-wrong");
  await page.getByLabel("Address").fill(address);
  await page.getByLabel("shipment.entered").check();
  await page.getByRole("button", { name: "Add" }).click();
  assert.match(await page.locator("#made-secret").textContent(), /^whsec_/);
  await look(page, "settings-webhooks");
  await page.goto(`${desk.address}/settings/webhooks`);
  assert.equal(await page.locator("#made-secret").count(), 0);
  await page.getByRole("link", { name: `Deliveries to ${address}` }).click();
  await page.getByRole("heading", { name: "Nothing was told yet" }).waitFor();

  await entered(desk, key, parcel("PX-1"));
  await until("is told", async () => told.length, (many) => many === 1);
  assert.equal(JSON.parse(told[0].body).data.shipment_id, "PX-1");
  assert.match(told[0].signature, /^v1,/);
  const delivered = () => page.reload().then(() => page.getByRole("cell", { name: "delivered", exact: true }).count());
  await until("is delivered", delivered, (many) => many === 1);
  await look(page, "settings-deliveries");
  await page.getByRole("button", { name: "Tell" }).click();
  await until("is told again", async () => told.length, (many) => many === 2);
  assert.equal(told[1].id, told[0].id);

  // A place that is gone: what failed is told with its reason, and many are told page by page.
  await new Promise((closed) => place.close(closed));
  for (let from = 0; from < 1200; from += 100) {
    const some = Array.from({ length: 100 }, (_, at) => entered(desk, key, parcel(`MANY-${from + at}`)));
    await Promise.all(some);
  }
  const path = new URL(page.url()).pathname;
  const all = () => desk.ask("GET", `/v1${path.replace("/settings", "")}/deliveries`, key);
  await until("wait", all, (answer) => answer.json.length === 100);
  const failed = (one) => one.state === "waiting" && one.tries > 0;
  const first = () => desk.ask("GET", `/v1${path.replace("/settings", "")}/deliveries?before=3`, key);
  const why = (await until("fails", first, (answer) => answer.json.some((one) => failed(one) && one.last_said))).json;
  await page.goto(desk.address + path);
  assert.equal(await page.locator("table.list tbody tr").count(), 100);
  const seen = new Set();
  let reason = 0;
  for (;;) {
    for (const id of await page.locator("tbody th").allTextContents()) seen.add(id);
    reason += await page.getByRole("cell", { name: why.find(failed).last_said, exact: true }).count();
    const older = page.getByRole("link", { name: "Older" });
    if ((await older.count()) === 0) break;
    // A click would leave it open which of the two pages is read next.
    await page.goto(new URL(await older.getAttribute("href"), desk.address).href);
  }
  assert.ok(reason > 0, "the reason of what failed is told");
  // A thousand wait at most for one webhook, and a page of lines is taken at once.
  assert.ok(seen.size >= 1000, `${seen.size} deliveries were listed`);
  await page.goto(desk.address + path);
  await look(page, "settings-deliveries-many");

  await page.goto(`${desk.address}/settings/webhooks`);
  for (let at = 1; at < 20; at += 1) {
    const wanted = { address: `${address}/${at}`, events: ["batch.finished"] };
    assert.equal((await desk.ask("POST", "/v1/webhooks", key, wanted)).status, 201);
  }
  await page.reload();
  assert.equal(await page.getByRole("button", { name: "Delete" }).count(), 20);
  await look(page, "settings-webhooks-many");
  await page.getByRole("button", { name: `Delete the webhook ${address}`, exact: true }).click();
  await page.waitForURL("**/settings/webhooks");
  await until("is deleted", () => page.getByRole("button", { name: "Delete" }).count(), (many) => many === 19);
});

withDesk("an invitation is withdrawn, also one of a thousand", {}, async (desk, page, key) => {
  await page.goto(`${desk.address}/settings`);
  await page.getByText("No invitation is open.").waitFor();
  await page.locator("#invite-role").selectOption("viewer");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  const link = (await page.locator("#made-link").textContent()).trim();
  assert.equal((await page.request.get(desk.address + link)).status(), 200);
  await look(page, "settings-invited");
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.getByText("No invitation is open.").waitFor();
  assert.equal((await page.request.get(desk.address + link)).status(), 404);
  for (let from = 0; from < 1000; from += 100) {
    const ask = () => desk.ask("POST", "/v1/invitations", key, { role: "viewer" });
    const made = await Promise.all(Array.from({ length: 100 }, ask));
    assert.ok(made.every((one) => one.status === 201));
  }
  await page.reload();
  assert.equal(await page.getByRole("button", { name: "Withdraw" }).count(), 1000);
  await look(page, "settings-invitations-many");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await page.getByRole("alert").getByText("1000 open invitations at most").waitFor();
  await page.getByRole("button", { name: "Withdraw" }).first().click();
  await until("is withdrawn", () => page.getByRole("button", { name: "Withdraw" }).count(), (many) => many === 999);
});
