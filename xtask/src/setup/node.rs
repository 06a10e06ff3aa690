//! The packages of `package.json`.

use std::fs;

use crate::failure::{Failure, Result};
use crate::pins;
use crate::process;
use crate::project::Project;

use super::{Toolbox, report_found, report_installing};

/// A copy of the lock file that was installed. npm keeps one too, but with details that differ from the original.
const STAMP: &str = "node_modules/.installed-lock.json";

/// Sees to it that Node.js is there.
pub(super) fn ensure_program(toolbox: &Toolbox) -> Result<()> {
    let node = process::capture(toolbox.command("node").arg("--version"))
        .ok_or_else(|| Failure::new("`node` is not installed").remedy(install_node()))?;
    let found = pins::version_in(&node).map(pins::numbers);
    if found < Some(pins::numbers(pins::NODE)) {
        return Err(Failure::new(format!("Node.js {node} is too old")).remedy(install_node()));
    }
    Ok(())
}

fn install_node() -> String {
    format!("install Node.js {} or newer with npm", pins::NODE)
}

/// Sees to it that Node.js is there and that `node_modules` is what `package-lock.json` says.
pub(super) fn ensure(project: &Project, toolbox: &Toolbox) -> Result<()> {
    ensure_program(toolbox)?;
    let lock = project.read("package-lock.json")?;
    let stamp = project.root().join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        report_found("node_modules");
        return Ok(());
    }
    if toolbox.find("npm").is_none() {
        return Err(Failure::new("`npm` is not installed").remedy(install_node()));
    }
    report_installing("node_modules", "fetching it with npm (1 minute)");
    process::stream(toolbox.command("npm").arg("ci").current_dir(project.root())).map_err(
        |failure| failure.remedy("`npm ci` needs access to an npm registry; try it by hand"),
    )?;
    fs::write(&stamp, lock).map_err(Failure::file("write", &stamp))
}
