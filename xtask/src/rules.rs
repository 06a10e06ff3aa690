//! What is made of the rules: the file with their explanations, which the page loads when somebody reads one, and a
//! static page about each of them, with a list of all.

mod html;
mod list;
mod page;
mod sample;
#[cfg(test)]
mod tests;

use std::fs;

use serde_json::{Map, Value, json};
use stslint::families::{FAMILIES, Family};
use stslint::registry::all;
use stslint::rule::{Example, Rule, Text};

use crate::failure::{Failure, Result};
use crate::project::Project;

/// The folder of the pages. What else is in it, their style and script, is written by hand.
const PAGES: &str = "www/rules";

/// Writes `www/rules.json` and the pages. Tests fail when they differ from the rules.
pub(crate) fn write(project: &Project) -> Result<()> {
    let save = |name: &str, text: &str| {
        let path = project.root().join(name);
        fs::write(&path, text).map_err(Failure::file("write", &path))
    };
    save("www/rules.json", &explanations())?;
    let pages = pages();
    for name in written(project)? {
        if !pages.iter().any(|(page, _)| *page == name) {
            let path = project.root().join(PAGES).join(&name);
            fs::remove_file(&path).map_err(Failure::file("remove", &path))?;
        }
    }
    for (name, text) in &pages {
        save(&format!("{PAGES}/{name}"), text)?;
    }
    println!("www/rules.json and {} pages in {PAGES}: {} rules", pages.len(), all().count());
    Ok(())
}

/// The name and text of every page.
fn pages() -> Vec<(String, String)> {
    let ordered: Vec<&Rule> = FAMILIES.iter().flat_map(Family::rules).collect();
    let mut pages = vec![(String::from("index.html"), list::list())];
    for (i, rule) in ordered.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| ordered[i]);
        let after = ordered.get(i + 1).copied();
        pages.push((html::file(rule), page::page(rule, before, after)));
    }
    pages
}

/// The names of the pages that there are.
fn written(project: &Project) -> Result<Vec<String>> {
    let folder = project.root().join(PAGES);
    let failed = || Failure::file("read", &folder);
    let mut names = Vec::new();
    for entry in folder.read_dir().map_err(failed())? {
        let name = entry.map_err(failed())?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".html") {
            names.push(name);
        }
    }
    Ok(names)
}

/// The text of `www/rules.json`.
fn explanations() -> String {
    // One rule a line: small, and a change of one rule is a change of one line.
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
    let lines: Vec<String> =
        rules.iter().map(|(code, value)| format!("{}:{value}", json!(code))).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

fn example(example: &Example) -> Value {
    let mut value = json!({ "kind": example.kind.word() });
    match example.text {
        Text::Bytes(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            value["hex"] = hex.into();
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
