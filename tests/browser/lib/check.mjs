// What a person does and sees when they have a domain checked.

import { goodDomain } from "./internet/domain.mjs";

export const DOMAIN = "acme-mail.net";
export const HOST = `mta-sts.${DOMAIN}`;

/** Console errors that browsers write by themselves when a request fails. */
export const FAILED_REQUESTS = [/Failed to load resource/, /blocked by CORS policy/];

/** For scenarios that check DOMAIN. */
export const OPTIONS = { asks: ["resolver", HOST], expects: FAILED_REQUESTS };

/** Puts a domain on the Internet that does everything right. */
export function publish(internet, options) {
  const { zone, hosts } = goodDomain(DOMAIN, options);
  internet.resolver.zone = zone;
  internet.hosts = hosts;
  return { zone, host: hosts[HOST] };
}

/** Puts a domain on the Internet that has mail servers, and publishes nothing. */
export function publishNothing(internet) {
  const { zone } = publish(internet);
  for (const name of [`_mta-sts.${DOMAIN}`, `_smtp._tls.${DOMAIN}`, HOST]) delete zone[name];
  internet.hosts = {};
}

/** The check of a visit. */
export class Check {
  constructor(visit) {
    this.visit = visit;
    this.page = visit.page;
  }

  /** Types a domain and has it checked, without waiting for the end. */
  async begin(text = DOMAIN) {
    // Which view an address leads to is known once it is there.
    await this.page.locator("html:not([data-opening])").waitFor({ state: "attached" });
    if ((await this.page.locator("main").getAttribute("data-view")) !== "text") await this.visit.home.click();
    await this.visit.field.fill(text);
    await this.page.getByTestId("check").click();
  }

  /** Has a domain checked. */
  async run(text = DOMAIN) {
    await this.begin(text);
    await this.done();
    return this;
  }

  /** Waits until nothing is on its way. */
  async done(timeout = 20_000) {
    await this.page.locator('[data-testid="result"][aria-busy="false"]').waitFor({ timeout });
    await this.unfold();
    return this;
  }

  /** Unfolds all steps. */
  unfold() {
    return this.page.locator(".step > details").evaluateAll((all) => all.forEach((step) => (step.open = true)));
  }

  title() {
    return this.visit.title();
  }
  words() {
    return this.visit.verdict.innerText();
  }
  step(name) {
    return this.page.locator(`[data-step="${name}"]`);
  }
  /** The state of a step in a word. */
  state(name) {
    return this.step(name).locator(".step-state").innerText();
  }
  /** The states of all steps. */
  async states() {
    const names = ["discover", "fetch", "match", "connect", "report"];
    const states = await Promise.all(names.map((name) => this.state(name)));
    return Object.fromEntries(names.map((name, i) => [name, states[i]]));
  }
  /** The codes of the findings, in the order of the page. */
  codes() {
    return this.page.locator(".steps .card").evaluateAll((cards) => cards.map((card) => card.dataset.code));
  }
  /** The codes of errors and warnings. */
  loud() {
    return this.page
      .locator('.steps .card[data-tone="error"], .steps .card[data-tone="warning"]')
      .evaluateAll((cards) => cards.map((card) => card.dataset.code));
  }
  finding(code) {
    return this.page.locator(`.steps .card[data-code="${code}"]`);
  }
  /** Unfolds the look-ups of a step. */
  async lookups(name) {
    const summary = this.step(name).locator(".evidence > summary");
    if (!(await this.step(name).locator(".evidence").evaluate((details) => details.open))) await summary.click();
    return this.step(name).locator(".lookups > li");
  }
  /** One look-up, unfolded. */
  async lookup(name, what) {
    const all = await this.lookups(name);
    return all.filter({ has: this.page.locator("strong", { hasText: new RegExp(`^${what}$`) }) });
  }
  get hosts() {
    return this.page.getByTestId("hosts").locator("tbody tr");
  }
}
