import { describe, expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { nodeOf } from "../testing/node-of.ts";
import { Conditioning } from "./conditioning.ts";
import { placeOf } from "./cursor-places.ts";
import { Cursors } from "./cursors.ts";
import { ExpertTables } from "./expert-tables.ts";
import { NgramCounter } from "./ngram-counter.ts";
import type { NgramTable } from "./ngram-table.ts";

const SIZE = 12;
const EXPERTS = 70;
const random = Stream.root(6).derive("cursors");
const sequences = Array.from({ length: 400 }, () => [
  ...Array.from({ length: 1 + random.int(7) }, () => 1 + Math.floor(random.next() ** 2 * (SIZE - 1))),
  0,
]);

function learn(order: number, chosen: (i: number) => boolean): NgramTable {
  const counter = new NgramCounter(order, SIZE);
  sequences.forEach((sequence, i) => {
    if (chosen(i)) counter.add(sequence);
  });
  return counter.smooth({ kind: "absolute", discount: 0.5, power: 1 });
}

describe("Cursors", () => {
  const general = learn(4, () => true);
  // Expert 0 reads everything, the others less and less.
  const experts = Array.from({ length: EXPERTS }, (_, e) => learn(3, (i) => i % (e + 1) === 0));
  const tables = new ExpertTables(general, experts);
  const cursors = new Cursors(tables);

  // Both sides of the borders between the integers that hold owners.
  it.each([[[]], [[0]], [[69, 31, 32, 63, 64, 0, 5]], [[30, 62, 33, 1, 2, 3, 4, 6, 7, 8, 9]]])(
    "says what the tables of the experts %j say, one by one",
    (listening) => {
      const conditioning = new Conditioning(tables, listening, [{ stack: [0], weight: 1 }], null);
      let seen = 0;
      for (const sequence of [...sequences.slice(0, 40), [1, 11, 11, 1, 2, 0]]) {
        cursors.begin(conditioning);
        const history = [0];
        for (const token of sequence) {
          // Looking without going on leaves no trace.
          cursors.look(1 + random.int(SIZE - 1));
          cursors.look(token);
          for (let cursor = 0; cursor < cursors.count; cursor++) {
            const table = cursor === 0 ? general : experts[listening[cursor - 1]!]!;
            expect(cursors.table(cursor)).toBe(table);
            for (let k = 1; k < table.order; k++) {
              const at = placeOf(k, cursor);
              const context = history.length < k ? -1 : nodeOf(table, history.slice(-k));
              const node = context < 0 ? -1 : nodeOf(table, [...history.slice(-k), token]);
              expect(cursors.rest[at]).toBe(context < 0 ? 1 : table.rest[context]);
              expect(cursors.seen[at]).toBe(node < 0 ? 0 : table.seen[node]);
              if (node >= 0 && cursor > 0) seen++;
              if (context >= 0 && cursors.rest[at]! < 1) expect(cursors.node(at)).toBe(context);
            }
          }
          cursors.advance(token);
          history.push(token);
        }
      }
      if (listening.length > 0) expect(seen).toBeGreaterThan(100);
    },
  );
});
