import type { ColumnType } from "kysely";

/** jsonb: read as T, written as JSON text. */
export type Json<T> = ColumnType<T, string, string>;
export type Timestamp = ColumnType<Date, Date | string, Date | string>;
