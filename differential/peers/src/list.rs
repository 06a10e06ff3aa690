//! The list of differences, each with its reason: `tests/peers.json`.
//!
//! An entry has the `suite` without its commit, the names of the `vectors` that it explains, the code of the finding by which
//! stslint says so (`found`, where there is one), what `they` do, what `stslint` does, and `why` by the RFCs.

use crate::repository;
use crate::vector::{Said, Vector};
use serde_json::Value;

/// An entry.
#[derive(Debug)]
pub struct Known {
    /// The repository.
    pub suite: String,
    /// The names of its vectors.
    pub vectors: Vec<String>,
    /// The code of a finding that has to be there.
    pub found: Option<String>,
    /// What their authors expect.
    pub they: String,
    /// What the engine says.
    pub we: String,
    /// Why.
    pub why: String,
}

impl Known {
    /// Whether it explains that a vector differs.
    pub fn explains(&self, vector: &Vector, said: &Said) -> bool {
        self.suite == repository(&vector.suite)
            && self.vectors.contains(&vector.name)
            && self.found.as_deref().is_none_or(|code| said.codes.contains(&code))
    }
}

/// The committed list.
pub fn committed() -> Vec<Known> {
    read(include_str!("../../../tests/peers.json")).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads a list; the error says which entry is wrong.
fn read(text: &str) -> Result<Vec<Known>, String> {
    let entries: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let entry = |(nth, entry): (usize, &Value)| {
        let text = |key: &str| {
            let text = entry[key].as_str().filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or_else(|| format!("entry {nth} has no {key}"))
        };
        let vectors = entry["vectors"].as_array().filter(|vectors| !vectors.is_empty());
        let names = vectors.ok_or_else(|| format!("entry {nth} has no vectors"))?.iter();
        Ok(Known {
            suite: text("suite")?,
            vectors: names.filter_map(Value::as_str).map(str::to_owned).collect(),
            found: entry["found"].as_str().map(str::to_owned),
            they: text("they")?,
            we: text("stslint")?,
            why: text("why")?,
        })
    };
    entries.iter().enumerate().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_list_is_read_and_names_each_vector_once() {
        let list = committed();
        let mut names: Vec<_> = list
            .iter()
            .flat_map(|known| known.vectors.iter().map(|name| (&known.suite, name)))
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn an_entry_needs_all_of_its_parts() {
        let whole =
            r#"[{"suite": "a/b", "vectors": ["c"], "they": "d", "stslint": "e", "why": "f"}]"#;
        assert_eq!(read(whole).unwrap().len(), 1);
        for (part, error) in [
            (r#""suite": "a/b""#, "entry 0 has no suite"),
            (r#""vectors": ["c"]"#, "entry 0 has no vectors"),
            (r#""why": "f""#, "entry 0 has no why"),
        ] {
            assert_eq!(read(&whole.replace(part, r#""x": 1"#)).unwrap_err(), error);
        }
    }
}
