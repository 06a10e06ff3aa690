import { core } from "./lib/core.mjs";
import { firefox } from "./lib/bidi.mjs";

core(firefox);
