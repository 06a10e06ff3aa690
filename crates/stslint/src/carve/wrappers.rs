//! What stands around policies and records, as data: its name, what shows it, and how it is written.

/// Something around a policy or a record.
#[derive(Debug)]
pub struct Wrapper {
    /// What it is, as a sentence begins: "Markdown".
    pub name: &'static str,
    /// How a policy stands in it, if one can.
    pub policy: Option<Frame>,
    /// How a record stands in it, if one can: `{owner}` is its name, `{value}` its data.
    pub record: Option<&'static str>,
    /// What shows it; any of these, at the start of a line where the sign begins with `^`.
    signs: &'static [&'static str],
}

/// How a policy stands in something.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// What comes first.
    pub before: &'static str,
    /// What each line has in front of it.
    pub prefix: &'static str,
    /// What each line has behind it, without its end.
    pub suffix: &'static str,
    /// What comes last.
    pub after: &'static str,
    /// Whether all lines stand on one: the wrapper is written without their ends.
    pub one_line: bool,
}

const fn frame(
    before: &'static str,
    prefix: &'static str,
    suffix: &'static str,
    after: &'static str,
) -> Option<Frame> {
    Some(Frame { before, prefix, suffix, after, one_line: false })
}

/// How the lines of a policy stand on one line.
const fn row(
    before: &'static str,
    prefix: &'static str,
    suffix: &'static str,
    after: &'static str,
) -> Option<Frame> {
    Some(Frame { before, prefix, suffix, after, one_line: true })
}

/// All that are known; the first whose sign is there gives its name.
pub static WRAPPERS: [Wrapper; 76] = [
    Wrapper {
        name: "A transcript of wget",
        policy: frame(
            "--2026-11-30 10:00:00--  https://mta-sts.example.com/.well-known/mta-sts.txt\nHTTP request sent, awaiting response... 200 OK\nLength: 68 [text/plain]\n\n",
            "",
            "",
            "",
        ),
        record: None,
        signs: &["awaiting response..."],
    },
    Wrapper {
        name: "A transcript of curl",
        policy: frame(
            "* Connected to mta-sts.example.com\n> GET /.well-known/mta-sts.txt HTTP/2\n> \n< HTTP/2 200 \n< content-type: text/plain\n< \n",
            "",
            "",
            "* Connection #0 left intact\n",
        ),
        record: None,
        signs: &["^< HTTP/", "^* Connected to", "^HTTP/"],
    },
    Wrapper {
        name: "A template",
        policy: None,
        record: None,
        signs: &["{{range", "{{ range", "{{- range", "{% for", "{%- for"],
    },
    Wrapper {
        name: "The source of a mail",
        policy: None,
        record: None,
        signs: &["Content-Transfer-Encoding:", "^Content-Type: multipart", "^MIME-Version:"],
    },
    Wrapper {
        name: "A diff",
        policy: frame("--- a/mta-sts.txt\n+++ b/mta-sts.txt\n@@ -1,4 +1,4 @@\n", "+", "", ""),
        record: None,
        signs: &["^@@ ", "^+++ ", "^diff --git"],
    },
    Wrapper {
        name: "Commands of nsupdate",
        policy: None,
        record: Some(
            "update delete {owner} IN TXT\nupdate add {owner} 3600 IN TXT \"{value}\"\nsend\n",
        ),
        signs: &["^update add ", "^update delete "],
    },
    Wrapper {
        name: "PHP",
        policy: frame("<?php\n", "echo \"", "\\r\\n\";", ""),
        record: None,
        signs: &["<?php", "^$policy ="],
    },
    Wrapper {
        name: "A configuration of Caddy",
        policy: frame("mta-sts.example.com {\n  respond <<EOF\n", "", "", "EOF 200\n}\n"),
        record: None,
        signs: &["respond <<"],
    },
    Wrapper {
        name: "PHP",
        policy: frame("<?php echo <<<TXT\n", "    ", "", "    TXT;\n"),
        record: None,
        signs: &["<<<TXT"],
    },
    Wrapper {
        name: "A script of a shell",
        policy: frame("cat > mta-sts.txt <<EOF\n", "", "", "EOF\n"),
        record: None,
        signs: &["<<EOF", "<< EOF", "<<'EOF'", "<<-EOF", "^echo ", "^printf ", "^#!/bin"],
    },
    Wrapper {
        name: "A script of a shell",
        policy: row("printf '%s\\n' ", "'", "' ", "> mta-sts.txt\n"),
        record: None,
        signs: &["^printf "],
    },
    Wrapper {
        name: "What grep printed",
        policy: frame("", "mta-sts.txt:1:", "", ""),
        record: None,
        signs: &[":1:version", ":1:v=STS", "^mta-sts.txt:1:"],
    },
    Wrapper {
        name: "What head printed",
        policy: frame("==> mta-sts.txt <==\n", "", "", "\n==> robots.txt <==\n"),
        record: None,
        signs: &["^==> "],
    },
    Wrapper {
        name: "A transcript of a command line",
        policy: frame("$ cat mta-sts.txt\n", "", "", "$ \n"),
        record: Some(
            "$ dig +short TXT {owner}\n\"{value}\"\n\n$ dig +short TXT {owner}x\n(empty)\n",
        ),
        signs: &[
            "^$ ",
            "^% ",
            "^PS C:\\",
            "^C:\\",
            "^curl ",
            "^dig ",
            "^cat ",
            "~$ ",
            "~# ",
            "^PS /",
            " cat mta-sts",
            " curl http",
            " curl -",
        ],
    },
    Wrapper {
        name: "Terraform",
        policy: frame("resource \"x\" \"y\" {\n  content = <<EOT\n", "", "", "EOT\n}\n"),
        record: Some(
            "resource \"dns_txt_record\" \"tls\" {\n  name = \"{owner}\"\n  ttl  = 300\n  record {\n    value = \"{value}\"\n  }\n}\n",
        ),
        signs: &["^resource \"", "<<EOT", "^variable \"", "^locals {"],
    },
    Wrapper {
        name: "DNSControl",
        policy: None,
        record: Some("  TXT(\"{owner}\", \"{value}\"),\n"),
        signs: &["TXT(\"", "TXT('"],
    },
    Wrapper {
        name: "A configuration of nginx",
        policy: frame("location = /.well-known/mta-sts.txt {\n  return 200 \"", "", "", "\";\n}\n"),
        record: None,
        signs: &["return 200 ", "^location ", "^server {"],
    },
    Wrapper {
        name: "A configuration of Caddy",
        policy: frame("mta-sts.example.com {\n  respond `", "", "", "` 200\n}\n"),
        record: None,
        signs: &["respond \"", "respond `", "respond <<", "respond /"],
    },
    Wrapper {
        name: "Rust",
        policy: frame("const POLICY: &str = \"", "", "\\n\\", "\";\n"),
        record: None,
        signs: &["&str = ", "concat!(", "^fn main", "^pub fn ", "^pub const "],
    },
    Wrapper {
        name: "Rust",
        policy: frame("static POLICY: &str = \"\\\n", "    ", "\\n\\", "\";\n"),
        record: None,
        signs: &["&str = "],
    },
    Wrapper {
        name: "Java",
        policy: row("List<String> lines = List.of(", "\"", "\", ", "\"\");\n"),
        record: None,
        signs: &["List.of(", "String.join(", "^String ", "^public class ", "^private static "],
    },
    Wrapper {
        name: "Go",
        policy: frame("package main\n\nconst policy = `", "", "", "`\n"),
        record: None,
        signs: &["^package main", "^func ", " := \"", " := `", "fmt.F"],
    },
    Wrapper {
        name: "Go",
        policy: frame("package main\n\nvar policy = \"\" +\n", "\t\"", "\\n\" +", "\t\"\"\n"),
        record: None,
        signs: &["^package main"],
    },
    Wrapper {
        name: "Go",
        policy: row("package main\n\nvar lines = []string{", "\"", "\", ", "}\n"),
        record: None,
        signs: &["^package main", "[]string{"],
    },
    Wrapper {
        name: "Ruby",
        policy: frame("def policy\n  <<~POLICY\n", "    ", "", "  POLICY\nend\n"),
        record: None,
        signs: &["<<~", "<<-EOS"],
    },
    Wrapper { name: "CSV", policy: None, record: None, signs: &[",\"\"\""] },
    Wrapper {
        name: "Python",
        policy: frame("POLICY = \"\"\"", "", "", "\"\"\"\n"),
        record: None,
        signs: &["\"\"\"", "'''", "^def ", "^from ", "^print("],
    },
    Wrapper {
        name: "Python",
        policy: frame("def policy():\n    return '\\n'.join([\n", "        \"", "\",", "    ])\n"),
        record: None,
        signs: &["^def "],
    },
    Wrapper {
        name: "Python",
        policy: row("def policy():\n    return '\\n'.join([", "'", "', ", "])\n"),
        record: None,
        signs: &["^def ", ".join(["],
    },
    Wrapper {
        name: "JavaScript",
        policy: frame("const txt = `", "", "", "`\n"),
        record: Some("const record = '{owner}';\nconst value = '{value}';\n"),
        signs: &[
            "^const ",
            "^let ",
            "^var ",
            "^export ",
            "new Response(",
            "=> ",
            "^module.exports",
            "].join(",
        ],
    },
    Wrapper {
        name: "JavaScript",
        policy: frame("export default [\n", "  '", "',", "].join('\\r\\n');\n"),
        record: None,
        signs: &["^export default"],
    },
    Wrapper {
        name: "JavaScript",
        policy: row("const policy = [", "'", "',", "].join('\\n');\n"),
        record: None,
        signs: &["].join("],
    },
    Wrapper {
        name: "JavaScript",
        policy: row("const policy = ", "'", "\\n' + ", "'';\n"),
        record: None,
        signs: &["^const "],
    },
    Wrapper {
        name: "JSON of a DNS provider",
        policy: None,
        record: Some(
            "{\"id\":\"1\",\"type\":\"TXT\",\"name\":\"{owner}\",\"value\":\"{value}\",\"ttl\":300}\n",
        ),
        signs: &["\"type\":", "\"type\" :", "\"records\"", "\"ttl\"", "\"Type\":"],
    },
    Wrapper {
        name: "The markup of a forum",
        policy: frame("[code]", "", "", "[/code]\n"),
        record: Some("{owner}: [code]{value}[/code]\n"),
        signs: &["[/", "[code"],
    },
    Wrapper {
        name: "The markup of a forum",
        policy: frame("[quote=Ann]\n[code]\n", "", "", "[/code]\n[/quote]\n"),
        record: Some("[b]{owner}[/b] [b]{value}[/b]\n"),
        signs: &["[/"],
    },
    Wrapper {
        name: "The markup of a wiki",
        policy: frame("{code:title=mta-sts.txt}\n", "", "", "{code}\n"),
        record: Some("{owner} {noformat}{value}{noformat}\n"),
        signs: &["{code", "{noformat}"],
    },
    Wrapper {
        name: "The markup of a wiki",
        policy: frame("<syntaxhighlight lang=\"text\">\n", "", "", "</syntaxhighlight>\n"),
        record: None,
        signs: &["<syntaxhighlight", "<nowiki"],
    },
    Wrapper {
        name: "LaTeX",
        policy: frame("Ours:\n\\begin{verbatim}\n", "", "", "\\end{verbatim}\n"),
        record: None,
        signs: &["\\begin{"],
    },
    Wrapper {
        name: "Org mode",
        policy: frame("#+BEGIN_SRC text\n", "", "", "#+END_SRC\n"),
        record: None,
        signs: &["#+BEGIN_", "#+begin_"],
    },
    Wrapper {
        name: "AsciiDoc",
        policy: frame("[source,text]\n----\n", "", "", "----\n"),
        record: None,
        signs: &["^[source"],
    },
    Wrapper {
        name: "Markdown",
        policy: None,
        record: Some("[{owner}: {value}](https://www.example.com/)\n"),
        signs: &["]("],
    },
    Wrapper {
        name: "Markdown",
        policy: None,
        record: Some("{owner}: [{value}](https://www.example.com/)\n"),
        signs: &["]("],
    },
    Wrapper {
        name: "JSON",
        policy: row("[", "\"", "\",", "\"\"]\n"),
        record: None,
        signs: &["^{", "^[\"", "^[{", "\": \"", "\":\""],
    },
    Wrapper {
        name: "HTML source",
        policy: frame("<pre><code>", "", "", "</code></pre>\n"),
        record: Some(
            "<pre><code class=\"language-sh\">{owner}. 300 IN TXT &quot;{value}&quot;&#10;</code></pre>",
        ),
        signs: &[
            "<br", "<pre", "<code", "<p>", "<td", "<li", "<div", "<span", "&quot;", "&#", "&nbsp;",
            "<strong", "<b>", "<a ",
        ],
    },
    Wrapper {
        name: "HTML source",
        policy: frame("", "", "<br />", ""),
        record: None,
        signs: &["<br"],
    },
    Wrapper {
        name: "A Markdown table",
        policy: None,
        record: Some(
            "| Type | Name | Value |\n| --- | --- | --- |\n| TXT | `{owner}` | `{value}` |\n",
        ),
        signs: &["^|", "^+--", "^\u{2502}"],
    },
    Wrapper {
        name: "Front matter",
        policy: frame("---\npermalink: /.well-known/mta-sts.txt\n---\n\n", "", "", ""),
        record: None,
        signs: &["^---"],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("Our policy:\n\n```text\n", "", "", "```\n\nThat is all.\n"),
        record: Some("`{owner}. 3600 IN TXT \"{value}\"`"),
        signs: &["```", "~~~", "`", "\\_", "\\*", "**", "^# ", "^## "],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("The policy:\n\n", "- `", "`", "\nIs it right?\n"),
        record: None,
        signs: &["`"],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("Our policy is this:\n\n", "", "\\", "\nIs it right?\n"),
        record: None,
        signs: &["\\\n"],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("Our policy:\n\n", "**", "**", "\nIs it right?\n"),
        record: Some("**{owner}**: **{value}**\n"),
        signs: &["**"],
    },
    Wrapper {
        name: "Markdown",
        policy: None,
        record: Some("{owner}: *{value}*.\n"),
        signs: &["**", "*v=", "*V="],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("Our policy:\n\n", "*", "*", "\nIs it right?\n"),
        record: Some("{owner}: _{value}_\n"),
        signs: &["*version:", "*mode:", "*mx:", " _v=", "^_v=", "__v="],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("Our policy:\n\n", "_", "_", "\nIs it right?\n"),
        record: None,
        signs: &["_version:", "_mode:", "_mx:"],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("Our policy:\n\n", "__", "__", "\nIs it right?\n"),
        record: None,
        signs: &["__version:", "__mode:", "__mx:"],
    },
    Wrapper {
        name: "Markdown",
        policy: frame("Our policy:\n\n", "- ~~", "~~", "\nIs it right?\n"),
        record: Some("{owner}: ~~{value}~~\n"),
        signs: &["~~"],
    },
    Wrapper {
        name: "YAML",
        policy: frame("data:\n  mta-sts.txt: |\n", "    ", "", "kind: ConfigMap\n"),
        record: Some("- name: {owner}\n  type: TXT\n  value: \"{value}\"\n"),
        signs: &[": |", "^- name:", "^apiVersion:", "^data:", "^- \""],
    },
    Wrapper {
        name: "YAML",
        policy: frame("policy:\n", "  - \"", "\"", ""),
        record: None,
        signs: &["^- \""],
    },
    Wrapper {
        name: "A quoted mail",
        policy: frame("They wrote:\n", "> ", "", ""),
        record: Some("> {owner} IN TXT \"{value}\"\n"),
        signs: &["^> "],
    },
    Wrapper {
        name: "A quoted mail",
        policy: frame("They wrote:\n", "> ", "", ">\n> Best,\n> Anna\n"),
        record: None,
        signs: &["^> "],
    },
    Wrapper {
        name: "Numbered lines",
        policy: frame("   0\tOur policy\n", "   7\t", "", ""),
        record: None,
        signs: &["^1:", "^1 ", "^1\t", "^1.", "^1|", "^01", "^7\t"],
    },
    Wrapper {
        name: "A list",
        policy: frame("The policy:\n", "* ", "", ""),
        record: Some("* {owner} TXT \"{value}\"\n"),
        signs: &["^* ", "^- ", "^+ ", "^\u{2022}"],
    },
    Wrapper {
        name: "An object of PowerShell",
        policy: frame("Content : \n@\"\n", "", "", "\"@\n"),
        record: Some("Name    : {owner}\nStrings : {{value}}\n"),
        signs: &["@\"", "@'", "Strings", "^Content ", "^StatusCode "],
    },
    Wrapper {
        name: "The marks of an editor",
        policy: frame("", "", "\u{b6}", ""),
        record: None,
        signs: &[
            "\u{b6}",
            "^M",
            "\u{21b5}",
            "\u{23ce}",
            "M-oM-;M-?",
            "<U+FEFF>",
            "<feff>",
            "\u{ef}\u{bb}\u{bf}",
        ],
    },
    Wrapper {
        name: "Quotation marks",
        policy: frame("\u{201c}\n", "", "", "\u{201d}\n"),
        record: Some("{owner}: \u{201e}{value}\u{201c}\n"),
        signs: &["\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}", "\u{2018}", "\u{300c}"],
    },
    Wrapper {
        name: "Quotation marks",
        policy: frame("\u{ab}\u{a0}", "", "", "\u{a0}\u{bb}\n"),
        record: Some("{owner} : \u{ab}\u{a0}{value}\u{a0}\u{bb}\n"),
        signs: &["\u{ab}"],
    },
    Wrapper {
        name: "Quotation marks",
        policy: frame("Our policy: ", "\u{201c}", "\u{201d}", ""),
        record: Some("{owner}: \u{2039}{value}\u{203a}\n"),
        signs: &["\u{2039}", "\u{203a}", "\u{201c}"],
    },
    Wrapper {
        name: "Quotation marks",
        policy: frame("\u{300e}\n", "", "", "\u{300f}\n"),
        record: Some("{owner}\u{ff1a}\u{300e}{value}\u{300f}\n"),
        signs: &["\u{300e}", "\u{3010}", "\u{300a}"],
    },
    Wrapper {
        name: "Quotation marks",
        policy: frame("\u{3010}", "", "", "\u{3011}\n"),
        record: Some("{owner}\u{ff1a}\u{300a}{value}\u{300b}\n"),
        signs: &["\u{3010}", "\u{300a}"],
    },
    Wrapper {
        name: "Columns",
        policy: None,
        record: Some("TXT\t{owner}\t{value}\tAuto\n"),
        signs: &["\t"],
    },
    Wrapper {
        name: "An arrow between name and value",
        policy: None,
        record: Some("5. The record: {owner} -> \"{value}\"\n"),
        signs: &["->", "=>", "\u{2192}"],
    },
    Wrapper {
        name: "A listing",
        policy: None,
        record: Some("  TXT {owner} \"{value}\"\n"),
        signs: &["^TXT ", "^  TXT"],
    },
    Wrapper {
        name: "String literals",
        policy: frame("\"", "", "", "\"\n"),
        record: None,
        signs: &["^\"", "^'", "\",", "\" +"],
    },
    Wrapper {
        name: PANEL,
        policy: None,
        record: Some("{owner} {value}\n"),
        signs: &["^_mta-sts", "^_smtp._tls"],
    },
    Wrapper {
        name: OTHER,
        policy: frame("This is what we publish:\n\n", "", "", "\nIs it right?\n"),
        record: Some("MTA-STS (optional TXT {owner}.): \"{value}\"\n"),
        signs: &[""],
    },
];

/// What lists records.
pub(super) const PANEL: &str = "A panel";

/// What is nothing in particular.
pub(super) const OTHER: &str = "Another text";

/// The wrapper of an answer with its headers, and of one without.
pub(super) static TRANSCRIPTS: [&str; 2] =
    ["A transcript of curl", "A transcript of a command line"];

/// The wrapper that a text is.
pub(super) fn name(text: &str) -> &'static Wrapper {
    let known = WRAPPERS.iter().find(|wrapper| shows(wrapper.signs, text));
    known.unwrap_or(&WRAPPERS[WRAPPERS.len() - 1])
}

/// Whether one of these signs is in a text.
pub(super) fn shows(signs: &[&str], text: &str) -> bool {
    signs.iter().any(|sign| match sign.strip_prefix('^').filter(|_| *sign != "^M") {
        Some(start) => text.lines().any(|line| line.trim_start().starts_with(start.trim_start())),
        None => text.contains(sign),
    })
}
