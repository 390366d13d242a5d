import { placeOf } from "./cursor-places.ts";
import type { ExemplarCache } from "./exemplar-cache.ts";
import type { ExpertTables } from "./expert-tables.ts";

/** One component: tables stacked over each other, with the prompt's weight for it. */
export interface Component {
  /** Cursors (0: the general table, i + 1: expert i of the conditioning), the one asked first at the end. */
  readonly stack: readonly number[];
  readonly weight: number;
  /** Index of an earlier component, not itself over another, that it stands on instead of the base. */
  readonly over?: number;
}

export const MAX_COMPONENTS = 12;

/** What a prompt asks of the mixture, laid out for what reads it at every token. */
export class Conditioning {
  /** Numbers of the experts that listen, each once; expert i of the list has cursor i + 1. */
  readonly experts: Int32Array;
  readonly cache: ExemplarCache | null;
  /** The components' weights, and the component each stands on (-1: the base). */
  readonly weights: Float64Array;
  readonly over: Int32Array;
  /** The components' chains one after another: places of the cursors, each chain from the base upwards; ends[e] closes chain e. */
  readonly places: Int32Array;
  readonly ends: Int32Array;
  /** By expert: a bit for each that listens, and its cursor. */
  readonly listening: Int32Array;
  readonly cursorOf: Uint8Array;

  /** @param experts - fewer than MAX_CURSORS; @param components - up to MAX_COMPONENTS, with positive weights that sum to one. */
  constructor(
    tables: ExpertTables,
    experts: readonly number[],
    components: readonly Component[],
    cache: ExemplarCache | null,
  ) {
    this.experts = new Int32Array(experts);
    this.cache = cache;
    this.weights = new Float64Array(components.map(({ weight }) => weight));
    this.over = new Int32Array(components.map(({ over }) => over ?? -1));
    const places: number[] = [];
    const ends: number[] = [];
    for (const { stack } of components) {
      for (let k = 1; k < tables.general.order; k++) {
        for (const cursor of stack) {
          const table = cursor === 0 ? tables.general : tables.experts[experts[cursor - 1]!]!;
          if (k < table.order) places.push(placeOf(k, cursor));
        }
      }
      ends.push(places.length);
    }
    this.places = new Int32Array(places);
    this.ends = new Int32Array(ends);
    this.listening = new Int32Array(tables.words);
    this.cursorOf = new Uint8Array(tables.experts.length);
    experts.forEach((expert, i) => {
      this.listening[expert >>> 5]! |= 1 << (expert % 32);
      this.cursorOf[expert] = i + 1;
    });
  }
}
