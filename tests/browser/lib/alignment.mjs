// Whether the marks lie exactly under the characters that they are about.

import assert from "node:assert/strict";

/**
 * Asks the browser, for every character under the field, which character of the field is drawn at the same
 * point, and compares how both are set. The window must be tall enough to show the whole text.
 */
export async function assertAligned(visit) {
  const found = await visit.page.evaluate(() => {
    // All of the text has to be in sight to be asked about.
    Object.assign(document.querySelector(".editor").style, { height: "auto", maxHeight: "none" });
    scrollTo(0, 0);
    const field = document.getElementById("text");
    const twin = document.getElementById("twin");
    const astray = [];
    let compared = 0;
    const compare = (node, index, length, expected) => {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + length);
      const box = range.getClientRects()[0];
      // Some characters have no width, and a space at the end of a full line hangs over the edge.
      if (!box?.width || box.right > twin.getBoundingClientRect().right) return;
      const character = node.data.slice(index, index + length);
      for (const [share, offset] of [[0.15, expected], [0.85, expected + length]]) {
        const caret = document.caretPositionFromPoint(box.left + box.width * share, box.top + box.height / 2);
        if (caret?.offsetNode !== field || caret.offset !== offset) {
          astray.push(`${JSON.stringify(character)} at ${expected}: the field shows ${caret?.offset} there`);
        }
      }
      compared += 1;
    };
    let start = 0;
    for (const line of twin.querySelectorAll(".line")) {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        let index = 0;
        for (const character of node.data) {
          compare(node, index, character.length, start + index);
          index += character.length;
        }
        start += node.data.length;
      }
      start += 1;
    }
    const style = (element) => {
      const { fontFamily, fontSize, fontWeight, lineHeight, letterSpacing, tabSize, whiteSpace, overflowWrap,
        wordBreak, paddingTop, paddingLeft, paddingRight } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      return { fontFamily, fontSize, fontWeight, lineHeight, letterSpacing, tabSize, whiteSpace, overflowWrap,
        wordBreak, paddingTop, paddingLeft, paddingRight, left: box.left, top: box.top, width: box.width };
    };
    const heights = [field.scrollHeight, twin.scrollHeight];
    return { astray, compared, heights, field: style(field), twin: style(twin) };
  });
  assert.ok(found.compared > 0, "there are characters to compare");
  assert.deepEqual(found.astray, []);
  assert.deepEqual(found.twin, found.field, "both are set in the same way");
  const [field, twin] = found.heights;
  assert.ok(Math.abs(field - twin) <= 1, `both are as tall: ${field} and ${twin}`);
  return found.compared;
}
