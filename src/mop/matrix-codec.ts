import type { Matrix } from "../core/matrix.ts";

/** A float32 matrix as JSON: little-endian, row-major, base64. */
export interface EncodedMatrix {
  readonly shape: readonly [number, number];
  readonly float32: string;
}

export function encodeMatrix(m: Matrix): EncodedMatrix {
  const bytes = Buffer.from(m.data.buffer, m.data.byteOffset, m.data.byteLength);
  return { shape: [m.rows, m.cols], float32: bytes.toString("base64") };
}

/** @returns the matrix, or a sentence on what is wrong with it. */
export function decodeMatrix(encoded: EncodedMatrix): Matrix | string {
  const [rows, cols] = encoded.shape;
  const bytes = Buffer.from(encoded.float32, "base64");
  if (bytes.length !== rows * cols * 4)
    return `holds ${bytes.length / 4} numbers, and its shape asks for ${rows * cols}`;
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < data.length; i++) data[i] = bytes.readFloatLE(4 * i);
  if (!data.every(Number.isFinite)) return "holds a number that is not finite";
  return { data, rows, cols };
}
