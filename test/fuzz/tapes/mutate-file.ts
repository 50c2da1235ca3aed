/** Files that no issuer would send: samples with bytes changed in every way that a line or a disk has. */
import { gzipSync } from "node:zlib";
import { makeZip } from "../../server/tapes/framing/make-zip.ts";
import type { Draw } from "../random-draw.ts";

type Mutation = (file: Buffer, draw: Draw) => Buffer;

const at = (file: Buffer, draw: Draw): number => draw.below(file.length + 1);

function slice(file: Buffer, draw: Draw): { from: number; to: number } {
  const from = at(file, draw);
  return { from, to: Math.min(file.length, from + draw.below(2_000)) };
}

function insert(file: Buffer, place: number, inserted: Buffer): Buffer {
  return Buffer.concat([file.subarray(0, place), inserted, file.subarray(place)]);
}

const INSERTED = [
  "\0",
  "\u00ff",
  "\r",
  "\n",
  '"',
  '""',
  "\ufeff",
  "<",
  "</assets>",
  "&x;",
  "<!DOCTYPE a>",
  "]]>",
  "#N/A",
  "-",
  "1e309",
  "=1+1",
  "\t",
  ";",
  "|",
  ",",
];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "random bytes": (_file, draw) =>
    Buffer.from(Array.from({ length: draw.below(5_000) }, () => draw.below(256))),
  truncated: (file, draw) => file.subarray(0, at(file, draw)),
  "cut at the start": (file, draw) => file.subarray(at(file, draw)),
  "bits flipped": (file, draw) => {
    const changed = Buffer.from(file);
    for (let i = 0; i <= draw.below(20); i++) {
      const place = draw.below(Math.max(1, file.length));
      if (file.length > 0) changed[place] = (changed[place] ?? 0) ^ (1 << draw.below(8));
    }
    return changed;
  },
  "slice deleted": (file, draw) => {
    const { from, to } = slice(file, draw);
    return Buffer.concat([file.subarray(0, from), file.subarray(to)]);
  },
  "slice repeated": (file, draw) => {
    const { from, to } = slice(file, draw);
    const times = 1 + draw.below(200);
    return insert(
      file,
      to,
      Buffer.concat(Array.from({ length: times }, () => file.subarray(from, to))),
    );
  },
  "slice moved": (file, draw) => {
    const { from, to } = slice(file, draw);
    const rest = Buffer.concat([file.subarray(0, from), file.subarray(to)]);
    return insert(rest, at(rest, draw), file.subarray(from, to));
  },
  "delimiters swapped": (file, draw) => {
    const signs = [",", "|", ";", "\t", " ", "\n", '"', "<", ">"];
    const [one, other] = [draw.pick(signs), draw.pick(signs)];
    return Buffer.from(file.toString("latin1").replaceAll(one, other), "latin1");
  },
  "line ends changed": (file, draw) =>
    Buffer.from(
      file
        .toString("latin1")
        .replaceAll(/\r?\n/g, () => draw.pick(["\n", "\r", "\r\n", "\n\n", ""])),
      "latin1",
    ),
  "huge field": (file, draw) =>
    insert(
      file,
      at(file, draw),
      Buffer.alloc(1 + draw.below(3_000_000), draw.pick(["9", "x", "é", ","])),
    ),
  "utf-8 broken": (file, draw) =>
    insert(
      file,
      at(file, draw),
      Buffer.from(draw.pick(["c3", "e282", "f0908d", "c0af", "eda080", "ff"]), "hex"),
    ),
  "something inserted": (file, draw) =>
    insert(file, at(file, draw), Buffer.from(draw.pick(INSERTED))),
  "numbers changed": (file, draw) =>
    Buffer.from(
      file
        .toString("latin1")
        .replaceAll(/\d+(\.\d+)?/g, (number) =>
          draw.chance(0.02)
            ? draw.pick([
                "",
                "-1",
                "0",
                `${number}0`,
                "99999999999999999999",
                "1.234567",
                "NaN",
                "1E5",
                `(${number})`,
              ])
            : number,
        ),
      "latin1",
    ),
};

/** The last thing that happens to a file, to one in six. */
const PACKINGS: Readonly<Record<string, Mutation>> = {
  gzip: (file) => gzipSync(file),
  "gzip of gzip": (file) => gzipSync(gzipSync(file)),
  "gzip damaged": (file, draw) => MUTATIONS["bits flipped"]?.(gzipSync(file), draw) ?? file,
  "gzip truncated": (file, draw) => MUTATIONS["truncated"]?.(gzipSync(file), draw) ?? file,
  zip: (file) => makeZip([{ name: "tape", content: file }]),
  "zip in zip": (file) =>
    makeZip([{ name: "a.zip", content: makeZip([{ name: "tape", content: file }]) }]),
  "zip damaged": (file, draw) =>
    MUTATIONS["bits flipped"]?.(makeZip([{ name: "tape", content: file }]), draw) ?? file,
  "zip of several": (file) =>
    makeZip([
      { name: "a", content: file },
      { name: "b", content: file },
    ]),
};

const NAMES = Object.keys(MUTATIONS);
const PACKED = Object.keys(PACKINGS);

/** One to three mutations one after the other, and what they are called; one file in 20 stays whole. */
export function mutateFile(file: Buffer, draw: Draw): { file: Buffer; how: string[] } {
  const changes = draw.chance(0.05)
    ? []
    : Array.from({ length: 1 + draw.below(3) }, () => draw.pick(NAMES));
  const how = draw.chance(1 / 6) ? [...changes, draw.pick(PACKED)] : changes;
  const all = { ...MUTATIONS, ...PACKINGS };
  return { file: how.reduce((changed, name) => all[name]?.(changed, draw) ?? changed, file), how };
}
