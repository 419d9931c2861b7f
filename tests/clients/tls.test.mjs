// The sandbox with --tls: what it presents, and that it says https wherever it names itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "node:tls";
import { request } from "playwright-core";

import { sandboxUrl, tenant } from "./support.mjs";

test("the certificate is for loopback, and nobody trusts it unasked", async () => {
  const { hostname: host, port, protocol } = new URL(sandboxUrl);
  assert.equal(protocol, "https:");
  await assert.rejects(fetch(sandboxUrl), ({ cause }) => /SELF_SIGNED/.test(cause.code));
  const certificate = await new Promise((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.end();
    });
    socket.on("error", reject);
  });
  assert.match(certificate.subjectaltname, /IP Address:127\.0\.0\.1/);
  assert.match(certificate.subjectaltname, /DNS:localhost/);
});

test("plain http is not answered on that port", async () => {
  await assert.rejects(fetch(sandboxUrl.replace("https:", "http:")), TypeError);
});

test("every address that the sandbox gives of itself is https", async () => {
  const client = await request.newContext({ ignoreHTTPSErrors: true });
  const response = await client.get(`${sandboxUrl}/${tenant}/v2.0/.well-known/openid-configuration`);
  const document = await response.json();
  for (const name of ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"]) {
    assert.ok(document[name].startsWith(`${sandboxUrl}/`), `${name}: ${document[name]}`);
  }
  const refused = await client.get(`${sandboxUrl}/v1.0/me`);
  assert.equal(refused.status(), 401);
  assert.ok(refused.headers()["www-authenticate"].includes(`authorization_uri="${sandboxUrl}/`), refused.headers()["www-authenticate"]);
  await client.dispose();
});
