import { core } from "./lib/core.mjs";
import { chromium } from "./lib/webdriver.mjs";

core(chromium);
