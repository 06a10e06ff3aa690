//! How much a visitor downloads before the page can lint.
//!
//! The sizes stand in `size.txt`, so that a change that makes the page bigger shows it. The check allows a little
//! difference, because compilers of different versions don't write exactly the same wasm.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::setup::Toolbox;

/// The file that keeps the sizes.
const SNAPSHOT: &str = "size.txt";

/// The most bytes that a first load may have, after gzip. The goal is 160,000. What is more are places, repairs and drafts, the rules
/// about placeholders, lists and providers' hosts, which whoever pastes a policy wants at once, the marks of all scripts at which a
/// value ends, what a list of domains is, what a policy host served in a transcript and which value a literal has, columns, lists and
/// comments around records, what stands behind a value, hosts that a pattern misses and other records in one, and the names of the pieces
/// in which the rest of the program comes.
const BUDGET: usize = 202_000;

/// By how many per cent the total may differ from the recorded one: compilers of two versions differ by less.
const TOLERANCE: usize = 3;

/// What is not measured, with the reason. An entry with a slash at its end is a folder.
const NOT_LOADED: &[(&str, &str)] = &[
    ("_headers", "read by the host, never sent"),
    ("print.css", "for paper alone: browsers load it last"),
    ("rules/", "pages of their own about the rules"),
];

/// What a browser does not load before the page can lint, by the starts of its names. Everything else counts.
const LATER: &[(&str, &[&str])] = &[
    // When something is asked for that the first load has not, or when the page rests.
    ("chunks", &["split_", "chunk_", "rules.json", "tools.css"]),
    // When files with reports are read.
    ("reading", &["stslint-worker"]),
    // When the page rests, or is installed. What is loaded already is then kept, and not loaded again.
    ("offline", &["icons/", "manifest.webmanifest", "offline.js", "sw.js"]),
];

/// A file and its sizes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    name: String,
    pub(crate) raw: usize,
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

/// Measures the built page and records it.
pub(crate) fn write(project: &Project) -> Result<()> {
    let table = table(&measure_all(&project.dist())?);
    let path = project.root().join(SNAPSHOT);
    fs::write(&path, &table).map_err(Failure::file("write", &path))?;
    print!("{table}");
    println!("Written to {SNAPSHOT}.");
    Ok(())
}

/// Measures the built page and compares it with the record.
pub(crate) fn check(project: &Project, tools: &Toolbox) -> Result<()> {
    let files = measure_all(&project.dist())?;
    print!("{}", table(&files));
    if !tools.has_std_source {
        println!(
            "Not compared with {SNAPSHOT}, which is of a build with the standard library made for size."
        );
        return Ok(());
    }
    let first = total("first load", &files, is_first).gzip;
    within_budget(first)?;
    let recorded = project.read(SNAPSHOT).map_err(|failure| {
        failure.remedy(format!("`cargo xtask size` writes {SNAPSHOT}; commit it"))
    })?;
    compare(first, &recorded)
}

fn within_budget(gzip: usize) -> Result<()> {
    if gzip > BUDGET {
        return Err(Failure::new(format!(
            "the first load has {gzip} bytes after gzip, {} over its budget of {BUDGET}",
            gzip - BUDGET
        ))
        .remedy("what is not needed to lint a pasted policy or record belongs into a chunk"));
    }
    Ok(())
}

fn compare(gzip: usize, recorded: &str) -> Result<()> {
    let recorded = recorded_total(recorded).ok_or_else(|| {
        Failure::new(format!("{SNAPSHOT} has no first load"))
            .remedy("`cargo xtask size` writes it anew")
    })?;
    if gzip.abs_diff(recorded) * 100 > recorded * TOLERANCE {
        return Err(Failure::new(format!(
            "the first load has {gzip} bytes after gzip, {SNAPSHOT} says {recorded}: more than {TOLERANCE} % apart"
        ))
        .remedy("if the change is worth it, record it with `cargo xtask size` and commit the file"));
    }
    Ok(())
}

/// All files that the page loads, by name.
fn measure_all(dist: &Path) -> Result<Vec<Measured>> {
    files(dist, NOT_LOADED)?.iter().map(|name| measure(dist, name)).collect()
}

/// A file of a folder.
pub(crate) fn measure(folder: &Path, name: &str) -> Result<Measured> {
    let path = folder.join(name);
    let content = fs::read(&path).map_err(Failure::file("read", &path))?;
    let (gzip, brotli) = compressed(&content).map_err(Failure::file("compress", &path))?;
    Ok(Measured { raw: content.len(), gzip, brotli, name: without_hash(name) })
}

/// The names of all files in a folder and below, but for those that are listed; sorted.
pub(crate) fn files(folder: &Path, but: &[(&str, &str)]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    list(folder, "", &mut names)?;
    names.retain(|name| !is_listed(name, but));
    names.sort();
    Ok(names)
}

fn list(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in folder.read_dir().map_err(Failure::file("read", folder))? {
        let entry = entry.map_err(Failure::file("read", folder))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn is_listed(name: &str, list: &[(&str, &str)]) -> bool {
    list.iter().any(|(entry, _)| name == *entry || entry.ends_with('/') && name.starts_with(entry))
}

/// The sizes after `gzip -9` and `brotli -q 11`, as good static hosts send files.
fn compressed(content: &[u8]) -> std::io::Result<(usize, usize)> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content)?;
    let mut compressed = Vec::new();
    brotli::BrotliCompress(
        &mut &content[..],
        &mut compressed,
        &brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() },
    )?;
    Ok((gzip.finish()?.len(), compressed.len()))
}

/// Whether a name starts in one of these ways.
fn starts(name: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| name.starts_with(start))
}

fn is_first(name: &str) -> bool {
    !LATER.iter().any(|(_, later)| starts(name, later))
}

/// A name without the hash of the build, which would change each time.
fn without_hash(name: &str) -> String {
    let parts = name.rsplit_once('.').and_then(|(stem, end)| Some((stem.rsplit_once('-')?, end)));
    match parts {
        Some(((name, hash), end))
            if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            format!("{name}.{end}")
        }
        _ => name.to_owned(),
    }
}

fn total(name: &str, files: &[Measured], counts: impl Fn(&str) -> bool) -> Measured {
    let files = || files.iter().filter(|file| counts(&file.name));
    Measured {
        name: name.to_owned(),
        raw: files().map(|file| file.raw).sum(),
        gzip: files().map(|file| file.gzip).sum(),
        brotli: files().map(|file| file.brotli).sum(),
    }
}

fn table(files: &[Measured]) -> String {
    let width = files.iter().map(|file| file.name.len()).max().unwrap_or_default();
    let width = width.max("first load".len());
    let mut text = String::from(
        "# What a browser loads before the page can lint, and what it loads later, in bytes. Written by `cargo xtask \
         size`.\n",
    );
    let mut line = |name: &str, raw: &str, gzip: &str, brotli: &str| {
        let row = format!("{name:width$} {raw:>9} {gzip:>9} {brotli:>9}");
        text.push_str(row.trim_end());
        text.push('\n');
    };
    line("file", "raw", "gzip -9", "brotli 11");
    let mut part = |name: &str, all: bool, counts: &dyn Fn(&str) -> bool| {
        let total = total(name, files, counts);
        let files = files.iter().filter(|file| all && counts(&file.name));
        for file in files.chain([&total]) {
            let [raw, gzip, brotli] = [file.raw, file.gzip, file.brotli].map(|n| n.to_string());
            line(&file.name, &raw, &gzip, &brotli);
        }
    };
    part("first load", true, &is_first);
    for (what, later) in LATER {
        part(what, true, &|name| starts(name, later));
    }
    part("everything", false, &|_| true);
    line("budget, goal 160000", "", &BUDGET.to_string(), "");
    text
}

/// The first load after gzip in the text of a snapshot.
fn recorded_total(snapshot: &str) -> Option<usize> {
    let row = snapshot.lines().find_map(|line| line.strip_prefix("first load "))?;
    row.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<Measured> {
        let file =
            |name: &str, raw, gzip, brotli| Measured { name: name.into(), raw, gzip, brotli };
        vec![
            file("index.html", 2_000, 900, 800),
            file("offline.js", 500, 400, 300),
            file("split_check.wasm", 90_000, 40_000, 30_000),
            file("stslint-page_bg.wasm", 300_000, 99_100, 90_000),
        ]
    }

    #[test]
    fn the_table_is_aligned_and_readable_by_the_check() {
        let table = table(&files());
        let expected = format!(
            "\
# What a browser loads before the page can lint, and what it loads later, in bytes. Written by `cargo xtask size`.
file                       raw   gzip -9 brotli 11
index.html                2000       900       800
stslint-page_bg.wasm    300000     99100     90000
first load              302000    100000     90800
split_check.wasm         90000     40000     30000
chunks                   90000     40000     30000
reading                      0         0         0
offline.js                 500       400       300
offline                    500       400       300
everything              392500    140400    121100
budget, goal 160000               {BUDGET}
"
        );
        assert_eq!(table, expected);
        assert_eq!(recorded_total(&table), Some(100_000));
    }

    #[test]
    fn names_lose_the_hash_of_the_build() {
        assert_eq!(without_hash("split_a-257f44fb48b82187.wasm"), "split_a.wasm");
        assert_eq!(without_hash("stslint-worker-257f44fb48b82187.js"), "stslint-worker.js");
        for name in
            ["split_a.wasm", "boot.js", "a-257f44fb48b8218.js", "a-long-name-of-a-file.wasm"]
        {
            assert_eq!(without_hash(name), name);
        }
    }

    #[test]
    fn a_little_more_or_less_is_fine() {
        let recorded = table(&files());
        for gzip in [97_000, 100_000, 103_000] {
            assert!(compare(gzip, &recorded).is_ok(), "{gzip}");
        }
        for gzip in [96_999, 103_001] {
            let failure = compare(gzip, &recorded).unwrap_err().to_string();
            assert!(failure.contains("more than 3 % apart"), "{failure}");
        }
        assert!(compare(1, "nothing here\n").is_err());
    }

    #[test]
    fn a_first_load_over_the_budget_fails() {
        assert!(within_budget(BUDGET).is_ok());
        let failure = within_budget(BUDGET + 1).unwrap_err().to_string();
        assert!(failure.contains("1 over its budget"), "{failure}");
    }

    #[test]
    fn only_what_is_listed_loads_later() {
        let list = [("icons/", "a folder"), ("sw.js", "a file")];
        assert!(is_listed("icons/512.png", &list));
        assert!(is_listed("sw.js", &list));
        for name in ["index.html", "icons.svg", "sub/sw.js", "sw.js.map"] {
            assert!(!is_listed(name, &list), "{name}");
        }
    }
}
