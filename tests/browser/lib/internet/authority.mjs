// An authority for certificates that only the browser of the tests trusts, and certificates with faults.

import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import forge from "node-forge";

const { pki } = forge;
const DAY = 86_400_000;

/** What is special about a certificate, and what differs from a good one then. */
const KINDS = {
  good: {},
  expired: { from: -60, to: -30 },
  "wrong-name": { name: "www.elsewhere.example" },
  "self-signed": { selfSigned: true },
};

export class Authority {
  #key = keys();
  /** All servers have the same: keys take long to make. */
  #serverKey = keys();
  #issued = new Map();

  constructor() {
    this.subject = named("stslint test authority");
    const extensions = [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ];
    const keyPair = this.#key;
    this.pem = certificate({ subject: this.subject, issuer: this.subject, of: keyPair, by: keyPair, extensions });
  }

  /** Key and certificate of a server, as PEM. `kind` is one of those above. */
  issue(host, kind = "good") {
    if (!(kind in KINDS)) throw new Error(`there are no ${kind} certificates`);
    const id = `${kind} ${host}`;
    if (!this.#issued.has(id)) this.#issued.set(id, this.#make(host, KINDS[kind]));
    return this.#issued.get(id);
  }

  #make(host, { name = host, selfSigned = false, from, to }) {
    const subject = named(name);
    const altNames = [isIP(name) ? { type: 7, ip: name } : { type: 2, value: name }];
    const cert = certificate({
      subject,
      issuer: selfSigned ? subject : this.subject,
      of: this.#serverKey,
      by: selfSigned ? this.#serverKey : this.#key,
      extensions: [{ name: "basicConstraints", cA: false }, { name: "extKeyUsage", serverAuth: true }, { name: "subjectAltName", altNames }],
      from,
      to,
    });
    return { key: this.#serverKey.pem, cert };
  }

  /** Makes Chromium trust this authority if `home` is its home folder. */
  trustIn(home) {
    const database = join(home, ".pki/nssdb");
    const file = join(home, "authority.pem");
    mkdirSync(database, { recursive: true });
    writeFileSync(file, this.pem);
    const certutil = (...words) => execFileSync("certutil", ["-d", `sql:${database}`, ...words]);
    certutil("-N", "--empty-password");
    certutil("-A", "-t", "C,,", "-n", "stslint test authority", "-i", file);
  }
}

function keys() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const secret = pki.privateKeyFromPem(pem);
  return { pem, secret, open: pki.setRsaPublicKey(secret.n, secret.e) };
}

function named(value) {
  return [{ name: "commonName", value }];
}

/** A certificate as PEM, valid from and to so many days from now. */
function certificate({ subject, issuer, of, by, extensions, from = -1, to = 30 }) {
  const made = pki.createCertificate();
  made.publicKey = of.open;
  made.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  made.validity.notBefore = new Date(Date.now() + from * DAY);
  made.validity.notAfter = new Date(Date.now() + to * DAY);
  made.setSubject(subject);
  made.setIssuer(issuer);
  made.setExtensions(extensions);
  made.sign(by.secret, forge.md.sha256.create());
  return pki.certificateToPem(made);
}
