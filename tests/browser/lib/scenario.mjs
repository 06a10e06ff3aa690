// One browser for a file of tests, and for every test a fresh profile in it. A test fails when the page does
// something that it may never do: run script from input, break its own Content-Security-Policy, ask another
// host for something, log an error.

import test, { after } from "node:test";
import { Internet } from "./internet/internet.mjs";
import { launch } from "./launch.mjs";
import { Visit } from "./visit.mjs";

export * from "./waits.mjs";

/** The page at the root of a server, and below a path of another one. Both end with a slash. */
export const ROOT = required("STSLINT_URL");
export const SUB_PATH = required("STSLINT_SUBPATH_URL");

/** A resolver in front of a real DNS (xtask/src/stack.rs): it knows acme-mail.net, broken. and unsigned.acme-mail.net. */
export const STACK = required("STSLINT_STACK");

/** A scenario that takes longer hangs. */
const TIMEOUT = 60_000;

/** The browsers of this file, without an Internet and with one. Each starts when a scenario wants it. */
const started = { alone: null, connected: null };
after(async () => {
  for (const start of Object.values(started)) {
    const { browser, internet } = (await start) ?? {};
    await browser?.close();
    internet?.close();
  }
});

async function connect() {
  const internet = await Internet.start();
  return { internet, browser: await launch(internet) };
}

async function alone() {
  return { browser: await launch() };
}

/** The browser for a scenario, and the Internet that it is in, as new. */
async function startedFor({ asks }) {
  const running = await (asks ? (started.connected ??= connect()) : (started.alone ??= alone()));
  await running.internet?.reset();
  return running;
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: \`cargo xtask test browser\` runs these tests`);
  return value;
}

/**
 * A test with a fresh profile. `body` is given a `Visit`, whose page is not loaded yet.
 *
 * Options: `url` (where the page is), `context` (of Playwright), `expects` (patterns of the console errors
 * that the scenario provokes itself), `asks`.
 *
 * With `asks` the scenario is in an Internet of its own (internet/internet.mjs), which `body` is given as `internet`.
 * It lists whom the page may ask for something: "resolver" is all resolvers, everything else a host. `origins` are
 * others that it may ask.
 */
export function scenario(name, ...rest) {
  const body = rest.pop();
  const options = rest.pop() ?? {};
  test(name, { timeout: TIMEOUT }, async (t) => {
    const { browser, internet } = await startedFor(options);
    const visits = [];
    const visitor = async (more = {}) => {
      const visit = await Visit.start(browser, { url: ROOT, ...options, ...more });
      visits.push(visit);
      return visit;
    };
    try {
      await body(await visitor(), { visitor, browser, internet, t });
      for (const visit of visits) await visit.assertHarmless(allowed(options, internet));
      internet?.assertOrderly();
    } finally {
      for (const { context } of visits) {
        // What a scenario answers itself may still be under way.
        for (const place of [...context.pages(), context]) await place.unrouteAll({ behavior: "ignoreErrors" });
        await context.close();
      }
    }
  });
}

/** The origins that the page may ask, besides its own. */
function allowed({ asks = [], origins = [] }, internet) {
  return [...origins, ...asks.flatMap((who) => (who === "resolver" ? internet.resolvers.flatMap(({ origins }) => origins) : [`https://${who}`]))];
}
