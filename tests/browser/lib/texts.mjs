// Texts that several tests use. Their host names are not reserved ones unless a finding is wanted.

/** Seven findings: four errors, a warning and two notes. */
export const BROKEN =
  "version: STSv1\nmode: Enforce\nnmx: a.example.com\nmx: *.example.com.\nmx: münchen.example\nmax_age: 604 800\n";

/** BROKEN after all safe fixes. */
export const REPAIRED_SAFELY =
  "version: STSv1\nmode: enforce\nnmx: a.example.com\nmx: *.example.com\nmx: münchen.example\nmax_age: 604 800\n";

/** No finding at all. */
export const CLEAN = "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n";
