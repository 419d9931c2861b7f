// The table in docs/faults.md names a test for each row, and each of them exists. Needs neither app nor browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
/** Whether a test's name in that file begins with these words: `row_02_…` in Rust, `row 2: …` in JavaScript. */
const names = (file, words) =>
  file.endsWith(".rs")
    ? new RegExp(`#\\[test\\]\\s+(?:async )?fn ${words}_\\w+`).test(read(file))
    : new RegExp(`\\btest\\([\`"]${words}: `).test(read(file)) || new RegExp(`\\[${words.slice(4)}, "`).test(read(file));

test("each row of the table of faults names tests that exist", () => {
  const rows = read("docs/faults.md").split("\n").map((line) => line.match(/^\| (\d+) \|.*\| ([^|]*) \|$/)).filter(Boolean);
  assert.deepEqual(rows.map(([, number]) => Number(number)), Array.from({ length: 34 }, (_, index) => index + 1));
  for (const [, number, tests] of rows) {
    const named = [...tests.matchAll(/`([^`]+)`: (row[ _]\d+)/g)];
    assert.ok(named.length > 0, `row ${number} names a test`);
    for (const [, file, words] of named) {
      assert.equal(Number(words.slice(4)), Number(number), `row ${number} names a test of its own`);
      assert.ok(names(file, words), `${file} has a test whose name begins with “${words}”`);
    }
  }
});

test("the search for a name finds none that is not there", () => {
  assert.ok(!names("tests/e2e/identity.test.mjs", "row 99"));
  assert.ok(!names("core/src/auth/id_token.rs", "row_99"));
});
