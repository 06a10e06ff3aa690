// Answers that wait for each other, to count how often somebody had to wait for answers before asking on.

/** So long nothing new is asked before whoever asks is taken to wait for answers, in milliseconds. */
const QUIET = 250;

export class Gate {
  /** How often answers were let through together. */
  waves = 0;
  #held = null;
  #arrived = 0;

  /** Waits, if answers are held at the moment. Whoever calls this has an answer ready. */
  pass() {
    if (!this.#held) return Promise.resolve();
    this.#arrived = Date.now();
    return new Promise((resume) => this.#held.push(resume));
  }

  get holding() {
    return this.#held !== null;
  }

  /** From now on no answer goes out, until `release` or `open`. */
  hold() {
    this.#held ??= [];
    this.waves = 0;
  }

  /** Lets all answers through that wait, and holds those that come later. Gives how many there were. */
  release() {
    const held = this.#held.splice(0);
    if (held.length) this.waves += 1;
    for (const resume of held) resume();
    return held.length;
  }

  /** Holds nothing any more. */
  open() {
    for (const resume of this.#held ?? []) resume();
    this.#held = null;
  }

  /** Waits until there are answers that wait, and nothing more is asked. */
  async quiet() {
    while (!this.#held?.length || Date.now() - this.#arrived < QUIET) {
      await new Promise((resume) => setTimeout(resume, QUIET / 10));
    }
  }

  /**
   * Counts the waves of answers that `work` needs, however fast the machine is: the answers to all that was asked
   * so far go out together when nothing more is asked.
   */
  async count(work) {
    this.hold();
    let done = false;
    const finished = Promise.resolve(work()).finally(() => (done = true));
    // What `work` throws is thrown below.
    const ended = finished.catch(() => {});
    while (!done) {
      await Promise.race([ended, this.quiet()]);
      if (!done) this.release();
    }
    const { waves } = this;
    this.open();
    await finished;
    return waves;
  }
}
