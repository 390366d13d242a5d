import path from "node:path";
import { type Matrix, matrix } from "../core/matrix.ts";
import { visibleLine } from "../core/printable.ts";
import type { Progress } from "../core/progress.ts";
import { KeyedStore } from "../storage/store/keyed-store.ts";
import type { Encoder } from "./encoder.ts";

/** Texts encoded between two writes: what a kill can lose at most. */
const BATCH = 512;

/**
 * Keeps an encoder's rows on disk by content: a text is encoded once, however often runs ask for it. They stand in a folder
 * named by the encoder's fingerprint, which is part of their checksums too, so another precision or length limit never answers.
 * Several processes may share the folder. What happens to the files costs rows, which are encoded again, and is said.
 */
export async function storedEncoder(
  encoder: Encoder,
  storeDir: string,
  warn: Progress["warn"] = emit,
): Promise<Encoder> {
  const { fingerprint, width } = encoder;
  const content = { plural: "embeddings", scope: `embeddings 1 ${fingerprint}` };
  const store = await KeyedStore.open(path.join(storeDir, fingerprint), content, warn);
  return {
    id: encoder.id,
    width,
    normalized: encoder.normalized,
    fingerprint,
    description: encoder.description,
    ...(encoder.callsOut === undefined ? {} : { callsOut: encoder.callsOut }),
    async encode(texts) {
      const rows = new Map<string, Float32Array>();
      const missing: string[] = [];
      for (const text of new Set(texts)) {
        const known = rowOf(store.get(text), width);
        if (known === null) missing.push(text);
        else rows.set(text, known);
      }
      for (let start = 0; start < missing.length; start += BATCH) {
        const batch = missing.slice(start, start + BATCH);
        const { data } = await encoder.encode(batch);
        for (const [i, text] of batch.entries()) rows.set(text, data.slice(i * width, (i + 1) * width));
        store.putAll(batch.map((text) => [text, new Uint8Array(rows.get(text)!.buffer)]));
      }
      return assemble(texts, rows, width);
    },
    async close() {
      store.close();
      await encoder.close?.();
    },
  };
}

/** Where nobody listens, Node says it. */
function emit(message: string): void {
  process.emitWarning(visibleLine(message));
}

/** A kept row; null where there is none or it has another length. */
function rowOf(value: Uint8Array | undefined, width: number): Float32Array | null {
  if (value?.byteLength !== width * Float32Array.BYTES_PER_ELEMENT) return null;
  return new Float32Array(Uint8Array.from(value).buffer);
}

function assemble(texts: readonly string[], rows: ReadonlyMap<string, Float32Array>, width: number): Matrix {
  const data = new Float32Array(texts.length * width);
  for (const [i, text] of texts.entries()) data.set(rows.get(text)!, i * width);
  return matrix(data, texts.length, width);
}
