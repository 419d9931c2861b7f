// The Connect screen: signing in with what the deployer or the person filled in, and finding the way out of what goes wrong there.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { adele, appUrl, eventually, launch, openApp, sandbox, sandboxUrl, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const CLIENT = "00000000-0000-0000-0000-00000000c0de";
const alert = (page) => page.getByRole("alert");
const path = (request) => request.path.split("?")[0];
const focused = (page) => page.evaluate(() => document.activeElement.id);

/** The app whose configuration is this one; without any, its file is missing. */
async function openWith(config) {
  const opened = await openApp(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  const answer = config ? { contentType: "application/json", body: JSON.stringify(config) } : { status: 404, body: "" };
  await opened.page.route("**/config.json", (route) => route.fulfill(answer));
  await opened.page.reload();
  await opened.page.getByRole("heading", { name: "Connect to Microsoft 365" }).waitFor();
  return opened;
}

/** Everything but the application: the form asks for it. */
const unnamed = { authority: `${sandboxUrl}/organizations`, protocol: "entra", graphBaseUrl: sandboxUrl };

/** Whose discovery document was read: the tenant in the first request. */
const askedTenant = async () => (await sandbox.requests()).map(path).find((name) => name.endsWith("/.well-known/openid-configuration")).split("/")[1];

const authorizations = async () => {
  const requests = await sandbox.requests();
  return requests.filter((request) => path(request).endsWith("/authorize")).map((request) => new URL(request.path, sandboxUrl));
};

test("the form is filled in by keyboard, and what was chosen there is asked for and nothing else", async () => {
  const { context, page, problems } = await openWith(unnamed);
  await page.getByRole("textbox", { name: "Application (client) ID" }).focus();
  await page.keyboard.type(CLIENT);
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowUp");
  assert.ok(await page.getByRole("radio", { name: "One organization" }).isChecked(), "arrows go through the group");
  await page.keyboard.press("Tab");
  await page.keyboard.type("contoso.onmicrosoft.com");
  await page.getByRole("checkbox", { name: "Find people you work with" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("textbox", { name: "Application (client) ID" }).press("Enter");
  await page.getByRole("button", { name: adele }).press("Enter");
  await page.getByRole("button", { name: "Accept", exact: true }).press("Enter");
  await page.locator('[data-session="signed-in"]').waitFor({ state: "attached" });
  const [request] = await authorizations();
  assert.equal(await askedTenant(), "contoso.onmicrosoft.com");
  assert.equal(request.searchParams.get("client_id"), CLIENT);
  assert.equal(request.searchParams.get("redirect_uri"), `${appUrl}/`);
  assert.deepEqual(request.searchParams.get("scope").split(" "), ["openid", "profile", "offline_access", "User.Read", "Calendars.Read", "People.Read"]);
  assert.deepEqual(problems, []);
  await context.close();
});

test("wrong fields are named, the first one gets the focus, and what was typed survives a reload and a failed sign-in", async () => {
  const { context, page } = await openWith(unnamed);
  const client = page.getByRole("textbox", { name: "Application (client) ID" });
  const tenant = page.getByRole("textbox", { name: "Directory (tenant) ID or domain" });
  await client.fill("not-a-guid");
  await page.getByRole("radio", { name: "One organization" }).check();
  await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  assert.equal(await focused(page), "connect-client");
  assert.match(await page.locator("#connect-client-problem").innerText(), /looks like/);
  assert.match(await page.locator("#connect-tenant-problem").innerText(), /Enter the directory's ID/);
  assert.equal((await authorizations()).length, 0);

  await client.fill(CLIENT);
  await tenant.fill("contoso.onmicrosoft.com");
  await page.getByRole("checkbox", { name: "Find people you work with" }).check();
  await page.reload();
  assert.equal(await client.inputValue(), CLIENT);
  assert.equal(await tenant.inputValue(), "contoso.onmicrosoft.com");
  assert.ok(await page.getByRole("checkbox", { name: "Find people you work with" }).isChecked());

  await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  await page.getByRole("button", { name: adele }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await alert(page).getByText("You declined. Nothing was shared.").waitFor();
  assert.equal(await client.inputValue(), CLIENT);
  assert.ok(await page.getByRole("checkbox", { name: "Find people you work with" }).isChecked());
  await signIn(page, adele);
  await context.close();
});

test("an administrator agrees for everybody by the link, and others are not asked then", async () => {
  const { context, page } = await openWith(unnamed);
  const link = page.getByRole("link", { name: "Grant admin consent" });
  await link.click();
  assert.equal(await focused(page), "connect-client", "until the form is complete it leads to what is missing");
  await page.keyboard.type(CLIENT);
  await page.getByRole("checkbox", { name: "Find rooms" }).check();
  const opening = context.waitForEvent("page");
  await link.click();
  const consent = await opening;
  await consent.getByRole("button", { name: /^Megan Bowen/ }).click();
  await consent.getByRole("heading", { name: "Permissions requested" }).waitFor();
  await consent.getByRole("button", { name: "Accept", exact: true }).click();
  await consent.waitForURL(`${appUrl}/**`);
  await consent.getByRole("heading", { name: "Connect to Microsoft 365" }).waitFor();
  assert.doesNotMatch(consent.url(), /admin_consent|tenant=/, "what came back leaves the address");
  await consent.close();

  const other = await openWith({ ...unnamed, clientId: CLIENT, features: ["calendar-read", "rooms"] });
  await other.page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  await other.page.getByRole("button", { name: adele }).click();
  await other.page.locator('[data-session="signed-in"]').waitFor({ state: "attached" });
  const sent = (await sandbox.requests()).filter((request) => path(request).endsWith("/consent"));
  assert.equal(sent.length, 1, "nobody but the administrator was asked");
  await other.context.close();
  await context.close();
});

test("the redirect URI is copied with one press, and that is said", async () => {
  const { context, page } = await openWith(unnamed);
  await page.getByRole("button", { name: "Copy", exact: true }).press("Enter");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${appUrl}/`);
  await page.getByRole("status").filter({ hasText: "Copied." }).waitFor();
  await context.close();
});

test("a number that Microsoft showed leads to the field that mends it", async () => {
  const { context, page } = await openWith({ ...unnamed, clientId: "" });
  await page.getByRole("textbox", { name: "Application (client) ID" }).fill("00000000-0000-0000-0000-0000000bad1d");
  await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  const shown = await page.getByText(/AADSTS700016/).first().innerText();
  await page.goBack();
  await page.getByText("You came back without being signed in.").waitFor();
  const box = page.getByRole("textbox", { name: "Did Microsoft show an error?" });
  await box.fill(shown);
  await box.press("Enter");
  assert.equal(await focused(page), "connect-client");
  const answer = page.getByRole("group", { name: "Did Microsoft show an error?" });
  await answer.getByText("Error 700016: Microsoft does not know this application there.").waitFor();
  for (const [text, field] of [["AADSTS50011: …", "connect-redirect"], ["50194", "account-type"], ["650053", "connect-features"], ["50105", "connect-answer"]]) {
    await box.fill(text);
    await page.getByRole("button", { name: "Look up" }).click();
    await eventually(() => focused(page), (id) => id === field);
  }
  await box.fill("nothing of use");
  await box.press("Enter");
  await page.getByText("There is no error number in this.").waitFor();
  assert.equal(await box.getAttribute("aria-invalid"), "true");
  assert.equal((await sandbox.requests()).filter((request) => path(request).endsWith("/token")).length, 0);
  await context.close();
});

for (const [number, sentence, button] of [
  [50020, "This account cannot be used here. Use another account.", "Use another account"],
  [50076, "Your organization asks for an extra verification step.", "Sign in again"],
  [53003, "Your organization's rules do not allow this", "Copy details"],
  [65004, "You declined. Nothing was shared.", "Copy details"],
  [50196, "There were too many tries to sign in.", "Copy details"],
  [1234567, "Microsoft refused the sign-in: The sign-in service says: AADSTS1234567", "Copy details"],
]) {
  test(`AADSTS${number} comes back in plain words with what to do`, async () => {
    const { context, page } = await openWith({ ...unnamed, clientId: CLIENT });
    await sandbox.faults([{ match: { path: "/*/oauth2/v2.0/token" }, act: { entraError: number } }]);
    await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
    await page.getByRole("button", { name: adele }).click();
    await page.getByRole("button", { name: "Accept", exact: true }).click();
    await alert(page).getByText(sentence).waitFor();
    await alert(page).getByText(`Microsoft's number: AADSTS${number}`).waitFor();
    await alert(page).getByRole("button", { name: "Copy details" }).click();
    const details = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(details, new RegExp(`AADSTS: ${number}`));
    assert.match(details, /time: 2026-11-17T/);
    assert.match(details, /request-id: \S+/);
    assert.doesNotMatch(details, /eyJ|code=|verifier/);
    await alert(page).getByRole("button", { name: button }).waitFor();
    const tries = (await sandbox.requests()).filter((request) => path(request).endsWith("/token")).length;
    assert.ok(tries <= 2, `a code that was refused is got anew once, not ${tries} times`);
    await context.close();
  });
}

test("a configuration that cannot be read is tried again on demand", async () => {
  const { context, page } = await openApp(browser);
  let answers = 0;
  await page.route("**/config.json", (route) => (answers++ === 0 ? route.fulfill({ status: 503, body: "" }) : route.continue()));
  await page.reload();
  await alert(page).getByText("The configuration of this page could not be read.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Sign in with Microsoft" }).count(), 0);
  await page.getByRole("button", { name: "Try again" }).press("Enter");
  await page.getByRole("button", { name: "Sign in with Microsoft" }).waitFor();
  assert.equal(answers, 2);
  await signIn(page, adele);
  await context.close();
});

test("personal accounts are told what they lack and are not asked for it", async () => {
  const { context, page } = await openWith(unnamed);
  await page.getByRole("textbox", { name: "Application (client) ID" }).fill(CLIENT);
  await page.getByRole("checkbox", { name: "Find rooms" }).check();
  await page.getByRole("radio", { name: "Personal accounts" }).check();
  await page.getByText("Personal accounts have no free/busy of others").waitFor();
  assert.equal(await page.getByRole("checkbox", { name: "Find rooms" }).count(), 0);
  await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
  await page.waitForURL(`${sandboxUrl}/**`);
  const [request] = await authorizations();
  assert.equal(await askedTenant(), "consumers");
  assert.doesNotMatch(request.searchParams.get("scope"), /Place|User\.ReadBasic/);
  await context.close();
});
