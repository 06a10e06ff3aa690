//! The file with the explanations of all rules, which the page loads when somebody reads one.

use std::fs;

use serde_json::{Map, Value, json};
use stslint::rules::{Example, Text, all};

use crate::failure::{Failure, Result};
use crate::project::Project;

/// Writes `www/rules.json`. A test of the engine fails when it differs from the rules.
pub(crate) fn write(project: &Project) -> Result<()> {
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
    // One rule a line: small, and a change of one rule is a change of one line.
    let lines: Vec<String> =
        rules.iter().map(|(code, value)| format!("{}:{value}", json!(code))).collect();
    let path = project.root().join("www/rules.json");
    fs::write(&path, format!("{{\n{}\n}}\n", lines.join(",\n")))
        .map_err(Failure::file("write", &path))?;
    println!("www/rules.json: {} rules", rules.len());
    Ok(())
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
