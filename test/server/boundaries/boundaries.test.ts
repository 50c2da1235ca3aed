import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type SourceFile, parseSource, readSources, withoutComments } from "./read-sources.ts";

/** The flow, upstream first: a file imports its own level or an earlier one. */
const LEVELS = [
  ["server/errors.ts", "server/problems/", "server/config.ts", "server/context.ts"],
  ["server/lib/"],
  ["server/db/"],
  ["server/http/"],
  ["server/users/"],
  // Words of tapes that the deal file uses: vocabulary alone.
  [
    "server/tapes/canonical-fields.ts",
    "server/tapes/tape-words.ts",
    "server/tapes/checks/check-codes.ts",
  ],
  ["server/deals/"],
  ["server/tapes/"],
  ["server/periods/"],
  ["server/waterfall/"],
  ["server/projection/"],
  ["server/reports/"],
  ["server/chain/"],
  ["server/distributions/"],
  ["server/claims/"],
  ["server/history/"],
  ["server/jobs/"],
  ["server/app.ts", "server/open-context.ts"],
  ["server/main.ts"],
];

function levelOf(file: string): number {
  return LEVELS.findIndex((places) => places.some((place) => file.startsWith(place)));
}

const sources = readSources("server");

/** "file: what" for every file outside `homes` for which `offence` finds something. */
function offences(
  homes: (file: string) => boolean,
  offence: (source: SourceFile) => string[],
): string[] {
  return sources
    .filter((source) => !homes(source.path))
    .flatMap((source) => offence(source).map((what) => `${source.path}: ${what}`));
}

function matches(pattern: RegExp): (source: SourceFile) => string[] {
  return ({ code }) => [...code.matchAll(pattern)].map((match) => match[0]);
}

function importsOf(...modules: string[]): (source: SourceFile) => string[] {
  return ({ imports }) => imports.map(({ from }) => from).filter((from) => modules.includes(from));
}

describe("the import rule", () => {
  it("knows the place of every server file", () => {
    const lost = sources.filter(({ path }) => levelOf(path) < 0).map(({ path }) => path);
    assert.deepEqual(lost, []);
  });

  it("lets a file import its own folder or an earlier one, never a later one", () => {
    const wrong = offences(
      () => false,
      ({ path, imports }) =>
        imports
          .filter(({ from }) => from.startsWith("server/") && levelOf(from) > levelOf(path))
          .map(({ from }) => from),
    );
    assert.deepEqual(wrong, []);
  });

  it("lets a type alone point the other way only to context.ts, the jobs' shape and the tables", () => {
    const open = new Set(["server/context.ts", "server/jobs/job.ts"]);
    const wrong = offences(
      (file) => file === "server/context.ts",
      ({ path, typeImports }) =>
        typeImports
          .filter(({ from }) => from.startsWith("server/") && levelOf(from) > levelOf(path))
          .map(({ from }) => from)
          .filter((from) => !open.has(from)),
    );
    assert.deepEqual(wrong, []);
  });

  it("gives the context no code of its own", () => {
    const context = sources.find(({ path }) => path === "server/context.ts");
    assert.deepEqual(context?.imports, []);
  });

  it("keeps migrations free of server code, which changes after they are frozen", () => {
    const wrong = readSources("migrations").flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => from.startsWith("server/"))
        .map(({ from }) => `${path}: ${from}`),
    );
    assert.deepEqual(wrong, []);
  });
});

describe("the homes of outside things", () => {
  it("keeps SQL in db/ and *-queries.ts", () => {
    const statement = /\b(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(|\bsql[`.<]/g;
    const homes = (file: string): boolean =>
      file.startsWith("server/db/") || file.endsWith("-queries.ts");
    assert.deepEqual(offences(homes, matches(statement)), []);
    assert.deepEqual(offences(homes, importsOf("pg", "pg-copy-streams")), []);
  });

  it("keeps HTTP in http/, app.ts and *-routes.ts", () => {
    const homes = (file: string): boolean =>
      file.startsWith("server/http/") || file === "server/app.ts" || file.endsWith("-routes.ts");
    const isHttp = ({ imports }: SourceFile): string[] =>
      imports.map(({ from }) => from).filter((from) => /^(?:@?fastify\b|node:https?$)/.test(from));
    assert.deepEqual(offences(homes, isHttp), []);
  });

  it("keeps the node, its contracts and its keys in chain/", () => {
    const talks =
      /\b(?:\w*Provider|(?:Base)?Contract(?:Factory)?|\w*Wallet|\w*Signer|Interface)\b/g;
    const wrong = offences(
      (file) => file.startsWith("server/chain/"),
      ({ imports, code }) => [
        ...imports
          .filter(({ from }) => from === "ethers")
          .flatMap(({ names }) => [...names.matchAll(talks)].map((match) => match[0])),
        ...[...code.matchAll(/\bfetch\(/g)].map((match) => match[0]),
      ],
    );
    assert.deepEqual(wrong, []);
  });

  it("keeps the environment in config.ts", () => {
    const homes = (file: string): boolean => file === "server/config.ts";
    assert.deepEqual(offences(homes, matches(/\bprocess\s*\.\s*env\b/g)), []);
  });

  it("keeps the time in the clock, and draws nothing from Math.random", () => {
    const homes = (file: string): boolean => file === "server/jobs/clock.ts";
    const asksTime = /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)/g;
    assert.deepEqual(offences(homes, matches(asksTime)), []);
    assert.deepEqual(
      offences(() => false, matches(/\bMath\.random\b/g)),
      [],
    );
  });

  it("keeps the terminal in main.ts", () => {
    const homes = (file: string): boolean => file === "server/main.ts";
    const writes = /\bconsole\.\w+|\bprocess\.(?:stdout|stderr|exit)\b/g;
    assert.deepEqual(offences(homes, matches(writes)), []);
  });
});

describe("pure code", () => {
  const isPure = (file: string): boolean =>
    file.startsWith("server/lib/") || /\/(?:parse|validate|calculate|build)-[^/]*\.ts$/.test(file);
  const outside =
    /^(?:node:(?:fs|net|http|https|child_process|dns|os|timers|worker_threads)\b|pg\b|pg-|kysely$|fastify|@fastify|pino|node-cron)/;

  it("reaches no database, network, file or logger", () => {
    const wrong = offences(
      (file) => !isPure(file),
      ({ imports }) =>
        imports
          .map(({ from }) => from)
          .filter((from) => outside.test(from) || /^server\/(?:db|http|chain|jobs)\//.test(from)),
    );
    assert.deepEqual(wrong, []);
  });

  it("does not take the context", () => {
    const wrong = offences(
      (file) => !isPure(file),
      ({ typeImports }) =>
        typeImports.map(({ from }) => from).filter((from) => from === "server/context.ts"),
    );
    assert.deepEqual(wrong, []);
  });
});

describe("names", () => {
  it("calls no file by a word that says nothing", () => {
    const empty = /(?:^|[-/])(?:utils?|helpers?|common|manager|service|processor|data|index)\.ts$/;
    const named = readSources("server", "migrations", "scripts", "test");
    assert.deepEqual(
      named.map(({ path }) => path).filter((file) => empty.test(file)),
      [],
    );
  });
});

describe("the scanner of these tests", () => {
  const source = parseSource(
    "server/tapes/upload-tape.ts",
    withoutComments(`
import type { A } from "../history/a.ts";
import { type B } from "../history/b.ts";
import {
  c,
} from "../lib/c.ts"; // import x from "../history/comment.ts"
/* import y from "../history/block.ts"; */
export { d } from "./d.ts";
import "./effect.ts";
const e = await import("../db/e.ts");
`),
  );

  it("finds what is loaded at run time, and nothing in comments", () => {
    assert.deepEqual(
      source.imports.map(({ from }) => from),
      [
        "server/history/b.ts",
        "server/lib/c.ts",
        "server/tapes/d.ts",
        "server/tapes/effect.ts",
        "server/db/e.ts",
      ],
    );
    assert.deepEqual(
      source.typeImports.map(({ from }) => from),
      ["server/history/a.ts"],
    );
  });
});
