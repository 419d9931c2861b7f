// @azure/msal-browser as it is published, in Chromium: redirect, the three ways of renewing in silence, refusal, signing out.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { adele, clientId, openPage, sandbox, sandboxUrl, serve, signInAsAdele, tenant, thereAndBack } from "./support.mjs";

const SCOPES = ["User.Read", "Calendars.Read"];
const TOKEN = `/${tenant}/oauth2/v2.0/token`;

let site;
before(async () => {
  site = await serve(
    ["@azure/msal-browser/lib/msal-browser.min.js", "@azure/msal-browser/lib/redirect-bridge/msal-redirect-bridge.min.js"],
    "msalRedirectBridge.broadcastResponseToMainFrame()",
  );
});
after(() => site?.close());
beforeEach(sandbox.reset);

/** The page with MSAL set up in it as `app`; the answer to a redirect is in `returned`. */
async function load(page) {
  await page.goto(site.url);
  await setUp(page);
}

function setUp(page) {
  return page.evaluate(async ([clientId, authority, host]) => {
    globalThis.app = new msal.PublicClientApplication({
      // Without `knownAuthorities` MSAL would ask Microsoft whether it knows this host.
      auth: { clientId, authority, knownAuthorities: [host], redirectUri: `${location.origin}/`, postLogoutRedirectUri: `${location.origin}/` },
      cache: { cacheLocation: "sessionStorage" },
    });
    await app.initialize();
    globalThis.returned = await app.handleRedirectPromise();
    if (returned) app.setActiveAccount(returned.account);
  }, [clientId, `${sandboxUrl}/${tenant}`, new URL(sandboxUrl).host]);
}

async function signIn(page) {
  await load(page);
  await page.evaluate((scopes) => void app.loginRedirect({ scopes }), SCOPES);
  await signInAsAdele(page);
  await page.waitForURL((url) => url.href.startsWith(site.url));
  await setUp(page);
}

/** Asks for a token in silence; iframes return to the page with MSAL's bridge. */
const silently = (page, request = {}) =>
  page.evaluate(async ([scopes, request]) => {
    const redirectUri = `${location.origin}/redirect.html`;
    try {
      const { accessToken, account, fromCache } = await app.acquireTokenSilent({ scopes, redirectUri, ...request });
      return { accessToken, username: account.username, fromCache };
    } catch (error) {
      return { error: error.errorCode, subError: error.subError, interaction: error instanceof msal.InteractionRequiredAuthError };
    }
  }, [SCOPES, request]);

const grants = async () => (await sandbox.requests(TOKEN)).map(({ body, status }) => [body.grant_type, status]);

test("a person is sent to sign in and comes back with tokens that Graph takes", async (t) => {
  const { page, problems } = await openPage(t);
  await signIn(page);
  const { username, name, scopes, tid } = await page.evaluate(() => ({
    username: returned.account.username,
    name: returned.account.name,
    scopes: returned.scopes,
    tid: returned.idTokenClaims.tid === returned.tenantId,
  }));
  assert.deepEqual([username, name, tid], [adele.name, "Adele Vance", true]);
  for (const scope of SCOPES) assert.ok(scopes.includes(scope), scopes.join(" "));
  const me = await page.evaluate(async (graph) => {
    const response = await fetch(`${graph}/v1.0/me`, { headers: { authorization: `Bearer ${returned.accessToken}` } });
    return { status: response.status, body: await response.json() };
  }, sandboxUrl);
  assert.deepEqual([me.status, me.body.displayName], [200, "Adele Vance"]);
  assert.deepEqual(await grants(), [["authorization_code", 200]]);
  assert.deepEqual(problems, []);
});

test("a token is renewed in silence: from the cache, by refresh token, in an iframe when that has ended", async (t) => {
  const { page, problems } = await openPage(t);
  await signIn(page);
  await sandbox.forgetRequests();
  const kept = await silently(page);
  assert.deepEqual([kept.username, kept.fromCache], [adele.name, true]);
  assert.deepEqual(await grants(), []);

  const renewed = await silently(page, { forceRefresh: true });
  assert.ok(renewed.accessToken && renewed.accessToken !== kept.accessToken, JSON.stringify(renewed));
  assert.deepEqual(await grants(), [["refresh_token", 200]]);

  // A day later the refresh token has ended; the session with Entra ID has not.
  await sandbox.forgetRequests();
  await sandbox.clock({ advanceSeconds: 25 * 3600 });
  const framed = await silently(page, { forceRefresh: true });
  assert.ok(framed.accessToken, JSON.stringify(framed));
  assert.deepEqual(await grants(), [["refresh_token", 400], ["authorization_code", 200]]);
  const [{ path }] = await sandbox.requests(`/${tenant}/oauth2/v2.0/authorize`);
  assert.match(path, /[?&]prompt=none(&|$)/);
  assert.deepEqual(problems, []);
});

test("a session of another page's is taken over by hint alone", async (t) => {
  const { context, page } = await openPage(t);
  await signIn(page);
  const second = await context.newPage();
  await load(second);
  const username = await second.evaluate(async ([scopes, loginHint]) => {
    const { account } = await app.ssoSilent({ scopes, loginHint, redirectUri: `${location.origin}/redirect.html` });
    return account.username;
  }, [SCOPES, adele.name]);
  assert.equal(username, adele.name);
});

test("what only the person can settle is told as such", async (t) => {
  const { page } = await openPage(t);
  await signIn(page);
  assert.deepEqual(await silently(page, { scopes: ["Mail.Read"] }), { error: "invalid_grant", subError: "consent_required", interaction: true });
  await sandbox.faults({ match: { path: "/*/oauth2/v2.0/token" }, act: { entraError: 50076 } });
  assert.deepEqual(await silently(page, { forceRefresh: true }), { error: "invalid_grant", subError: "basic_action", interaction: true });
});

test("declining comes back as an error", async (t) => {
  const { page } = await openPage(t);
  await load(page);
  await page.evaluate((scopes) => void app.loginRedirect({ scopes }), SCOPES);
  await page.getByRole("button", { name: adele.button }).click();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.waitForURL((url) => url.href.startsWith(site.url));
  await assert.rejects(setUp(page), /access_denied.*AADSTS65004/s);
});

test("signing out ends the session", async (t) => {
  const { page } = await openPage(t);
  await signIn(page);
  await thereAndBack(page, site.url, () => void app.logoutRedirect({ account: returned.account }));
  await setUp(page);
  const error = await page.evaluate((loginHint) => app.ssoSilent({ loginHint, redirectUri: `${location.origin}/redirect.html` })
    .then(() => "signed in", ({ errorCode }) => errorCode), adele.name);
  assert.equal(error, "login_required");
});
