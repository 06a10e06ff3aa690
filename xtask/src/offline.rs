//! What the page's worker keeps for times without a network (`www/sw.js`): the files of one build.

use std::{fs, path::Path};

use base64ct::{Base64, Encoding as _};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, Result};
use crate::minify;
use crate::setup::Toolbox;
use crate::size;

/// What it does not keep by its name, with the reason. An entry with a slash at its end is a folder.
const NOT_KEPT: &[(&str, &str)] = &[
    ("_headers", "read by the host, never sent"),
    ("icons/", "kept by the system that the page is installed in"),
    ("index.html", "kept as the page, and as a relay writes it"),
    ("rules/", "many, and the page itself tells the same"),
    ("sw.js", "kept by the browser"),
];

/// Tells the worker its files, and the page that it has a worker. What follows from the files must not change any more.
pub(crate) fn fill(dist: &Path, tools: &Toolbox) -> Result<()> {
    let read = |name: &str| {
        let path = dist.join(name);
        fs::read(&path).map_err(Failure::file("read", &path))
    };
    let mut files = Map::new();
    for name in size::files(dist, NOT_KEPT)? {
        let hash = Base64::encode_string(&Sha256::digest(read(&name)?));
        files.insert(format!("./{name}"), format!("sha256-{hash}").into());
    }
    let files = Value::from(files).to_string();
    let all = [files.as_bytes(), &read("index.html")?, &read("sw.js")?].concat();
    let build = &format!("{:x}", Sha256::digest(all))[..16];
    minify::rewrite(&dist.join("index.html"), |page| {
        minify::tell_boot(page, &format!("data-build=\"{build}\""))
    })?;
    minify::rewrite(&dist.join("sw.js"), |worker| {
        let worker = minify::exchange(worker, "BUILD = \"\"", &format!("BUILD = \"{build}\""))?;
        minify::exchange(&worker, "FILES = {}", &format!("FILES = {files}"))
    })?;
    minify::terser(&dist.join("sw.js"), &[], tools)
}
