// What checks look like: axe finds nothing, nothing is wider than a narrow screen, and a page that lies below a path works.

import assert from "node:assert/strict";
import axe from "axe-core";
import { Check, DOMAIN, OPTIONS, publish } from "./lib/check.mjs";
import { policy } from "./lib/internet/domain.mjs";
import { eventually, scenario, SUB_PATH } from "./lib/scenario.mjs";

/** States of a check, each reached from a page that is loaded. */
const STATES = {
  "ready to check": async (visit) => {
    await visit.field.fill(DOMAIN);
    await visit.page.getByTestId("check").waitFor();
    await visit.page.getByText("Relay and history").click();
  },
  "a good domain, look-ups unfolded": async (visit, internet) => {
    publish(internet, { ad: true });
    await new Check(visit).run();
    for (const step of ["discover", "fetch", "connect"]) await new Check(visit).lookups(step);
    await visit.page.getByTestId("smtp-help").locator("summary").first().click();
  },
  "a broken domain": async (visit, internet) => {
    publish(internet).host.body = policy(`mx1.${DOMAIN}.`);
    const seen = await new Check(visit).run();
    await eventually(async () => assert.match(await seen.finding("STS-POL-083").innerText(), /Effect/));
  },
  "a policy that may not be read, and a wrong paste": async (visit, internet) => {
    publish(internet).host.cors = false;
    await new Check(visit).run();
    await visit.page.getByTestId("fetch-help").getByRole("textbox").fill("hello");
  },
  "two resolvers": async (visit, internet) => {
    const { zone } = publish(internet);
    await internet.addResolver("dns.google", { ...zone, [`_mta-sts.${DOMAIN}`]: { TXT: "v=STSv1; id=old;" } });
    await new Check(visit).run();
    await visit.button("Compare with another resolver").click();
    await eventually(async () => assert.match(await visit.page.getByTestId("resolvers").innerText(), /differ/));
  },
  "a list": async (visit, internet) => {
    publish(internet);
    await new Check(visit).run(`${DOMAIN}\nnobody.example\nnothing.example`);
  },
};

const LOOK = { ...OPTIONS, asks: [...OPTIONS.asks, "mta-sts.nobody.example", "mta-sts.nothing.example"] };

for (const [name, reach] of Object.entries(STATES)) {
  // axe is not the page's script, so the page's policy would refuse it.
  scenario(`a check looks well and has no barriers: ${name}`, { ...LOOK, context: { bypassCSP: true } }, async (visit, { internet }) => {
    await visit.open();
    await reach(visit, internet);
    await visit.page.evaluate(axe.source);
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1280, 320]) {
        await visit.page.emulateMedia({ colorScheme });
        await visit.page.setViewportSize({ width, height: 800 });
        await eventually(async () => assert.equal(await visit.page.evaluate(() => document.getAnimations().length), 0));
        const found = await visit.page.evaluate(async () => (await globalThis.axe.run({ resultTypes: ["violations"] })).violations);
        const told = found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
        assert.deepEqual(told, [], `${colorScheme}, ${width} px`);
        const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${wide} px too wide at ${width} px`);
      }
    }
  });
}

scenario("a check works below a path", { ...OPTIONS, url: SUB_PATH }, async (visit, { internet }) => {
  publish(internet);
  await visit.open();
  assert.equal(await (await new Check(visit).run()).state("match"), "Good");
});
