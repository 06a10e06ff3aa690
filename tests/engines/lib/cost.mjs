// What a page costs while it works: how long it stands still, and memory.

import { readFileSync } from "node:fs";

/** In the page: takes the longest time between two frames, and when something changed last. */
export function watch() {
  window.still = { longest: 0, changed: performance.now() };
  let before = performance.now();
  const frame = (now) => {
    const gap = now - before;
    window.still.longest = Math.max(window.still.longest, gap);
    if (gap > 50) window.still.changed = performance.now();
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new MutationObserver(() => {
    window.still.changed = performance.now();
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}

/** The most memory that the program of a tab ever had, in bytes, as the kernel counts it. */
export async function peak(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const most = renderers.map(({ id }) => Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0));
  return Math.max(...most) * 1024;
}
