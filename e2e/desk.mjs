// A desk of the test's own: the built program, with a data folder that is removed at the end.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env.DEMINIMIS_BIN ?? new URL("../target/debug/deminimis", import.meta.url).pathname;
const PASSWORD = "correct horse battery";

/** The environment of the program: its own data folder, and nothing that this shell says of another. */
function environment(home) {
  const env = { DEMINIMIS_LOG: "error", ...process.env, DEMINIMIS_HOME: home };
  for (const name of ["DATABASE_URL", "DEMINIMIS_LEDGER_KEY_FILE", "DEMINIMIS_LISTEN"]) delete env[name];
  return env;
}

/** A parcel as the API takes it; `more` replaces fields. */
export function parcel(id, more = {}) {
  return {
    shipment_id: id,
    mode: "air",
    arrives_at: "2026-11-20",
    country_of_shipment: "CN",
    consignee: {
      name: "Ann Smith", street: "12 Elm St", city: "Dayton", state: "OH", postal_code: "45402", country: "US",
    },
    lines: [
      { description: "cotton T-shirt", country_of_origin: "CN", htsus_number: "6109.10.0012", line_value: "40.00" },
      { description: "pliers", country_of_origin: "CN", htsus_number: "8205.51.3030", line_value: "60.00" },
    ],
    ...more,
  };
}

export class Desk {
  /**
   * Starts a desk; `parcels` are entered by the command line before, and `more` gives what `serve`
   * is told besides, from the data folder.
   */
  static async start(parcels = [], more = () => []) {
    const desk = new Desk();
    desk.home = mkdtempSync(join(tmpdir(), "deminimis-e2e-"));
    if (parcels.length > 0) {
      const file = join(desk.home, "parcels.ndjson");
      writeFileSync(file, parcels.map((one) => JSON.stringify(one)).join("\n"));
      desk.run("assess", file, "--ledger", "-o", join(desk.home, "answers.csv"), "--format", "csv");
    }
    desk.child = spawn(PROGRAM, ["serve", "--listen", "127.0.0.1:0", ...more(desk.home)], {
      env: environment(desk.home),
      cwd: desk.home,
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: desk.child.stdout })) {
      if (line.startsWith("deminimis desk at ")) desk.address = line.slice("deminimis desk at ".length);
      if (line.includes("/welcome?")) desk.link = line.slice(line.indexOf("http"));
      if (line === "ready") return desk;
    }
    throw new Error("the desk did not begin");
  }

  /** Runs the command line over the same data folder. */
  run(...args) {
    return execFileSync(PROGRAM, args, {
      env: environment(this.home),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 28,
    });
  }

  /** Asks the API with a key. */
  async ask(method, path, key, body) {
    const answer = await fetch(this.address + path, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, json: answer.status === 204 ? null : await answer.json() };
  }

  /** Chooses the first admin's login and password; ends on the page of the parcels. */
  async welcome(page) {
    await page.goto(this.link);
    await page.getByLabel("Login").fill("ann");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Begin" }).click();
    await page.waitForURL("**/parcels");
  }

  get password() {
    return PASSWORD;
  }

  async end() {
    const ended = new Promise((told) => this.child.once("exit", told));
    this.child.kill("SIGTERM");
    const status = await ended;
    rmSync(this.home, { recursive: true, force: true });
    if (status !== 0) throw new Error(`the desk ended with ${status}`);
  }
}
