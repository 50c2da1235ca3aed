import { promises as fs } from "node:fs";
import path from "node:path";
import type { Kysely } from "kysely";
import { FileMigrationProvider, Migrator, NO_MIGRATIONS } from "kysely/migration";
import type { Database } from "./tables.ts";

const MIGRATIONS = path.resolve(import.meta.dirname, "../../migrations");

/**
 * Brings the schema to the newest migration. Safe from several processes at once: Kysely's migrator
 * takes a lock in the database.
 * @returns the names of the migrations that ran now
 */
export async function migrateDatabase(db: Kysely<Database>): Promise<string[]> {
  return outcome(await migrator(db).migrateToLatest());
}

/** Takes every migration back, newest first: for tests of the way down. */
export async function revertDatabase(db: Kysely<Database>): Promise<string[]> {
  return outcome(await migrator(db).migrateTo(NO_MIGRATIONS));
}

function migrator(db: Kysely<Database>): Migrator {
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: MIGRATIONS,
  });
  return new Migrator({ db, provider });
}

type Outcome = Awaited<ReturnType<Migrator["migrateToLatest"]>>;

function outcome({ error, results }: Outcome): string[] {
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === "Error")?.migrationName ?? "start";
    throw new Error(`migration ${failed} failed`, { cause: error });
  }
  return (results ?? []).map((result) => result.migrationName);
}
