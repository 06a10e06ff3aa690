//! The list of differences, each with its reason: `tests/peers.json`.
//!
//! An entry has the `suite` without its commit, the names of the `vectors` that it explains, the code of the finding by which
//! stslint says so (`found`, where there is one), what `they` do, what `stslint` does, and `why` by the RFCs.

use crate::repository;
use crate::vector::{Said, Vector};
use serde::Deserialize;

/// An entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(rename = "stslint")]
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
    let list = serde_json::from_str(include_str!("../../../tests/peers.json"));
    list.unwrap_or_else(|error| panic!("tests/peers.json: {error}"))
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
        assert!(list.iter().all(|known| !known.vectors.is_empty() && !known.why.is_empty()));
    }
}
