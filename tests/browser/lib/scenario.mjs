// One browser for a file of tests, and for every test a fresh profile in it. A test fails when the page does
// something that it may never do: run script from input, break its own Content-Security-Policy, ask another
// host for something, log an error.

import test, { after } from "node:test";
import { launch } from "./launch.mjs";
import { Visit } from "./visit.mjs";

export * from "./waits.mjs";

/** The page at the root of a server, and below a path of another one. Both end with a slash. */
export const ROOT = required("STSLINT_URL");
export const SUB_PATH = required("STSLINT_SUBPATH_URL");

/** A scenario that takes longer hangs. */
const TIMEOUT = 60_000;

let browser;
after(() => browser?.close());

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: \`cargo xtask test browser\` runs these tests`);
  return value;
}

/**
 * A test with a fresh profile. `body` is given a `Visit`, whose page is not loaded yet.
 *
 * Options: `url` (where the page is), `context` (of Playwright), `expects` (patterns of the console errors
 * that the scenario provokes itself).
 */
export function scenario(name, ...rest) {
  const body = rest.pop();
  const options = rest.pop() ?? {};
  test(name, { timeout: TIMEOUT }, async (t) => {
    browser ??= await launch();
    const visits = [];
    const visitor = async (more = {}) => {
      const visit = await Visit.start(browser, { url: ROOT, ...options, ...more });
      visits.push(visit);
      return visit;
    };
    try {
      await body(await visitor(), { visitor, browser, t });
      for (const visit of visits) await visit.assertHarmless();
    } finally {
      for (const visit of visits) await visit.context.close();
    }
  });
}
