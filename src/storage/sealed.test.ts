import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { InputError } from "../core/errors.ts";
import { testFolder } from "../testing/test-folder.ts";
import { DamagedError, isSealed, readSealed, readSealedOrNone, seal, writeSealed } from "./sealed.ts";

const schema = z.object({ name: z.string(), values: z.array(z.number()) });
const value = { name: 'wörld "}\n', values: [1, 2.5] };

it("is JSON, with the checksum as its last member", () => {
  for (const json of [JSON.stringify(value), `${JSON.stringify(value, null, 2)}\n`]) {
    const parsed: unknown = JSON.parse(seal(json));
    expect(parsed).toEqual({ ...value, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(isSealed(Buffer.from(seal(json)))).toBe(true);
  }
});

it("gives back what was written, and null where nothing was", async () => {
  const file = path.join(testFolder(), "a.json");
  await writeSealed(file, JSON.stringify(value));
  expect(await readSealed(file, schema)).toEqual(value);
  expect(await readSealed(`${file}.none`, schema)).toBeNull();
});

it("finds every flipped bit, every cut and every byte added", async () => {
  const file = path.join(testFolder(), "a.json");
  await writeSealed(file, JSON.stringify(value));
  const bytes = await readFile(file);
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) expect(isSealed(bytes.with(at, bytes[at]! ^ (1 << bit)))).toBe(false);
    expect(isSealed(bytes.subarray(0, at))).toBe(false);
  }
  expect(isSealed(Buffer.concat([bytes, Buffer.from("\n")]))).toBe(false);
  await writeFile(file, bytes.subarray(0, -5));
  await expect(readSealed(file, schema)).rejects.toThrow(DamagedError);
});

it("is damaged, and not just wrong input", async () => {
  const file = path.join(testFolder(), "a.json");
  await writeFile(file, "{}");
  const damaged: unknown = await readSealed(file, schema).catch((error: unknown) => error);
  expect([damaged instanceof DamagedError, damaged instanceof InputError]).toEqual([true, true]);
  expect(new InputError("wrong") instanceof DamagedError).toBe(false);
  expect(await readSealedOrNone(file, schema)).toBeNull();
});

it("refuses what is sound and of another shape", async () => {
  const file = path.join(testFolder(), "a.json");
  await writeSealed(file, JSON.stringify({ name: 3 }));
  await expect(readSealed(file, schema)).rejects.toThrow(/`name`/);
});
