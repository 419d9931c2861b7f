// Opens the page that measures in the installed Chromium and prints what it finds, one JSON object a line. Started by
// `cargo xtask bench engine`, which makes the table.

import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../package.json", import.meta.url))("playwright-core");
const [url, sizes] = process.argv.slice(2);
const flags = (process.env.CONVOKE_CHROMIUM_FLAGS ?? "").split(" ").filter(Boolean);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", ...flags] });
try {
  for (const size of JSON.parse(sizes)) {
    // A page of its own for each size: what one leaves behind is not the next one's burden.
    const page = await browser.newPage();
    page.setDefaultTimeout(300_000);
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(url);
    await page.waitForFunction(() => globalThis.ready);
    const times = await page.evaluate((size) => (size === null ? measureEvents() : measure(...size)), size);
    console.log(JSON.stringify(times));
    await page.close();
  }
} finally {
  await browser.close();
}
