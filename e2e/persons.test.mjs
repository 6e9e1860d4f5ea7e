// Persons in a real browser: looked up, seen day by day, merged, split and set apart, each checked in
// the ledger; empty, wrong, and with ten thousand parcels; with scripts and without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Desk, parcel } from "./desk.mjs";
import { browse, look, open } from "./look.mjs";

let browser;
let desk;
let cookies;
let key;
before(async () => {
  browser = await browse();
  desk = await Desk.start();
  const { page, context } = await open(browser);
  await desk.welcome(page);
  cookies = await context.cookies();
  await context.close();
  key = desk.run("access", "key", "till", "--role", "compliance").trim();
});
after(async () => {
  await browser?.close();
  await desk?.end();
});

async function visit(options = {}, kept = cookies) {
  const opened = await open(browser, options);
  await opened.context.addCookies(kept);
  return opened;
}

/** A parcel that may be free, for somebody, on a day. */
function of(name, id, day, value, more = {}) {
  const one = parcel(id, { arrives_at: day, country_of_shipment: "VN" });
  one.consignee = { ...one.consignee, name, ...more };
  one.lines = [{ ...one.lines[0], country_of_origin: "VN", line_value: value }];
  return one;
}

/** Enters a parcel; its person's key. */
async function enter(one) {
  const answer = await desk.ask("POST", "/v1/shipments", key, one);
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  return answer.json.person.key;
}

/** How a person's day stands in the ledger. */
async function stands(person, day) {
  const answer = await desk.ask("GET", `/v1/persons/${person}/calendar?month=${day.slice(0, 7)}`, key);
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  const found = answer.json.days.find((one) => one.day === day);
  return { merged: answer.json.merged, state: found?.state, shipments: found?.shipments ?? 0 };
}

/** Who may be one on a day, as the command line says it. */
function alike(day) {
  return JSON.parse(desk.run("ledger", "alike", "--day", day, "--format", "json")).alike;
}

test("persons are empty, and what is wrong is said", { timeout: 300_000 }, async () => {
  const { page, context, troubles } = await visit();
  await page.goto(`${desk.address}/persons`);
  await page.getByRole("heading", { name: "No parcels yet" }).waitFor();
  await look(page, "persons-empty");
  await page.getByLabel("A person's key, or a parcel's id").fill("nobody of that name");
  await page.getByRole("button", { name: "Look up" }).click();
  assert.match(await page.getByRole("alert").textContent(), /neither a key/);
  await look(page, "persons-wrong");
  await page.goto(`${desk.address}/persons/00112233445566778899aabbccddeeff`);
  await page.getByText("there is no such person").waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

for (const [javaScriptEnabled, month, name, likeIt] of [
  [true, "2024-05", "Ana Lopez", "Ana Lopes"],
  [false, "2024-08", "Rosa Gomez", "Rosa Gomes"],
]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";
  test(`persons are seen, merged, split and set apart, ${how}`, { timeout: 300_000 }, async () => {
    const day = `${month}-10`;
    const id = (of) => `${of}-${month}`;
    const ana = await enter(of(name, id("A"), day, "500.00"));
    await enter(of(name, id("A2"), `${month}-11`, "650.00"));
    await enter(of(name, id("A3"), `${month}-13`, "20.00"));
    await enter(of(name, id("A4"), "2024-01-05", "20.00"));
    await enter(of(name, id("A5"), `${month}-17`, "500.00"));
    await enter(of(name, id("A6"), `${month}-17`, "400.00"));
    const anas = await enter(of(likeIt, id("B"), day, "412.40"));
    await enter(of("Robert Chen", id("C"), day, "790.00", { street: "900 Lake Ave", city: "Dallas" }));
    const { page, context, troubles } = await visit({ javaScriptEnabled });
    const see = async (picture) => (javaScriptEnabled ? look(page, picture) : undefined);

    // Of a day: who is nearest to the limit, and who may be one.
    await page.goto(`${desk.address}/persons`);
    await page.getByLabel("Day", { exact: true }).fill(day);
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByRole("heading", { name: `On ${day}` }).waitFor();
    assert.equal(await page.locator("#near-limit tbody tr").count(), 3);
    assert.match(await page.locator("#near-limit tbody tr").first().textContent(), /\$790\.00 of \$800\.00\s*near the limit/);
    await see("persons");
    await page.getByRole("button", { name: "Show, and who may be one" }).click();
    await page.getByText("over the limit if they are").waitFor();
    assert.equal(alike(day).length, 1);
    await see("persons-alike");

    // They are one: the day is over its limit then.
    await page.getByRole("button", { name: "They are one: merge" }).click();
    await page.getByText(`${day}: $912.40 counted as section 321 c, over the limit of $800.00`).waitFor();
    const changed = page.locator("#changed tbody tr").filter({ hasText: day });
    assert.equal(await changed.count(), 2);
    assert.match(await changed.filter({ hasText: "who has the parcels now" }).textContent(), /2 parcels, \$912\.40/);
    assert.deepEqual([await stands(ana, day), await stands(anas, day)].map((one) => [one.state, one.shipments]), [
      ["over", 2],
      ["over", 2],
    ]);
    await see("person-merged");
    const [from, into] = (await stands(ana, day)).merged ? [ana, anas] : [anas, ana];
    assert.ok((await stands(from, day)).merged);
    assert.ok(!(await stands(into, day)).merged);

    // By a parcel to its person; what was merged is split again.
    await page.goto(`${desk.address}/parcels/${id("A")}`);
    await page.getByRole("link", { name: `${day}, this person's day` }).click();
    await page.getByRole("heading", { name: `Parcels of ${day}` }).waitFor();
    await page.getByText("merged into this person by a human").waitFor();
    for (const one of from === anas ? ["B"] : ["A", "A2", "A3", "A4", "A5", "A6"]) {
      const on = { A2: `${month}-11`, A3: `${month}-13`, A4: "2024-01-05", A5: `${month}-17`, A6: `${month}-17` }[one] ?? day;
      await page.goto(`${desk.address}/persons/${into}?day=${on}`);
      await page.getByLabel(`Choose ${id(one)}`).check();
      await page.getByLabel("The chosen parcels are another person's: key").fill(from);
      await page.getByRole("button", { name: "Split off" }).click();
      await page.getByText("The parcels are the other person's.").waitFor();
    }
    assert.deepEqual(await stands(from, day), { merged: false, state: "under", shipments: 1 });
    assert.equal((await stands(into, day)).shipments, 1);

    // The calendar: each day against its limit, from month to month.
    await page.goto(`${desk.address}/persons`);
    await page.getByLabel("A person's key, or a parcel's id").fill(id("A3"));
    await page.getByRole("button", { name: "Look up" }).click();
    await page.waitForURL(`**/persons/${ana}?day=${month}-13`);
    const cell = (on) => page.locator(`#day-${on}`);
    assert.match(await cell(day).textContent(), /1 parcel\s*\$500\.00 of \$800\.00\s*under the limit/);
    assert.match(await cell(`${month}-11`).textContent(), /\$650\.00 of \$800\.00\s*near the limit/);
    assert.match(await cell(`${month}-17`).textContent(), /2 parcels\s*\$500\.00 of \$800\.00\s*at the limit/);
    await page.getByRole("link", { name: /^Earlier/ }).click();
    await page.getByRole("heading", { name: /2024$/ }).first().waitFor();
    await page.waitForURL("**month=2024-**");
    await page.goto(`${desk.address}/persons/${ana}?month=2024-01`);
    await page.getByRole("heading", { name: "January 2024" }).waitFor();
    await page.getByRole("link", { name: /^Later/ }).click();
    await page.waitForURL(`**month=${month}`);
    await page.getByLabel("Month", { exact: true }).fill("2023-03");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByRole("heading", { name: "No parcels in this month" }).waitFor();
    await see("person-empty");
    await page.goto(`${desk.address}/persons/${ana}?day=${day}`);
    await see("person");

    // They are two, and are not told as alike any more.
    await page.getByRole("button", { name: "They are two" }).click();
    await page.getByText("not told as alike any more").waitFor();
    await page.getByText("Nobody else of the day is alike.").waitFor();
    assert.deepEqual(alike(day), []);

    // This person is another, by a key that is typed.
    await page.getByLabel("This person is another: key").fill("12");
    await page.getByRole("button", { name: "Merge into it" }).click();
    assert.match(await page.getByRole("alert").textContent(), /into must be a person's key/);
    await see("person-wrong");
    await page.getByLabel("This person is another: key").fill(anas);
    await page.getByRole("button", { name: "Merge into it" }).click();
    await page.getByText("This key was merged into another").waitFor();
    assert.deepEqual(await stands(ana, day), { merged: true, state: "over", shipments: 2 });
    assert.deepEqual(troubles, []);
    await context.close();
  });
}

const MANY = 10_000;
test("ten thousand parcels of one person, and as many persons of a day", { timeout: 600_000 }, async () => {
  const number = (at) => String(at).padStart(5, "0");
  const one = Array.from({ length: MANY }, (_, at) => {
    // Most on one day, the others on 400 days of their own.
    const day = at < 9_600 ? "2024-05-10" : new Date(Date.UTC(2023, 0, 1 + at - 9_600)).toISOString().slice(0, 10);
    return of("Ana Lopez", `ONE-${number(at)}`, day, "0.05");
  });
  const each = Array.from({ length: MANY }, (_, at) =>
    of(`Person ${number(at)}`, `EACH-${number(at)}`, "2024-07-01", "700.00", {
      street: `${at} Elm St`,
      postal_code: String(10_000 + at),
    }),
  );
  const full = await Desk.start([...one, ...each]);
  try {
    const first = await open(browser);
    await full.welcome(first.page);
    const { page, context, troubles } = await visit({}, await first.context.cookies());
    await first.context.close();
    // The list of parcels is brought up to date as far as a look has time for.
    await page.goto(`${full.address}/persons?day=2024-05-10`);
    while (await page.getByText("not in the list yet").isVisible()) await page.reload();
    assert.equal(await page.locator("#near-limit tbody tr").count(), 1);
    assert.match(await page.locator("#near-limit tbody tr").textContent(), /\$480\.00 of \$800\.00/);
    await page.getByText("The day has more than 5000 parcels").waitFor();
    await page.goto(`${full.address}/persons?day=2024-07-01&alike=yes`);
    assert.equal(await page.locator("#near-limit tbody tr").count(), 50);
    await page.getByText("4950 more persons of the day").waitFor();
    await page.getByRole("heading", { name: "Who may be one", exact: true }).waitFor();
    await look(page, "persons-many");
    await page.getByLabel("A person's key, or a parcel's id").fill("ONE-00000");
    await page.getByRole("button", { name: "Look up" }).click();
    await page.waitForURL("**/persons/*?day=2024-05-10");
    assert.match(await page.locator("#day-2024-05-10").textContent(), /9600 parcels\s*\$480\.00 of \$800\.00/);
    await look(page, "person-many");
    const ids = new Set();
    for (;;) {
      for (const id of await page.locator("#of-day tbody th").allTextContents()) ids.add(id);
      const next = page.getByRole("link", { name: "Next", exact: true });
      if (!(await next.isVisible())) break;
      await page.goto(new URL(await next.getAttribute("href"), full.address).href);
    }
    assert.equal(ids.size, 9_600);
    let days = 0;
    await page.goto(`${full.address}/persons?q=ONE-00000`);
    for (;;) {
      days += await page.locator(".calendar tbody a").count();
      const earlier = page.getByRole("link", { name: /^Earlier/ });
      if (!(await earlier.isVisible())) break;
      await page.goto(new URL(await earlier.getAttribute("href"), full.address).href);
    }
    assert.equal(days, 401);
    assert.deepEqual(troubles, []);
    await context.close();
  } finally {
    await full.end();
  }
});
