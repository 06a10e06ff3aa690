use crate::state::State;
use crate::twin::{End, Line, Mark, Piece, by_block, glyph, has_no_width, lines};
use std::rc::Rc;
use yew::prelude::*;

/// Invisible characters that are shown per block at most.
const GLYPHS: usize = 400;

/// The same text as in the field, line by line under it: it carries the marks and line numbers.
pub(crate) fn twin(state: &State) -> Html {
    let source = &state.source;
    if state.too_big.is_some() {
        return html! { <div></div> };
    }
    let marks = match state.is_blank() {
        true => Vec::new(),
        false => state.analysis.marks(state.change(), [state.current, state.hovered]),
    };
    let ends = state.invisible && source.line_ends_known;
    let count = source.blocks.len();
    let blocks = source.blocks.iter().zip(by_block(marks, &source.blocks)).enumerate();
    let block = |(i, (block, marks)): (usize, (&crate::source::Block, Vec<Mark>))| {
        html! {
            <BlockView key={block.id} text={Rc::clone(&block.text)} {marks} invisible={state.invisible} {ends}
                last={i + 1 == count} />
        }
    };
    html! { <>{ for blocks.map(block) }</> }
}

#[derive(PartialEq, Properties)]
struct BlockProps {
    text: Rc<[u8]>,
    marks: Vec<Mark>,
    invisible: bool,
    ends: bool,
    last: bool,
}

/// Some lines. Drawn again only if something in them changed.
#[component]
fn BlockView(props: &BlockProps) -> Html {
    let mut budget = if props.invisible { GLYPHS } else { 0 };
    let mut line = |(i, line): (usize, Line)| {
        let mut pieces = Vec::with_capacity(line.pieces.len() + 1);
        for (p, piece) in line.pieces.iter().enumerate() {
            let last = line.pieces[p + 1..].iter().all(|piece| piece.text.is_empty());
            pieces.push(piece_view(p, piece, last, &mut budget));
        }
        let end = match line.end {
            _ if !props.ends => None,
            End::Cr => Some("CR"),
            End::CrLf => Some("CRLF"),
            End::Lf => Some("LF"),
            End::Text => None,
        };
        pieces.extend(
            end.map(|end| html! { <span key="end" class="glyph end" data-glyph={end}></span> }),
        );
        html! { <div class="line" key={i}>{ pieces }</div> }
    };
    let lines: Html = lines(&props.text, &props.marks, props.last)
        .into_iter()
        .enumerate()
        .map(&mut line)
        .collect();
    html! { <div class="block">{ lines }</div> }
}

fn piece_view(key: usize, piece: &Piece, last: bool, budget: &mut usize) -> Html {
    let text = text_view(&piece.text, last, budget);
    let Some(worst) = piece.marks.iter().map(|m| m.severity).min() else {
        return html! { <span {key}>{ text }</span> };
    };
    let lit = piece.marks.iter().any(|m| m.lit).then_some("");
    // What has no width would have no underline either.
    let gap = piece.text.chars().all(has_no_width).then_some("");
    let items = piece.marks.iter().map(|m| m.item.to_string()).collect::<Vec<_>>().join(" ");
    let codes = piece.marks.iter().map(|m| m.code).collect::<Vec<_>>().join(" ");
    html! {
        <mark {key} data-tone={worst.word()} data-lit={lit} data-gap={gap} data-code={codes}
            data-items={items}>{ text }</mark>
    }
}

/// The text, with signs for what can't be seen as far as `budget` goes.
fn text_view(text: &str, last: bool, budget: &mut usize) -> Html {
    let trailing = if last { text.trim_end_matches(' ').len() } else { text.len() };
    let mut parts = Vec::new();
    let mut plain = 0;
    let found = text.char_indices().filter_map(|(at, c)| Some((at, c, glyph(c, at >= trailing)?)));
    for (at, c, sign) in found {
        if *budget == 0 {
            break;
        }
        *budget -= 1;
        let end = at + c.len_utf8();
        parts.push(html! { { text[plain..at].to_owned() } });
        let beside = has_no_width(c).then_some("");
        let c = text[at..end].to_owned();
        parts.push(html! {
            <span class="glyph" data-glyph={sign} data-beside={beside}>{ c }</span>
        });
        plain = end;
    }
    parts.push(html! { { text[plain..].to_owned() } });
    html! { <>{ parts }</> }
}
