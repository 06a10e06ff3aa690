// What a validating resolver answers from a table of names. The table is plain data:
//
//   "acme-mail.net":          { MX: ["10 mail.acme-mail.net"], ad: true },
//   "_mta-sts.acme-mail.net": { TXT: ["v=STSv1; id=1;"], ttl: 60 },
//   "long.acme-mail.net":     { TXT: [["first string ", "second string"]] },
//   "alias.acme-mail.net":    { CNAME: "acme-mail.net" },
//   "broken.acme-mail.net":   { A: ["192.0.2.1"], TXT: { data: ["x"], bogus: true }, MX: { rcode: "SERVFAIL" } },
//
// `ad`, `ttl`, `bogus`, `rcode` and `error` ({ code, text } of RFC 8914) hold for a name or for one of its types.
// A name that is not in the table does not exist, unless there are names below it.

import dns from "dns-packet";

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };
const BOGUS = { code: 6, text: "signature does not verify" };
const EXTENDED_ERROR = 15;
const TTL = 300;

/** The message that answers a decoded query. */
export function answer(query, zone) {
  const [question] = query.questions;
  const { records, facts, rcode } = look(question, zone);
  const disabled = Boolean(query.flag_cd);
  const bogus = facts.find((fact) => fact.bogus);
  const failed = bogus && !disabled;
  const code = failed ? RCODES.SERVFAIL : rcode;
  const authentic = facts.length > 0 && facts.every((fact) => fact.ad && !fact.bogus) && !disabled;
  const error = facts.map((fact) => fact.error).find(Boolean) ?? (failed ? BOGUS : null);
  const shown = failed ? [] : records;
  const negative = code === RCODES.NXDOMAIN || (code === RCODES.NOERROR && !shown.some(({ type }) => type === question.type));
  return encode({
    flags:
      (query.flag_rd ? dns.RECURSION_DESIRED : 0) | dns.RECURSION_AVAILABLE | (authentic ? dns.AUTHENTIC_DATA : 0) |
      (disabled ? dns.CHECKING_DISABLED : 0) | code,
    query,
    answers: shown,
    authorities: negative ? [soa(question.name)] : [],
    error,
  });
}

function encode({ flags, query, answers, authorities, error }) {
  const opt = query.additionals.find(({ type }) => type === "OPT");
  const options = error ? [{ code: EXTENDED_ERROR, data: extended(error) }] : [];
  return dns.encode({
    id: query.id,
    type: "response",
    flags,
    questions: query.questions,
    answers,
    authorities,
    additionals: opt ? [{ name: ".", type: "OPT", udpPayloadSize: 1232, flags: opt.flags, options }] : [],
  });
}

function extended({ code, text = "" }) {
  const data = Buffer.alloc(2 + Buffer.byteLength(text));
  data.writeUInt16BE(code);
  data.write(text, 2);
  return data;
}

/** Follows aliases to the records. `facts` tells what holds for each set of records on the way. */
function look({ name, type }, zone) {
  const records = [];
  const facts = [];
  const seen = new Set();
  let owner = name.toLowerCase();
  for (;;) {
    const entry = zone[owner];
    if (!entry) {
      // That there is no such name is signed, or not, like the zone that it would be in.
      facts.push(setOf(zone[above(owner, zone)] ?? {}, type));
      const hasNamesBelow = Object.keys(zone).some((other) => other.endsWith(`.${owner}`));
      return { records, facts, rcode: hasNamesBelow ? RCODES.NOERROR : RCODES.NXDOMAIN };
    }
    const kind = entry.CNAME && type !== "CNAME" ? "CNAME" : type;
    const set = setOf(entry, kind);
    facts.push(set);
    for (const data of set.data) records.push(record(owner, kind, set.ttl, data));
    const rcode = RCODES[set.rcode ?? "NOERROR"];
    // A chain that leads back is given as it is, as many resolvers do. Those that say SERVFAIL have an `rcode`.
    if (kind === type || rcode !== RCODES.NOERROR || seen.has(owner)) return { records, facts, rcode };
    seen.add(owner);
    owner = set.data[0].toLowerCase();
    if (seen.has(owner)) return { records, facts, rcode };
  }
}

/** The nearest name above this one that is in the table. */
function above(name, zone) {
  let rest = name;
  do rest = rest.slice(rest.indexOf(".") + 1);
  while (rest.includes(".") && !zone[rest]);
  return rest;
}

/** One set of records: `{ data: […], ttl, ad, … }`. */
function setOf(entry, type) {
  const { ttl = TTL, ad, bogus, rcode, error } = entry;
  const given = entry[type] ?? [];
  const own = typeof given === "object" && !Array.isArray(given) ? given : { data: given };
  const set = { ttl, ad, bogus, rcode, error, data: [], ...own };
  return { ...set, data: [set.data].flat() };
}

function record(name, type, ttl, data) {
  return { name, type, class: "IN", ttl, data: parse[type]?.(data) ?? data };
}

/** Data as in zone files, but for texts: those are the bytes themselves. */
const parse = {
  MX: (text) => {
    const [preference, exchange] = text.split(" ");
    return { preference: Number(preference), exchange };
  },
  TLSA: (text) => {
    const [usage, selector, matchingType, hex] = text.split(" ");
    const certificate = Buffer.from(hex, "hex");
    return { usage: Number(usage), selector: Number(selector), matchingType: Number(matchingType), certificate };
  },
  // A string has 255 bytes at most; a longer text is cut into several, as name servers do.
  TXT: (text) => (Array.isArray(text) ? text : pieces(Buffer.from(text))).map((piece) => Buffer.from(piece)),
};

function pieces(bytes) {
  const out = [];
  for (let start = 0; start === 0 || start < bytes.length; start += 255) out.push(bytes.subarray(start, start + 255));
  return out;
}

/** Says how long it may be said that there is nothing. */
function soa(name) {
  const zone = name.split(".").slice(-2).join(".");
  const data = { mname: `ns.${zone}`, rname: `hostmaster.${zone}`, serial: 1, refresh: 7200, retry: 3600, expire: 1209600, minimum: 60 };
  return { name: zone, type: "SOA", class: "IN", ttl: 60, data };
}
