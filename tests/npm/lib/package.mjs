// The built package, and places to try it in.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder that `cargo xtask npm` wrote. */
export const folder = process.env.STSLINT_NPM;

/** The package as Node.js loads it. */
export const load = () => import(pathToFileURL(join(folder, "node.js")));

/** Runs a program, for its output. No npm asks anybody for anything. */
export function run(program, args, cwd) {
  const env = { ...process.env, npm_config_offline: "true", npm_config_update_notifier: "false" };
  return execFileSync(program, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A folder that goes when the test is over. */
export function temporary(context) {
  const path = mkdtempSync(join(tmpdir(), "stslint-npm-"));
  context.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** A folder with a program's package.json in which the package is installed from its tarball. */
export function installed(context) {
  const home = temporary(context);
  const [{ filename }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", home], folder));
  run("npm", ["init", "--yes"], home);
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--cache", join(home, "cache")];
  run("npm", ["install", ...quiet, join(home, filename)], home);
  return home;
}
