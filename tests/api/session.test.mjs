// Every member of Session in Chromium against the sandbox: by redirect and in a window, several accounts, reloads, tokens, signing out.

import assert from "node:assert/strict";
import { after, beforeEach, before, test } from "node:test";

import { choose, configuration, eventually, launch, openPage, people, ready, sandbox, serve, signIn } from "./support.mjs";

const ADELE = "adelev@contoso.onmicrosoft.com";
const MEGAN = "meganb@contoso.onmicrosoft.com";

let site, browser;
before(async () => {
  // Where a sign-in window comes back to: a page that does what every page of a host does.
  const script = `import init, { createSession } from "/convoke/index.js"; await init(); await createSession(${JSON.stringify(configuration())}).start().catch(() => {});`;
  const redirect = '<!doctype html><title>Signing in</title><script type="module" src="/redirect.js"></script>';
  [site, browser] = await Promise.all([serve({ "/redirect.html": redirect, "/redirect.js": script }), launch()]);
});
after(async () => {
  await browser?.close();
  site?.close();
});
beforeEach(() => sandbox.reset());

/** A page of its own, closed after the test `t`. */
async function open(t) {
  const opened = await openPage(browser, site.url);
  t.after(() => opened.context.close());
  return opened;
}

/** Begins to write down the session's events in `globalThis.told`. */
const listen = (page) =>
  page.evaluate(() => {
    globalThis.told = [];
    for (const name of ["signin", "signout", "accountchange", "expired"]) {
      session.addEventListener(name, (event) => told.push([event instanceof CustomEvent, name, event.detail.username, event.detail.active]));
    }
  });

const restart = (page, config) =>
  page.evaluate(async (config) => {
    globalThis.session = convoke.createSession(config);
    return session.start();
  }, config);

test("by redirect: nobody at first, then the account and the state, over a reload, until signed out", async (t) => {
  const { page, problems } = await open(t);
  const config = configuration();
  assert.deepEqual(await page.evaluate(async (config) => {
    const session = convoke.createSession(config);
    return [session instanceof EventTarget, await session.start(), session.account, session.accounts];
  }, config), [true, null, null, []]);
  const { account, state } = await signIn(page, people.adele, config, { state: "where I was", loginHint: ADELE });
  assert.deepEqual([account.username, account.name, account.active, state], [ADELE, "Adele Vance", true, "where I was"]);
  assert.ok(account.id && account.tenantId && account.objectId);
  assert.equal(new URL(page.url()).search, "", "the address is clean");
  const seen = await page.evaluate(async () => {
    const [one, two] = await Promise.all([session.getToken({ scopes: ["User.Read"] }), session.getToken({ scopes: ["User.Read"] })]);
    return { same: one === two, parts: one.split(".").length, account: session.account, accounts: session.accounts };
  });
  assert.deepEqual([seen.same, seen.parts, seen.account, seen.accounts], [true, 3, account, [account]]);
  await page.reload();
  await ready(page);
  assert.deepEqual(await restart(page, config), { account });
  assert.match(await page.evaluate(() => session.getToken({ scopes: ["User.Read"] })), /^ey/);
  const back = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame() && frame.url().startsWith(site.url));
  await page.evaluate(() => void session.signOut());
  await back;
  await ready(page);
  assert.equal(await restart(page, config), null);
  assert.deepEqual(problems, []);
});

test("with memory alone, a reload forgets", async (t) => {
  const { page } = await open(t);
  const config = configuration({ cache: "memory" });
  await signIn(page, people.adele, config);
  await page.reload();
  await ready(page);
  assert.equal(await restart(page, config), null);
});

test("in a window, several accounts, with events", async (t) => {
  const { page, context, problems } = await open(t);
  const config = configuration({ redirectUri: `${site.url}redirect.html` });
  await restart(page, config);
  await listen(page);
  const inWindow = async (options, person) => {
    await page.evaluate((options) => {
      document.getElementById("act").onclick = () => (globalThis.entered = session.signIn({ popup: true, ...options }));
    }, options);
    const [popup] = await Promise.all([context.waitForEvent("page"), page.click("#act")]);
    await choose(popup, person).catch((error) => {
      // The window closes as soon as it has said what it has to say.
      if (!popup.isClosed()) throw error;
    });
    return page.evaluate(() => entered);
  };
  const adele = await inWindow({}, people.adele);
  assert.deepEqual([adele.username, adele.active], [ADELE, true]);
  const megan = await inWindow({ prompt: "select_account" }, people.megan);
  assert.equal(megan.username, MEGAN);
  const seen = await page.evaluate(async ([adele, megan]) => {
    const before = session.account.id;
    session.setActiveAccount(adele);
    const after = session.account.id;
    let wrong;
    try {
      session.setActiveAccount("nobody");
    } catch (error) {
      wrong = [error instanceof convoke.ConvokeError, error.code];
    }
    const subject = (token) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).oid;
    const tokens = await Promise.all([session.getToken({ scopes: ["User.Read"] }), session.getToken({ scopes: ["User.Read"], account: megan })]);
    return { before, after, wrong, subjects: tokens.map(subject), accounts: session.accounts };
  }, [adele.id, megan.id]);
  assert.deepEqual([seen.before, seen.after, seen.wrong], [megan.id, adele.id, [true, "invalid-request"]]);
  assert.deepEqual(seen.subjects, [adele.objectId, megan.objectId]);
  assert.deepEqual(seen.accounts.map(({ username, active }) => [username, active]), [[ADELE, true], [MEGAN, false]]);
  const told = await page.evaluate(() => told);
  assert.ok(told.every(([isCustomEvent]) => isCustomEvent));
  const names = told.map(([, name, username]) => [name, username]);
  assert.ok(names.some(([name, who]) => name === "signin" && who === ADELE) && names.some(([name, who]) => name === "signin" && who === MEGAN), JSON.stringify(names));
  assert.deepEqual(names.at(-1), ["accountchange", ADELE]);
  assert.deepEqual(problems, []);
});

test("what only the person can mend is told apart, and nothing tells a token", async (t) => {
  const { page } = await open(t);
  await signIn(page, people.adele, configuration());
  const errors = await page.evaluate(async (config) => {
    const outcome = (promise) => promise.then((value) => ({ value }), (error) => ({ ours: error instanceof convoke.ConvokeError, ...error, message: error.message }));
    const fresh = convoke.createSession(config);
    return {
      consent: await outcome(session.getToken({ scopes: ["Mail.Send"] })),
      scopes: await outcome(session.getToken({})),
      early: await outcome(fresh.getToken({ scopes: ["User.Read"] })),
      nobody: await outcome((async () => {
        const other = convoke.createSession({ ...config, clientId: "00000000-0000-0000-0000-00000000c0d1" });
        await other.start();
        return other.getToken({ scopes: ["User.Read"] });
      })()),
      aborted: await outcome(session.getToken({ scopes: ["User.Read"], signal: AbortSignal.abort() })),
      prompt: await outcome(fresh.signIn({ prompt: "please" })),
      features: await outcome(fresh.signIn({ features: ["telepathy"] })),
      popup: await outcome(fresh.signIn({ popup: "yes" })),
      token: await session.getToken({ scopes: ["User.Read"] }),
    };
  }, configuration());
  const { token, ...refused } = errors;
  for (const [name, error] of Object.entries(refused)) {
    assert.equal(error.ours, true, `${name}: ${JSON.stringify(error)}`);
    assert.ok(error.advice && !JSON.stringify(error).includes(token.slice(0, 20)));
  }
  assert.equal(refused.consent.code, "consent-required");
  assert.ok(["interaction-required", "session-expired"].includes(refused.nobody.code), refused.nobody.code);
  assert.deepEqual([refused.early.code, refused.aborted.code], ["configuration", "aborted"]);
  for (const [name, says] of [["scopes", "scopes"], ["prompt", "prompt"], ["features", "telepathy"], ["popup", "popup"]]) {
    assert.deepEqual([refused[name].code, refused[name].message.includes(says)], ["invalid-request", true], `${name}: ${refused[name].message}`);
  }
});

test("declining, a foreign answer and a second redemption", async (t) => {
  const { page } = await open(t);
  await page.evaluate((config) => {
    globalThis.session = convoke.createSession(config);
    session.start().then(() => session.signIn());
  }, configuration());
  await page.getByRole("button", { name: people.adele }).click();
  const back = page.waitForURL((url) => url.href.startsWith(site.url));
  await page.getByRole("button", { name: /cancel|decline/i }).click();
  await back;
  await ready(page);
  const outcome = () => page.evaluate((config) => convoke.createSession(config).start().catch((error) => ({ ours: error instanceof convoke.ConvokeError, code: error.code, aadsts: error.aadsts })), configuration());
  const declined = await outcome();
  assert.deepEqual([declined.ours, declined.code], [true, "user-cancelled"]);
  await sandbox.forgetRequests();
  await page.goto(`${site.url}?code=stolen&state=foreign`);
  await ready(page);
  const foreign = await outcome();
  assert.ok(foreign === null || foreign.code === "state-mismatch", JSON.stringify(foreign));
  assert.equal(new URL(page.url()).search, "");
  assert.deepEqual((await sandbox.requests("/contoso.onmicrosoft.com/oauth2/v2.0/token")).length, 0, "nothing was redeemed");
});

test("further features are asked for when they are needed", async (t) => {
  const { page } = await open(t);
  await signIn(page, people.adele, configuration());
  await page.evaluate(() => void session.signIn({ features: ["mail-send"], scopes: ["Tasks.Read"] }).catch((error) => (globalThis.failed = error.code)));
  await choose(page, people.adele);
  await page.waitForURL((url) => url.href.startsWith(site.url));
  await ready(page);
  await restart(page, configuration());
  assert.match(await page.evaluate(() => session.getToken({ scopes: ["Mail.Send"] })), /^ey/);
});

test("what the organization ends is told by an event", async (t) => {
  const { page } = await open(t);
  await signIn(page, people.adele, configuration());
  await listen(page);
  await sandbox.faults({ match: { path: "/**/oauth2/v2.0/token" }, act: { entraError: 50173 } });
  const code = await page.evaluate(() => session.getToken({ scopes: ["User.Read"], claims: '{"access_token":{"nbf":{"essential":true}}}' }).catch(({ code }) => code));
  await sandbox.noFaults();
  assert.equal(code, "session-expired");
  await eventually(() => page.evaluate(() => told), (told) => told.some(([, name, who]) => name === "expired" && who === ADELE));
});

test("a bad configuration is refused at once, by name", async (t) => {
  const { page } = await open(t);
  const errors = await page.evaluate(() => {
    const good = { clientId: "00000000-0000-0000-0000-00000000c0de" };
    const wrong = [undefined, {}, { clientId: "x" }, { ...good, cache: "localStorage" }, { ...good, features: ["telepathy"] }, { ...good, authority: "http://login.example" }, { ...good, clientSecret: "s" }, { ...good, redirectUri: "/here" }];
    return wrong.map((config) => {
      try {
        return convoke.createSession(config);
      } catch (error) {
        return [error instanceof convoke.ConvokeError, error.code, error.message];
      }
    });
  });
  const says = ["", "clientId", "clientId", "cache", "telepathy", "authority", "clientSecret", "redirectUri"];
  errors.forEach(([ours, code, message], index) => assert.ok(ours && code === "configuration" && message.includes(says[index]), `${says[index]}: ${code} ${message}`));
});
