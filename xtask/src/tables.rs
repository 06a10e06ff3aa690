//! Documents with numbers in them: what a task measured is written between two lines of a document, and what people
//! wrote around it stays.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;

/// A document with a place for the tables of a task.
pub(crate) struct Document {
    /// Where it is in the project.
    pub(crate) file: &'static str,
    /// The task that writes the tables.
    pub(crate) task: &'static str,
}

/// Below the tables.
const END: &str = "<!-- end of tables -->";

impl Document {
    /// Puts tables in the place of the old ones.
    pub(crate) fn write(&self, project: &Project, tables: &str) -> Result<()> {
        let new = self.with(&project.read(self.file)?, tables).ok_or_else(|| {
            Failure::new(format!("{} lacks the lines `{}` and `{END}`", self.file, self.begin()))
        })?;
        let path = project.root().join(self.file);
        fs::write(&path, new).map_err(Failure::file("write", &path))?;
        println!("{tables}\n{}: written to {}", self.task, self.file);
        Ok(())
    }

    fn begin(&self) -> String {
        format!("<!-- tables: cargo xtask {} -->", self.task)
    }

    fn with(&self, text: &str, tables: &str) -> Option<String> {
        let begin = self.begin();
        let (before, rest) = text.split_once(&begin)?;
        let (_, after) = rest.split_once(END)?;
        Some(format!("{before}{begin}\n{}\n{END}{after}", tables.trim_end()))
    }
}

/// By what and where something was measured: what the task tells, the compiler, and this machine, in a line.
pub(crate) fn machine(told: &str) -> String {
    let rustc = process::capture(Command::new("rustc").arg("--version")).unwrap_or_default();
    let cpu = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let model = text.lines().find(|line| line.starts_with("model name"))?;
        Some(model.split_once(':')?.1.trim().to_owned())
    });
    let cpu = cpu.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{told}; {rustc}; {cores} processors, {cpu}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays() {
        let document = Document { file: "x.md", task: "x" };
        let text = |tables| format!("a\n{}\n{tables}\n{END}\nb\n", document.begin());
        assert_eq!(document.with(&text("old"), "new\n"), Some(text("new")));
        assert_eq!(document.with("a\nb\n", "new"), None);
    }

    #[test]
    fn each_document_has_a_place_for_its_tables() {
        let project = Project::find().unwrap();
        for document in [crate::bench::DOCUMENT, crate::latency::DOCUMENT, crate::load::DOCUMENT] {
            let text = project.read(document.file).unwrap();
            assert!(document.with(&text, "").is_some(), "{}", document.file);
        }
    }
}
