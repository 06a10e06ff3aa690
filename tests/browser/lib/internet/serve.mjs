// Servers on loopback, and what they send.
//
// A reply is plain data: `status`, `headers`, `body`, and `then`, what happens after that:
//   (nothing)  the answer ends
//   "endless"  more and more of the body follows
//   "drip"     a byte follows every now and then
//   "silence"  nothing was sent and nothing will be
//   "reset"    the connection is reset, before anything was sent

import { createServer } from "node:http";
import { createSecureServer } from "node:http2";

const CHUNK = 16 << 10;
const DRIP = 50;

/** Serves on a free port. `tls` has the options for TLS: it is HTTP/2 then, and HTTP/1.1 for who wants it. */
export async function serve(handle, tls) {
  const answer = async (request, response) => {
    // Who asks may be gone before the answer is.
    for (const side of [request, response]) side.on("error", () => {});
    const reply = await handle(request);
    if (!response.destroyed) send(reply, response, sockets.get(request.socket.remotePort));
  };
  const server = tls ? createSecureServer({ allowHTTP1: true, ...tls }, answer) : createServer(answer);
  const sockets = new Map();
  server.on("connection", (socket) => {
    const port = socket.remotePort;
    sockets.set(port, socket);
    socket.on("close", () => sockets.delete(port));
    socket.on("error", () => {});
  });
  // Whoever does not like our certificate.
  server.on("tlsClientError", () => {});
  server.on("sessionError", () => {});
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: server.address().port,
    close: () => {
      server.close();
      for (const socket of sockets.values()) socket.destroy();
    },
  };
}

function send({ status = 200, headers = {}, body = "", then }, response, socket) {
  if (then === "silence") return;
  if (then === "reset") {
    socket?.resetAndDestroy();
    return;
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (!then) {
    response.end(body);
    return;
  }
  response.write(body);
  const more = () => {
    if (response.destroyed) return;
    if (then === "drip") response.write("#", () => setTimeout(more, DRIP));
    else if (response.write(Buffer.alloc(CHUNK, "#"))) setImmediate(more);
    else response.once("drain", more);
  };
  more();
}
