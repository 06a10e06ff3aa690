// Waiting for what has to come, instead of for a time.

import assert from "node:assert/strict";

/** Waits until `check` passes. What it asserts last is what the test reports. */
export async function eventually(check, timeout = 10_000) {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resume) => setTimeout(resume, 25));
  }
}

/** Waits until `get` gives `expected`. */
export function becomes(get, expected, message) {
  return eventually(async () => assert.deepEqual(await get(), expected, message));
}

/** Waits until `get` gives a text in which `pattern` is found. */
export function comesToMatch(get, pattern) {
  return eventually(async () => assert.match(await get(), pattern));
}
