//! Documents and their schemas.

use jsonschema::Validator;
use serde_json::Value;

/// A schema of ours, which has to be one.
pub(crate) fn schema(text: &str) -> Validator {
    let schema = serde_json::from_str(text).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema follows draft 2020-12");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is one")
}

/// Fails where a document does not follow a schema.
pub(crate) fn check(validator: &Validator, name: &str, document: &Value) {
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{name}: {problems:#?}");
}
