// A program in TypeScript. It is compiled, not run; what must not compile says so.

import init, { detect, explain, fix, lint, match, rules } from "stslint";
import type { Finding, Kind, Options, Rule } from "stslint";

await init();
await init(new URL("https://example.com/stslint.wasm"));

const options: Options = { kind: "policy", domain: "example.com", encoding: "utf-16", lineEndsKnown: false };
const findings: Finding[] = lint("version: STSv1", options).inputs.flatMap((entry) => entry.findings);
for (const { code, severity, span, fix } of findings) {
  const rule: Rule | undefined = explain(code);
  const title: string = fix?.title ?? rule?.help ?? severity;
  const width: number = span.end - span.start;
  title.padEnd(width);
}
const text: string = fix("v=STSv1; id=1");
const bytes: Uint8Array = fix(new Uint8Array(), { fileName: "mta-sts.txt" });
const kind: Kind | "unknown" = detect(bytes);
const declared: Kind | undefined = kind === "unknown" ? undefined : kind;
const usable: boolean | undefined = lint(text, { kind: declared }).inputs[0]?.verdict?.usable;
const codes: string[] = rules().map((rule) => rule.code);
const reason: string = match("*.example.com", "mx.example.com").reason;
export { codes, reason, usable };

// @ts-expect-error: there is no such option
lint(text, { kinds: "policy" });
// @ts-expect-error: nor such a kind
lint(text, { kind: "policies" });
// @ts-expect-error: nor a text that is a number
lint(1);
// @ts-expect-error: what is fixed has the type of what was given
const wrong: string = fix(bytes);
// @ts-expect-error: there may be no such rule
explain("STS-POL-000").code;
