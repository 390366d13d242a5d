import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { builtInRegistries } from "../plugins/built-in.ts";
import { packageRoot } from "../storage/package-root.ts";
import { configJsonSchema } from "./config-schema.ts";

it("stands in configs/schema.json as it is now (make schema)", async () => {
  const written: unknown = JSON.parse(await readFile(path.join(packageRoot(), "configs", "schema.json"), "utf8"));
  expect(written).toEqual(JSON.parse(JSON.stringify(await configJsonSchema(builtInRegistries()))));
});

it("describes every key of a config", async () => {
  const { properties } = await configJsonSchema(builtInRegistries());
  const keys = Object.entries(typeof properties === "object" && properties !== null ? properties : {});
  expect(keys.length).toBeGreaterThan(15);
  for (const [key, value] of keys) expect(value, key).toHaveProperty("description");
});
