//! What went wrong and what to do about it, in words for the person at the terminal.

use std::fmt;
use std::path::Path;

/// A task that could not be finished.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    remedy: Option<String>,
}

/// The result of a task or of a part of it.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure that `what` explains.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    /// The same failure with the way out of it, unless someone closer to the cause has named one.
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy.get_or_insert_with(|| remedy.into());
        self
    }

    /// For `map_err`: an operating system's error while doing something (`"read"`) with a file.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self::new(format!("cannot {action} {path}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(remedy) = &self.remedy {
            write!(f, "\n help: {}", remedy.replace('\n', "\n       "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_out_stands_below_what_went_wrong() {
        let failure = Failure::new("npm is missing").remedy("install it\nthen try again");
        assert_eq!(failure.to_string(), "npm is missing\n help: install it\n       then try again");
    }

    #[test]
    fn the_first_way_out_is_the_most_specific_one() {
        let failure = Failure::new("x").remedy("do this").remedy("try anything");
        assert_eq!(failure.to_string(), "x\n help: do this");
    }
}
