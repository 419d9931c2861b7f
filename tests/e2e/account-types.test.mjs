// Who can sign in through which door: each account type and each shape of authority, with an account that belongs there and one that does not.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { adele, launch, openApp, sandbox, sandboxUrl } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const CLIENT = "00000000-0000-0000-0000-00000000c0de";
const CONTOSO = "contoso.onmicrosoft.com";
const sandy = { name: /^Sandy Lane/, password: "Personal-2026" };
const lynne = { name: /^Lynne Robbins/ };

/** The directory's GUID, as its discovery document has it. */
const contosoId = async () => {
  const document = await (await fetch(`${sandboxUrl}/${CONTOSO}/v2.0/.well-known/openid-configuration`)).json();
  return new URL(document.issuer).pathname.split("/")[1];
};

async function openWith(config) {
  const opened = await openApp(browser);
  const whole = { clientId: CLIENT, authority: sandboxUrl, protocol: "entra", graphBaseUrl: sandboxUrl, features: ["calendar-read"], ...config };
  await opened.page.route("**/config.json", (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify(whole) }));
  await opened.page.reload();
  await opened.page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  return opened;
}

/** Signs in with the account that the page offers, and says whose session that is. */
async function enter(page, { name, password }) {
  await page.getByRole("button", { name }).click();
  if (password) {
    await page.getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
  }
  await page.getByRole("button", { name: "Accept", exact: true }).click();
  await page.locator('[data-session="signed-in"]').waitFor({ state: "attached" });
  await page.goto(`${new URL(page.url()).origin}/#/connection`);
  return page.getByRole("heading", { name: /^Signed in as/ }).innerText();
}

for (const [name, config, account, absent] of [
  ["work and school accounts of any organization", { accountType: "organizations" }, { name: adele }, sandy],
  ["work, school and personal accounts: work", { accountType: "common" }, { name: adele }, undefined],
  ["work, school and personal accounts: personal", { accountType: "common" }, sandy, undefined],
  ["personal accounts", { accountType: "consumers" }, sandy, { name: adele }],
  ["one organization by a domain of it", { accountType: { tenant: CONTOSO } }, { name: adele }, sandy],
]) {
  test(`${name}: who belongs there signs in, nobody else is offered`, async () => {
    const { context, page } = await openWith(config);
    await page.getByRole("button", { name: account.name }).waitFor();
    if (absent) assert.equal(await page.getByRole("button", { name: absent.name }).count(), 0);
    const who = await enter(page, account);
    assert.equal(who, account === sandy ? "Signed in as Sandy Lane" : "Signed in as Adele Vance");
    await context.close();
  });
}

test("one organization by its directory ID: the token has to be that directory's", async () => {
  const { context, page } = await openWith({ accountType: { tenant: await contosoId() } });
  assert.equal(await enter(page, { name: adele }), "Signed in as Adele Vance");
  await page.getByText(await contosoId(), { exact: true }).waitFor();
  await context.close();
});

test("a guest signs in at the organization that invited them", async () => {
  const { context, page } = await openWith({ accountType: { tenant: CONTOSO } });
  assert.match(await enter(page, lynne), /Lynne Robbins/);
  await page.getByText(await contosoId(), { exact: true }).waitFor();
  await context.close();
});

test("plain OpenID Connect: everything comes from the issuer's discovery document", async () => {
  const { context, page } = await openWith({ authority: `${sandboxUrl}/${await contosoId()}/v2.0`, protocol: "oidc" });
  assert.equal(await enter(page, { name: adele }), "Signed in as Adele Vance");
  const authorize = (await sandbox.requests()).find((request) => request.path.includes("/authorize?"));
  assert.doesNotMatch(authorize.path, /response_mode|domain_hint/, "nothing that only Entra knows");
  await context.close();
});

test("personal accounts are told what they lack", async () => {
  const { context, page } = await openWith({ accountType: "consumers" });
  await enter(page, sandy);
  await page.getByText("Personal account", { exact: true }).waitFor();
  await page.getByText("Personal accounts have no free/busy of others").waitFor();
  assert.equal(await page.getByRole("listitem").filter({ hasText: "Find rooms" }).count(), 0);
  await page.getByRole("button", { name: "Run self-test" }).click();
  await page.getByRole("button", { name: "Copy report" }).waitFor();
  await context.close();
});

test("only the code grant with PKCE is ever asked for, and no secret is ever sent", async () => {
  const { context, page } = await openWith({ accountType: "organizations" });
  await enter(page, { name: adele });
  const requests = await sandbox.requests();
  const authorize = requests.filter((request) => request.path.includes("/authorize?")).map((request) => new URL(request.path, sandboxUrl).searchParams);
  assert.ok(authorize.length > 0 && authorize.every((asked) => asked.get("response_type") === "code" && asked.get("code_challenge_method") === "S256"));
  const tokens = requests.filter((request) => request.path.endsWith("/token"));
  const grants = tokens.map((request) => new URLSearchParams(typeof request.body === "string" ? request.body : request.body ?? {}).get("grant_type"));
  assert.deepEqual([...new Set(grants)].filter((grant) => !["authorization_code", "refresh_token"].includes(grant)), []);
  assert.ok(tokens.every((request) => !/client_secret|client_assertion|password=|device_code/.test(JSON.stringify(request))));
  await context.close();
});
