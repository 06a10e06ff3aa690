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

/** Starts the browser that the tests use. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: FLAGS });
}
