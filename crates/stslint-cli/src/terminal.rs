//! Standard output and standard error: colours, and pipes that close early.

use crate::exit;
use annotate_snippets::Renderer;
use serde::Serialize;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};
use stslint::finding::Severity;
use stslint::text::is_unseen;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Colour {
    /// When a terminal shows the output and NO_COLOR (no-color.org) is unset
    Auto,
    /// Always, but in files
    Always,
    /// Never
    Never,
}

/// Where output goes.
pub(crate) struct Terminal {
    out: BufWriter<StdoutLock<'static>>,
    /// A file that gets the output at the end instead, and what it gets.
    file: Option<(PathBuf, Vec<u8>)>,
    /// Why nothing can be written any more.
    broken: Option<ErrorKind>,
    /// Whether to use colours.
    pub(crate) colours: bool,
}

impl Terminal {
    /// Standard output.
    pub(crate) fn new(colour: Colour) -> Self {
        let out = std::io::stdout().lock();
        let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colours = match colour {
            Colour::Auto => out.is_terminal() && unset("NO_COLOR") && !dumb,
            Colour::Always => true,
            Colour::Never => false,
        };
        Self { out: BufWriter::new(out), file: None, broken: None, colours }
    }

    /// The renderer of snippets. Lines come cut to size, so it must not cut them again.
    pub(crate) fn renderer(&self) -> Renderer {
        let renderer = if self.colours { Renderer::styled() } else { Renderer::plain() };
        renderer.term_width(1000)
    }

    /// Sends all output to a file, which is written when everything has been read.
    pub(crate) fn write_to(&mut self, path: &Path) {
        self.file = Some((path.to_owned(), Vec::new()));
        self.colours = false;
    }

    /// Writes text.
    pub(crate) fn print(&mut self, text: &str) {
        self.print_bytes(text.as_bytes());
    }

    /// Writes bytes as they are.
    pub(crate) fn print_bytes(&mut self, bytes: &[u8]) {
        if self.broken.is_none()
            && let Err(error) = self.write_all(bytes)
        {
            self.broken = Some(error.kind());
        }
    }

    /// Writes data as JSON and a line end, piece by piece: it may be much.
    pub(crate) fn print_json(&mut self, data: &impl Serialize) {
        if self.broken.is_some() {
            return;
        }
        match serde_json::to_writer_pretty(Seen(&mut *self), data) {
            Ok(()) => self.print("\n"),
            Err(error) => self.broken = Some(io::Error::from(error).kind()),
        }
    }

    /// Writes data as one line of JSON.
    pub(crate) fn print_line(&mut self, data: &impl Serialize) {
        if self.broken.is_some() {
            return;
        }
        match serde_json::to_writer(Seen(&mut *self), data) {
            Ok(()) => self.print("\n"),
            Err(error) => self.broken = Some(io::Error::from(error).kind()),
        }
    }

    /// Whether nothing can be written any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Writes out what was printed so far.
    pub(crate) fn flush(&mut self) {
        if let Err(error) = self.out.flush() {
            self.broken = Some(error.kind());
        }
    }

    /// What came; or nothing, once it is told why.
    pub(crate) fn told<T>(&mut self, came: Result<T, String>) -> Option<T> {
        came.map_err(|reason| self.complain(&reason)).ok()
    }

    /// Says on standard error that something went wrong.
    pub(crate) fn complain(&mut self, text: &str) {
        let _ = self.out.flush();
        let _ = writeln!(std::io::stderr(), "stslint: {text}");
    }

    /// Writes what is left; the exit code if that can't be done. A reader that closed the pipe had
    /// enough: that is no failure.
    pub(crate) fn finish(mut self) -> Option<u8> {
        if let Some((path, content)) = &self.file {
            self.broken = std::fs::write(path, content).err().map(|error| error.kind());
        } else if self.broken.is_none() {
            self.broken = self.out.flush().err().map(|error| error.kind());
        }
        match self.broken {
            None | Some(ErrorKind::BrokenPipe) => None,
            Some(kind) => {
                let _ = writeln!(std::io::stderr(), "stslint: can't write the output: {kind}");
                Some(exit::IO)
            }
        }
    }

    /// Text in bold.
    pub(crate) fn bold(&self, text: &str) -> String {
        self.styled("1", text)
    }

    /// Text in the colour of a severity.
    pub(crate) fn coloured(&self, severity: Option<Severity>, text: &str) -> String {
        let code = match severity {
            Some(Severity::Error) => "1;91",
            Some(Severity::Warning) => "1;33",
            _ => "1;32",
        };
        self.styled(code, text)
    }

    /// Text of a line that goes (`-`) or comes (`+`).
    pub(crate) fn changed(&self, sign: char, text: &str) -> String {
        self.styled(if sign == '-' { "31" } else { "32" }, text)
    }

    fn styled(&self, code: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Takes JSON, and writes characters of its texts that can't be seen as escapes (RFC 8259 §7), which mean the same: they come from
/// anybody, and a terminal obeys some. JSON itself has none but white space.
pub(crate) struct Seen<W>(pub(crate) W);

impl<W: Write> Write for Seen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Texts are written whole, up to what has to be escaped anyway.
        let Ok(text) = str::from_utf8(bytes) else { return self.0.write(bytes) };
        let mut rest = text;
        while let Some(at) = rest.find(|c| c > '~' && is_unseen(c)) {
            let (front, behind) = rest.split_at(at);
            self.0.write_all(front.as_bytes())?;
            let mut behind = behind.chars();
            for unit in behind.next().into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec())
            {
                write!(self.0, "\\u{unit:04x}")?;
            }
            rest = behind.as_str();
        }
        self.0.write_all(rest.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some((_, content)) => content.write(bytes),
            None => self.out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
