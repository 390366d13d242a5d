import { CallError } from "../core/errors.ts";

/** What a server gave for a batch: one row a text, in order, and the tokens it counted (null where it counts none). */
export interface Embedded {
  readonly rows: readonly (readonly number[])[];
  readonly tokens: number | null;
}

/**
 * The answer, when it is a row of finite numbers for each text, all of one width.
 * @param width what the encoder's rows have; null: not known yet
 * @throws CallError `malformed`, retryable, else: what does not fit is never placed or kept
 */
export function checkedRows(id: string, embedded: Embedded, texts: number, width: number | null): Embedded {
  const { rows } = embedded;
  if (rows.length !== texts) throw misshapen(id, `${rows.length} rows for ${texts} texts`);
  const expected = width ?? rows[0]?.length ?? 0;
  if (expected === 0) throw misshapen(id, "a row without numbers");
  for (const row of rows) {
    if (row.length !== expected) throw misshapen(id, `a row has ${row.length} numbers, others ${expected}`);
    if (!row.every(isFloat32)) throw misshapen(id, "a value that no 32-bit number can hold");
  }
  return embedded;
}

/**
 * Rows in the order of their indices.
 * @throws CallError `malformed`, retryable, where these are not 0, 1, 2 ... each once
 */
export function inOrder<Row extends { readonly index: number }>(id: string, rows: readonly Row[]): readonly Row[] {
  const sorted = [...rows].sort((a, b) => a.index - b.index);
  const wrong = sorted.findIndex(({ index }, i) => index !== i);
  if (wrong >= 0) throw misshapen(id, `row ${wrong} has the index ${sorted[wrong]?.index}`);
  return sorted;
}

/** Embeddings that are not what was asked of the encoder of this id. */
export function misshapen(id: string, what: string): CallError {
  return new CallError("malformed", `${id}: the embeddings are not of the protocol's form: ${what}.`, {
    retryable: true,
  });
}

function isFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}
