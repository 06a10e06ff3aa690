import { core } from "./lib/core.mjs";
import { webkit } from "./lib/webdriver.mjs";

core(webkit, {
  "on paper there are the text and the findings, on few pages": "the driver of this WebKit does not print",
});
