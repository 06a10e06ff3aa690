// Takes the pictures of the README anew:
//   STSLINT_URL=http://127.0.0.1:8080/ node tests/browser/pictures.mjs docs
// Not a test. `cargo xtask serve` gives the address.

import { join } from "node:path";
import { Check, publish } from "./lib/check.mjs";
import { Internet } from "./lib/internet/internet.mjs";
import { launch } from "./lib/launch.mjs";
import { dropAll, month } from "./lib/reports.mjs";
import { STATES } from "./lib/states.mjs";
import { Visit } from "./lib/visit.mjs";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node tests/browser/pictures.mjs FOLDER");
  process.exit(64);
}

const WIDE = { width: 1280, height: 860 };
const PHONE = { width: 360, height: 740 };

const internet = await Internet.start();
const browser = await launch(internet);

/** Name, window, colours, the way there, and whether all of the page is in the picture. */
const PICTURES = [
  ["broken-light", WIDE, "light", STATES["broken policy"]],
  ["check-light", WIDE, "light", async (visit) => {
    publish(internet);
    await visit.open();
    await new Check(visit).run();
  }],
  ["senders-light", WIDE, "light", STATES.senders, true],
  ["reports-light", WIDE, "light", async (visit) => {
    await visit.open("#/reports");
    await dropAll(visit, month());
    await visit.page.getByTestId("reports-answer").waitFor();
  }],
  ["clean-dark", WIDE, "dark", STATES["clean policy"]],
  ["phone", PHONE, "light", STATES["broken policy"]],
];

for (const [name, viewport, colorScheme, reach, fullPage = false] of PICTURES) {
  const visit = await Visit.start(browser, { url: process.env.STSLINT_URL, context: { viewport, colorScheme } });
  await reach(visit);
  await visit.page.screenshot({ path: join(folder, `${name}.png`), fullPage });
  await visit.context.close();
  console.log(name);
}
await browser.close();
internet.close();
