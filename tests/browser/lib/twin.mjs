// What is drawn under the field.

/** In the page: the text in the field, and the one that is drawn under it. Out of view, lines are drawn as one piece. */
export function bothTexts() {
  const blocks = [...document.querySelectorAll("#twin .block")];
  const drawn = blocks.flatMap((block) => {
    const lines = [...block.querySelectorAll(".line")].map((line) => line.textContent);
    return lines.length > 0 ? lines : block.textContent.slice(0, -1).split("\n");
  });
  return { field: document.getElementById("text").value, drawn: drawn.join("\n") };
}
