//! Inputs that are known to matter: the conformance vectors, the examples of the rules and of the
//! page. The harness of fixes runs over them, and the fuzzers start from them.

use crate::{Case, vectors};
use serde_json::Value;
use stslint::examples;
use stslint::registry::all;

/// A case with a name to find it by.
#[derive(Clone, Debug)]
pub struct Seed {
    /// The id of the vector, or the code of the rule with `fails` or `passes`.
    pub id: String,
    /// The input.
    pub case: Case,
}

/// All of them.
pub fn all_seeds() -> Vec<Seed> {
    let mut seeds = of_vectors();
    for rule in all() {
        let words = rule.words();
        let examples = [("fails", Some(&words.fails)), ("passes", words.passes.as_ref())];
        for (name, example) in examples {
            let Some(example) = example else { continue };
            let mut case = Case::new(example.said(), example.bytes());
            case.domain = example.domain.is_some();
            seeds.push(Seed { id: format!("{}/{name}", rule.code), case });
        }
    }
    for sample in examples::ALL {
        let case = Case::new(None, sample.text);
        seeds.push(Seed { id: format!("example/{}", sample.title), case });
    }
    seeds
}

/// The vectors that are texts to lint.
fn of_vectors() -> Vec<Seed> {
    let seed = |vector: &Value| {
        let (declared, source) = vectors::source(vector)?;
        let mut case = Case::new(Some(declared), source);
        case.domain = vector["context"]["domain"].is_string();
        Some(Seed { id: vector["id"].as_str()?.to_owned(), case })
    };
    vectors::all().iter().filter_map(seed).collect()
}

/// What people pasted, of `tests/field.json`: each case, and its input.
pub fn field() -> Vec<(serde_json::Value, Vec<u8>)> {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../tests/field.json")).expect("a list in JSON");
    let input = |case: &serde_json::Value| match case["input"]["hex"].as_str() {
        Some(hex) => base16ct::lower::decode_vec(hex).expect("hex digits"),
        None => case["input"].as_str().expect("a text").as_bytes().to_vec(),
    };
    cases.iter().map(|case| (case.clone(), input(case))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use stslint::{Declared, Kind};

    #[test]
    fn there_are_seeds_of_every_kind_and_each_has_its_own_name() {
        let seeds = all_seeds();
        let ids: BTreeSet<&str> = seeds.iter().map(|seed| seed.id.as_str()).collect();
        assert_eq!(ids.len(), seeds.len());
        for declared in Declared::ALL.into_iter().filter(|one| one.kind != Kind::Domain) {
            assert!(seeds.iter().any(|seed| seed.case.declared == Some(declared)), "{declared:?}");
        }
        assert!(seeds.len() > 500, "{}", seeds.len());
    }
}
