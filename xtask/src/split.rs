//! The page in pieces: the program that starts, and chunks of it that load when they are wanted.
//!
//! cargo's wasm with its relocations → the splitter → wasm-bindgen on the main program alone → wasm-opt, which gives
//! short names → files whose names carry a hash of the build, so that files of two builds never meet. Trunk does not know of
//! splitting: what it made of the program is replaced.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use wasm_split_cli_support as splitter;

use crate::failure::{Failure, Result};
use crate::minify;
use crate::process;
use crate::project::{self, Project};
use crate::setup::Toolbox;

/// The name of the program, and of its files.
const PROGRAM: &str = "stslint-page";

/// The module from which the main program imports the loaders of chunks. We put them into its glue instead.
const LINK_MODULE: &str = "./__wasm_split.js";

/// Loads chunks: see there.
const LOADER: &str = include_str!("split.js");

/// Where the pieces lie before wasm-bindgen and wasm-opt, with the names of their functions.
fn workshop(project: &Project) -> PathBuf {
    project.wasm_target_dir().join("split")
}

/// The main program with the names of its functions, as of the last build.
pub(crate) fn named_main(project: &Project) -> PathBuf {
    workshop(project).join(format!("{PROGRAM}.wasm"))
}

/// Replaces the program in `dist/` by one in pieces.
pub(crate) fn page(project: &Project, tools: &Toolbox) -> Result<()> {
    let linked = project.wasm_target_dir().join("wasm32-unknown-unknown/page");
    let linked = linked.join(format!("{PROGRAM}.wasm"));
    let workshop = workshop(project);
    project::remove(&workshop)?;
    let pieces = cut(&linked, &named_main(project), &workshop)?;
    println!("split: {PROGRAM} and {} chunks", pieces.chunks.len());
    bind(&pieces, &workshop, &project.dist(), tools)
}

/// What the splitter makes.
struct Pieces {
    main: PathBuf,
    chunks: Vec<PathBuf>,
    /// The files of each part of the program, by the name of its loader; its own comes last.
    parts: BTreeMap<String, Vec<String>>,
    /// The exports of the main program that chunks import.
    shared: Vec<String>,
}

fn cut(linked: &Path, main: &Path, folder: &Path) -> Result<Pieces> {
    let wasm = fs::read(linked).map_err(Failure::file("read", linked))?;
    let mut options = splitter::Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = main;
    options.link_name = LINK_MODULE;
    let split = splitter::transform(options)
        .map_err(|error| Failure::new(format!("cannot split {}: {error:#}", linked.display())))?;
    let link = folder.join(LINK_MODULE);
    let link = fs::read_to_string(&link).map_err(Failure::file("read", &link))?;
    let part = |(name, files)| (format!("__wasm_split_load_{name}"), files);
    let mut chunks = split.split_modules;
    chunks.sort();
    Ok(Pieces {
        main: main.to_owned(),
        chunks,
        parts: split.prefetch_map.into_iter().map(part).collect(),
        shared: shared(&link).ok_or_else(|| Failure::new("the splitter's loader has changed"))?,
    })
}

/// The exports of the main program that the splitter's loader hands to chunks: `const { a, b, } = initSync(…`.
fn shared(link: &str) -> Option<Vec<String>> {
    let names = link.split_once("} = initSync(")?.0.rsplit_once('{')?.1;
    Some(
        names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
    )
}

/// Makes the glue, optimises all pieces, and puts them into `dist`.
fn bind(pieces: &Pieces, folder: &Path, dist: &Path, tools: &Toolbox) -> Result<()> {
    let mut bindgen = tools.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
    bindgen.args(["--out-name", PROGRAM]);
    process::stream(bindgen.arg("--out-dir").arg(folder.join("bound")).arg(&pieces.main))?;
    let bound = |name: String| folder.join("bound").join(name);

    let mut build = DefaultHasher::new();
    let mut files = Vec::new();
    let mut names = String::new();
    for piece in [bound(format!("{PROGRAM}_bg.wasm"))].iter().chain(&pieces.chunks) {
        let small = folder.join("small.wasm");
        // As Trunk would. The names that the main program shares with its glue are 8 KB of the first load, after gzip.
        let mut wasm_opt = tools.command("wasm-opt");
        wasm_opt.arg("-Os").arg(piece).arg("--output").arg(&small);
        if files.is_empty() {
            wasm_opt.arg("--minify-imports-and-exports-and-modules");
        }
        let said = process::capture(&mut wasm_opt)
            .ok_or_else(|| Failure::new(format!("wasm-opt fails on {}", piece.display())))?;
        names = if files.is_empty() { said } else { names };
        let name = piece.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, fs::read(&small).map_err(Failure::file("read", &small))?));
    }
    files.iter().for_each(|(_, wasm)| build.write(wasm));
    let build = format!("{:016x}", build.finish());

    let names: Value = serde_json::from_str(&names)
        .map_err(|error| Failure::new(format!("wasm-opt gives no map of names: {error}")))?;
    let glue = bound(format!("{PROGRAM}.js"));
    let text = fs::read_to_string(&glue).map_err(Failure::file("read", &glue))?;
    let text = with_loader(&text, pieces)
        .ok_or_else(|| Failure::new("wasm-bindgen's glue is not what it was"))?;
    let renamed = |text: &str| text.replace("_bg.wasm", &format!("_bg-{build}.wasm"));
    let text = renamed(&minify::rename(&text, &names).replace("BUILD", &build));
    write(&dist.join(format!("{PROGRAM}.js")), text.as_bytes())?;
    minify::rewrite(&dist.join("index.html"), |page| {
        minify::tell_boot(&renamed(page), &chunks_for_boot(&build, pieces))
    })?;

    let of_trunk = dist.join(format!("{PROGRAM}_bg.wasm"));
    fs::remove_file(&of_trunk).map_err(Failure::file("remove", &of_trunk))?;
    for (name, wasm) in files {
        write(&dist.join(format!("{name}-{build}.wasm")), &wasm)?;
    }
    Ok(())
}

/// The chunks of each part, as the attributes of the element of boot.js: that one can load them along with the program, and the
/// loader has them from there.
fn chunks_for_boot(build: &str, pieces: &Pieces) -> String {
    let part = |files: &Vec<String>| format!(" data-part-{}=\"{}\"", part(files), files.join(" "));
    format!("data-wasm=\"{build}\"") + &pieces.parts.values().map(part).collect::<String>()
}

/// The name of the part with these files.
fn part(files: &[String]) -> &str {
    files.last().and_then(|own| own.strip_prefix("split_")).unwrap_or_default()
}

/// The glue with the loaders of chunks in it, in the place of the import of the splitter's module.
fn with_loader(glue: &str, pieces: &Pieces) -> Option<String> {
    let shared: String =
        pieces.shared.iter().map(|name| format!("{name}: wasm.{name}, ")).collect();
    let loader =
        LOADER.replace("SHARED", &shared).replace("TABLE", "wasm.__indirect_function_table");
    let mut parts = String::new();
    for (name, files) in &pieces.parts {
        parts += &format!("{name}: part({:?}),\n", part(files));
    }
    let lines = |keep: fn(&str) -> bool| glue.lines().filter(move |line| keep(line));
    let own = "const import0 = {";
    let without: Vec<&str> = lines(|line| !line.contains(LINK_MODULE)).collect();
    let without = without.join("\n");
    let (before, after) = without.split_once(own)?;
    Some(format!("{loader}{before}{own}\n{parts}{after}\n"))
}

fn write(file: &Path, content: &[u8]) -> Result<()> {
    fs::write(file, content).map_err(Failure::file("write", file))
}
