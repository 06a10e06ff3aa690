import { core } from "./lib/core.mjs";
import { webkit } from "./lib/webdriver.mjs";

core(webkit, {
  "marks lie under their characters": "this WebKit does not tell which character is where (caretPositionFromPoint)",
});
