import { type Matrix, takeRows } from "../core/matrix.ts";

/** The columns that a set can have, each with one entry a row. A new one is a line in each list of this file, and nothing elsewhere. */
export interface Columns {
  readonly texts: readonly string[];
  /** Class labels asked for. */
  readonly labels: readonly string[];
  /** Rows of one encoder. */
  readonly embeddings: Matrix;
  /** The option picked, where the answer is one of several. */
  readonly choices: readonly string[];
}

export type ColumnName = keyof Columns;

/** What can be done with a column without knowing what it holds. */
interface ColumnKind<Column> {
  size(column: Column): number;
  /** The listed rows, in that order. */
  take(column: Column, rows: ArrayLike<number>): Column;
  /** The column with the rows marked 1 taken from another of equal size. */
  mix(column: Column, other: Column, marks: ArrayLike<number>): Column;
}

const list: ColumnKind<readonly string[]> = {
  size: (column) => column.length,
  take: (column, rows) => Array.from(rows, (row) => column[row]!),
  mix: (column, other, marks) => column.map((item, i) => (marks[i] === 1 ? other[i]! : item)),
};

const matrixRows: ColumnKind<Matrix> = {
  size: ({ rows }) => rows,
  take: takeRows,
  mix({ data: own, rows, cols }, { data: others }, marks) {
    const data = Float32Array.from(own);
    for (let i = 0; i < rows; i++) {
      if (marks[i] === 1) data.set(others.subarray(i * cols, (i + 1) * cols), i * cols);
    }
    return { data, rows, cols };
  },
};

const kinds: { readonly [Name in ColumnName]: ColumnKind<Columns[Name]> } = {
  texts: list,
  labels: list,
  embeddings: matrixRows,
  choices: list,
};

export const columnNames = ["texts", "labels", "embeddings", "choices"] as const satisfies readonly ColumnName[];

/** The columns of one set; null: it has no such column. */
export type SomeColumns = { [Name in ColumnName]: Columns[Name] | null };

const none: Readonly<SomeColumns> = { texts: null, labels: null, embeddings: null, choices: null };

/** All columns, those not given null. */
export function completed(given: { readonly [Name in ColumnName]?: Columns[Name] | null | undefined }): SomeColumns {
  const columns = { ...none };
  const fill = <Name extends ColumnName>(name: Name) => {
    columns[name] = given[name] ?? null;
  };
  columnNames.forEach(fill);
  return columns;
}

/** How many rows each of the columns has, those missing left out. */
export function sizesOf(columns: Readonly<SomeColumns>): number[] {
  const size = <Name extends ColumnName>(name: Name): number | null => {
    const column: Columns[Name] | null = columns[name];
    return column === null ? null : kinds[name].size(column);
  };
  return columnNames.map(size).filter((n) => n !== null);
}

/** The listed rows of every column. */
export function takeFrom(columns: Readonly<SomeColumns>, rows: ArrayLike<number>): SomeColumns {
  const taken = { ...none };
  const take = <Name extends ColumnName>(name: Name) => {
    const column: Columns[Name] | null = columns[name];
    taken[name] = column === null ? null : kinds[name].take(column, rows);
  };
  columnNames.forEach(take);
  return taken;
}

/** Every column that both have, with the rows marked 1 taken from the other. */
export function mix(own: Readonly<SomeColumns>, other: Readonly<SomeColumns>, marks: ArrayLike<number>): SomeColumns {
  const mixed = { ...none };
  const fill = <Name extends ColumnName>(name: Name) => {
    const [a, b]: [Columns[Name] | null, Columns[Name] | null] = [own[name], other[name]];
    mixed[name] = a === null || b === null ? null : kinds[name].mix(a, b, marks);
  };
  columnNames.forEach(fill);
  return mixed;
}
