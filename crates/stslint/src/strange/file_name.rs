//! Names that people give to the file of a policy by mistake.

use crate::finding::{Finding, Severity};
use crate::host;
use crate::input::{POLICY_FILE, POLICY_PATH};
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

/// The letters and digits of a name, in lower case.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether what has this name is to be the file of a policy: the name that policies have, or nearly so. Under some names
/// that are nearly right stand pages and notes; those say for themselves what they are.
pub(crate) fn names_policy(name: &str) -> bool {
    let plain = plain(name);
    ["mtaststxt", "mtaststxttxt", "mtststxt", "mtasttxt"].contains(&plain.as_str())
}

/// A name that people give to the file of a policy by mistake.
fn is_nearly(name: &str) -> bool {
    let others = ["mtasts", "mtaststext", "mtastshtml", "mtaststxthtml", "mtastsmd"];
    names_policy(name) || others.contains(&plain(name).as_str())
}

/// What to say of the name of a policy's file, if it is nearly the right one.
pub(crate) fn file_name(name: &str) -> Option<Finding> {
    (name != POLICY_FILE && is_nearly(name)).then(|| {
        let mut findings = Vec::new();
        Finding::add(&mut findings, &FILE_NAME, Span::at(0))
            .text(name.to_owned())
            .text(POLICY_PATH);
        findings.remove(0)
    })
}

/// What to say of a text that is an address of a policy, and not the right one.
pub(crate) fn address(source: &[u8]) -> Option<Finding> {
    let text = str::from_utf8(source).ok()?;
    let at = text.len() - text.trim_start().len();
    wrong_address(text.trim(), at).filter(|_| !text.trim().contains(char::is_whitespace))
}

/// What to say of an address at a place, if it is that of a policy, and not the one that senders ask (RFC 8461 §3.3). Other hosts
/// than `www` and the domain itself may be where somebody tries a file out.
pub(crate) fn wrong_address(url: &str, at: usize) -> Option<Finding> {
    let (scheme, rest) = url.split_once("://")?;
    let path = rest.find('/').map(|slash| url.len() - rest.len() + slash)?;
    let whole = &url[path..];
    let end = whole.find(&['?', '#'][..]).unwrap_or(whole.len());
    let (_, name) = whole[..end].rsplit_once('/')?;
    let host = rest[..rest.len() - whole.len()].trim_end_matches('.');
    let domain = ["www.", "mta-sts."].iter().find_map(|label| host.strip_prefix(label));
    let public = host::is_host_name(host) && host.contains('.') && !host::is_address(host);
    let misplaced = host.starts_with("www.") || host.matches('.').count() == 1;
    let (span, right) = if whole[..end] != *POLICY_PATH {
        (Span::new(path, path + end), Some(POLICY_PATH.into()).filter(|_| is_nearly(name)))
    } else {
        let wrong = public && (misplaced || scheme == "http" && host.starts_with("mta-sts."));
        let right = || format!("https://mta-sts.{}{POLICY_PATH}", domain.unwrap_or(host));
        (Span::new(0, path + end), wrong.then(right))
    };
    let right: String = right?;
    let mut findings = Vec::new();
    let place = Span::new(at + span.start, at + span.end);
    Finding::add(&mut findings, &FILE_NAME, place).text(url[span.range()].to_owned()).text(right);
    findings.pop()
}

pub(super) static FILE_NAME: Rule = Rule {
    code: "INPUT-006",
    name: "file-name",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not what senders ask for; that is `{1}`",
    words: words(Words {
        why: "Senders ask for exactly this path on the host `mta-sts` below the domain. Windows hides file extensions, so what \
          looks like `mta-sts.txt` may be `mta-sts.txt.txt`.",
        effect: "Published under another name or on another host, senders find no policy.",
        help: "Name the file `mta-sts.txt` and put it in the folder `.well-known` of the host `mta-sts` below your domain.",
        clause: "RFC 8461 §3.3: the policy is fetched from the path .well-known/mta-sts.txt",
        fails: Example::policy(GOOD).in_file("mta-sts.txt.txt"),
        passes: Some(Example::policy(GOOD).in_file("mta-sts.txt")),
    }),
};

/// A good policy, for examples.
const GOOD: &str =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n";

#[cfg(test)]
mod pictures {
    #[test]
    fn file_name() {
        crate::carets::policy().in_file("mta-sts.txt.txt").shows(
            r"
            version: STSv1
            | INPUT-006
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }
}
