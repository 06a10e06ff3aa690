// A resolver that speaks DNS over HTTPS (RFC 8484, GET), as a page meets it.

import dns from "dns-packet";
import { Gate } from "./gate.mjs";
import { serve } from "./serve.mjs";
import { answer } from "./zone.mjs";

const MEDIA_TYPE = "application/dns-message";
const PATH = "/dns-query";

export class Resolver {
  /** The table of names that it answers from: see zone.mjs. */
  zone = {};
  /** What it was asked, in order: `{ name, type, cd, do, wave, version, headers }`. */
  asked = [];
  /** Requests that were no question. Nobody should send any. */
  misused = [];
  #faults = [];
  #gate;
  #plain;

  /** `host` is the name that it has on the Internet of the tests. */
  static async start({ zone = {}, gate = new Gate(), host } = {}) {
    const resolver = new Resolver();
    resolver.host = host;
    resolver.zone = zone;
    resolver.#gate = gate;
    resolver.#plain = await serve((request) => resolver.handle(request));
    return resolver;
  }

  /** Its address on this machine, by HTTP/1.1 without TLS. */
  get url() {
    return `http://127.0.0.1:${this.#plain.port}${PATH}`;
  }

  /** Its address on the Internet, by HTTP/2, as a public resolver has one. */
  get publicUrl() {
    return `https://${this.host}${PATH}`;
  }

  /** Where it is, for a list of who may be asked. */
  get origins() {
    return [this.url, this.host && this.publicUrl].filter(Boolean).map((url) => new URL(url).origin);
  }

  /**
   * Something goes wrong with some questions: `what` is a name, a type, both (`TXT _mta-sts.acme-mail.net`), or `*`
   * for all. Of several faults all happen, in the order in which they were added.
   */
  fail(what, fault) {
    this.#faults.push([what, fault]);
  }

  /** Nothing goes wrong any more. */
  mend() {
    this.#faults = [];
  }

  /** The questions as `TYPE name`, in order; with ` +cd` if validation was switched off. */
  get questions() {
    return this.asked.map(({ type, name, cd }) => `${type} ${name}${cd ? " +cd" : ""}`);
  }

  async handle(request) {
    const { searchParams, pathname } = new URL(request.url, "https://resolver.invalid");
    const bytes = Buffer.from(searchParams.get("dns") ?? "", "base64url");
    const query = pathname === PATH && request.method === "GET" ? decode(bytes) : null;
    if (!query) {
      this.misused.push(`${request.method} ${request.url}`);
      return { status: 400, body: "this is no question\n" };
    }
    const [{ name, type }] = query.questions;
    const plain = request.httpVersionMajor === 1;
    this.asked.push({
      name,
      type,
      cd: query.flag_cd,
      do: query.additionals.some(({ flag_do }) => flag_do),
      wave: this.#gate.waves + 1,
      version: request.httpVersion,
      headers: { ...request.headers },
    });
    if (plain && this.#gate.holding) this.misused.push("a browser has six connections of HTTP/1.1 at most: count with publicUrl");
    await this.#gate.pass();
    let reply = {
      headers: { "content-type": MEDIA_TYPE, "access-control-allow-origin": "*", "cache-control": "max-age=60" },
      body: answer(query, this.zone),
    };
    for (const [what, fault] of this.#faults) {
      if (["*", name, type, `${type} ${name}`].includes(what)) reply = await fault(reply, query);
    }
    return reply;
  }

  close() {
    this.#plain.close();
  }
}

/** The query, or null if it is none that a resolver would answer. */
function decode(bytes) {
  try {
    const query = dns.decode(bytes);
    if (query.flag_qr || query.opcode !== "QUERY" || query.questions.length !== 1) return null;
    return query;
  } catch {
    return null;
  }
}
