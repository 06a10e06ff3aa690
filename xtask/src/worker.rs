//! The Web Worker in which the page reads files with reports. Trunk builds it; here its files get names that carry a hash of what is in
//! them, as those of chunks do, and the page is told them.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};

use crate::failure::{Failure, Result};
use crate::minify;
use crate::project::Project;
use crate::setup::Toolbox;

/// The name of the program, and of its files.
const PROGRAM: &str = "stslint-worker";

/// The last line of wasm-bindgen's glue.
const EXPORTS: &str = "export { initSync, __wbg_init as default };";

/// Gives the files in `dist/` their names, and the page the one of the script.
pub(crate) fn name(project: &Project, tools: &Toolbox) -> Result<()> {
    let dist = project.dist();
    let file = |end: &str| dist.join(format!("{PROGRAM}{end}"));
    let read = |end: &str| fs::read(file(end)).map_err(Failure::file("read", &file(end)));
    let mut hash = DefaultHasher::new();
    for end in ["_bg.wasm", ".js"] {
        hash.write(&read(end)?);
    }
    let hash = format!("{:016x}", hash.finish());
    let ends = [("_bg.wasm", format!("_bg-{hash}.wasm")), (".js", format!("-{hash}.js"))];
    for (old, new) in &ends {
        fs::rename(file(old), file(new)).map_err(Failure::file("rename", &file(old)))?;
    }
    // One script is enough to start it.
    let loader = file("_loader.js");
    fs::remove_file(&loader).map_err(Failure::file("remove", &loader))?;
    let [(wasm, hashed), (_, script)] = &ends;
    minify::rewrite(&file(script), |glue| {
        let glue =
            minify::exchange(glue, &format!("{PROGRAM}{wasm}"), &format!("{PROGRAM}{hashed}"))?;
        minify::exchange(&glue, EXPORTS, "await __wbg_init();")
    })?;
    minify::terser(&file(script), &["--module"], tools)?;
    minify::rewrite(&dist.join("index.html"), |page| {
        minify::tell_boot(page, &format!("data-reader=\"./{PROGRAM}{script}\""))
    })
}
