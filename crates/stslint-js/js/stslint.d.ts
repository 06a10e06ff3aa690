/**
 * Lints email transport security: MTA-STS policies (RFC 8461), the `_mta-sts` and `_smtp._tls` TXT records
 * (RFC 8461, RFC 8460) and TLS reports (RFC 8460). Nothing is looked up and nothing is sent.
 */

/** What a text is, or is to be read as. Facts about a domain (`live`) are never detected. */
export type Kind =
  | "policy" | "sts-txt" | "rpt-txt" | "sts-txt-rdata" | "rpt-txt-rdata" | "report" | "domain" | "live";

/** How bad a finding is, worst first. */
export type Severity = "error" | "warning" | "advice" | "info";

/** Whether a repair may be made without asking: `safe`; or changes the meaning or guesses a value: `confirm`. */
export type Applicability = "safe" | "confirm";

export interface Options {
  /** What to read the text as; detected when absent. */
  kind?: Kind | undefined;
  /** The domain that the policy or record is for; some rules compare with it. */
  domain?: string | undefined;
  /**
   * Whether the text has the line ends that senders see; yes when absent. Say `false` for the value of a text field,
   * which turns all line ends into LF.
   */
  lineEndsKnown?: boolean | undefined;
  /**
   * What offsets count in: units of a JavaScript string, or bytes of UTF-8. When absent, what the text itself counts
   * in: `utf-16` for a string, `utf-8` for a `Uint8Array`.
   */
  encoding?: "utf-16" | "utf-8" | undefined;
  /** The name of the file that the text came in: that of a report says whom it is about. */
  fileName?: string | undefined;
}

/** What was found: the document that `stslint lint --format json` writes, schema 1. New members may come. */
export interface Document {
  /** Version of this schema. */
  schema: 1;
  /** Version of stslint. */
  stslint: string;
  /** One entry for each artefact, in order: mostly one, several when zone lines hold both records. */
  inputs: Entry[];
  /** The text itself, with all that the result depends on. */
  sources: Source[];
}

/** One linted artefact. */
export interface Entry {
  /** The file name as given, or `-`. */
  name: string;
  /** Which of the document's sources it was found in, from 0. */
  source: number;
  artefact: "policy" | "sts-txt" | "rpt-txt" | "report" | "domain" | "live" | "unknown";
  /** What the findings add up to; null where there is nothing to judge, such as a domain or an unknown text. */
  verdict: Verdict | null;
  /** What senders read from it. */
  parsed: Values;
  /** In the order of the text. */
  findings: Finding[];
}

export interface Verdict {
  /** `nonconformant` when the text is outside the grammar of its RFC; of a report that means JSON alone. */
  grammar: "conformant" | "nonconformant";
  /** Whether senders that follow the RFC will use the artefact. */
  usable: boolean;
}

/** Values that are valid and apply to the artefact; all others are left out. */
export interface Values {
  version?: "STSv1" | "TLSRPTv1";
  /** Policies. */
  mode?: "enforce" | "testing" | "none";
  /** Policies: lifetime in seconds. */
  max_age?: number;
  /** Policies: the valid mx patterns in lower case, none twice. There for every policy. */
  mx?: string[];
  /** MTA-STS records. */
  id?: string;
  /** TLSRPT records: where reports go. There for every such record. */
  rua?: string[];
  /** Domains: the name in lower case. */
  domain?: string;
  /** Texts with nothing to lint: the domain that they tell of, in lower case. */
  mentioned?: string;
  /** Reports: who reports. */
  organization?: string;
  /** Reports: sessions that went well. Absent where the report tells of several kinds of policies: it may count one session under each. */
  success?: number;
  /** Reports: sessions that failed. Absent likewise. */
  failure?: number;
}

export interface Finding {
  /** Code of the rule; it never changes its meaning. */
  code: string;
  /** Name of the rule. */
  name: string;
  severity: Severity;
  /** What is wrong. */
  message: string;
  /** Why it matters. */
  why: string;
  /** What sending mail servers do about it. */
  effect: string;
  /** What to do. */
  help: string;
  /** The clause, in words. */
  clause: string;
  /** Address of the clause; null where the rule rests on practice only. */
  url: string | null;
  /** The place; empty where something is missing. */
  span: Place;
  /** Other places that matter. */
  labels: Label[];
  /** The repair; null when none is known. */
  fix: Fix | null;
}

/** A place in the text. `start` and `end` count from 0, in what the option `encoding` says. */
export interface Place {
  start: number;
  /** After the last unit. */
  end: number;
  /** From 1; lines end at LF, CR LF or a lone CR. */
  line: number;
  /** From 1, in characters, whatever the encoding. */
  column: number;
  end_line: number;
  end_column: number;
}

export interface Label {
  span: Place;
  /** What is there. */
  text: string;
}

export interface Fix {
  /** What it does. */
  title: string;
  applicability: Applicability;
  /** Ascending; they do not overlap. */
  edits: Edit[];
}

/** The text from `start` up to `end` becomes `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The linted text. It has either `text` or, where the bytes are not UTF-8, `base64`. */
export interface Source {
  name: string;
  file_name: string | null;
  kind: Kind | null;
  domain: string | null;
  line_ends_known: boolean;
  text?: string;
  base64?: string;
}

export interface Rule {
  code: string;
  name: string;
  severity: Severity;
  /** The text is outside the grammar of its RFC. */
  breaks_grammar: boolean;
  /** Senders reject or ignore the artefact. */
  breaks_use: boolean;
  /** The strongest repair that its findings can carry. */
  fix: Applicability | null;
  /** What is wrong; `{0}` and `{1}` stand for what a finding fills in. */
  message: string;
  why: string;
  effect: string;
  help: string;
  clause: string;
  url: string | null;
  /** A text that raises it. */
  fails: Example;
  /** The text put right; null where nothing is wrong in the first place. */
  passes: Example | null;
}

export interface Example {
  kind: Kind | "unknown";
  /** Bytes where they are not UTF-8. */
  text: string | Uint8Array;
  domain: string | null;
  file_name: string | null;
}

export interface Match {
  match: boolean;
  /** Why, or why not. */
  reason: string;
}

/**
 * Loads the WebAssembly module. Needed once, before the first other call, in browsers; in Node.js it may be left out.
 *
 * @param source Where the module is: a URL, a `Response` or a promise of one, bytes, or a `WebAssembly.Module`.
 *   When absent, `stslint.wasm` next to the package's own files.
 */
export default function init(source?: string | object): Promise<void>;

/**
 * Finds what is wrong with a text. Any text is fine, up to 1 MiB, and 20 MiB of a TLS report: of a JSON object, of gzip data, or
 * of the kind `report`. The size is that in UTF-8.
 *
 * @throws {TypeError} for an argument or option that is none; for a text of the kind `live` that has no facts
 * @throws {RangeError} for a text that is larger
 */
export function lint(text: string | Uint8Array, options?: Options): Document;

/**
 * The text with all safe fixes applied, which keep its meaning; the same text when there are none.
 *
 * @throws {TypeError} for an argument or option that is none
 * @throws {RangeError} for a text that is larger than `lint` takes
 */
export function fix(text: string, options?: Options): string;
export function fix(text: Uint8Array, options?: Options): Uint8Array;
export function fix(text: string | Uint8Array, options?: Options): string | Uint8Array;

/**
 * What a text would be read as; `unknown` where that can't be told.
 *
 * @throws {RangeError} for a text that is larger than `lint` takes
 */
export function detect(text: string | Uint8Array): Kind | "unknown";

/** The rule with this code, in any case of letters; undefined when there is none. */
export function explain(code: string): Rule | undefined;

/** All rules, sorted by code. */
export function rules(): Rule[];

/** Whether an mx pattern of a policy covers the host name of an MX record, and why (RFC 8461 §4.1). */
export function match(pattern: string, host: string): Match;
