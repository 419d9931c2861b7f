// The README's recipes, taken out of it and run as they stand there. What they use without saying so (`button`, `show` and the like) is given
// to them here; everything else has to be in the recipe.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { clientId, configuration, eventually, launch, openPage, people, sandbox, sandboxUrl, serve, signIn } from "./support.mjs";

const readme = await readFile(new URL("../../dist/npm/README.md", import.meta.url), "utf8");
const recipes = new Map([...readme.matchAll(/<!-- recipe: ([a-z-]+) -->\n```js\n([^]*?)```/g)].map(([, name, code]) => [name, code]));

const FEATURES = ["profile", "calendar-write", "scheduling", "mail-send", "files-write", "users"];
const config = configuration({ features: FEATURES });

/** Where a recipe is; that of signing in has an address that is registered. */
const address = (name) => (name === "sign-in" ? "/redirect.html" : `/${name}.html`);

/** The recipe as the module of a page of its own, `given` standing before it; `lines` is what it has shown. */
function modules(name, given) {
  const code = recipes.get(name).replace(/^import .*\n/gm, "").replace("await init();", "");
  return `
    import * as convoke from "/convoke/index.js";
    const { ConvokeError, rankSlots } = convoke;
    await convoke.default();
    const lines = (globalThis.lines = []);
    const show = (line) => lines.push(String(line));
    const button = document.getElementById("act");
    // The sandbox takes the place of Microsoft's own addresses.
    const createSession = (options) => convoke.createSession({ ...${JSON.stringify(config)}, ...options, features: ${JSON.stringify(FEATURES)} });
    const createClient = (options) => convoke.createClient({ ...options, baseUrl: ${JSON.stringify(sandboxUrl)} });
    ${given}
    document.documentElement.dataset.ready = "";
    (async () => { ${code} })().then(() => (globalThis.outcome = "done"), (error) => (globalThis.outcome = String(error)));`;
}

const SESSION = `const session = createSession({ clientId: "${clientId}" }); await session.start(); const client = createClient({ session });`;

let site, browser, context;
before(async () => {
  await sandbox.reset();
  const pages = [...recipes.keys()].flatMap((name) => [
    [address(name), `<!doctype html><title>${name}</title><button id="act">Act</button><script type="module" src="/${name}.js"></script>`],
    [`/${name}.js`, modules(name, { "sign-in": `const clientId = "${clientId}";`, "host-token": `${SESSION.replace("client =", "ignored =")} const getTokenFromHost = (scopes) => session.getToken({ scopes }); const [start, end] = ["2026-11-16T00:00:00Z", "2026-11-20T00:00:00Z"];`, "rank-slots": `${SESSION} ${recipes.get("get-schedule")}` }[name] ?? SESSION)],
  ]);
  [site, browser] = await Promise.all([serve(Object.fromEntries(pages)), launch()]);
});
after(async () => {
  await browser?.close();
  site?.close();
});

/** Runs a recipe in a tab of its own, signed in as Adele, and gives what it has shown once `enough` of it is there. */
async function shown(name, enough = () => true) {
  const { page, problems } = await openPage(browser, site.url, context);
  await signIn(page, people.adele, config);
  await page.goto(new URL(address(name), site.url).href);
  await eventually(() => page.evaluate(() => globalThis.outcome), (outcome) => outcome !== undefined);
  assert.equal(await page.evaluate(() => globalThis.outcome), "done");
  const lines = await eventually(() => page.evaluate(() => globalThis.lines), enough);
  assert.deepEqual(problems, []);
  return { page, lines };
}

/** What each recipe has to have shown. */
const EXPECTED = {
  "host-token": (lines) => assert.equal(lines.length, 1),
  "get-schedule": (lines) => {
    assert.equal(lines.length, 3);
    for (const line of lines) assert.match(line, /^\S+@contoso\.onmicrosoft\.com [0-4]{18}$/);
  },
  "rank-slots": (lines) => {
    assert.ok(lines.some((line) => line.startsWith("2026-11-17T")), "some time suits all three");
    assert.match(lines.at(-1), /^2026-11-17T\d\d:\d\d:00Z \d+(\.\d+)? [a-z-]+/);
  },
  "send-mail": (lines) => assert.deepEqual(lines, ["sent"]),
  upload: (lines) => assert.deepEqual(lines, ["13 of 13", "Minutes.txt 13"]),
  request: (lines) => assert.equal(lines[0].split(",").length, 3),
  batch: (lines) => assert.deepEqual(lines, ["200", "200", "not-found"]),
  errors: (lines) => assert.deepEqual(lines, ["not-found 404 false It no longer exists; reload."]),
};

test("there are ten recipes, and each is tried", () => {
  assert.equal(recipes.size, 10);
  assert.deepEqual([...recipes.keys()].filter((name) => !(name in EXPECTED)).sort(), ["sign-in", "watch"]);
});

for (const [name, check] of Object.entries(EXPECTED)) {
  test(name, async () => {
    const { page, lines } = await shown(name, (lines) => lines.length > 0);
    check(lines);
    await page.context().close();
  });
}

test("sign-in", async () => {
  const { page } = await openPage(browser, `${site.url}`);
  await page.goto(new URL(address("sign-in"), site.url).href);
  await eventually(() => page.evaluate(() => typeof document.getElementById("act").onclick), (kind) => kind === "function");
  await page.click("#act");
  await page.getByRole("button", { name: people.adele }).click();
  await page.getByRole("button", { name: "Accept", exact: true }).or(page.locator("html[data-ready]")).first().waitFor({ state: "attached" });
  if (await page.getByRole("button", { name: "Accept", exact: true }).isVisible()) await page.getByRole("button", { name: "Accept", exact: true }).click();
  await page.waitForURL((url) => url.href.startsWith(site.url));
  await eventually(() => page.evaluate(() => globalThis.outcome), (outcome) => outcome === "done");
  await page.context().close();
});

test("watch", async () => {
  const { page } = await shown("watch");
  await eventually(() => page.evaluate(() => localStorage.getItem("checkpoint")), Boolean, 60_000);
  const token = await page.evaluate(async ([baseUrl, config]) => {
    const convoke = await import("/convoke/index.js");
    const session = convoke.createSession(config);
    await session.start();
    const client = convoke.createClient({ session, baseUrl });
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const at = (time) => ({ dateTime: `${day}T${time}:00`, timeZone: "UTC" });
    await client.events.create({ subject: "Seen by the recipe", start: at("05:00"), end: at("05:30") });
  }, [sandboxUrl, config]);
  assert.equal(token, undefined);
  await eventually(() => page.evaluate(() => globalThis.lines), (lines) => lines.includes("new: Seen by the recipe"), 60_000);
  await page.context().close();
});
