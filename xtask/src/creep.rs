//! Code of a chunk in the main program: one direct call draws a whole subtree along, and nothing else would say so.

use std::fs;

use rustc_demangle::demangle;
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::setup::Toolbox;
use crate::split;

/// What chunks are for, by the paths of its functions.
const OF_CHUNKS: &[&str] = &[
    "stslint::live::",
    "stslint::plan::",
    "stslint::render::compare::",
    "stslint::render::facts::",
    "stslint::render::live::",
    "stslint::render::plan::",
    "stslint::report::",
    "stslint_page::tools::check::",
    "stslint_page::tools::rules::",
    "stslint_page::tools::share::",
];

/// Whatever may hold a value can let go of it, so these are there all the same.
const LETTING_GO: &[&str] =
    &["drop_in_place", "drop_glue", "drop_slow", "as core::ops::drop::Drop>::drop"];

/// Functions that the main program needs nevertheless, by a part of their name, with the reason.
const ALLOWED: &[(&str, &str)] = &[
    ("as core::clone::Clone>::clone", "what a button sends it may send again"),
    ("as core::default::Default>::default", "what a tool keeps is there from the start, and empty"),
    ("as core::convert::From<", "an action of a tool is one of the page"),
    ("alloc::collections::btree::", "letting go of a map, by parts"),
    (
        "alloc::raw_vec::RawVec<",
        "room in a list: equal functions are one, under the name of any of them",
    ),
    (">::with_capacity_in", "the same"),
    (
        "report::seen::likeness",
        "a report that is no JSON any more is no policy, which is looked for at once",
    ),
    ("settings::Resolver>::known", "the resolver that is asked unless somebody chooses another"),
    ("yew::html::component::", "Yew calls a component through a table of the component"),
];

/// Fails if the main program of the last build has functions that belong into chunks.
pub(crate) fn check(project: &Project, _tools: &Toolbox) -> Result<()> {
    let path = split::named_main(project);
    let wasm = fs::read(&path).map_err(Failure::file("read", &path))?;
    let names =
        names(&wasm).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    if names.is_empty() {
        return Err(Failure::new(format!("{} does not name its functions", path.display())));
    }
    let strange: Vec<&String> = names.iter().filter(|name| is_strange(name)).collect();
    if strange.is_empty() {
        return Ok(());
    }
    let list: String = strange.iter().map(|name| format!("\n  {name}")).collect();
    Err(Failure::new(format!("{} functions of chunks are in the main program:{list}", strange.len()))
        .remedy("call them through the table of their chunk; if they have to be there, xtask/src/creep.rs has a list"))
}

fn is_strange(name: &str) -> bool {
    let any = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    any(OF_CHUNKS) && !any(LETTING_GO) && !ALLOWED.iter().any(|(part, _)| name.contains(part))
}

/// The names of a program's functions, in the form of Rust.
fn names(wasm: &[u8]) -> wasmparser::Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(kinds) = section.as_known() else { continue };
        for kind in kinds {
            if let Name::Function(functions) = kind? {
                for function in functions {
                    names.push(format!("{:#}", demangle(function?.name)));
                }
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_chunks_are_strange_in_the_main_program() {
        for name in [
            "stslint::live::check::Check::next",
            "<stslint::live::facts::Facts as core::fmt::Debug>::fmt",
            "alloc::vec::Vec<stslint::report::Session>::push",
            "stslint_page::tools::check::view::head",
        ] {
            assert!(is_strange(name), "{name}");
        }
        for name in [
            "stslint::policy::parse::parse",
            "core::ptr::drop_in_place<stslint::live::facts::Facts>",
            "<stslint::live::facts::Facts as core::clone::Clone>::clone",
            "alloc::rc::Rc<stslint::live::facts::Facts>::drop_slow",
            "stslint_page::tools::lint::state::update",
        ] {
            assert!(!is_strange(name), "{name}");
        }
    }
}
