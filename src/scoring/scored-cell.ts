import type { Matrix } from "../core/matrix.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { SampleSet } from "../metrics/sample-set.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { BoundedMemo } from "./bounded-memo.ts";
import type { ScoredTexts } from "./scored-set.ts";

/** What the cells of a dataset keep of their texts and rows at most: eight cells of 20,000 texts and 768 dimensions. */
const KEPT_BYTES = 2 ** 29;

/**
 * The texts of one dataset's cells and their embeddings: made once, used for scores, comparisons and maps, and gone with the
 * dataset. Beyond half a gigabyte each those longest unused are dropped: texts are then read from disk again, embeddings asked of
 * the encoder again, which most encoders answer from the store on disk.
 */
export class CellMemory {
  readonly texts: BoundedMemo<ScoredTexts>;
  readonly rows: BoundedMemo<Matrix>;

  constructor(limit = KEPT_BYTES) {
    this.texts = new BoundedMemo(limit, ({ texts }) => texts.reduce((sum, text) => sum + 2 * text.length, 0));
    this.rows = new BoundedMemo(limit, ({ data }) => data.byteLength);
  }
}

/** One cell as it is scored. */
export class ScoredCell {
  readonly #memory: CellMemory;
  readonly #name: string;
  readonly #read: () => Promise<ScoredTexts>;

  /**
   * @param name of the cell, unique in the memory.
   * @param read the texts, where they were not just made or had to be dropped.
   */
  constructor(memory: CellMemory, name: string, read: () => Promise<ScoredTexts>) {
    this.#memory = memory;
    this.#name = name;
    this.#read = read;
  }

  /** Takes the texts from where they were just made, so that they need not be read. */
  made(texts: ScoredTexts): Promise<ScoredTexts> {
    return this.#memory.texts.get(this.#name, async () => texts);
  }

  texts(): Promise<ScoredTexts> {
    return this.#memory.texts.get(this.#name, this.#read);
  }

  /** The rows of an encoder, one a text. */
  rows(encoder: Encoder): Promise<Matrix> {
    const encode = async () => encoder.encode((await this.texts()).texts);
    return this.#memory.rows.get(`${encoder.id}\n${this.#name}`, encode);
  }

  /** The cell as a set, with the rows of an encoder or with none. */
  async set(encoder: Encoder | null, tokenizer: Tokenizer): Promise<SampleSet> {
    const { texts, labels } = await this.texts();
    return new SampleSet({ texts, labels, embeddings: encoder === null ? null : await this.rows(encoder), tokenizer });
  }
}
