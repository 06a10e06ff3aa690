//! What is made of the rules for the page: the file with their explanations, which it loads when somebody reads one, and
//! a static page about each of them, with a list of all. And a record of all words and examples for those who read changes.

mod html;
mod list;
mod page;
mod record;
mod sample;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};
use stslint::Input;
use stslint::families::{FAMILIES, Family};
use stslint::registry::all;
use stslint::rule::{Example, Rule, Text};

pub use record::record;

/// The name and text of every page.
pub fn pages() -> Vec<(String, String)> {
    let ordered: Vec<&Rule> = FAMILIES.iter().flat_map(Family::rules).collect();
    let mut pages = vec![(String::from("index.html"), list::list())];
    for (i, rule) in ordered.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| ordered[i]);
        let after = ordered.get(i + 1).copied();
        pages.push((html::file(rule), page::page(rule, before, after)));
    }
    pages
}

/// The text of `rules.json`: by code, in their order, what `stslint::explanations` reads.
pub fn explanations() -> String {
    let rules: Map<String, Value> = all()
        .map(|rule| {
            let words = rule.words();
            let value = json!({
                "why": words.why,
                "effect": words.effect,
                "help": words.help,
                "clause": words.clause,
                "fails": example(&words.fails),
                "passes": words.passes.as_ref().map(example),
            });
            (rule.code.to_owned(), value)
        })
        .collect();
    Value::from(rules).to_string()
}

fn example(example: &Example) -> Value {
    let mut value = json!({ "kind": example.declared.word() });
    match example.text {
        Text::Bytes(bytes) => {
            value["hex"] = base16ct::lower::encode_string(bytes).into();
        }
        Text::Long { start, unit, times, end } => value["long"] = json!([start, unit, times, end]),
        Text::Plain(text) => value["text"] = text.into(),
    }
    if let Some(domain) = example.domain {
        value["domain"] = domain.into();
    }
    if let Some(name) = example.file_name {
        value["file"] = name.into();
    }
    value
}

/// What is linted to show an example: its source, with all that its repair may take.
fn input<'a>(example: &Example, source: &'a [u8]) -> Input<'a> {
    Input { to_ascii: Some(|name| idna::domain_to_ascii(name).ok()), ..example.input(source) }
}
