//! Where something was found.

use std::fmt;

/// Longest name that is kept, in characters.
const LONGEST: usize = 200;

/// The way to something that was found: a file, then what is in it. All names come from outside, and may hold anything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    name: String,
    is_file: bool,
}

impl Place {
    pub(crate) fn of_file(name: &str) -> Self {
        // Whole: it is how the caller tells one file from another.
        Self { steps: vec![Step { name: name.to_owned(), is_file: true }] }
    }

    /// The names on the way, from the outside to the inside; at least one.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.steps.iter().map(|step| &step.name[..])
    }

    /// The name of the file that it is, without folders: RFC 8460 §5.1 has rules for it. None for what has no name of its own.
    pub fn file_name(&self) -> Option<&str> {
        let last = self.steps.last().filter(|step| step.is_file)?;
        last.name.rsplit(['/', '\\']).next()
    }

    /// Goes into something that has a name.
    pub(crate) fn enter_file(&mut self, name: &str) {
        let name = name.chars().take(LONGEST).collect();
        self.steps.push(Step { name, is_file: true });
    }

    /// Goes into something that has none, and is called by its kind and number.
    pub(crate) fn enter_nameless(&mut self, name: String) {
        self.steps.push(Step { name, is_file: false });
    }

    /// Goes out again.
    pub(crate) fn leave(&mut self) {
        self.steps.pop();
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.names().enumerate() {
            let between = if i == 0 { "" } else { " › " };
            write!(f, "{between}{name}")?;
        }
        Ok(())
    }
}
