// Writes pictures of the page's main states into a folder:
//   STSLINT_URL=http://127.0.0.1:8080/ node tests/browser/screenshots.mjs FOLDER
// Not a test. `cargo xtask serve` gives the address.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./lib/launch.mjs";
import { STATES } from "./lib/states.mjs";
import { Visit } from "./lib/visit.mjs";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node tests/browser/screenshots.mjs FOLDER");
  process.exit(64);
}
await mkdir(folder, { recursive: true });

const SIZES = [{ width: 1280, height: 860 }, { width: 360, height: 740 }];
const more = {
  print: async (visit) => {
    await STATES["broken policy"](visit);
    await visit.page.emulateMedia({ media: "print" });
  },
  "forced colours": async (visit) => {
    await STATES["broken policy with invisible characters shown and a current finding"](visit);
    await visit.page.emulateMedia({ forcedColors: "active" });
  },
  records: async (visit) => {
    await visit.open("#/examples/two-mta-sts-records");
    await visit.settled();
  },
  shell: async (visit) => {
    await visit.page.route("**/*.wasm", () => {});
    await visit.page.goto(visit.url, { waitUntil: "commit" });
    await visit.field.waitFor();
  },
};

const browser = await launch();
for (const [name, reach] of Object.entries({ ...STATES, ...more })) {
  for (const viewport of SIZES) {
    for (const colorScheme of ["light", "dark"]) {
      const visit = await Visit.start(browser, { url: process.env.STSLINT_URL, context: { viewport, colorScheme } });
      await reach(visit);
      const file = `${name.replaceAll(/[^a-z]+/g, "-")}-${viewport.width}-${colorScheme}.png`;
      // A dialog covers the window, and only that.
      const fullPage = !(await visit.dialog.isVisible());
      await visit.page.screenshot({ path: join(folder, file), fullPage });
      await visit.context.close();
      console.log(file);
    }
  }
}
await browser.close();
