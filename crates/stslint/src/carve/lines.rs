//! What single lines of a text tell: what they open, how far they are indented, whether somebody typed them.

use crate::text::marks::{self, closing};
use crate::text::{WSP, is_one_of};

/// What a line opens.
pub(super) enum Opening {
    Fence(&'static str),
    Heredoc(String),
    Indented,
    /// Up to one of these characters.
    Marks(&'static [char]),
    /// Up to this text.
    Quote(String),
}

pub(super) fn opens(line: &str) -> Option<Opening> {
    let line = line.trim();
    if let Some(fence) = ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence)) {
        return Some(Opening::Fence(fence));
    }
    if let Some(close) = block(line) {
        return Some(Opening::Quote(close));
    }
    if let Some((_, tag)) = line.split_once("<<") {
        let tag = tag.trim_start_matches(&['<', '-', '~', ' ', '\'', '"', '\\'][..]);
        let tag =
            &tag[..tag.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tag.len())];
        return (!tag.is_empty()).then(|| Opening::Heredoc(tag.to_owned()));
    }
    let block =
        ["|", "|-", "|+", "|2", ">"].into_iter().any(|end| line.ends_with(&[": ", end].concat()))
            || line.ends_with("<pre>");
    if block {
        return Some(Opening::Indented);
    }
    if line.ends_with("@\"") || line.ends_with("@'") {
        return Some(Opening::Quote([&line[line.len() - 1..], "@"].concat()));
    }
    if let Some(tag) = marks::block(line) {
        return Some(Opening::Quote(tag));
    }
    // What closes a quotation itself more often than it opens one.
    let opens = |c: &char| !matches!(c, '\u{2019}' | '\u{201d}' | '\u{203a}');
    let close = line.chars().next_back().filter(opens).map_or(&[][..], closing);
    if !close.is_empty() {
        return Some(Opening::Marks(close));
    }
    // The first line of a literal that goes on behind a backslash has nothing else on it.
    let line = line.strip_suffix('\\').unwrap_or(line);
    let triple =
        ["\"\"\"", "'''"].into_iter().find(|triple| line.ends_with(triple) && line.len() > 3);
    let quote = triple.or_else(|| {
        let single = ["`", "\"", "'"].into_iter().find(|quote| line.ends_with(quote));
        single.filter(|quote| line.matches(quote).count() % 2 == 1)
    });
    quote.map(|quote| Opening::Quote(quote.to_owned()))
}

/// What closes the block that a line opens in LaTeX, Org mode or the markup of a wiki.
fn block(line: &str) -> Option<String> {
    const TAGS: [&str; 4] = ["nowiki", "poem", "source", "syntaxhighlight"];
    if let Some(name) = line.strip_prefix("\\begin{").and_then(|rest| rest.split('}').next()) {
        return Some(["\\end{", name, "}"].concat());
    }
    if let Some(begin) = line.get(..8).filter(|begin| begin.eq_ignore_ascii_case("#+begin_")) {
        return Some(if begin.ends_with("n_") { "#+end_" } else { "#+END_" }.into());
    }
    let tag = line.strip_prefix('<')?.strip_suffix('>')?;
    let name = tag.split(' ').next()?;
    TAGS.contains(&name).then(|| ["</", name, ">"].concat())
}

/// Whether a line closes the here-document of a tag. A status may stand behind it in a configuration, a sign in a program.
pub(super) fn closes(line: &str, tag: &str) -> bool {
    let rest = line.trim().strip_prefix(tag);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || "_-.:=".contains(c)))
}

/// How far a line is indented.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(WSP).len()
}

/// The length of what stands in front of a line as `mark` stands in front of another: digits for digits, spaces for spaces.
pub(super) fn strip(line: &str, mark: &str) -> Option<usize> {
    let mut at = 0;
    let mut rest = mark;
    let mut first = true;
    while let Some(c) = rest.chars().next() {
        let run = |text: &str, is: fn(char) -> bool| text.len() - text.trim_start_matches(is).len();
        let here = &line[at..];
        if c.is_ascii_digit() {
            let digits = run(here, |c| c.is_ascii_digit());
            if digits == 0 {
                return None;
            }
            at += digits;
            rest = &rest[run(rest, |c| c.is_ascii_digit())..];
        } else if c == ' ' || c == '\t' {
            let blanks = run(rest, |c| c == ' ' || c == '\t');
            let own = run(here, |c| c == ' ' || c == '\t');
            at += if first { own } else { own.min(blanks) };
            rest = &rest[blanks..];
        } else {
            let own = if first { here.trim_start_matches(WSP) } else { here };
            if !own.starts_with(c) {
                // A space that only numbers of fewer digits have.
                return None;
            }
            at = line.len() - own.len() + c.len_utf8();
            rest = &rest[c.len_utf8()..];
        }
        first = false;
    }
    Some(at)
}

/// Whether a line is what somebody typed at a command line.
pub(super) fn is_prompt(line: &str) -> bool {
    let line = line.trim_start();
    let begins = [
        "$ ", "% ", "# curl", "# cat", "# dig", "> curl", "PS C:\\", "C:\\", "curl ", "cat ",
        "wget ", "dig ", "http ",
    ];
    begins.into_iter().any(|start| line.starts_with(start)) || prompt(line).is_some()
}

/// The prompt with which a line begins, without blanks around it.
pub(super) fn prompt(line: &str) -> Option<&str> {
    usual_prompt(line).or_else(|| before_command(line))
}

/// Programs that print files and records.
const COMMANDS: &str =
    "bat cat curl dig gc get-content head host http https iwr less more nl sudo tail type wget xh";

/// What stands in front of a command. That is the prompt, whatever a shell is set to show.
pub(super) fn before_command(line: &str) -> Option<&str> {
    let sign = |c: char| {
        matches!(c, '$' | '#' | '%' | '>' | '~' | ')' | ']' | '\u{3bb}' | '\u{203a}'
            | '\u{2190}'..='\u{2bff}' | '\u{e000}'..='\u{f8ff}' | '\u{1f300}'..='\u{1faff}')
    };
    let line = line.trim_start();
    let mut start = 0;
    line.split(' ').find_map(|word| {
        let before = if word.is_empty() { "" } else { line[..start].trim_end() };
        start += word.len() + 1;
        // The mark of a quoted mail is no prompt.
        let ends = before.ends_with(sign) && before.contains(|c| c != '>');
        (ends && is_one_of(&word.to_ascii_lowercase(), COMMANDS)).then_some(before)
    })
}

fn usual_prompt(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let end = line.find(&['$', '#', '%'][..])?;
    let who = &line[..end];
    let at = who.find('@');
    // `anna@web1:/var/www$`
    let path =
        || at.is_some_and(|at| who[at..].contains(':')) && !who.contains(char::is_whitespace);
    let named = at.is_some() && (who.ends_with(&['~', ' ', ']', ':'][..]) || path());
    let bare = who.is_empty() && line[1..].starts_with(' ');
    let version = who.starts_with("bash-") || who.starts_with("sh-");
    (named || bare || version).then(|| &line[..end + 1])
}

/// Whether a text is the prompt of a command line and nothing else.
pub(super) fn is_prompt_alone(text: &str) -> bool {
    let text = text.trim();
    let known = text.contains('@')
        || ["bash-", "sh-", "PS ", "C:\\", "["].iter().any(|start| text.starts_with(start));
    text.ends_with(&['$', '#', '%', '>'][..]) && (known || text.len() == 1)
}

/// Whether a line divides texts, as in front matter and mails.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("--") || line.starts_with("===") || line.starts_with("***")
}

/// Whether a line stands above a policy without being one of its fields: a heading, the name or the address of the file.
pub(crate) fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let named = line.contains("://") || line.ends_with("mta-sts.txt");
    named || line.ends_with(':') || !line.contains(&[':', '='][..])
}

/// Whether a line is what is shown below a file, and no file has: rows of vim, the end in less, times of a shell, records.
pub(super) fn is_below_file(line: &str) -> bool {
    let times = || {
        ["real", "user", "sys"].iter().any(|name| {
            line.strip_prefix(name)
                .is_some_and(|time| time.starts_with('\t') && time.ends_with('s'))
        })
    };
    let line = line.trim_end();
    let lines = || line.starts_with('"') && line.contains("L, ");
    let begins =
        ["; <<>> DiG", "_mta-sts", "_smtp._tls"].iter().any(|start| line.starts_with(start));
    line == "~" || line.ends_with("(END)") || begins || lines() || times()
}

/// Whether a line begins with what a program or a template fills in.
pub(super) fn is_computed(line: &str) -> bool {
    ["${", "{{", "{%", "<%", "<?"].iter().any(|tag| line.trim_start().starts_with(tag))
}

/// Whether a line has the version of a record.
pub(super) fn is_record(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.contains("v=stsv1") || line.contains("v=tlsrptv1")
}

/// Whether a line is a record and nothing else: neither its name nor quotes show that it is one.
pub(super) fn is_bare_record(line: &str) -> bool {
    is_record(line) && line.trim_start().starts_with(&['v', 'V'][..])
}

pub(super) fn is_progress(line: &str) -> bool {
    line.trim_start().starts_with("% Total")
        || line.contains("--:--:--")
        || line.contains("Dload  Upload")
}

/// Whether a line is like a field of any name.
pub(super) fn is_field(line: &str) -> bool {
    let name = line.split_once(&[':', '='][..]).map_or("", |(name, _)| name.trim());
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}
