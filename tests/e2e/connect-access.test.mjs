// Connect, Connection, menus and dialogs hold no barrier that axe-core can find, and nothing sticks out: in light, dark and from right to
// left, narrow and wide.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { adele, appUrl, assertAccessible, assertNoSidewaysScroll, launch, openApp, sandbox, sandboxUrl, signIn } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const CLIENT = "00000000-0000-0000-0000-00000000c0de";
const unnamed = { authority: `${sandboxUrl}/organizations`, protocol: "entra", graphBaseUrl: sandboxUrl };
const demo = { ...unnamed, clientId: CLIENT, features: ["calendar-read", "calendar-write", "scheduling", "people", "users"] };

const ways = [
  { name: "light, wide", viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  { name: "dark, narrow", viewport: { width: 320, height: 640 }, colorScheme: "dark" },
  { name: "right to left, narrow", viewport: { width: 320, height: 640 }, colorScheme: "light", rtl: true },
  { name: "right to left, dark, wide", viewport: { width: 1440, height: 900 }, colorScheme: "dark", rtl: true },
];

test("the check finds a barrier where there is one", async () => {
  await sandbox.reset();
  const { context, page } = await openApp(browser);
  await page.locator("main h1").waitFor();
  await page.evaluate(() => {
    document.querySelector("main").append(document.createElement("input"));
  });
  await assert.rejects(assertAccessible(page, "with a field that has no name"), /label/);
  await context.close();
});

for (const { name, rtl, ...options } of ways) {
  /** The app with this configuration; from right to left it speaks the pseudo-language, whose texts stand in brackets. */
  const open = async (config) => {
    await sandbox.reset();
    const { context, page } = await openApp(browser, { ...options, reducedMotion: "reduce" });
    const whole = rtl ? { ...config, locale: "en-XB" } : config;
    await page.route("**/config.json", (route) => route.fulfill({ contentType: "application/json", body: JSON.stringify(whole) }));
    await page.goto(appUrl);
    await page.locator("main h1").waitFor();
    const check = async (state) => {
      await assertAccessible(page, `${state}, ${name}`);
      await assertNoSidewaysScroll(page, `${state}, ${name}`);
    };
    return { context, page, check };
  };
  const text = (words) => (rtl ? `[${words}]` : words);
  const button = (page, words) => page.getByRole("button", { name: text(words), exact: true });

  /** Signs in with the page's own words. */
  const enter = async (page) => {
    if (!rtl) return signIn(page, adele);
    await button(page, "Sign in with Microsoft").click();
    await page.getByRole("button", { name: adele }).click();
    await page.getByRole("button", { name: "Accept", exact: true }).click();
    await page.locator('[data-session="signed-in"]').waitFor({ state: "attached" });
  };

  test(`Connect is free of barriers: ${name}`, async () => {
    const configured = await open(demo);
    await configured.page.getByText(text("Details"), { exact: true }).click();
    await configured.check("configured");
    await configured.context.close();

    const { context, page, check } = await open(unnamed);
    await check("form");
    await page.getByRole("radio", { name: text("One organization") }).check();
    await button(page, "Sign in with Microsoft").click();
    await check("form with problems");
    await page.getByRole("radio", { name: text("Any account") }).check();
    await page.getByText(text("How to register the application")).click();
    await page.getByRole("textbox", { name: text("Did Microsoft show an error?") }).fill("650053");
    await button(page, "Look up").click();
    await check("form with an answer");
    await button(page, "Settings").click();
    await check("settings");
    await context.close();
  });

  test(`a failed sign-in is free of barriers: ${name}`, async () => {
    const { context, page, check } = await open(demo);
    await sandbox.faults([{ match: { path: "/*/oauth2/v2.0/token" }, act: { entraError: 90094 } }]);
    await button(page, "Sign in with Microsoft").click();
    await page.getByRole("button", { name: adele }).click();
    await page.getByRole("button", { name: "Accept", exact: true }).click();
    await page.getByRole("alert").waitFor();
    await check("failed sign-in");
    await context.close();
  });

  test(`Connection and the menus are free of barriers: ${name}`, async () => {
    const { context, page, check } = await open(demo);
    await enter(page);
    await page.goto(`${appUrl}/#/connection`);
    await button(page, "Check connection").click();
    await button(page, "Run self-test").click();
    await button(page, "Copy report").waitFor();
    await check("Connection");
    await page.locator("#account").click();
    await check("account menu");
    await page.keyboard.press("Escape");
    await context.close();
  });

  test(`the dialog for a new event is free of barriers: ${name}`, async () => {
    const { context, page, check } = await open(demo);
    await enter(page);
    await button(page, "New event").click();
    await check("new event");
    await context.close();
  });
}
