use super::memo::{Part, memo};
use super::twin::by_block;
use crate::state::State;
use crate::ui::element::{El, el};
use std::rc::Rc;
use stslint::render::marked::{End, Line, Mark, Piece, glyph, has_no_width, lines};
use yew::Html;

/// Invisible characters that are shown per block at most.
const GLYPHS: usize = 400;

/// The same text as in the field, line by line under it: it carries the marks and line numbers.
pub(crate) fn twin(state: &State) -> Html {
    let source = &state.text.source;
    if state.text.too_big.is_some() {
        return el("div").into();
    }
    let marks = match state.text.is_blank() {
        true => Vec::new(),
        false => {
            state.text.analysis.marks(state.text.change(), [state.lint.current, state.lint.hovered])
        }
    };
    let ends = state.lint.invisible && source.line_ends_known;
    let count = source.blocks.len();
    let drawn = &state.lint.drawn;
    let all = count <= drawn.len();
    let mut blocks = Vec::with_capacity(count);
    let mut above = 0;
    for (block, marks) in source.blocks.iter().zip(by_block(marks, &source.blocks)) {
        // What the user is at may be about to come into view.
        let plain = !all && !drawn.contains(&blocks.len()) && !marks.iter().any(|mark| mark.lit);
        let first = (!all && !plain).then_some(above + 1);
        if !all {
            above += line_ends(&block.text);
        }
        let props = BlockProps {
            plain,
            first,
            text: Rc::clone(&block.text),
            marks: if plain { Vec::new() } else { marks },
            invisible: state.lint.invisible,
            ends,
            last: blocks.len() + 1 == count,
        };
        blocks.push(memo(block.id, Part::Block(props)));
    }
    Html::from_iter(blocks)
}

/// How many lines end in a block.
fn line_ends(text: &[u8]) -> usize {
    let ends = |(i, byte): &(usize, &u8)| match byte {
        b'\r' => text.get(i + 1) != Some(&b'\n'),
        byte => **byte == b'\n',
    };
    text.iter().enumerate().filter(ends).count()
}

/// What some lines are drawn from.
#[derive(PartialEq)]
pub(crate) struct BlockProps {
    text: Rc<[u8]>,
    marks: Vec<Mark>,
    invisible: bool,
    ends: bool,
    last: bool,
    /// Whether it is out of view, and drawn as one piece, without numbers and marks.
    plain: bool,
    /// The number of its first line, where lines above it are drawn without, so that the browser can't count them.
    first: Option<usize>,
}

/// Some lines.
pub(crate) fn block(props: &BlockProps) -> El {
    let mut budget = if props.invisible { GLYPHS } else { 0 };
    let mut block = el("div").class("block");
    let lines = lines(&props.text, &props.marks, props.last);
    if props.plain {
        let mut text = String::with_capacity(props.text.len() + 1);
        for line in &lines {
            text.extend(line.pieces.iter().map(|piece| piece.text.as_str()));
            text.push('\n');
        }
        return block.words(text);
    }
    for (i, line) in lines.iter().enumerate() {
        let mut view = line_view(line, props.ends, &mut budget);
        if let Some(first) = props.first {
            view = view.set("data-number", (first + i).to_string());
        }
        block = block.child(view);
    }
    block
}

fn line_view(line: &Line, ends: bool, budget: &mut usize) -> El {
    let marks = line.pieces.iter().flat_map(|piece| &piece.marks);
    let worst = marks.map(|mark| mark.severity).min();
    let mut view = el("div").class("line");
    if let Some(worst) = worst {
        view = view.attr("data-tone", worst.word());
    }
    for (i, piece) in line.pieces.iter().enumerate() {
        let last = line.pieces[i + 1..].iter().all(|piece| piece.text.is_empty());
        view = view.child(piece_view(piece, last, budget));
    }
    let end = match line.end {
        End::Cr => "CR",
        End::CrLf => "CRLF",
        End::Lf => "LF",
        End::Text => return view,
    };
    view.maybe(ends.then(|| el("span").class("glyph end").attr("data-glyph", end)))
}

fn piece_view(piece: &Piece, last: bool, budget: &mut usize) -> El {
    let Some(worst) = piece.marks.iter().map(|m| m.severity).min() else {
        return add_text(el("span"), &piece.text, last, budget);
    };
    let (mut items, mut codes) = (String::new(), String::new());
    for (i, mark) in piece.marks.iter().enumerate() {
        let space = if i > 0 { " " } else { "" };
        items = items + space + &mark.item.to_string();
        codes = codes + space + mark.code;
    }
    let mark = el("mark")
        .attr("data-tone", worst.word())
        .flag("data-lit", piece.marks.iter().any(|m| m.lit))
        // What has no width would have no underline either.
        .flag("data-gap", piece.text.chars().all(has_no_width))
        .set("data-code", codes)
        .set("data-items", items);
    add_text(mark, &piece.text, last, budget)
}

/// Adds the text, with signs for what can't be seen as far as `budget` goes.
fn add_text(mut element: El, text: &str, last: bool, budget: &mut usize) -> El {
    if *budget == 0 {
        return element.words(text.to_owned());
    }
    let trailing = if last { text.trim_end_matches(' ').len() } else { text.len() };
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let Some(sign) = glyph(c, at >= trailing).filter(|_| *budget > 0) else { continue };
        *budget -= 1;
        let end = at + c.len_utf8();
        let glyph = el("span")
            .class("glyph")
            .set("data-glyph", sign.to_string())
            .flag("data-beside", has_no_width(c))
            .words(text[at..end].to_owned());
        element = element.words(text[plain..at].to_owned()).child(glyph);
        plain = end;
    }
    element.words(text[plain..].to_owned())
}
