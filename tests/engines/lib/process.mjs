// Programs that these tests start, and what they need for it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts a program. `said` has its lines so far, `ended` is rejected when it ends, `stop` ends it. */
export function start(program, args) {
  // In a group of its own: wrappers and browsers have children, which have to end with them.
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const stop = () => {
    try {
      process.kill(-child.pid);
    } catch {
      // It has ended already.
    }
  };
  process.once("exit", stop);
  const said = [];
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", (line) => void said.push(line));
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${said.join("\n")}`)));
  });
  ended.catch(() => {});
  return { said, ended, stop };
}

/** How long a browser may take for one thing that it is asked to do, in milliseconds. */
const ANSWER = 30_000;

/** A browser did not answer: it, or its driver, hangs. */
export class Silence extends Error {}

/** What a browser was asked for, or that it said nothing. */
export async function answered(asked, promise) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Silence(`no answer in ${ANSWER / 1000} s: ${asked}`)), ANSWER);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder that goes when this process does. */
export function folder(name) {
  const path = mkdtempSync(join(tmpdir(), `stslint-${name}-`));
  process.once("exit", () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}

/** A variable that `cargo xtask test` sets. */
export function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: \`cargo xtask test engines\` runs these tests`);
  return value;
}
