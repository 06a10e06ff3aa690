// A small Internet on loopback, for one browser: resolvers, and hosts with HTTPS. The browser has to be launched with
// its `flags` and `env`: then every https:// name leads here, and no other name leads anywhere.
//
// Hosts are plain data, by name; a name that is not there has nobody who answers:
//
//   "mta-sts.acme-mail.net": { body: POLICY }
//
// with what a reply can have (serve.mjs: `status`, `headers`, `body`, `then`), and
//   type         the media type: text/plain; null for none
//   cors         whether any page may read it: true
//   path         where it is: /.well-known/mta-sts.txt; anything else is 404
//   certificate  "good", "expired", "wrong-name" or "self-signed"

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { Authority } from "./authority.mjs";
import { Gate } from "./gate.mjs";
import { Resolver } from "./resolver.mjs";
import { serve } from "./serve.mjs";

/** The name of the resolver that is always there: the one that the page asks unless it is told otherwise. */
const RESOLVER = "cloudflare-dns.com";

/** Nothing listens on this port of any machine in its senses. */
const CLOSED = 1;

const POLICY_PATH = "/.well-known/mta-sts.txt";

export class Internet {
  /** Counts waves of answers: see gate.mjs. */
  gate = new Gate();
  /** Those besides the first, by their host. */
  #resolvers = new Map();
  #authority = new Authority();
  #server;
  #home;

  static async start() {
    const internet = new Internet();
    internet.#home = mkdtempSync(join(tmpdir(), "stslint-browser-"));
    internet.#authority.trustIn(internet.#home);
    internet.#server = await serve((request) => internet.#handle(request), {
      SNICallback: (name, done) => internet.#context(name, done),
    });
    await internet.reset();
    return internet;
  }

  /** What a browser is launched with. `mta-sts.refused.*` refuses connections, `mta-sts.nowhere.*` has no address. */
  get flags() {
    const rules = [
      `MAP mta-sts.refused.*:443 127.0.0.1:${CLOSED}`,
      "MAP mta-sts.nowhere.* ~NOTFOUND",
      `MAP *:443 127.0.0.1:${this.#server.port}`,
      "MAP * ~NOTFOUND",
      "EXCLUDE 127.0.0.1",
    ];
    return [`--host-resolver-rules=${rules.join(", ")}`];
  }

  get env() {
    return { ...process.env, HOME: this.#home };
  }

  /** The file with the authority that is trusted here, for other programs. */
  get authorityFile() {
    return join(this.#home, "authority.pem");
  }

  /** The port of this machine where all hosts answer HTTPS. */
  get httpsPort() {
    return this.#server.port;
  }

  /** Key and certificate of a host for other services. */
  issue(host, kind) {
    return this.#authority.issue(host, kind);
  }

  /** Forgets all that a test did. */
  async reset() {
    this.gate.open();
    this.#closeResolvers();
    /** Who answers HTTPS, by name. */
    this.hosts = {};
    /** What was asked of them: `{ host, path, method, headers }`. */
    this.requests = [];
    /** The first resolver. */
    this.resolver = await this.addResolver(RESOLVER);
  }

  /** One more resolver, at `https://HOST/dns-query` and at its `url`. */
  async addResolver(host, zone = {}) {
    const resolver = await Resolver.start({ host, zone, gate: this.gate });
    this.#resolvers.set(host, resolver);
    return resolver;
  }

  /** All resolvers. */
  get resolvers() {
    return [...this.#resolvers.values()];
  }

  #context(name, done) {
    const known = this.#resolvers.get(name) ?? this.hosts[name];
    if (known) done(null, createSecureContext(this.#authority.issue(name, known.certificate)));
    else done(new Error(`nobody is ${name}`));
  }

  async #handle(request) {
    const name = request.authority ?? request.headers.host;
    const resolver = this.#resolvers.get(name);
    if (resolver) return resolver.handle(request);
    this.requests.push({ host: name, path: request.url, method: request.method, headers: { ...request.headers } });
    await this.gate.pass();
    const host = this.hosts[name];
    if (!host || request.url !== (host.path ?? POLICY_PATH)) return { status: 404, body: "nothing is here\n" };
    const { type = "text/plain", cors = true, headers = {} } = host;
    return {
      ...host,
      headers: { ...(type ? { "content-type": type } : {}), ...(cors ? { "access-control-allow-origin": "*" } : {}), ...headers },
    };
  }

  /** Nobody asked a resolver for what it does not answer. */
  assertOrderly() {
    assert.deepEqual(this.resolvers.flatMap(({ misused }) => misused), [], "requests that no resolver answers");
  }

  #closeResolvers() {
    for (const resolver of this.resolvers) resolver.close();
    this.#resolvers.clear();
  }

  close() {
    this.#closeResolvers();
    this.#server.close();
    rmSync(this.#home, { recursive: true, force: true });
  }
}
