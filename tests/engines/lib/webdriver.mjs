// Chromium and WebKit by WebDriver (https://www.w3.org/TR/webdriver2/), each through its driver.

import { eventually } from "../../browser/lib/waits.mjs";
import { answered, freePort, given, start } from "./process.mjs";

const PATIENCE = 60_000;

/** In centimetres. */
const A4 = { width: 21, height: 29.7 };

/** Starts the driver of Chromium. */
export function chromium() {
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  return drive(given("CHROMEDRIVER"), [], { "goog:chromeOptions": { binary: given("CHROMIUM"), args } });
}

/** Starts the driver of WebKitGTK, on a screen that nobody sees: its browser has no other way to run without one. */
export function webkit() {
  const args = ["--auto-servernum", "--server-args=-screen 0 1600x1600x24", given("WEBKIT_DRIVER")];
  return drive("xvfb-run", args, { "webkitgtk:browserOptions": { binary: given("WEBKIT"), args: ["--automation"] } });
}

/** Starts a driver. Each tab is a session, that is a browser with a fresh profile. */
async function drive(program, args, capabilities) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const { ended, stop } = start(program, [...args, `--port=${port}`]);
  await Promise.race([ended, eventually(() => call("GET", `${address}/status`), PATIENCE)]);
  return {
    async tab({ width, height }) {
      const { sessionId } = await call("POST", `${address}/session`, { capabilities: { alwaysMatch: capabilities } });
      const tab = new Tab(`${address}/session/${sessionId}`);
      await tab.resize(width, height);
      return tab;
    },
    close: stop,
  };
}

class Tab {
  constructor(address) {
    this.address = address;
  }

  goto(url) {
    return call("POST", `${this.address}/url`, { url });
  }

  reload() {
    return call("POST", `${this.address}/refresh`, {});
  }

  async run(expression) {
    const script = `
      const done = arguments[0];
      (async () => ({ value: JSON.stringify((await (${expression})) ?? null) }))()
        .catch((error) => ({ error: String(error) }))
        .then(done);`;
    const { value, error } = await call("POST", `${this.address}/execute/async`, { script, args: [] });
    if (error) throw new Error(error);
    return JSON.parse(value);
  }

  perform(actions) {
    return call("POST", `${this.address}/actions`, { actions });
  }

  screenshot() {
    return call("GET", `${this.address}/screenshot`);
  }

  async print() {
    return Buffer.from(await call("POST", `${this.address}/print`, { page: A4 }), "base64");
  }

  /** Makes the page as large as wanted: what WebDriver sets is the window around it. */
  async resize(width, height) {
    const [x, y] = await this.run("[outerWidth - innerWidth, outerHeight - innerHeight]");
    await call("POST", `${this.address}/window/rect`, { width: width + x, height: height + y });
  }

  close() {
    return call("DELETE", this.address);
  }
}

async function call(method, address, body) {
  const sent = fetch(address, { method, body: body && JSON.stringify(body) });
  const { value } = await answered(`${method} ${new URL(address).pathname}`, sent.then((answer) => answer.json()));
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}
