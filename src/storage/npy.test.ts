import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import { testFolder } from "../testing/test-folder.ts";
import { decodeNpy, encodeNpy, readNpy } from "./npy.ts";

/** A .npy file as NumPy writes it, with any header. */
function npy(descr: string, shape: string, body: Uint8Array, fortran = "False", version = 1): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const prefix = version === 1 ? 10 : 12;
  const padded = `${dict.padEnd(Math.ceil((prefix + dict.length + 1) / 64) * 64 - prefix - 1)}\n`;
  const head = Buffer.alloc(prefix);
  head.write("\x93NUMPY", "latin1");
  head[6] = version;
  if (version === 1) head.writeUInt16LE(padded.length, 8);
  else head.writeUInt32LE(padded.length, 8);
  return Buffer.concat([head, Buffer.from(padded, "latin1"), body]);
}

const bytesOf = (numbers: Float32Array | Float64Array) => new Uint8Array(numbers.buffer);
const six = Float32Array.of(1, 2, 3, 4, 5, -0.5);

test("reads float32 and float64 in every header version", () => {
  for (const version of [1, 2, 3]) {
    const m = decodeNpy(npy("<f4", "(2, 3)", bytesOf(six), "False", version), "x.npy");
    expect([m.rows, m.cols, ...m.data]).toEqual([2, 3, ...six]);
    const wide = decodeNpy(npy("<f8", "(3, 2)", bytesOf(Float64Array.from(six)), "False", version), "x.npy");
    expect([wide.rows, wide.cols, ...wide.data]).toEqual([3, 2, ...six]);
  }
});

test("what it writes it reads, also from bytes that are not aligned", () => {
  const bytes = encodeNpy(matrix(six, 3, 2));
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect([...decodeNpy(shifted.subarray(1), "x.npy").data]).toEqual([...six]);
  expect((bytes.length - six.byteLength) % 64).toBe(0);
});

test.each([
  ["no magic", Buffer.from("hello, this is not numpy"), /not a \.npy file: it does not begin/],
  ["empty", new Uint8Array(0), /is empty/],
  ["version 9", npy("<f4", "(2, 3)", bytesOf(six)).with(6, 9), /format version is 9/],
  ["cut header", npy("<f4", "(2, 3)", bytesOf(six)).subarray(0, 40), /header is cut off/],
  ["float16", npy("<f2", "(2, 3)", new Uint8Array(12)), /float16/],
  ["big-endian", npy(">f4", "(2, 3)", bytesOf(six)), /'>f4'; allowed/],
  ["integers", npy("<i8", "(2, 3)", new Uint8Array(48)), /'<i8'; allowed/],
  ["Fortran order", npy("<f4", "(2, 3)", bytesOf(six), "True"), /Fortran order/],
  ["one dimension", npy("<f4", "(6,)", bytesOf(six)), /1 dimensions/],
  ["no rows", npy("<f4", "(0, 3)", new Uint8Array(0)), /is empty: its shape is 0 x 3/],
  ["cut off", npy("<f4", "(2, 3)", bytesOf(six).subarray(0, 20)), /cut off/],
  ["too long", npy("<f4", "(2, 2)", bytesOf(six)), /too long/],
  ["no shape", npy("<f4", "None", bytesOf(six)), /lacks a plain/],
])("refuses %s in one sentence", (_, bytes, message) => {
  const read = () => decodeNpy(bytes, "x.npy");
  expect(read).toThrow(InputError);
  expect(read).toThrow(message);
  expect(read).toThrow(/^x\.npy/);
});

test("reads from disk and names a missing file", async () => {
  const folder = testFolder();
  const file = path.join(folder, "e.npy");
  await writeFile(file, encodeNpy(matrix(six, 2, 3)));
  expect((await readNpy(file)).cols).toBe(3);
  await expect(readNpy(path.join(folder, "none.npy"))).rejects.toThrow(/There is no file/);
  await expect(readNpy(folder)).rejects.toThrow(InputError);
});
