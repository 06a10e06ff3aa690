// A host that serves a folder, as the scenarios of the page without a network need it: it can change its folder, change files
// on their way, go away and come back. It keeps a list of what it was asked for.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

export class Host {
  /** Serves `folder` below `path`, which runs from slash to slash. */
  static async start(folder, path = "/") {
    const host = new Host();
    Object.assign(host, { folder, path, isDown: false, changes: {}, asked: [] });
    host.server = createServer((request, response) => void host.answer(request, response));
    await new Promise((done) => host.server.listen(0, "127.0.0.1", done));
    host.url = `http://127.0.0.1:${host.server.address().port}${path}`;
    return host;
  }

  async answer({ url, headers, socket }, response) {
    if (this.isDown) return socket.destroy();
    const { pathname } = new URL(url, this.url);
    const name = pathname.slice(this.path.length).replace(/^$|\/$/, "$&index.html");
    const change = this.changes[name] ?? ((content) => content);
    let content = null;
    if (pathname.startsWith(this.path)) content = await readFile(join(this.folder, name)).then(change, () => null);
    const etag = content && `"${createHash("sha256").update(content).digest("hex")}"`;
    const status = content === null ? 404 : headers["if-none-match"] === etag ? 304 : 200;
    this.asked.push({ name, status });
    response.writeHead(status, {
      "Cache-Control": "no-cache",
      ...(etag && { ETag: etag, "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" }),
    });
    response.end(status === 200 ? content : "");
  }

  /** Nobody is there, as far as a browser can tell. */
  down() {
    this.isDown = true;
    this.server.closeAllConnections();
  }

  up() {
    this.isDown = false;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
