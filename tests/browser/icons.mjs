// Draws the icons of www/icons/ from www/favicon.svg. To be run when that changes: `node tests/browser/icons.mjs`.

import { readFile } from "node:fs/promises";
import { launch } from "./lib/launch.mjs";

const svg = await readFile("www/favicon.svg", "utf8");
const [, drawing] = /<svg[^>]*>(?:<rect[^>]*>)(.*)<\/svg>/.exec(svg);
const [, ground] = /<rect[^>]*fill="([^"]*)"/.exec(svg);

// Systems cut a maskable icon to a circle of 80 % of its width, or to any shape around that.
const masked = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="${ground}"/>
  <g transform="translate(3.2 .6) scale(.8)">${drawing}</g></svg>`;

const browser = await launch();
const page = await browser.newPage();
for (const [name, icon, size] of [
  ["192", svg, 192],
  ["512", svg, 512],
  ["maskable-192", masked, 192],
  ["maskable-512", masked, 512],
]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body { margin: 0; } svg { display: block; }</style>${icon}`);
  await page.screenshot({ path: `www/icons/${name}.png`, omitBackground: true });
}
await browser.close();
