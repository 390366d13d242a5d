const NEWLINE = 0x0a;

/** Values as JSON, one a line. */
export function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

/** The values of JSON lines that are as this run wrote them. */
export function valuesOf<T>(bytes: Buffer): T[] {
  const values: T[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const value: T = JSON.parse(bytes.toString("utf8", start, end));
    values.push(value);
    start = end + 1;
  }
  return values;
}
