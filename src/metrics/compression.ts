import pako from "pako";
import { diversityMetric } from "./diversity.ts";

const LEVEL = 9;

/** Bytes of the texts joined by one space, over the bytes gzip makes of them (plain, once). NaN for no bytes at all. */
export function compressionRatio(texts: readonly string[]): number {
  const space = Buffer.from(" ");
  const bytes = Buffer.concat(texts.flatMap((text, i) => (i === 0 ? [Buffer.from(text)] : [space, Buffer.from(text)])));
  return bytes.length === 0 ? Number.NaN : bytes.length / pako.gzip(bytes, { level: LEVEL }).length;
}

/** Compression ratio with classic zlib's coding; Node's own zlib codes differently. */
export const compression = diversityMetric({
  id: "compression",
  name: "Compression ratio",
  meaning:
    "UTF-8 bytes of all texts over their gzip size: redundancy of any kind, spelling included; grows with the set's size.",
  range: [0, Number.POSITIVE_INFINITY],
  source:
    "Shaib et al. 2024 (compression ratio), gzip level 9 applied once; their package compresses twice and rounds to 3 digits",
  notes: {
    defaults: "gzip level 9, once (pako 2, byte for byte zlib 1.2.13), texts joined by a space",
    edges: "all texts empty: null; few texts: the header dominates",
    notCopied: "the diversity package compresses twice, with a file name in the header, and rounds to 3 digits",
  },
  floor: false,
  slow: true,
  settings: () => ({ coder: "gzip", level: LEVEL }),
  of: (set) => {
    const ratio = compressionRatio(set.texts ?? []);
    return Number.isNaN(ratio) ? { reason: "All texts are empty." } : ratio;
  },
});
