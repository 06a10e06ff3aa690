// Links as the page makes them (`#v1&…&z=` and raw DEFLATE in base64url), made here to damage them.

import { deflateRawSync, inflateRawSync } from "node:zlib";

/** The fragment that carries a text. */
export function linkTo(text, fields = "") {
  return `#v1${fields}&z=${pack(text)}`;
}

export function pack(text) {
  return deflateRawSync(Buffer.from(text)).toString("base64url");
}

/** The fields of a link, with the bytes of the text unpacked. */
export function read(address) {
  const [version, ...rest] = new URL(address).hash.slice(1).split("&");
  const fields = Object.fromEntries(rest.map((field) => field.split("=")));
  if ("z" in fields) fields.z = inflateRawSync(Buffer.from(fields.z, "base64url"));
  return { version, ...fields };
}
