// The example of a token broker, with its own page in Chromium: the calendar of a mailbox, for whoever knows the password, and no token for
// anybody else.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { eventually, launch, NOW, sandbox, sandboxUrl } from "./support.mjs";

const program = process.env.CONVOKE_BROKER;
const PASSWORD = "let me in, please";
const MAILBOX = "adelev@contoso.onmicrosoft.com";

let broker, url, browser;
before(async () => {
  assert.ok(program, "CONVOKE_BROKER is not set: run `cargo xtask test --only api`, or name the program in it");
  await sandbox.reset();
  broker = spawn(program, {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      BROKER_LISTEN: "127.0.0.1:0", BROKER_TENANT: "contoso.onmicrosoft.com", BROKER_CLIENT_ID: "00000000-0000-0000-0000-00000000c0d3",
      BROKER_CLIENT_SECRET: "sandbox-secret", BROKER_PASSWORD: PASSWORD, BROKER_MAILBOX: MAILBOX, BROKER_AUTHORITY: sandboxUrl,
      BROKER_GRAPH: sandboxUrl, BROKER_PACKAGE: fileURLToPath(new URL("../../dist/npm", import.meta.url)),
    },
  });
  const [line] = await once(createInterface({ input: broker.stdout }), "line");
  url = line.replace("Token broker: ", "");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  broker?.kill();
});

test("its page shows the mailbox's calendar to whoever knows the password", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && !message.text().includes("401") && problems.push(message.text()));
  await page.clock.setFixedTime(new Date(NOW));
  await page.goto(url);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Enter" }).click();
  const items = page.getByRole("listitem");
  await eventually(() => items.allTextContents(), (list) => list.some((text) => text.includes("Store layout review")));
  assert.equal(await page.getByRole("status").textContent(), `The calendar of ${MAILBOX}:`);
  assert.deepEqual(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]), ["", 0, 0]);
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByLabel("Password").waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test("a page of another origin gets nothing", async () => {
  const page = await browser.newPage();
  await page.goto(sandboxUrl);
  const outcome = await page.evaluate(async (url) => {
    try {
      return (await fetch(`${url}/token`, { method: "POST", credentials: "include", headers: { "x-token-broker": "1", "content-type": "application/json" }, body: '{"reason":"needed"}' })).status;
    } catch (error) {
      return error.name;
    }
  }, url);
  assert.equal(outcome, "TypeError", "the browser refuses to ask");
  await page.close();
});
