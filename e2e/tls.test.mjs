// The desk under its own TLS: a certificate that was made for this test, an answer over it and none
// without it, and a session whose cookie goes over nothing else.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request as plain } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { Desk } from "./desk.mjs";
import { browse, open } from "./look.mjs";

/** Makes a certificate for this machine's own address, and says where `serve` finds it. */
function certified(home) {
  const [certificate, key] = [join(home, "cert.pem"), join(home, "key.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=deminimis test", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...made, "-keyout", key, "-out", certificate, ...names], { stdio: "pipe" });
  return ["--tls-cert", certificate, "--tls-key", key];
}

/** The status of an answer; what goes wrong with the connection is thrown. */
function status(ask, url, options) {
  return new Promise((told, failed) => {
    const asked = ask(url, options, (answer) => {
      answer.resume();
      told(answer.statusCode);
    });
    asked.on("error", failed);
    asked.end();
  });
}

test("the desk answers under its own certificate, and not without", { timeout: 300_000 }, async () => {
  const desk = await Desk.start([], certified);
  const browser = await browse();
  try {
    assert.match(desk.address, /^https:/);
    const health = `${desk.address}/healthz`;
    const ca = readFileSync(join(desk.home, "cert.pem"));
    assert.equal(await status(request, health, { ca }), 200);
    await assert.rejects(status(request, health, {}), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    await assert.rejects(status(plain, health.replace("https:", "http:"), {}));

    const { page, context } = await open(browser, { ignoreHTTPSErrors: true });
    await desk.welcome(page);
    const [session] = await context.cookies();
    assert.deepEqual([session.secure, session.httpOnly, session.sameSite], [true, true, "Strict"]);
    await page.getByRole("heading", { name: "No parcels yet" }).waitFor();
  } finally {
    await browser.close();
    await desk.end();
  }
});
