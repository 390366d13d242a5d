import type { NgramTable } from "../ngram/ngram-table.ts";

/** For tests: the node of an n-gram, searched for child by child; -1 where the table has not seen it. */
export function nodeOf(table: NgramTable, symbols: readonly number[]): number {
  let node = symbols[0]!;
  for (const symbol of symbols.slice(1)) {
    const children = table.symbol.subarray(table.first[node], table.first[node + 1]);
    const child = children.indexOf(symbol);
    if (child < 0) return -1;
    node = table.first[node]! + child;
  }
  return node;
}
