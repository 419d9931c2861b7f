// `cargo xtask demo` as a command: what it prints, what then answers, and that nothing is left when it ends.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { eventually } from "./support.mjs";

const xtask = process.env.CONVOKE_XTASK;

/** Starts the command; `lines` are those of its standard output, `ended` its exit code and what it wrote to standard error. */
function start(...options) {
  const child = spawn(xtask, ["demo", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  let errors = "";
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  child.stderr.on("data", (data) => (errors += data));
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, errors })));
  return { child, lines, ended };
}

const answers = (url) => fetch(url).then(() => true, () => false);

test("it prints both addresses when both answer, and leaves nothing behind", { timeout: 600_000 }, async () => {
  const { child, lines, ended } = start("--port", "0", "--sandbox-port", "0");
  try {
    await eventually(() => lines, () => lines.length >= 2 || child.exitCode !== null, 500_000);
    assert.equal(lines.length, 2, (await Promise.race([ended, {}])).errors);
    const [, app] = lines[0].match(/^Convoke: (http:\/\/localhost:\d+)$/);
    const [, sandbox] = lines[1].match(/^Sandbox: (http:\/\/127\.0\.0\.1:\d+)$/);
    const config = await (await fetch(`${app}/config.json`)).json();
    assert.equal(config.graphBaseUrl, sandbox);
    assert.equal(config.authority, `${sandbox}/organizations`);
    const policy = (await fetch(app)).headers.get("content-security-policy");
    assert.ok(policy.includes(`connect-src 'self' ${sandbox};`), policy);
    assert.ok(await answers(sandbox));
    child.kill("SIGTERM");
    assert.equal((await ended).code, 0);
    for (const url of [app, sandbox]) await eventually(() => answers(url), (alive) => !alive);
  } finally {
    child.kill("SIGKILL");
  }
});

test("a port that is taken is named before anything is built", { timeout: 60_000 }, async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address();
  for (const option of ["--port", "--sandbox-port"]) {
    const { ended, lines } = start(option, String(port));
    const { code, errors } = await ended;
    assert.equal(code, 1);
    assert.equal(errors.trim(), `Port ${port} is in use; choose another with ${option}`);
    assert.deepEqual(lines, []);
  }
  other.close();
});
