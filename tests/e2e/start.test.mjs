// How the page starts: with the shipped headers, without a complaint of the browser, and with a sentence where it cannot.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { adele, appUrl, eventually, launch, openApp, openPage, sandbox, sandboxUrl, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// The browser reports a violation after it has refused, so that one has to wait for it.
const reported = (start) => (problems) => problems.some((problem) => problem.startsWith(start));
const alert = (page) => page.getByRole("alert");

test("the app starts under its policy without a complaint", async () => {
  const { context, page, problems } = await openPage(browser);
  const response = await page.goto(appUrl);
  const policy = response.headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
  assert.equal(response.headers()["x-content-type-options"], "nosniff");
  await page.locator("#start").waitFor({ state: "detached" });
  assert.deepEqual(problems, []);
  await context.close();
});

test("the policy of the page is in force: inline code does not run", async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(appUrl);
  await page.locator("#start").waitFor({ state: "detached" });
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.src = "data:text/javascript,globalThis.ran=true";
    document.head.append(script);
  }).catch((error) => assert.match(error.message, /TrustedScriptURL/));
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  await eventually(() => problems, reported("policy: "));
  await context.close();
});

test("the page reaches the configured hosts, and no others", async () => {
  const { context, page, problems } = await openPage(browser);
  await page.goto(appUrl);
  await page.locator("#start").waitFor({ state: "detached" });
  const reach = (address) => page.evaluate((url) => fetch(url).then(({ status }) => status, String), address);
  await sandbox.reset();
  const metadata = "/organizations/v2.0/.well-known/openid-configuration";
  assert.equal(await reach(sandboxUrl + metadata), 200);
  assert.ok((await sandbox.requests()).some(({ path }) => path === metadata));
  assert.deepEqual(problems, []);
  assert.match(await reach(sandboxUrl.replace("127.0.0.1", "localhost") + metadata), /TypeError/);
  await eventually(() => problems, reported("policy: connect-src"));
  await context.close();
});

test("files with a hash in their name may be kept for ever, the page may not", async () => {
  const page = await (await fetch(appUrl)).text();
  const names = [...page.matchAll(/(?:href|src)="(assets\/[^"]+)"/g)].map((match) => match[1]);
  assert.ok(names.length >= 4, page);
  for (const name of names) {
    const response = await fetch(`${appUrl}/${name}`);
    assert.equal(response.status, 200, name);
    assert.match(response.headers.get("cache-control"), /immutable/);
  }
  assert.equal((await fetch(appUrl)).headers.get("cache-control"), "no-cache");
  assert.equal((await fetch(`${appUrl}/config.json`)).headers.get("cache-control"), "no-cache");
});

for (const [name, pattern, answer, sentence] of [
  ["a program that is not there", /assets\/app-[^/]*\.wasm/, { status: 404, body: "" }, /answered 404 for app-.*\.wasm/],
  ["a program that is a page", /assets\/app-[^/]*\.wasm/, { status: 200, contentType: "text/html", body: "<p>" }, /is not one that this browser can run.*text\/html/],
  ["glue with a wrong type", /assets\/app-[^/]*\.js/, { status: 200, contentType: "text/plain", body: "export default 1" }, /not as text\/javascript/],
  ["no connection", /assets\/app-[^/]*\.wasm/, null, /Check the connection/],
]) {
  test(`${name} is said in the page`, async () => {
    const { context, page } = await openPage(browser);
    await page.route(pattern, (route) => (answer ? route.fulfill(answer) : route.abort("connectionrefused")));
    await page.goto(appUrl);
    await alert(page).waitFor();
    assert.match(await alert(page).innerText(), sentence);
    assert.ok(await page.getByRole("button", { name: "Load again" }).isVisible());
    await context.close();
  });
}

test("a policy that forbids WebAssembly is named", async () => {
  const { context, page } = await openPage(browser);
  await page.route(`${appUrl}/`, async (route) => {
    const response = await route.fetch();
    const policy = response.headers()["content-security-policy"].replace(" 'wasm-unsafe-eval'", "");
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  await page.goto(`${appUrl}/`);
  await alert(page).waitFor();
  assert.match(await alert(page).innerText(), /needs 'wasm-unsafe-eval'/);
  await context.close();
});

test("what the first screen does not need comes after it, once, and can be asked for again", async () => {
  const { context, page } = await openApp(browser);
  const fetched = [];
  let broken = true;
  await page.route(/assets\/later-.*\.wasm$/, (route) => {
    fetched.push(route.request().url());
    return broken ? route.abort() : route.continue();
  });
  assert.equal(fetched.length, 0, "the Connect screen does without");
  await signIn(page, adele);
  await page.getByRole("button", { name: /^Lunch, / }).first().waitFor();
  await eventually(() => fetched.length, (count) => count === 1);
  await page.getByRole("link", { name: "Scheduling assistant" }).click();
  const said = alert(page).getByText("A part of the program could not be loaded.");
  await said.waitFor();
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Scheduling assistant" }).waitFor();
  assert.equal(await said.count(), 0);
  await page.getByRole("link", { name: "Calendar" }).click();
  await page.getByRole("link", { name: "Scheduling assistant" }).click();
  await page.getByRole("grid", { name: "Availability" }).waitFor();
  assert.equal(fetched.length, 2, "it is fetched once more, and then kept");
  await context.close();
});
