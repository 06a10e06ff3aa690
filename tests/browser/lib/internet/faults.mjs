// What may go wrong between a page and a resolver. A fault makes another reply (see serve.mjs) of the right one:
// `(reply, query) => reply`, where `query` is the decoded question; it may take its time.

import dns from "dns-packet";

const COUNTS = 4;

/** Nothing goes wrong. */
export const fine = (reply) => reply;

/** The page may not read the answer. */
export const noCors = (reply) => without(reply, "access-control-allow-origin");

/**
 * An HTTP status that is no answer. `retryAfter` is the header field; the page sees it only if it is exposed.
 */
export const status = (code, { retryAfter, expose = false } = {}) => (reply) => ({
  status: code,
  headers: {
    ...only(reply, "access-control-allow-origin"),
    "content-type": "text/plain",
    ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    ...(expose ? { "access-control-expose-headers": "Retry-After" } : {}),
  },
  body: "no answer today\n",
});

/** A login page. */
export const html = (reply) => ({
  ...mediaType("text/html; charset=utf-8")(reply),
  body: "<!doctype html><html><title>Please log in</title><h1>Please log in</h1></html>",
});

/** Another media type, or none at all. */
export const mediaType = (type) => (reply) => {
  const bare = without(reply, "content-type");
  return type ? { ...bare, headers: { ...bare.headers, "content-type": type } } : bare;
};

/** Any other body. */
export const body = (bytes) => (reply) => ({ ...reply, body: Buffer.from(bytes) });
export const empty = body("");
export const garbage = body(Buffer.from("deadbeef".repeat(16), "hex"));
export const tooLarge = body(Buffer.alloc(70_000));

/** The message ends too early. */
export const truncated = (reply) => ({ ...reply, body: reply.body.subarray(0, -1) });

/** The resolver left something out (TC). */
export const incomplete = flags(2, (byte) => byte | 0x02);

/** The resolver sends a question back. */
export const question = flags(2, (byte) => byte & 0x7f);

/** The answer is to a question that nobody asked. */
export const otherQuestion = (reply, query) => message(reply, query, { questions: [{ ...query.questions[0], name: "evil.example" }] });

/** The answer has a record of another name only. */
export const otherName = (reply, query) => {
  const [{ type }] = query.questions;
  const data = { A: "192.0.2.66", AAAA: "2001:db8::66", MX: { preference: 1, exchange: "evil.example" }, TXT: "v=STSv1; id=evil;" };
  const certificate = Buffer.alloc(32);
  data.TLSA = { usage: 3, selector: 1, matchingType: 1, certificate };
  return message(reply, query, { answers: [{ name: "evil.example", type, ttl: 60, data: data[type] }] });
};

/** The answer has a record whose name is a pointer to itself. */
export const compressionLoop = (reply, query) => {
  const start = message(reply, query, {}).body;
  const here = Buffer.alloc(2);
  here.writeUInt16BE(0xc000 | start.length);
  // Type, class, TTL and no data.
  const rest = Buffer.from("00100001000000000000", "hex");
  start.writeUInt16BE(1, COUNTS + 2);
  return { ...reply, body: Buffer.concat([start, here, rest]) };
};

/** Nothing ever comes. */
export const silence = (reply) => ({ ...reply, then: "silence" });

/** The connection is reset. */
export const reset = (reply) => ({ ...reply, then: "reset" });

/** The right answer, late. */
export const delay = (milliseconds) => async (reply) => {
  await new Promise((resume) => setTimeout(resume, milliseconds));
  return reply;
};

/** One fault after the other, for one request each; the last one stays. */
export function inTurn(...faults) {
  let count = 0;
  return (reply, query) => faults[Math.min(count++, faults.length - 1)](reply, query);
}

/** The first requests fail, then all is well. */
export const first = (times, fault) => inTurn(...Array(times).fill(fault), fine);

function only({ headers }, name) {
  return name in headers ? { [name]: headers[name] } : {};
}

function without(reply, name) {
  const { [name]: _, ...headers } = reply.headers;
  return { ...reply, headers };
}

function flags(at, change) {
  return (reply) => {
    const changed = Buffer.from(reply.body);
    changed[at] = change(changed[at]);
    return { ...reply, body: changed };
  };
}

/** An answer with these parts and nothing else. */
function message(reply, query, parts) {
  const flags = dns.RECURSION_DESIRED | dns.RECURSION_AVAILABLE;
  return { ...reply, body: dns.encode({ type: "response", id: query.id, flags, questions: query.questions, ...parts }) };
}
