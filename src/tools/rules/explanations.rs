//! The rules' explanations. They are a file of their own, so that the page starts without them, and are loaded when
//! there is a finding to explain.

use stslint::explanations::read;
use stslint::rule;

/// Reads them from the text of their file, for the whole program. Gives whether that worked.
pub(super) fn load(text: &str) -> bool {
    // A server may answer with a page that says "not found": nothing would be in it.
    let read = read(text);
    !read.is_empty() && rule::install(read) > 0
}
