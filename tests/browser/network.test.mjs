// Nothing leaves the page: what it asks for, what its policy allows, what it stores.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { becomes, comesToMatch, eventually, scenario } from "./lib/scenario.mjs";
import { linkTo } from "./lib/links.mjs";
import { BROKEN, CLEAN } from "./lib/texts.mjs";

const SECRET = "confidential-host";

scenario("a whole session asks for the page's own files, once, and for nothing else", async (visit) => {
  const sent = [];
  visit.context.on("request", (request) => sent.push({ method: request.method(), body: request.postData() }));
  visit.page.on("websocket", (socket) => sent.push({ method: "WebSocket", body: socket.url() }));
  await visit.open();
  await visit.paste(BROKEN.replace("a.example.com", `${SECRET}.acme.net`));
  await visit.card("STS-POL-052").getByRole("button", { name: /^Apply fix/ }).click();
  await visit.button(/^Repair/).click();
  await visit.nameDomain(`${SECRET}.net`);
  for (const choice of ["Link with the text", "Markdown link", "Markdown report"]) await visit.share(choice);
  await visit.dialog.getByRole("button", { name: "Copy" }).click();
  await visit.closeDialog();
  await visit.card("STS-POL-084").getByRole("link", { name: "STS-POL-084" }).click();
  await visit.dialog.getByRole("link", { name: "All rules" }).click();
  await comesToMatch(() => visit.article.innerText(), /All rules/);
  await visit.dialog.waitFor({ state: "hidden" });
  await visit.leave();
  await visit.page.getByRole("link", { name: "Examples", exact: true }).click();
  await visit.article.getByRole("link", { name: "MTA-STS record", exact: true }).click();
  await becomes(() => visit.readAs(), "Read as: MTA-STS record");
  await visit.paste("confidential-host.net");
  await visit.page.getByRole("list", { name: "Commands to run" }).waitFor();
  await visit.drop("mta-sts.txt", CLEAN);
  await becomes(() => visit.text(), CLEAN);
  const [download] = await Promise.all([visit.page.waitForEvent("download"), visit.button("Download mta-sts.txt").click()]);
  await download.path();
  await visit.follow(linkTo(BROKEN));
  await becomes(() => visit.text(), BROKEN);

  const own = visit.seen.requests.filter((url) => !url.startsWith("blob:"));
  const names = own.map((url) => new URL(url).pathname.split("/").pop() || "index.html");
  const known = new Set([...(await readdir(process.env.STSLINT_DIST)), "favicon.ico"]);
  assert.deepEqual(names.filter((name) => !known.has(name)), [], "files of the page");
  // Browsers ask for the icon whenever the address changes.
  const files = names.filter((name) => !name.startsWith("favicon")).sort();
  assert.deepEqual(files, [...new Set(files)], "each of them once");
  assert.ok(files.some((name) => /^stslint-page_bg.*\.wasm$/.test(name)));
  assert.ok(visit.seen.requests.every((url) => !url.includes(SECRET) && !url.includes("?")));
  assert.ok(sent.every(({ method, body }) => method === "GET" && !body), JSON.stringify(sent));
});

scenario("nothing is stored but the choice of theme, and for this tab its text", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  await visit.nameDomain("acme.net");
  await visit.share("Link with the text");
  await visit.closeDialog();
  await visit.chooseTheme("dark");
  const stored = await visit.page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookie: document.cookie,
  }));
  const { session, ...lasting } = stored;
  assert.deepEqual(lasting, { local: ["stslint-theme"], databases: 0, caches: 0, workers: 0, cookie: "" });
  assert.deepEqual(session.sort(), ["stslint-steps", "stslint-text-1", "stslint-text-2"]);
  await comesToMatch(() => visit.page.getByRole("contentinfo").innerText(), /kept until you close this tab/);
});

scenario("the page has a strict policy, and says how to verify it", async (visit) => {
  await visit.open();
  const policies = await visit.page.locator('meta[http-equiv="Content-Security-Policy"]').evaluateAll((all) => all.map((m) => m.content));
  assert.equal(policies.length, 1);
  const directives = Object.fromEntries(
    policies[0].split(";").map((directive) => directive.trim().split(/\s+/)).map(([name, ...values]) => [name, values.join(" ")]),
  );
  assert.equal(directives["default-src"], "'none'");
  assert.equal(directives["script-src"], "'self' 'wasm-unsafe-eval'");
  assert.equal(directives["style-src"], "'self'");
  assert.equal(directives["connect-src"], "'self' https: http://127.0.0.1:* http://localhost:*");
  assert.equal(directives["base-uri"], "'none'");
  assert.equal(directives["form-action"], "'none'");
  assert.equal(directives["worker-src"], "'self'");
  assert.equal(directives["require-trusted-types-for"], "'script'");
  assert.equal(directives["trusted-types"], "stslint stslint-reader", "only the addresses of the two workers are made by policies");
  assert.doesNotMatch(policies[0].replace(/connect-src[^;]*/, ""), /'unsafe-inline'|'unsafe-eval'|\*|https?:/);
  const before = await visit.page.evaluate(() => {
    const meta = document.querySelector('meta[http-equiv="Content-Security-Policy"]');
    return [...document.querySelectorAll("script, link, style")].filter((e) => e.compareDocumentPosition(meta) & Node.DOCUMENT_POSITION_FOLLOWING).length;
  });
  assert.equal(before, 0, "nothing is loaded before the policy stands");
  const said = await visit.page.getByRole("contentinfo").innerText();
  assert.match(said, /no upload/);
  assert.match(said, /Only when you have a domain checked/);
  assert.match(said, /network panel/);
  assert.match(await visit.page.locator('meta[name="referrer"]').getAttribute("content"), /no-referrer/);
});

scenario("every link that leaves the page opens apart and tells no referrer", async (visit) => {
  await visit.open();
  await visit.paste(BROKEN);
  const check = async () => {
    const links = await visit.page.locator("a[href]").evaluateAll((all) =>
      all.filter((a) => a.origin !== location.origin).map((a) => ({ href: a.href, rel: a.rel, target: a.target })),
    );
    assert.ok(links.length > 0);
    for (const { href, rel, target } of links) {
      assert.match(href, /^https:\/\//);
      assert.match(rel, /noreferrer/);
      assert.match(rel, /noopener/);
      assert.equal(target, "_blank");
    }
  };
  await check();
  await visit.card("STS-POL-052").getByRole("link", { name: "STS-POL-052" }).click();
  await eventually(check);
});

scenario("no address in the built files is absolute", async () => {
  const folder = process.env.STSLINT_DIST;
  const html = await readFile(join(folder, "index.html"), "utf8");
  const addresses = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  assert.ok(addresses.length > 10);
  for (const address of addresses) {
    assert.match(address, /^(?:\.\/|#|https:\/\/www\.rfc-editor\.org\/)/, address);
  }
  assert.doesNotMatch(await readFile(join(folder, "style.css"), "utf8"), /url\(|@import/);
});
