//! Makes the files of the built page smaller, without a change to what they do.

use std::fs;
use std::path::Path;

use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{ParserOptions, StyleSheet};
use lightningcss::targets::{Features, Targets};
use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::process;
use crate::project::Project;
use crate::setup::Toolbox;

/// Makes everything smaller that `trunk build --release` leaves large.
pub(crate) fn page(project: &Project, tools: &Toolbox) -> Result<()> {
    let dist = project.dist();
    terser(&dist.join("stslint-page.js"), &["--module"], tools)?;
    terser(&dist.join("boot.js"), &[], tools)?;
    terser(&dist.join("offline.js"), &["--module"], tools)?;
    for name in ["style.css", "tools.css", "print.css"] {
        rewrite(&dist.join(name), css)?;
    }
    rewrite(&dist.join("index.html"), |page| Ok(html(page)))
}

/// Shortens JavaScript. Trunk's own minifier does not understand wasm-bindgen's.
pub(crate) fn terser(file: &Path, options: &[&str], tools: &Toolbox) -> Result<()> {
    let mut terser = tools.command("terser");
    terser.arg(file).args(options).args(["--ecma", "2020", "--compress", "passes=2", "--mangle"]);
    process::stream(terser.arg("--output").arg(file))
}

/// Gives a wasm file's JavaScript the names of a map of wasm-opt: `imports` lists module, name and
/// new name (all modules are now called `a`), `exports` name and new name.
pub(crate) fn rename(glue: &str, map: &Value) -> String {
    let rows = |key: &str| map[key].as_array().into_iter().flatten().filter_map(Value::as_array);
    let text = |row: &[Value], at: usize| {
        row.get(at).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut glue = glue.to_owned();
    let mut names: Vec<(String, String)> = Vec::new();
    for row in rows("imports") {
        let module = format!("\"{}\": import", text(row, 0));
        glue = glue.replace(&module, "\"a\": import");
        names.push((format!("{}:", text(row, 1)), format!("{}:", text(row, 2))));
    }
    for row in rows("exports") {
        names.push((format!("wasm.{}", text(row, 0)), format!("wasm.{}", text(row, 1))));
    }
    for (old, new) in names {
        glue = replace_words(&glue, &old, &new);
    }
    glue
}

/// Replaces `old` where it is not a part of a longer name.
fn replace_words(text: &str, old: &str, new: &str) -> String {
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, after) = (&rest[..at], &rest[at + old.len()..]);
        let alone = !before.chars().next_back().is_some_and(in_name)
            && (old.ends_with(':') || !after.chars().next().is_some_and(in_name));
        out.push_str(before);
        out.push_str(if alone { new } else { old });
        rest = after;
    }
    out + rest
}

/// Changes a file of text.
pub(crate) fn rewrite(file: &Path, change: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(file).map_err(Failure::file("read", file))?;
    fs::write(file, change(&text)?).map_err(Failure::file("write", file))
}

/// Replaces what must be there, once.
pub(crate) fn exchange(text: &str, old: &str, new: &str) -> Result<String> {
    match text.matches(old).count() {
        1 => Ok(text.replace(old, new)),
        n => Err(Failure::new(format!("`{old}` is {n} times in what is built, and not once"))),
    }
}

/// A document with an attribute for boot.js at its element.
pub(crate) fn tell_boot(page: &str, attribute: &str) -> Result<String> {
    const BOOT: &str = "<script src=\"./boot.js\"";
    exchange(page, BOOT, &format!("{BOOT} {attribute}"))
}

/// A style sheet as short as it can be written; its rules stay as they are.
fn css(text: &str) -> Result<String> {
    let failed = |why: String| Failure::new(format!("a style sheet cannot be read: {why}"));
    let sheet = StyleSheet::parse(text, ParserOptions::default())
        .map_err(|error| failed(error.to_string()))?;
    // Not every browser of the last years knows `(width >= 60em)`.
    let targets = Targets { include: Features::MediaRangeSyntax, ..Targets::default() };
    let options = PrinterOptions { minify: true, targets, ..PrinterOptions::default() };
    Ok(sheet.to_css(options).map_err(|error| failed(error.to_string()))?.code)
}

/// A document without indentation and empty lines. It has no element in which they are shown.
fn html(text: &str) -> String {
    let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_on_both_sides() {
        let glue = "const import0 = { __wbg_a_1: function() { wasm.run(1); }, __wbg_a_12: 1, x__wbg_a_1: 2 };\n\
                    return { \"./p_bg.js\": import0 }; wasm.run_all(); wasm.run();";
        let map = serde_json::json!({
            "imports": [["./p_bg.js", "__wbg_a_1", "a"], ["./p_bg.js", "__wbg_a_12", "b"]],
            "exports": [["run", "c"], ["run_all", "d"]],
        });
        let expected = "const import0 = { a: function() { wasm.c(1); }, b: 1, x__wbg_a_1: 2 };\n\
                        return { \"a\": import0 }; wasm.d(); wasm.c();";
        assert_eq!(rename(glue, &map), expected);
    }

    #[test]
    fn boot_is_told_or_the_build_fails() {
        let page = "<head><script src=\"./boot.js\"></script></head>";
        let told = "<head><script src=\"./boot.js\" data-a=\"b\"></script></head>";
        assert_eq!(tell_boot(page, "data-a=\"b\"").unwrap(), told);
        for page in ["<head></head>", &[page, page].concat()] {
            assert!(tell_boot(page, "data-a=\"b\"").is_err(), "{page}");
        }
    }

    #[test]
    fn style_sheets_keep_what_has_a_meaning() {
        let style = "/* a */\n:root {\n  --a: \"x  y\", b;\n}\n\n@media (min-width: 60em) and (print) {\n  \
                     a > b :hover,\n  p + q { margin: 0 -1px calc(1px + 2px); }\n}\n";
        let expected = ":root{--a:\"x  y\", b}@media (min-width:60em) and (print){a>b :hover,p+q{margin:0 -1px 3px}}";
        assert_eq!(css(style).unwrap(), expected);
        // WebKit does not take the short form of a line with its thickness.
        let marks = "mark{text-decoration-line:underline;text-decoration-style:wavy;\
                     text-decoration-color:var(--tone);text-decoration-thickness:1.5px}";
        assert_eq!(css(marks).unwrap(), marks);
        assert!(css("a { b").is_err());
    }

    #[test]
    fn documents_lose_their_indentation_only() {
        assert_eq!(html("<p>\n\n  a  b\n</p>\n"), "<p>\na  b\n</p>\n");
    }
}
