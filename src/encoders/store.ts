import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type Matrix, matrix } from "../core/matrix.ts";
import type { Encoder } from "./encoder.ts";

/** Texts encoded between two writes: what a kill can lose at most. */
const BATCH = 512;

/**
 * Keeps an encoder's rows on disk by content: a text is encoded once, however often runs ask for it. The key is the text's
 * SHA-256 in a folder named by the encoder's fingerprint, so another precision or length limit never answers.
 * Several processes may share the folder (LMDB).
 */
export async function storedEncoder(encoder: Encoder, storeDir: string): Promise<Encoder> {
  const folder = path.join(storeDir, encoder.fingerprint);
  await mkdir(folder, { recursive: true });
  const { open } = await import("lmdb");
  const store = open<Buffer, Buffer>({ path: folder, encoding: "binary", keyEncoding: "binary" });
  const bytes = encoder.width * Float32Array.BYTES_PER_ELEMENT;

  /** The cached row of a text; undefined when there is none or it has another length. */
  const cached = (key: Buffer): Float32Array | undefined => {
    const value = store.get(key);
    if (value === undefined || value.byteLength !== bytes) return undefined;
    return new Float32Array(Uint8Array.from(value).buffer);
  };

  return {
    id: encoder.id,
    width: encoder.width,
    normalized: encoder.normalized,
    fingerprint: encoder.fingerprint,
    description: encoder.description,
    ...(encoder.callsOut === undefined ? {} : { callsOut: encoder.callsOut }),
    async encode(texts) {
      const rows = new Map<string, Float32Array>();
      const missing: string[] = [];
      for (const text of new Set(texts)) {
        const known = cached(keyOf(text));
        if (known === undefined) missing.push(text);
        else rows.set(text, known);
      }
      for (let start = 0; start < missing.length; start += BATCH) {
        const batch = missing.slice(start, start + BATCH);
        const encoded = await encoder.encode(batch);
        await store.transaction(() => {
          for (const [i, text] of batch.entries()) {
            const row = encoded.data.slice(i * encoder.width, (i + 1) * encoder.width);
            rows.set(text, row);
            store.put(keyOf(text), Buffer.from(row.buffer));
          }
        });
      }
      return assemble(texts, rows, encoder.width);
    },
    async close() {
      await store.close();
      await encoder.close?.();
    },
  };
}

function keyOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function assemble(texts: readonly string[], rows: ReadonlyMap<string, Float32Array>, width: number): Matrix {
  const data = new Float32Array(texts.length * width);
  for (const [i, text] of texts.entries()) data.set(rows.get(text)!, i * width);
  return matrix(data, texts.length, width);
}
