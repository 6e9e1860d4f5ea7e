// What is looked at on every page: that axe finds nothing, in light and in dark, and that nothing
// went wrong in the browser (a script or a style that the policy refused, an answer that failed).

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Pages of which a picture shows all: what they are for stands further down. */
const WHOLE = ["parcel", "person", "person-merged", "persons-alike"];
const PICTURES = new URL("../docs/desk/", import.meta.url).pathname;

/** Debian's own browser. As root it runs only without its sandbox; it visits nothing but the desk. */
export function browse() {
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
}

/** A page whose troubles are kept. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (said) => {
    // A refusal that a test asks for is told here too, and is no trouble.
    if (said.type() === "error" && !said.text().includes("the server responded with a status of 4")) {
      troubles.push(said.text());
    }
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.hostname !== "127.0.0.1") troubles.push(`asked elsewhere: ${url}`);
  });
  return { page, context, troubles };
}

/** Checks the page as it is, and keeps a picture of it where pictures are wanted. */
export async function look(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    const told = found.violations.map((one) => `${one.id}: ${one.help} ${one.nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(told, [], `${name} in ${colorScheme}`);
    assert.ok(found.passes.length > 5, `${name}: axe looked at nothing`);
    // One page stands for how all look in the dark.
    if (process.env.SCREENSHOTS === "1" && (colorScheme === "light" || name === "parcel")) {
      mkdirSync(PICTURES, { recursive: true });
      const suffix = colorScheme === "dark" ? "-dark" : "";
      // Secrets are of this test alone, and look like those of an installation all the same.
      const mask = [page.locator(".secret")];
      await page.evaluate(() => scrollTo(0, 0));
      const path = `${PICTURES}${name}${suffix}.png`;
      // A hidden caret would leave a style on each field, which htmx then carries over and the policy refuses.
      await page.screenshot({ path, mask, fullPage: WHOLE.includes(name), caret: "initial" });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
}
