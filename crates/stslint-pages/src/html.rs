//! What all pages about rules share: the frame, words with code in them, the shapes of severities.

use maud::{DOCTYPE, Markup, html};
use stslint::finding::Severity;
use stslint::rule::Rule;

/// These pages run no wasm and ask for nothing, so they may do even less than the linter's page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

/// Longest description, in bytes: more is shown nowhere.
const DESCRIPTION: usize = 300;

/// What stands in the head of a page.
pub(crate) struct Head<'a> {
    /// The title of the window.
    pub(crate) title: &'a str,
    /// The title where a link to the page is shown.
    pub(crate) short: &'a str,
    /// What the page says, in a few sentences.
    pub(crate) description: &'a str,
}

/// A whole document around the content of `main`.
pub(crate) fn document(head: &Head, main: &Markup) -> String {
    let description = shortened(head.description);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY_POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (head.title) }
                meta name="description" content=(description);
                meta property="og:type" content="article";
                meta property="og:site_name" content="stslint";
                meta property="og:title" content=(head.short);
                meta property="og:description" content=(description);
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" content="#f7f7f4" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#16181b" media="(prefers-color-scheme: dark)";
                link rel="icon" href="../favicon.svg" type="image/svg+xml";
                link rel="stylesheet" href="../style.css";
                link rel="stylesheet" href="../tools.css";
                link rel="stylesheet" href="./rules.css";
                link rel="stylesheet" href="../print.css" media="print";
                script src="./rules.js" {}
            }
            body {
                a class="skip" href="#main" { "Skip to the content" }
                header class="top" {
                    div class="brand" {
                        p class="name" { a href="../index.html" { "stslint" } }
                        p { "MTA-STS and TLSRPT linter" }
                    }
                    nav aria-label="Site" class="buttons" {
                        a href="./index.html" { "All rules" }
                        " "
                        a href="../index.html" { "Check a text" }
                    }
                }
                main id="main" { (main) }
                footer class="foot" {
                    p {
                        "This page is made from the rule itself; its examples are linted by stslint. It asks no \
                         other server for anything."
                    }
                    p class="links" {
                        (outward(html! { "RFC 8461 (MTA-STS)" }, &stslint::rule::rfc_url("8461", None)))
                        " "
                        (outward(html! { "RFC 8460 (TLSRPT)" }, &stslint::rule::rfc_url("8460", None)))
                    }
                    p id="printed" { "stslint " (stslint::VERSION) }
                }
            }
        }
    }
    .into_string()
}

/// The file of a rule's page, relative to the other pages.
pub(crate) fn file(rule: &Rule) -> String {
    let page = rule.page();
    page.rsplit_once('/').map_or(page.clone(), |(_, file)| file.to_owned())
}

/// A link to another site.
pub(crate) fn outward(words: Markup, url: &str) -> Markup {
    html! { a href=(url) target="_blank" rel="noreferrer noopener" { (words) } }
}

/// Words of the engine, where code stands between backticks.
pub(crate) fn prose(text: &str) -> Markup {
    html! {
        @for (i, part) in text.split('`').enumerate() {
            @if i % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

/// Words of the engine where only plain text can stand.
pub(crate) fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// The shape that stands for a severity, as in the page: shapes differ, so that colour is never needed.
pub(crate) fn icon(severity: Severity) -> Markup {
    let (outline, sign) = shape(severity);
    html! {
        svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false" {
            path class="icon-outline" d=(outline) {}
            path class="icon-sign" d=(sign) {}
        }
    }
}

/// Outline and sign of a shape. A test compares them with the page's.
pub(crate) fn shape(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => (
            "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3Z",
            "m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8",
        ),
        Severity::Warning => ("M8 1.6 15 14.4H1Z", "M8 6.2v4M8 12.2v.2"),
        Severity::Advice => ("M8 1.5 14.5 8 8 14.5 1.5 8Z", "M8 4.8v3.6M8 10.9v.2"),
        Severity::Info => ("M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z", "M8 7.2v4M8 4.7v.2"),
    }
}

/// Rules with their severities and messages, each a link.
pub(crate) fn rules<'a>(rules: impl Iterator<Item = &'a Rule>) -> Markup {
    html! {
        ul class="rules" {
            @for rule in rules {
                li data-tone=(rule.severity.word()) data-name=(rule.name) {
                    a class="code" href={ "./" (file(rule)) } { (rule.code) }
                    " "
                    span class="where" title=(rule.severity.title()) {
                        (icon(rule.severity))
                        span class="visually-hidden" { (rule.severity.title()) }
                    }
                    " "
                    span { (prose(&rule.summary())) }
                }
            }
        }
    }
}

fn shortened(text: &str) -> String {
    if text.len() <= DESCRIPTION {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(DESCRIPTION);
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', ';', ':', '.']))
}
