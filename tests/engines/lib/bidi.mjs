// Firefox by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which it speaks itself: no driver is needed.

import assert from "node:assert/strict";
import { eventually } from "../../browser/lib/waits.mjs";
import { answered, folder, given, start } from "./process.mjs";

/** Firefox may take its time on a small machine. */
const PATIENCE = 60_000;

/** In centimetres. */
const A4 = { width: 21, height: 29.7 };

/** Starts Firefox. */
export async function firefox() {
  const options = ["--headless", "--no-remote", "--profile", folder("firefox"), "--remote-debugging-port", "0"];
  const { said, ended, stop } = start(given("FIREFOX"), options);
  const address = await Promise.race([ended, eventually(() => {
    const found = /listening on (ws:\S+)/.exec(said.join("\n"));
    assert.ok(found, "Firefox listens");
    return found[1];
  }, PATIENCE)]);
  const connection = await Connection.open(`${address}/session`);
  await connection.call("session.new", { capabilities: {} });
  return {
    /** A tab with a fresh profile. */
    async tab({ width, height }) {
      const { userContext } = await connection.call("browser.createUserContext");
      const { context } = await connection.call("browsingContext.create", { type: "tab", userContext });
      const tab = new Tab(connection, context, userContext);
      await tab.resize(width, height);
      return tab;
    },
    close: stop,
  };
}

class Tab {
  constructor(connection, context, userContext) {
    Object.assign(this, { connection, context, userContext });
  }

  goto(url) {
    return this.connection.call("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  reload() {
    return this.connection.call("browsingContext.reload", { context: this.context, wait: "complete" });
  }

  async run(expression) {
    const answer = await this.connection.call("script.evaluate", {
      expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
      target: { context: this.context },
      awaitPromise: true,
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return JSON.parse(answer.result.value);
  }

  perform(actions) {
    return this.connection.call("input.performActions", { context: this.context, actions });
  }

  async screenshot() {
    return (await this.connection.call("browsingContext.captureScreenshot", { context: this.context })).data;
  }

  async print() {
    const { data } = await this.connection.call("browsingContext.print", { context: this.context, page: A4 });
    return Buffer.from(data, "base64");
  }

  resize(width, height) {
    return this.connection.call("browsingContext.setViewport", { context: this.context, viewport: { width, height } });
  }

  close() {
    return this.connection.call("browser.removeUserContext", { userContext: this.userContext });
  }
}

class Connection {
  #socket;
  #waiting = new Map();
  #last = 0;

  static async open(url) {
    const connection = new Connection();
    connection.#socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      connection.#socket.onopen = resolve;
      connection.#socket.onerror = ({ message }) => reject(new Error(`${url}: ${message}`));
    });
    connection.#socket.onmessage = ({ data }) => connection.#settle(JSON.parse(data));
    return connection;
  }

  call(method, params = {}) {
    this.#last += 1;
    const id = this.#last;
    const result = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    return answered(method, result);
  }

  #settle({ id, result, error, message }) {
    const { resolve, reject } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error) reject?.(new Error(`${error}: ${message}`));
    else resolve?.(result);
  }
}
