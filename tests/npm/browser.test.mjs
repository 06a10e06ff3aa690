// The package in a page, without bundler and under a strict Content-Security-Policy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { launch } from "../browser/lib/launch.mjs";
import { folder } from "./lib/package.mjs";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'";

const PAGE = '<!doctype html><meta charset="utf-8"><title>A page</title><pre></pre><script type="module" src="page.js"></script>';

const SCRIPT = `
  import init, { explain, fix, lint } from "./stslint/stslint.js";
  const outcome = {};
  try {
    lint("");
  } catch (error) {
    outcome.early = error.message;
  }
  await init();
  const text = "version: STSv1\\r\\nx: 😀\\r\\nmode: enforced\\r\\nmx: a.test \\r\\nmax_age: 1209600\\r\\n";
  const { findings } = lint(text, { kind: "policy" }).inputs[0];
  outcome.found = findings.map(({ code, span }) => [code, text.slice(span.start, span.end)]);
  outcome.fixed = fix(text, { kind: "policy" });
  outcome.help = explain("STS-POL-051").help;
  document.querySelector("pre").textContent = JSON.stringify(outcome);
  document.documentElement.dataset.done = "";
`;

const TYPES = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };

function answer(request, response) {
  const path = new URL(request.url, "http://localhost").pathname;
  const own = { "/": PAGE, "/page.js": SCRIPT, "/favicon.ico": "" };
  const name = path.match(/^\/stslint\/([a-z]+\.(?:js|wasm))$/)?.[1];
  const body = own[path] ?? (name && readFileSync(join(folder, name)));
  const type = TYPES[path === "/" ? "html" : path.split(".").at(-1)] ?? "application/octet-stream";
  response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type, "Content-Security-Policy": POLICY });
  response.end(body);
}

test("a page lints under a strict policy, and loads nothing but the package", async (context) => {
  const server = createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  context.after(() => server.close());
  const browser = await launch();
  context.after(() => browser.close());
  const page = await browser.newPage();
  const troubles = [];
  const requests = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.locator("html[data-done]").waitFor({ state: "attached" }).catch(() => {});
  assert.deepEqual(troubles, []);
  const outcome = JSON.parse(await page.locator("pre").textContent());
  assert.match(outcome.early, /await init\(\)/);
  assert.ok(outcome.found.some(([code, text]) => code === "STS-POL-051" && text === "enforced"));
  assert.match(outcome.fixed, /mx: a\.test\r\n/);
  assert.ok(outcome.help.length > 10);
  const expected = ["/", "/page.js", "/stslint/bindings.js", "/stslint/engine.js", "/stslint/stslint.js", "/stslint/stslint.wasm"];
  assert.deepEqual(requests.filter((path) => path !== "/favicon.ico").sort(), expected);
});
