// Pictures of the demo's screens, for looking at them side by side: `cargo xtask screenshots`.

import path from "node:path";

import { adele, launch, openApp, sandbox, signIn } from "./support.mjs";

const directory = process.env.CONVOKE_SCREENSHOTS ?? "target/screenshots";
const sizes = [
  { width: 360, height: 740 },
  { width: 1440, height: 900 },
];

/** Adds people to the assistant and waits until the times are there. */
async function assist(page, ...names) {
  await page.getByRole("link", { name: "Scheduling assistant" }).click();
  const people = page.getByRole("combobox", { name: "Add people or rooms" });
  for (const name of names) {
    await people.fill(name);
    await page.getByRole("option", { name: new RegExp(name) }).first().click();
  }
  await page.getByRole("progressbar").first().waitFor({ state: "detached" });
}

/** Each screen: a name for the file, and how to get there from the Connect screen. */
const screens = [
  { name: "connect", async open() {} },
  {
    name: "connect-form",
    async open(page) {
      await page.route("**/config.json", (route) => route.fulfill({ status: 404, body: "" }));
      await page.reload();
      await page.getByRole("textbox", { name: "Application (client) ID" }).fill("not-a-guid");
      await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
    },
  },
  {
    name: "calendar",
    async open(page) {
      await signIn(page, adele);
      await page.getByRole("button", { name: /^Lunch, / }).first().waitFor();
    },
  },
  {
    name: "event",
    async open(page) {
      await signIn(page, adele);
      await page.getByRole("button", { name: /, not answered$/ }).first().click();
      await page.getByRole("button", { name: "Accept", exact: true }).waitFor();
    },
  },
  {
    name: "editor",
    async open(page) {
      await signIn(page, adele);
      await page.getByRole("button", { name: "New event" }).click();
      await page.getByRole("combobox", { name: "Attendees" }).fill("Meg");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "assistant-empty",
    async open(page) {
      await signIn(page, adele);
      await assist(page);
    },
  },
  {
    name: "assistant",
    async open(page) {
      await signIn(page, adele);
      await assist(page, "Megan Bowen", "Alex Wilber", "Lee Gu", "Johanna Lorenz");
      await page.getByRole("listbox", { name: "Suggested times" }).getByRole("option").first().waitFor();
    },
  },
  {
    name: "assistant-nothing-fits",
    async open(page) {
      await signIn(page, adele);
      await assist(page, "Megan Bowen");
      await page.getByLabel("From", { exact: true }).fill("2026-11-21");
      await page.getByLabel("To", { exact: true }).fill("2026-11-22");
      await page.getByRole("heading", { name: "No time fits everyone." }).waitFor();
    },
  },
  {
    name: "offline",
    async open(page) {
      await signIn(page, adele);
      await page.getByRole("button", { name: /^Lunch, / }).first().waitFor();
      await page.context().setOffline(true);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("alert").nth(1).waitFor();
    },
  },
  {
    name: "connection",
    async open(page) {
      await signIn(page, adele);
      await page.getByRole("link", { name: "Connection" }).click();
      await page.getByRole("button", { name: "Check connection" }).click();
      await page.getByText("The connection works.").first().waitFor();
    },
  },
];

const browser = await launch();
for (const { name, open } of screens) {
  for (const viewport of sizes) {
    for (const colorScheme of ["light", "dark"]) {
      await sandbox.reset();
      const { context, page } = await openApp(browser, { viewport, colorScheme, reducedMotion: "reduce" });
      await open(page);
      await page.screenshot({ path: path.join(directory, `${name}-${viewport.width}-${colorScheme}.png`) });
      await context.close();
    }
  }
}
await browser.close();
