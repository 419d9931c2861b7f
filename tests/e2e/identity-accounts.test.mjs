// Several accounts in one session: added, switched, signed out one by one; and permissions that come later, or not at all.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { assertSealed, authorizeCalls, graphCalls, lunch, openIdentity, openWindow, passProvider, signedIn, tokenCalls } from "./identity-support.mjs";
import { adele, appUrl, eventually, launch, sandbox, signIn } from "./support.mjs";

const MEGAN = "Megan Bowen meganb@contoso.onmicrosoft.com";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());
beforeEach(() => sandbox.reset());

const menu = (page) => page.locator("#account");
const shown = async (page, name) => eventually(() => menu(page).innerText(), (text) => text.includes(name));
/** Adele by the page, then Megan as well. */
async function two(options) {
  const opened = await openIdentity(browser, options);
  const { page } = opened;
  await signIn(page, adele);
  await lunch(page).waitFor();
  await assertSealed(page);
  await menu(page).click();
  await page.getByRole("button", { name: "Add account" }).click();
  await passProvider(page, MEGAN);
  await signedIn(page);
  await shown(page, "Megan");
  return opened;
}
async function switchTo(page, name) {
  await menu(page).click();
  await page.locator("#account-menu").getByRole("button", { name: new RegExp(`^Use ${name}`) }).first().click();
  await shown(page, name);
}

test("a further account is asked for with the accounts to choose from, and both survive a reload", async () => {
  const { context, page, problems, watch } = await two();
  const asked = new URL((await authorizeCalls()).at(-1).path, "http://x").searchParams;
  assert.equal(asked.get("prompt"), "select_account");
  assert.equal(asked.get("login_hint"), null);
  await eventually(() => page.evaluate(() => sessionStorage.getItem("convoke.pending")), (value) => value === null);
  await page.reload();
  await shown(page, "Megan");
  await switchTo(page, "Adele");
  await lunch(page).waitFor();
  assert.equal(page.url().split("#")[0], `${appUrl}/`);
  await watch.assertClean(problems);
  assert.deepEqual(problems, []);
  await context.close();
});

test("signing out of one account leaves the other", async () => {
  const { context, page, problems, watch } = await two();
  await menu(page).click();
  await page.locator("#account-menu > .buttons, #account-menu").getByRole("button", { name: "Sign out", exact: true }).last().click();
  await shown(page, "Adele");
  await lunch(page).waitFor();
  assert.doesNotMatch(await page.content(), /Megan Bowen meganb/);
  await page.reload();
  await shown(page, "Adele");
  await watch.assertClean(problems);
  await context.close();
});

test("row 33: what the first account had asked for does not reach the second", async () => {
  const { context, page, problems, watch } = await two();
  await switchTo(page, "Adele");
  await lunch(page).waitFor();
  // Adele's next week is on its way when Megan's turn comes.
  await sandbox.faults([{ match: { path: "/v1.0/me/calendarView*", account: "adelev@contoso.onmicrosoft.com" }, act: { delayMs: 1500 } }]);
  await sandbox.forgetRequests();
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForTimeout(200);
  await switchTo(page, "Megan");
  assert.equal(await lunch(page).count(), 0, "nothing of Adele's is left on the screen");
  await page.waitForTimeout(2500);
  const megans = new Set((await sandbox.events("meganb@contoso.onmicrosoft.com")).map(({ subject }) => subject));
  const adeles = (await sandbox.events("adelev@contoso.onmicrosoft.com")).map(({ subject }) => subject).filter((subject) => !megans.has(subject));
  const text = await page.getByRole("main").innerText();
  assert.deepEqual(adeles.filter((subject) => subject && text.includes(subject)), []);
  assert.ok((await graphCalls()).some(({ account }) => account?.startsWith("meganb")));
  await watch.assertClean(problems);
  await context.close();
});

test("two accounts by window, without leaving the page", async () => {
  const opened = await openIdentity(browser, { config: { popup: true, redirectUri: `${appUrl}/redirect.html` } });
  const { context, page, problems, watch } = opened;
  await passProvider(await openWindow(page), adele);
  await lunch(page).waitFor();
  await menu(page).click();
  await passProvider(await openWindow(page, page.getByRole("button", { name: "Add account" })), MEGAN);
  await shown(page, "Megan");
  await switchTo(page, "Adele");
  await lunch(page).waitFor();
  assert.equal((await tokenCalls()).length, 2);
  await watch.assertClean(problems);
  await context.close();
});

test("a guest and an account of another kind sign in where the configuration takes them", async () => {
  for (const [accountType, takes] of [["common", true], ["organizations", true], [{ tenant: "contoso.onmicrosoft.com" }, true], ["consumers", false]]) {
    await sandbox.reset();
    const authority = (await (await fetch(`${appUrl}/config.json`)).json()).authority.replace(/\/[^/]*$/, "");
    const { context, page } = await openIdentity(browser, { config: { accountType, authority } });
    await page.getByRole("button", { name: /Sign in with Microsoft/ }).click();
    const choice = page.getByRole("button", { name: adele });
    if (takes) {
      await passProvider(page, adele);
      await signedIn(page);
    } else {
      await page.getByRole("button", { name: "Use another account" }).first().waitFor();
      assert.equal(await choice.count(), 0, "nobody of an organization is offered");
    }
    await context.close();
  }
});
