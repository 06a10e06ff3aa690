import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser that the tests use, in an Internet of theirs if there is one. */
export function launch({ flags = [], env = process.env } = {}) {
  return chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: [...FLAGS, ...flags], env });
}
