//! Which marks are drawn in which block of the text under the field. Pure.

use crate::text::Block;
use stslint::render::marked::Mark;

/// The marks that touch each block, relative to it.
pub(crate) fn by_block(marks: Vec<Mark>, blocks: &[Block]) -> Vec<Vec<Mark>> {
    let mut out = vec![Vec::new(); blocks.len()];
    for mark in marks {
        let first = blocks.partition_point(|b| b.start <= mark.start).saturating_sub(1);
        for (block, of_block) in blocks[first..].iter().zip(&mut out[first..]) {
            if block.start >= mark.end && block.start > mark.start {
                break;
            }
            of_block.push(Mark {
                start: mark.start.saturating_sub(block.start),
                end: (mark.end - block.start).min(block.text.len()),
                ..mark
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::finding::Severity;

    fn mark(start: usize, end: usize, item: usize) -> Mark {
        Mark { start, end, item, code: "X", severity: Severity::Error, lit: false }
    }

    #[test]
    fn marks_go_to_the_blocks_that_they_touch() {
        let block = |start: usize, text: &str| Block { id: 0, start, text: text.as_bytes().into() };
        let blocks = [block(0, "ab\n"), block(3, "cd\n"), block(6, "e")];
        let ranges = |marks: Vec<Mark>| -> Vec<Vec<(usize, usize)>> {
            let pairs = |of: &Vec<Mark>| of.iter().map(|m| (m.start, m.end)).collect();
            by_block(marks, &blocks).iter().map(pairs).collect()
        };
        assert_eq!(ranges(vec![mark(1, 4, 0)]), [vec![(1, 3)], vec![(0, 1)], vec![]]);
        assert_eq!(ranges(vec![mark(3, 3, 0)]), [vec![], vec![(0, 0)], vec![]]);
        assert_eq!(ranges(vec![mark(7, 7, 0)]), [vec![], vec![], vec![(1, 1)]]);
    }
}
