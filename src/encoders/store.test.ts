import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { matrix } from "../core/matrix.ts";
import { testFolder } from "../testing/test-folder.ts";
import type { Encoder } from "./encoder.ts";
import { storedEncoder } from "./store.ts";

/** An encoder of a text's code units, and the texts it was asked for. */
function codes(fingerprint = "codes"): Encoder & { readonly asked: string[] } {
  const asked: string[] = [];
  const row = (text: string) => [text.length, text.charCodeAt(0), -0, 1e-38];
  return {
    ...{ id: "codes", width: 4, normalized: false, fingerprint, description: {}, asked },
    async encode(texts) {
      asked.push(...texts);
      return matrix(Float32Array.from(texts.flatMap(row)), texts.length, 4);
    },
  };
}

const texts = ["", "a", "\ud800", "\udc00", "\ufffd", "a", "a\0"];

it("encodes each text once, bit for bit, those with lone surrogates too", async () => {
  const folder = testFolder();
  const plain = await codes().encode(texts);
  const first = await storedEncoder(codes(), folder);
  expect((await first.encode(texts)).data).toEqual(plain.data);
  await first.close?.();
  const encoder = codes();
  const second = await storedEncoder(encoder, folder);
  expect((await second.encode(texts)).data).toEqual(plain.data);
  expect(encoder.asked).toEqual([]);
  await second.close?.();
});

it("encodes again what was damaged, or is another encoder's, and says so", async () => {
  const folder = testFolder();
  const encoder = codes();
  const said: string[] = [];
  const first = await storedEncoder(encoder, folder);
  await first.encode(texts);
  await first.close?.();
  writeFileSync(path.join(folder, "codes", "store-1.db"), Buffer.alloc(10_000, 0xa5));
  const again = await storedEncoder(encoder, folder, (message) => said.push(message));
  expect((await again.encode(texts)).data).toEqual((await codes().encode(texts)).data);
  expect(encoder.asked).toHaveLength(12);
  expect(said).toEqual([expect.stringMatching(/^The embeddings kept in .* are damaged/)]);
  const other = codes("other");
  await (await storedEncoder(other, folder)).encode(["a"]);
  expect(other.asked).toEqual(["a"]);
});
