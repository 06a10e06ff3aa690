// A domain that does everything right, as data for an Internet: take it, and break a part.

/** The policy of such a domain. */
export function policy(...hosts) {
  return ["version: STSv1", "mode: enforce", ...hosts.map((host) => `mx: ${host}`), "max_age: 2592000", ""].join("\r\n");
}

/** `{ zone, hosts }` for a domain with these mail hosts, each a label below the domain. `ad` holds for all names. */
export function goodDomain(domain, { mail = ["mx1", "mx2"], ad = false } = {}) {
  const names = mail.map((label) => `${label}.${domain}`);
  const zone = {
    [domain]: { MX: names.map((name, i) => `${10 * (i + 1)} ${name}`), ad },
    [`_mta-sts.${domain}`]: { TXT: "v=STSv1; id=20261125;", ad },
    [`_smtp._tls.${domain}`]: { TXT: `v=TLSRPTv1; rua=mailto:tls-reports@${domain}`, ad },
    [`mta-sts.${domain}`]: { A: "192.0.2.10", AAAA: "2001:db8::10", ad },
  };
  names.forEach((name, i) => (zone[name] = { A: `192.0.2.${25 + i}`, AAAA: `2001:db8::${25 + i}`, ad }));
  return { zone, hosts: { [`mta-sts.${domain}`]: { body: policy(...names) } } };
}
