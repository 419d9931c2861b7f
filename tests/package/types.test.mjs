// The package's declarations: they compile strictly, a file uses all of them, and they are those of the contract where that is at hand.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

import { project } from "./support.mjs";

const members = fileURLToPath(new URL("types/members.ts", import.meta.url));
const contract = fileURLToPath(new URL("../../../shared/spec/api.d.ts", import.meta.url));

const OPTIONS = {
  strict: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
  types: [],
};

function compile(files, options = {}) {
  const program = ts.createProgram(files, { ...OPTIONS, ...options });
  const text = ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), { getCanonicalFileName: (name) => name, getCurrentDirectory: () => "", getNewLine: () => "\n" });
  return { program, text };
}

/** What a module exports: names of values and of types. */
function exported(program, file) {
  const checker = program.getTypeChecker();
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const resolved = symbols.map((symbol) => [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]);
  const ofKind = (flags) => resolved.filter(([, symbol]) => symbol.flags & flags).map(([name]) => name).sort();
  return { values: ofKind(ts.SymbolFlags.Value), types: ofKind(ts.SymbolFlags.Type) };
}

test("a strict program uses every member", async () => {
  const directory = await project("types", {});
  const file = join(directory, "members.ts");
  await copyFile(members, file);
  for (const [module, moduleResolution] of [[ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler], [ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext]]) {
    assert.equal(compile([file], { module, moduleResolution }).text, "");
  }
  const declarations = join(directory, "node_modules/convoke/index.d.ts");
  const { program } = compile([declarations]);
  const text = await readFile(members, "utf8");
  const names = new Set([...exported(program, declarations).values, ...exported(program, declarations).types]);
  const visit = (node) => {
    if ((ts.isPropertySignature(node) || ts.isMethodSignature(node) || ts.isPropertyDeclaration(node)) && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(program.getSourceFile(declarations));
  names.delete("default");
  const unused = [...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  assert.deepEqual(unused, []);
});

test("what is misused does not compile", async () => {
  const directory = await project("misuse", {});
  for (const wrong of ['createClient({ sesion: 1 as never })', 'timeZone(7)', 'rankSlots({ durationMinutes: 30 })', 'createSession({})', 'scopesFor(["telepathy"])']) {
    const file = join(directory, "wrong.ts");
    await writeFile(file, `import * as convoke from "convoke";\nconvoke.${wrong};\n`);
    assert.notEqual(compile([file]).text, "", wrong);
  }
});

test("the declarations are the contract's", async (t) => {
  if (!existsSync(contract)) {
    t.diagnostic("skipped: no ../shared");
    return t.skip("skipped: no ../shared");
  }
  const directory = await project("contract", {});
  await copyFile(contract, join(directory, "contract.d.ts"));
  const { program } = compile([join(directory, "contract.d.ts")]);
  const { values, types } = exported(program, join(directory, "contract.d.ts"));
  assert.ok(values.length > 10 && types.length > 20);
  const lines = ['import * as Ours from "convoke";', 'import * as Contract from "./contract.js";'];
  lines.push("declare function same<A, B>(a: A extends B ? B extends A ? keyof A extends keyof B ? keyof B extends keyof A ? true : never : never : never : never): void;");
  lines.push("export const there: typeof Contract = Ours;", "export const back: Pick<typeof Ours, keyof typeof Contract> = Contract;");
  const parameters = { Pages: "<{ a: 1 }>" };
  for (const type of types) {
    const name = `${type}${parameters[type] ?? ""}`;
    lines.push(`same<Ours.${name}, Contract.${name}>(true);`);
    lines.push(`export const to${type}: (value: Ours.${name}) => Contract.${name} = (value) => value;`, `export const from${type}: (value: Contract.${name}) => Ours.${name} = (value) => value;`);
  }
  const file = join(directory, "compare.ts");
  await writeFile(file, lines.join("\n"));
  assert.equal(compile([file]).text, "");
});
