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
  const executablePath = process.env.CHROMIUM_SHELL || process.env.CHROMIUM || undefined;
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags], env });
}
