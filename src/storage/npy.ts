import { InputError } from "../core/errors.ts";
import { type Matrix, matrix } from "../core/matrix.ts";
import { openRegular, unreadable } from "./regular-file.ts";

/** What a .npy header says. */
interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly offset: number;
}

const MAGIC = Buffer.from("\x93NUMPY", "latin1");
const ALIGNMENT = 64;

/** Bytes that a header takes at most, but for arrays with named fields, which are none of ours. */
const LONGEST_HEADER = 1 << 16;
/** What one array of numbers may hold in memory. */
const LARGEST = 2 ** 31;
const AT_ONCE = 1 << 30;

/**
 * Embeddings from NumPy's .npy format (versions 1 to 3): two dimensions, float32 or float64, little-endian, C order. float64
 * is rounded to float32.
 * @throws InputError for a missing file and for anything else: float16, Fortran order, another number of dimensions, a file
 * that is shorter or longer than its header says.
 */
export async function readNpy(file: string): Promise<Matrix> {
  try {
    const { handle, size } = await openRegular(file);
    try {
      // The header first: a file whose body is not as long as it says, or no array at all, is not read for that.
      const start = Buffer.alloc(Math.min(size, LONGEST_HEADER));
      const { bytesRead } = await handle.read(start, 0, start.length, 0);
      shapeOf(start.subarray(0, bytesRead), size, file);
      const bytes = Buffer.alloc(size);
      let length = 0;
      for (let read = -1; read !== 0 && length < size; length += read)
        read = (await handle.read(bytes, length, Math.min(size - length, AT_ONCE), length)).bytesRead;
      return decodeNpy(bytes.subarray(0, length), file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The matrix in the bytes of a .npy file; `file` names them in errors. @throws InputError as `readNpy`. */
export function decodeNpy(bytes: Uint8Array, file: string): Matrix {
  const { rows, cols, width, offset } = shapeOf(bytes, bytes.length, file);
  // The numbers need not lie on a multiple of their width in this buffer: copy them to where they do.
  const body = bytes.slice(offset);
  const data =
    width === 4
      ? new Float32Array(body.buffer, body.byteOffset, rows * cols)
      : Float32Array.from(new Float64Array(body.buffer, body.byteOffset, rows * cols));
  return matrix(data, rows, cols);
}

/** What the header says of a file of `size` bytes. @throws InputError as `readNpy` */
function shapeOf(bytes: Uint8Array, size: number, file: string) {
  const header = headerOf(bytes, file);
  const width = widthOf(header.descr, file);
  if (header.fortranOrder)
    throw new InputError(`${file}: Fortran order. Save it as np.save(file, np.ascontiguousarray(x)).`);
  if (header.shape.length !== 2)
    throw new InputError(
      `${file}: ${header.shape.length} dimensions (shape ${header.shape.join(" x ") || "()"}); embeddings have two, rows x width.`,
    );
  const [rows, cols] = [header.shape[0]!, header.shape[1]!];
  if (rows === 0 || cols === 0) throw new InputError(`${file} is empty: its shape is ${rows} x ${cols}.`);
  const expected = header.offset + rows * cols * width;
  if (size !== expected)
    throw new InputError(
      `${file}: ${rows} x ${cols} numbers of ${width} bytes need ${expected} bytes, the file has ${size}: it is ${size < expected ? "cut off" : "too long"}.`,
    );
  if (size > LARGEST) throw new InputError(`${file} is larger than 2 GB. Save fewer rows, or float32.`);
  return { rows, cols, width, offset: header.offset };
}

/** The bytes of a .npy file (version 1, float32, C order). */
export function encodeNpy(m: Matrix): Uint8Array {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${m.rows}, ${m.cols}), }`;
  const prefix = MAGIC.length + 4;
  const total = Math.ceil((prefix + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(total + m.data.byteLength);
  MAGIC.copy(bytes);
  bytes[6] = 1;
  bytes.writeUInt16LE(total - prefix, 8);
  bytes.write(`${dict.padEnd(total - prefix - 1)}\n`, prefix, "latin1");
  bytes.set(new Uint8Array(m.data.buffer, m.data.byteOffset, m.data.byteLength), total);
  return bytes;
}

function headerOf(bytes: Uint8Array, file: string): NpyHeader {
  const wrong = (what: string) => new InputError(`${file}: not a .npy file: ${what}.`);
  if (bytes.length === 0) throw new InputError(`${file} is empty.`);
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw wrong("it does not begin with NumPy's magic string");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw wrong(`its format version is ${version}, known are 1 to 3`);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw wrong("its header is cut off");
  const dict = Buffer.from(bytes.subarray(start, start + length)).toString("latin1");
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(dict)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(dict)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(dict)?.[1];
  if (descr === undefined || order === undefined || shape === undefined)
    throw wrong("its header lacks a plain 'descr', 'fortran_order' or 'shape'");
  const sizes = shape
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (!sizes.every(Number.isSafeInteger)) throw wrong(`its shape is (${shape})`);
  return { descr, fortranOrder: order === "True", shape: sizes, offset: start + length };
}

function widthOf(descr: string, file: string): 4 | 8 {
  if (descr === "<f4") return 4;
  if (descr === "<f8") return 8;
  if (descr === "<f2" || descr === "|f2")
    throw new InputError(
      `${file}: float16, which is too coarse for these metrics. Encode again in float32, or save x.astype(np.float32).`,
    );
  throw new InputError(
    `${file}: numbers of type '${descr}'; allowed are float32 ('<f4') and float64 ('<f8'). Save x.astype(np.float32).`,
  );
}
