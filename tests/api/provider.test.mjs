// Clients whose tokens come from the host: what it is asked, what becomes of its failures, and another's mailbox. And init's sources.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { configuration, launch, openPage, people, sandbox, sandboxUrl, serve, signIn } from "./support.mjs";

const ADELE = "adelev@contoso.onmicrosoft.com";

let site, browser, page, problems, token;
before(async () => {
  await sandbox.reset();
  [site, browser] = await Promise.all([serve(), launch()]);
  ({ page, problems } = await openPage(browser, site.url));
  await signIn(page, people.adele, configuration());
  token = await page.evaluate(() => session.getToken({ scopes: ["User.Read"] }));
});
after(async () => {
  await browser?.close();
  site?.close();
});

test("it is asked for what a call needs, and again where Graph refuses", async () => {
  const { asked, name, refused } = await page.evaluate(async ([baseUrl, token]) => {
    const asked = [];
    const client = convoke.createClient({
      baseUrl,
      tokenProvider: async (request) => {
        asked.push(request);
        return request.reason === "needed" ? `${token}broken` : token;
      },
    });
    const { displayName } = await client.me();
    const never = convoke.createClient({ baseUrl, tokenProvider: async () => `${token}broken` });
    const refused = await never.me().catch((error) => ({ ...error, message: error.message }));
    return { asked, name: displayName, refused };
  }, [sandboxUrl, token]);
  assert.deepEqual(asked, [{ scopes: ["User.Read"], reason: "needed" }, { scopes: ["User.Read"], reason: "rejected" }]);
  assert.equal(name, "Adele Vance");
  assert.deepEqual([refused.code, refused.status], ["unauthorized", 401]);
  assert.ok(!JSON.stringify(refused).includes(token.slice(0, 20)));
});

test("a claims challenge reaches it decoded", async () => {
  await sandbox.faults({ match: { path: "/v1.0/me", times: 1 }, act: { status: 401, headers: { "WWW-Authenticate": `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{"acrs":{"value":"c1"}}}')}"` }, body: { error: { code: "InvalidAuthenticationToken", message: "more" } } } });
  const asked = await page.evaluate(async ([baseUrl, token]) => {
    const asked = [];
    const client = convoke.createClient({ baseUrl, tokenProvider: async (request) => (asked.push(request), token) });
    await client.me();
    return asked;
  }, [sandboxUrl, token]);
  await sandbox.noFaults();
  assert.equal(asked.length, 2);
  assert.deepEqual([asked[1].reason, JSON.parse(asked[1].claims)], ["rejected", { access_token: { acrs: { value: "c1" } } }]);
});

test("its failures become errors of ours, without what may be a token", async () => {
  const errors = await page.evaluate(async (token) => {
    const outcome = (tokenProvider) => convoke.createClient({ baseUrl: location.origin, tokenProvider }).me().catch((error) => ({ ours: error instanceof convoke.ConvokeError, ...error, message: error.message }));
    return {
      throws: await outcome(() => { throw new Error(`broken near ${token}`); }),
      rejects: await outcome(async () => { throw new TypeError("no server"); }),
      empty: await outcome(async () => ""),
      object: await outcome(async () => ({ token })),
      ours: await outcome(async () => { const session = convoke.createSession({ clientId: "00000000-0000-0000-0000-00000000c0de" }); await session.start(); await session.getToken({}); }),
    };
  }, token);
  for (const error of Object.values(errors)) {
    assert.equal(error.ours, true);
    assert.ok(error.advice && !JSON.stringify(error).includes(token.slice(0, 20)), JSON.stringify(error));
  }
  assert.deepEqual([errors.throws.code, errors.rejects.code, errors.empty.code, errors.object.code], ["interaction-required", "interaction-required", "configuration", "configuration"]);
  assert.ok(errors.rejects.message.includes("no server"));
  assert.deepEqual([errors.ours.code, errors.ours.message.includes("`scopes`")], ["invalid-request", true], "an error of ours stays what it is");
});

test("an application's token and a mailbox make /me another's", async () => {
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "00000000-0000-0000-0000-00000000c0d3", client_secret: "sandbox-secret", scope: `${sandboxUrl}/.default` });
  const answer = await fetch(`${sandboxUrl}/contoso.onmicrosoft.com/oauth2/v2.0/token`, { method: "POST", body });
  const { access_token: appToken } = await answer.json();
  assert.ok(appToken);
  await sandbox.forgetRequests();
  const seen = await page.evaluate(async ([baseUrl, token, mailbox]) => {
    const client = convoke.createClient({ baseUrl, mailbox, tokenProvider: async () => token });
    const events = await client.events.list({ start: "2026-11-16T00:00:00Z", end: "2026-11-21T00:00:00Z" }).all();
    const raw = await client.request("/me/calendar");
    const [batched] = await client.batch([{ path: "/me/calendar" }]);
    const refused = await client.findMeetingTimes({}).catch(({ code }) => code);
    return { subjects: events.map(({ subject }) => subject), owner: raw.owner.address, batched: batched.body.owner.address, refused };
  }, [sandboxUrl, appToken, ADELE]);
  assert.ok(seen.subjects.includes("Store layout review"), seen.subjects.join());
  assert.deepEqual([seen.owner.toLowerCase(), seen.batched.toLowerCase()], [ADELE, ADELE]);
  assert.equal(seen.refused, "unsupported-account");
  const paths = (await sandbox.requests("/v1.0/")).map(({ path }) => path);
  assert.ok(paths.every((path) => !path.startsWith("/v1.0/me")), paths.join());
});

test("options are judged at once, by name", async () => {
  const errors = await page.evaluate(() => {
    const provider = { tokenProvider: async () => "t" };
    const wrong = [{}, undefined, { session: {} }, { tokenProvider: "t" }, { ...provider, session: globalThis.session }, { ...provider, baseUrl: "http://graph.example" }, { ...provider, allowedHosts: ["a:1"] }, { ...provider, maxRetries: -1 }, { ...provider, timeoutMs: "1" }, { ...provider, maxConcurrency: 0 }, { ...provider, mailbox: 1 }, { ...provider, timeZone: "" }];
    return wrong.map((options) => {
      try {
        return convoke.createClient(options);
      } catch (error) {
        return [error instanceof convoke.ConvokeError, error.code, error.message];
      }
    });
  });
  const says = ["`session`", "`session`", "`session`", "`tokenProvider`", "`session`", "`baseUrl`", "`allowedHosts`", "`maxRetries`", "`timeoutMs`", "`maxConcurrency`", "`mailbox`", "`timeZone`"];
  errors.forEach(([ours, code, message], index) => {
    assert.ok(ours && ["configuration", "invalid-request"].includes(code) && message.includes(says[index]), `${says[index]}: ${code} ${message}`);
  });
});

test("init takes nothing, an address, a response, bytes and a module", async () => {
  for (const source of ["undefined", "{}", "{ module: '/convoke/convoke.wasm' }", "{ module: new URL('/convoke/convoke.wasm', location.href) }", "{ module: await fetch('/convoke/convoke.wasm') }", "{ module: new Uint8Array(await (await fetch('/convoke/convoke.wasm')).arrayBuffer()) }", "{ module: await WebAssembly.compileStreaming(fetch('/convoke/convoke.wasm')) }"]) {
    const other = await serve({ "/page.js": `import init, { timeZone } from "/convoke/index.js"; globalThis.done = init(${source}).then(() => timeZone("UTC", "2026-01-01T00:00:00Z")); document.documentElement.dataset.ready = "";` });
    const { page: fresh, context, problems: wrong } = await openPage(browser, other.url);
    assert.deepEqual(await fresh.evaluate(() => done), { iana: "UTC", windows: "UTC", offsetMinutes: 0 }, source);
    assert.deepEqual(wrong, []);
    await context.close();
    other.close();
  }
  const other = await serve({ "/page.js": 'import init, { ConvokeError, timeZone } from "/convoke/index.js"; const say = (error) => [error instanceof ConvokeError, error.code]; globalThis.done = init({ module: "/missing.wasm" }).catch(say).then(async (first) => { let early; try { timeZone("UTC"); } catch (error) { early = say(error); } await init(); return [first, early, timeZone("UTC").iana]; }); document.documentElement.dataset.ready = "";' });
  const { page: fresh } = await openPage(browser, other.url);
  assert.deepEqual(await fresh.evaluate(() => done), [[true, "configuration"], [true, "configuration"], "UTC"], "a load that failed may be tried again");
  other.close();
});

test("nothing went wrong in the page meanwhile", () => {
  assert.deepEqual(problems, []);
});
