//! Shows the built page to the person at this machine.

use std::io::{self, Write as _};

use crate::failure::Result;
use crate::project::Project;
use crate::site::Site;

/// Serves `dist/` until the person stops it.
pub(crate) fn run(project: &Project, port: u16, base: &str) -> Result<()> {
    let site = Site::new(&project.dist(), base)?.listen(port)?;
    println!("\nThe page is here until you press Ctrl-C:");
    println!("{}", site.address());
    // Whoever waits for the address reads it through a pipe, where it would stay in the buffer.
    drop(io::stdout().flush());
    site.run()
}
