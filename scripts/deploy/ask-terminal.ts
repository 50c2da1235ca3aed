import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

/** A terminal that somebody sits at. */
export interface Terminal {
  input: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  output: Writable;
}

export const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

export function isTerminal({ input }: Terminal): boolean {
  return input.isTTY === true && input.setRawMode !== undefined;
}

/** Asks for a line. */
export async function askLine({ input, output }: Terminal, question: string): Promise<string> {
  const reader = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => reader.once("close", () => resolve("")));
  try {
    return await Promise.race([reader.question(question), closed]);
  } finally {
    reader.close();
  }
}

const ENTER = /[\r\n]/;
const BACKSPACE = new Set(["\u007f", "\b"]);
/** Ctrl-C and Ctrl-D. */
const STOP = new Set(["\u0003", "\u0004"]);

/** Asks for something that is not shown while it is typed. @throws Error when it is broken off */
export async function askSecret({ input, output }: Terminal, question: string): Promise<string> {
  output.write(question);
  input.setRawMode?.(true);
  input.resume();
  try {
    return await readHidden(input);
  } finally {
    input.setRawMode?.(false);
    input.pause();
    output.write("\n");
  }
}

function readHidden(input: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = "";
    const finish = (settle: () => void): void => {
      input.off("data", take);
      settle();
    };
    const take = (part: Buffer): void => {
      for (const key of part.toString()) {
        if (STOP.has(key)) return finish(() => reject(new Error("broken off: nothing was sent")));
        if (ENTER.test(key)) return finish(() => resolve(typed));
        typed = BACKSPACE.has(key) ? Array.from(typed).slice(0, -1).join("") : typed + key;
      }
    };
    input.on("data", take);
  });
}
