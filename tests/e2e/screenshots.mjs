// Pictures of the demo's screens, for looking at them side by side: `cargo xtask screenshots`.

import path from "node:path";

import { appUrl, launch, openPage } from "./support.mjs";

const directory = process.env.CONVOKE_SCREENSHOTS ?? "target/screenshots";
const sizes = [
  { width: 360, height: 740 },
  { width: 1440, height: 900 },
];

/** Each screen: a name for the file, and how to get there. */
const screens = [
  {
    name: "connect",
    async open(page) {
      await page.goto(appUrl);
      await page.locator("#start").waitFor({ state: "detached" });
    },
  },
];

const browser = await launch();
for (const { name, open } of screens) {
  for (const viewport of sizes) {
    for (const colorScheme of ["light", "dark"]) {
      const { context, page } = await openPage(browser, { viewport, colorScheme, reducedMotion: "reduce" });
      await open(page);
      await page.screenshot({ path: path.join(directory, `${name}-${viewport.width}-${colorScheme}.png`) });
      await context.close();
    }
  }
}
await browser.close();
