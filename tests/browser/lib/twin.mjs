// What is drawn under the field.

/** In the page: the text that is drawn under the field. Out of view, lines are drawn as one piece. */
export function drawnText() {
  const blocks = [...document.querySelectorAll("#twin .block")];
  return blocks
    .flatMap((block) => {
      const lines = [...block.querySelectorAll(".line")].map((line) => line.textContent);
      return lines.length > 0 ? lines : block.textContent.slice(0, -1).split("\n");
    })
    .join("\n");
}
