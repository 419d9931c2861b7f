// oidc-client-ts as it is published, in Chromium: a client that knows OpenID Connect and nothing of Entra ID.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { adele, clientId, openPage, sandbox, sandboxUrl, serve, signInAsAdele, tenant, thereAndBack } from "./support.mjs";

let site;
before(async () => {
  site = await serve(["oidc-client-ts/dist/browser/oidc-client-ts.min.js"], "new oidc.UserManager({ authority: '-', client_id: '-', redirect_uri: '-' }).signinSilentCallback()");
});
after(() => site?.close());
beforeEach(sandbox.reset);

const setUp = (page, scope) =>
  page.evaluate(([authority, client_id, scope]) => {
    globalThis.manager = new oidc.UserManager({
      authority,
      client_id,
      scope,
      redirect_uri: `${location.origin}/`,
      silent_redirect_uri: `${location.origin}/redirect.html`,
      post_logout_redirect_uri: `${location.origin}/`,
    });
  }, [`${sandboxUrl}/${tenant}/v2.0`, clientId, scope]);

async function signIn(page, scope) {
  await page.goto(site.url);
  await setUp(page, scope);
  await page.evaluate(() => void manager.signinRedirect({ state: { from: "here" } }));
  await signInAsAdele(page);
  await page.waitForURL((url) => url.href.startsWith(site.url));
  await setUp(page, scope);
  return page.evaluate(async () => {
    const { profile, state, scope, expires_in, refresh_token } = await manager.signinCallback();
    return { profile, state, scope, expires_in, refreshable: Boolean(refresh_token) };
  });
}

// The document of a tenant that is asked for by name names its endpoints by id.
const grants = async () => (await sandbox.requests()).filter(({ path }) => path.endsWith("/oauth2/v2.0/token")).map(({ body }) => body.grant_type);

test("a person signs in, and the token is renewed by refresh token", async (t) => {
  const { page, problems } = await openPage(t);
  const user = await signIn(page, "openid profile offline_access User.Read");
  assert.equal(user.profile.preferred_username, adele.name);
  assert.deepEqual(user.state, { from: "here" });
  assert.ok(user.refreshable && user.scope.includes("User.Read") && user.expires_in > 3000, JSON.stringify(user));
  const graph = await page.evaluate(async (graph) => {
    const { access_token } = await manager.signinSilent();
    const response = await fetch(`${graph}/v1.0/me`, { headers: { authorization: `Bearer ${access_token}` } });
    return (await response.json()).mail;
  }, sandboxUrl);
  assert.equal(graph.toLowerCase(), adele.name);
  assert.deepEqual(await grants(), ["authorization_code", "refresh_token"]);
  assert.deepEqual(problems, []);
});

test("without a refresh token it is renewed in an iframe", async (t) => {
  const { page, problems } = await openPage(t);
  const user = await signIn(page, "openid profile User.Read");
  assert.equal(user.refreshable, false);
  const renewed = await page.evaluate(async () => {
    const before = (await manager.getUser()).access_token;
    const { access_token, profile } = await manager.signinSilent();
    return { different: before !== access_token, name: profile.preferred_username };
  });
  assert.deepEqual(renewed, { different: true, name: adele.name });
  assert.deepEqual(await grants(), ["authorization_code", "authorization_code"]);
  assert.deepEqual(problems, []);
});

test("signing out ends the session, after which silence is refused", async (t) => {
  const { page } = await openPage(t);
  await signIn(page, "openid profile User.Read");
  await thereAndBack(page, site.url, () => void manager.signoutRedirect());
  await setUp(page, "openid profile User.Read");
  const refused = await page.evaluate(() => manager.signinSilent().then(() => "signed in", ({ error, message }) => [error, message]));
  assert.equal(refused[0], "login_required");
  assert.match(refused[1], /AADSTS50058/);
});
