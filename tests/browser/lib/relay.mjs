// `stslint serve`, before the hosts of an Internet of the tests, and a mail host beside them.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { createSecureContext, TLSSocket } from "node:tls";

const COMMAND = process.env.STSLINT_COMMAND;
if (!COMMAND) throw new Error("STSLINT_COMMAND is not set: `cargo xtask test browser` builds the command");

/** The addresses that `goodDomain` gives policy host and first mail host. */
const POLICY_HOST = "192.0.2.10:443";
const MAIL_HOST = "192.0.2.25:25";

/** Starts one with these options. Gives its `url` and `close`. */
export async function startRelay(internet, { mail, args = [] } = {}) {
  const routes = [`${POLICY_HOST}=127.0.0.1:${internet.httpsPort}`, ...(mail ? [`${MAIL_HOST}=127.0.0.1:${mail.port}`] : [])];
  const child = spawn(
    COMMAND,
    [
      "serve", "--listen", "127.0.0.1:0", "--resolver", internet.resolver.url, "--cache-seconds", "0",
      "--test-ca", internet.authorityFile, "--test-allow", "192.0.2.0/24",
      ...routes.flatMap((route) => ["--test-route", route]), ...(mail ? ["--mx"] : []), ...args,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const url = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (address) resolve(`${address}/`);
    });
    child.once("exit", (code) => reject(new Error(`stslint serve ended with ${code}`)));
  });
  return { url, close: () => child.kill() };
}

/** A mail host with STARTTLS and this certificate. */
export async function startMail({ key, cert }) {
  const secureContext = createSecureContext({ key, cert });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("220 mx ESMTP\r\n");
    socket.on("data", (data) => {
      const word = data.toString().slice(0, 4).toUpperCase();
      if (word === "EHLO") socket.write("250-mx\r\n250 STARTTLS\r\n");
      else if (word === "STAR") {
        socket.removeAllListeners("data");
        socket.write("220 go\r\n", () => new TLSSocket(socket, { isServer: true, secureContext }).on("error", () => {}).resume());
      } else socket.end("221 bye\r\n");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => server.close() };
}
