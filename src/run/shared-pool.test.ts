import { expect, it } from "vitest";
import { methods } from "../testing/loaded.ts";
import { sharedPool } from "./shared-pool.ts";

async function shared(...configured: readonly (readonly [name: string, options?: object])[]): Promise<number | null> {
  const made = configured.map(async ([name, options = {}]) => {
    return { method: await methods.get(name).bind(options).create({ id: name, baseDir: "/" }) };
  });
  return sharedPool(await Promise.all(made));
}

it("is the one size that methods name, of those that have a pool", async () => {
  expect(await shared(["zero-shot"], ["few-shot"], ["mop"])).toBeNull();
  expect(await shared(["zero-shot"], ["few-shot"], ["mop-uniform", { exemplars: 200 }])).toBe(200);
  expect(await shared(["few-shot", { exemplars: 200 }], ["mop", { exemplars: 200 }], ["nearest-shot"])).toBe(200);
  expect(await shared(["few-shot", { exemplars: 100 }], ["mop", { exemplars: 200 }], ["nearest-shot"])).toBeNull();
  expect(await shared(["few-shot"], ["mop-no-exemplar"])).toBeNull();
});
