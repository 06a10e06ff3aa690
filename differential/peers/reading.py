"""Reads test vectors in the sources of others, as they stand there, without running anything of theirs.

A source is cut into its string literals and what stands between. A pattern of a suite says where a vector is: `§name` is a literal
that is wanted, `§` any literal, a blank any white space or none, the rest a regular expression."""

import ast
import codecs
import json
import re
import subprocess

# How literals are written: what begins one, what ends it, and how escapes in it are read (None: there are none).
QUOTES = {
    "cs": [('@"', '"', "double"), ('$@"', '"', "double"), ('$"', '"', "c"), ('"', '"', "c")],
    "go": [("`", "`", None), ('"', '"', "c")],
    "java": [('"', '"', "c")],
    "js": [("`", "`", "c"), ('"', '"', "c"), ("'", "'", "c")],
    "perl": [("'", "'", None), ('"', '"', "c")],
    "php": [("'", "'", "single"), ('"', '"', "c")],
    "py": [('b"', '"', "c"), ('f"', '"', "c"), ('"""', '"""', "c"), ("'''", "'''", "c"), ('"', '"', "c"), ("'", "'", "c")],
    "rb": [('"', '"', "c"), ("'", "'", "single")],
    "rs": [('r#"', '"#', None), ('r"', '"', None), ('b"', '"', "c"), ('"', '"', "rs")],
    "tsv": [],
}
COMMENTS = {"py": [("#", "\n")], "rb": [("#", "\n")], "perl": [("#", "\n")], "tsv": []}
C_COMMENTS = [("//", "\n"), ("/*", "*/")]
# Single characters in quotes would be taken for the beginning of a literal.
CHARACTERS = {"go": r"'(\\.|[^'\\])'", "java": r"'(\\.|[^'\\])'", "cs": r"'(\\.|[^'\\])'", "rs": r"b?'(\\.|[^'\\])'"}
# What makes one literal of two.
JOINS = {"py": r"\s*\n?\s*", "rs": None, "perl": r"\s*\.\s*", "php": r"\s*\.\s*"}
# Where the next test begins.
TESTS = {
    "cs": r"(?<!\])\n\s*\[(Fact|Theory|Test|TestCase)\b",
    "go": r"\nfunc ",
    "java": r"\n\s*@Test",
    "js": r"\n\s*(it|test)\(",
    "php": r"\n\s*public function ",
    "py": r"\n\s*(async )?def |\nclass ",
    "rb": r"\n  def |\n  private",
    "rs": r"\n\s*#\[(tokio::)?test",
}


class Repository:
    """A repository of git at one commit."""

    def __init__(self, folder, commit):
        self.folder, self.commit = folder, commit

    def git(self, *arguments):
        command = ["git", f"--git-dir={self.folder}", *arguments]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def bytes(self, path):
        return self.git("show", f"{self.commit}:{path}")

    def source(self, path):
        return Source(self.bytes(path).decode("utf-8-sig"), path)

    def files(self, folder, ending=""):
        names = self.git("ls-tree", "-r", "-z", "--name-only", self.commit, "--", folder).decode().split("\0")
        return [name for name in names if name and name.endswith(ending)]


LANGUAGES = {"mjs": "js", "ts": "js", "t": "perl"}


class Source:
    """A text of a program; `between` is the text with a number for each literal."""

    def __init__(self, text, path):
        ending = path.rsplit(".", 1)[-1]
        self.language = LANGUAGES.get(ending, ending)
        self.literals = []
        self.between = self.joined(self.cut(text.replace("\r\n", "\n")))

    def cut(self, text):
        quotes = QUOTES[self.language]
        comments = COMMENTS.get(self.language, C_COMMENTS)
        character = CHARACTERS.get(self.language)
        character = character and re.compile(character)
        out, at = [], 0
        while at < len(text):
            if self.language == "rb" and (heredoc := re.compile(r"<<~(\w+)(.*)\n").match(text, at)):
                word, rest = heredoc.groups()
                end = re.compile(rf"^\s*{word}$", re.M).search(text, heredoc.end())
                out.append(self.literal(outdented(text[heredoc.end() : end.start()])) + rest)
                at = end.end()
                continue
            if quote := next((quote for quote in quotes if text.startswith(quote[0], at)), None):
                begin, end, escapes = quote
                start = at + len(begin)
                stop = end_of_literal(text, start, end, escapes)
                out.append(self.literal(unescaped(text[start:stop], escapes)))
                at = stop + len(end)
            elif comment := next((comment for comment in comments if text.startswith(comment[0], at)), None):
                stop = text.find(comment[1], at + 2)
                at = len(text) if stop < 0 else stop + (len(comment[1]) if comment[1] != "\n" else 0)
            elif character and (found := character.match(text, at)):
                out.append("''")
                at = found.end()
            else:
                out.append(text[at])
                at += 1
        return re.sub(r"[ \t]+\n", "\n", "".join(out))

    def literal(self, text):
        self.literals.append(text)
        return f"«{len(self.literals) - 1}»"

    def joined(self, between):
        joins = JOINS.get(self.language, r"\s*\+\s*")
        if joins is None:
            return between
        both = re.compile(rf"«(\d+)»(?:{joins}«\d+»)+")

        def join(found):
            numbers = re.findall(r"«(\d+)»", found[0])
            return self.literal("".join(self.literals[int(number)] for number in numbers))

        return both.sub(join, between)

    def within(self, begin):
        """The part from the first place where `begin` is to the next test."""
        at = self.between.index(begin)
        # The mark of a test stands before its name.
        end = re.compile(TESTS[self.language]).search(self.between, at + len(begin))
        part = Source.__new__(Source)
        part.language, part.literals = self.language, self.literals
        part.between = self.between[at : end.start() if end else len(self.between)]
        return part

    def tests(self):
        """Each test, as its text from its name on."""
        begin = re.compile(TESTS[self.language])
        starts = [found.start() + 1 for found in begin.finditer(self.between)] + [len(self.between)]
        for start, end in zip(starts, starts[1:]):
            part = Source.__new__(Source)
            part.language, part.literals, part.between = self.language, self.literals, self.between[start:end]
            yield part

    def all(self, pattern):
        """What stands where the pattern matches: the wanted literals and groups by name."""
        pattern = re.sub(r"§(\w+)", r"«(?P<\1>\\d+)»", pattern)
        pattern = pattern.replace("§", r"«\d+»").replace(" ", r"\s*")
        for found in re.compile(pattern).finditer(self.between):
            yield {name: self.value(found, name) for name in found.groupdict() if found[name] is not None}

    def value(self, found, name):
        around = self.between[found.start(name) - 1 : found.end(name) + 1]
        if around == f"«{found[name]}»":
            return self.literals[int(found[name])]
        return found[name]

    def texts(self, between):
        """All literals in a part of `between`."""
        return [self.literals[int(number)] for number in re.findall(r"«(\d+)»", between)]

    def has(self, pattern):
        return re.search(pattern.replace(" ", r"\s*"), self.between) is not None


def end_of_literal(text, start, end, escapes):
    at = start
    while True:
        if escapes in ("c", "single", "rs") and text[at] == "\\":
            at += 2
        elif escapes == "double" and text.startswith('""', at):
            at += 2
        elif text.startswith(end, at):
            return at
        else:
            at += 1


SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "f": "\f", "v": "\v", "\n": ""}


def unescaped(text, escapes):
    if escapes is None:
        return text
    if escapes == "double":
        return text.replace('""', '"')
    if escapes == "single":
        return re.sub(r"\\([\\'])", r"\1", text)
    if escapes == "rs":
        text = re.sub(r"\\\n\s*", "", text)

    def one(found):
        code = found[1]
        if code[0] == "x":
            # A byte: it is one again when the text is written as bytes.
            return bytes([int(code[1:], 16)]).decode("utf-8", "surrogateescape")
        if code[0] in "uU":
            return chr(int(code[1:].strip("{}"), 16))
        return SIMPLE.get(code, code)

    text = re.sub(r"\\(x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.|\n)", one, text, flags=re.S)
    # Escaped bytes that are a character together.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def outdented(text):
    lines = text.split("\n")
    blanks = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[blanks:] if line.strip() else "" for line in lines)


def python_value(text):
    """A literal of Python, or of JSON."""
    return ast.literal_eval(text)


def as_json(value):
    """A text as it is written for the runner: bytes that are no UTF-8 in hexadecimal."""
    data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"hex": codecs.encode(data, "hex").decode()}


def line(suite, kind, name, given, expected):
    if kind == "match":
        given = {"patterns": given[0], "name": as_json(given[1])}
    elif kind in ("sts", "rpt"):
        given = [as_json(record) for record in given]
    elif isinstance(given, tuple):
        body, more = given
        given = {"body": as_json(body), **more}
    else:
        given = {"body": as_json(given)}
    return json.dumps({"suite": suite, "kind": kind, "name": name, "given": given, "expected": expected}, ensure_ascii=False)
