// Records in a real browser: found, read, checked, and taken home in a package that is unpacked and
// compared with its own sums; empty, wrong and with ten thousand; with scripts and without.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { Desk, parcel } from "./desk.mjs";
import { browse, look, open } from "./look.mjs";

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

/** The files of a ZIP, by the list at its end. */
function unpacked(bytes) {
  let end = bytes.length - 22;
  while (bytes.readUInt32LE(end) !== 0x06054b50) end -= 1;
  let at = bytes.readUInt32LE(end + 16);
  const files = new Map();
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50);
    const [packed, name, extra, comment] = [20, 28, 30, 32].map((place) =>
      place === 20 ? bytes.readUInt32LE(at + place) : bytes.readUInt16LE(at + place),
    );
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(begin, begin + packed);
    const path = bytes.subarray(at + 46, at + 46 + name).toString("utf8");
    files.set(path, bytes.readUInt16LE(at + 10) === 0 ? content : inflateRawSync(content));
    at += 46 + name + extra + comment;
  }
  return files;
}

/** Takes the package that a button makes, compares every file with its sum, and gives its parcels. */
async function taken(page, button) {
  const coming = page.waitForEvent("download", { timeout: 240_000 });
  await button.click();
  const files = unpacked(readFileSync(await (await coming).path()));
  const sums = files.get("SHA256SUMS").toString("utf8").trim().split("\n");
  assert.equal(sums.length, files.size - 1);
  for (const line of sums) {
    const [sum, path] = [line.slice(0, 64), line.slice(66)];
    assert.equal(createHash("sha256").update(files.get(path)).digest("hex"), sum, path);
  }
  const manifest = JSON.parse(files.get("manifest.json"));
  for (const one of manifest.parcels) {
    const proof = JSON.parse(files.get(`${one.folder}/proof.json`));
    assert.equal(proof.shipment_id, one.shipment_id);
    assert.equal(proof.records.length, one.records);
  }
  return manifest.parcels.map((one) => one.shipment_id);
}

async function withDesk(parcels, options, run) {
  const desk = await Desk.start(parcels);
  try {
    const { page, context, troubles } = await open(browser, { acceptDownloads: true, ...options });
    await desk.welcome(page);
    await run(desk, page);
    assert.deepEqual(troubles, []);
    await context.close();
  } finally {
    await desk.end();
  }
}

function free(id, day, more = {}) {
  const one = parcel(id, { arrives_at: day, country_of_shipment: "VN", ...more });
  one.consignee = { ...one.consignee, street: `${id} Elm St` };
  one.lines = [{ ...one.lines[0], country_of_origin: "VN" }];
  return one;
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";
  const see = javaScriptEnabled ? look : async () => {};
  test(`records are found, read, checked and taken home, ${how}`, { timeout: 400_000 }, () =>
    withDesk([], { javaScriptEnabled }, async (desk, page) => {
      await page.getByRole("link", { name: "Records", exact: true }).click();
      await page.getByRole("heading", { name: "No records yet" }).waitFor();
      await see(page, "records-empty");
      await page.getByRole("link", { name: "Check the log" }).click();
      await page.getByRole("button", { name: "Check the whole log" }).click();
      await page.getByText("The log was never signed").waitFor();
      await see(page, "records-log-empty");

      const key = desk.run("access", "key", "till", "--role", "operator").trim();
      for (const one of [free("PX-1", "2024-05-10"), free("PX-2", "2024-05-11"), parcel("verify")]) {
        assert.equal((await desk.ask("POST", "/v1/shipments", key, one)).status, 200);
      }
      const move = { act: "move", arrives_at: "2024-05-12" };
      assert.equal((await desk.ask("POST", "/v1/shipments/PX-1/acts", key, move)).status, 200);

      await page.goto(`${desk.address}/records`);
      assert.equal(await page.locator("table.list tbody tr").count(), 4);
      await see(page, "records");
      await page.getByLabel("Arrives from").fill("2024-05-12");
      await page.getByLabel("Arrives until").fill("2024-05-12");
      // Without scripts the form is sent; with them the list has changed by itself.
      if (!javaScriptEnabled) await page.getByRole("button", { name: "Find" }).click();
      await page.getByRole("rowheader", { name: "PX-2" }).waitFor({ state: "detached" });
      assert.equal(await page.locator("table.list tbody tr").count(), 2);
      await page.getByRole("link", { name: "PX-1" }).first().click();
      await page.getByRole("heading", { name: "Records of PX-1" }).waitFor();
      const kept = (await desk.ask("GET", "/v1/records/PX-1", key)).json;
      assert.equal(kept.length, 2);
      for (const one of kept) await page.getByText(one.leaf).waitFor();
      await page.getByRole("heading", { name: "Move" }).waitFor();
      await page.getByText("What it says").first().click();
      await page.getByText("Ann Smith").first().waitFor();
      await page.getByRole("cell", { name: "shipment.move" }).waitFor();
      await page.getByText("What it says").first().click();
      await see(page, "records-parcel");
      const coming = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download the proof" }).click();
      const proof = JSON.parse(readFileSync(await (await coming).path(), "utf8"));
      assert.deepEqual(proof.records.map((one) => one.seq), kept.map((one) => one.line));
      // A parcel whose id is a word of a route has its page too.
      await page.goto(`${desk.address}/records/verify`);
      await page.getByRole("heading", { name: "Records of verify" }).waitFor();

      await page.goto(`${desk.address}/record-log`);
      await page.getByRole("button", { name: "Check the whole log" }).click();
      await page.getByText("All is as it was written").waitFor();
      assert.equal(await page.getByText("The log was never signed").count(), 0);
      await page.getByLabel("Arrives from").fill("2024-05-11");
      await page.getByLabel("Arrives until").fill("2024-05-12");
      await page.getByRole("button", { name: "Show the packages" }).click();
      await page.getByText("2 parcels, in 1 package").waitFor();
      await see(page, "records-log");
      const part = page.getByRole("button", { name: "Part 1 of 1" });
      assert.deepEqual(await taken(page, part), ["PX-2", "PX-1"]);
      await page.getByLabel("Ids, one a line").fill("verify\nPX-2\n");
      const made = page.getByRole("button", { name: "Make the package" });
      assert.deepEqual(await taken(page, made), ["verify", "PX-2"]);
    }),
  );
}

test("what is wrong with records is said", { timeout: 300_000 }, () =>
  withDesk([], {}, async (desk, page) => {
    for (const [path, said] of [
      ["/records?from=x", "must be a day"],
      ["/records?outcome=x", "must be one of"],
      ["/records?after=x", "a whole number"],
      ["/records/none", "there is no such shipment"],
    ]) {
      await page.goto(desk.address + path);
      await page.getByText(said).waitFor();
    }
    await page.goto(`${desk.address}/records?id=PX`);
    await page.getByRole("heading", { name: "No record is like that" }).waitFor();
    await page.goto(`${desk.address}/record-log?from=2024-05-12&until=2024-05-11`);
    assert.match(await page.getByRole("alert").textContent(), /must not be before from/);
    await look(page, "records-log-wrong");
    await page.goto(`${desk.address}/record-log?from=2024-05-12`);
    await page.getByText("No parcel arrives on these days").waitFor();
    await page.getByLabel("Ids, one a line").fill("none");
    await page.getByRole("button", { name: "Make the package" }).click();
    await page.getByText("there is no such shipment").waitFor();
    await look(page, "records-wrong");
  }),
);

const MANY = 10_000;
test("ten thousand records", { timeout: 900_000 }, () => {
  const all = Array.from({ length: MANY }, (_, at) =>
    free(`MANY-${String(at).padStart(5, "0")}`, at < 300 ? "2024-05-11" : "2024-05-10"),
  );
  return withDesk(all, {}, async (desk, page) => {
    await page.goto(`${desk.address}/records`);
    // The list is brought up to date as far as a look has time for.
    while (await page.getByText("not in this list yet").isVisible()) await page.reload();
    assert.equal(await page.locator("table.list tbody tr").count(), 100);
    await look(page, "records-many");
    const ids = new Set();
    await page.goto(`${desk.address}/records?from=2024-05-11&until=2024-05-11`);
    for (;;) {
      for (const id of await page.locator("tbody th").allTextContents()) ids.add(id);
      const older = page.getByRole("link", { name: "Older" });
      if (!(await older.isVisible())) break;
      const at = page.url();
      await older.click();
      await page.waitForURL((url) => url.href !== at);
    }
    assert.equal(ids.size, 300);
    await page.goto(`${desk.address}/record-log?from=2024-05-10`);
    await page.getByText(`${MANY} parcels, in 5 packages`).waitFor();
    const taking = Date.now();
    const part = await taken(page, page.getByRole("button", { name: "Part 5 of 5" }));
    assert.equal(part.length, 2000);
    console.log(`a package of 2,000 of 10,000: ${Date.now() - taking} ms`);
    page.setDefaultTimeout(60_000);
    const checking = Date.now();
    await page.getByRole("button", { name: "Check the whole log" }).click();
    await page.getByText("All is as it was written").waitFor();
    console.log(`10,000 records checked: ${Date.now() - checking} ms`);
    await look(page, "records-log-many");
  });
});
