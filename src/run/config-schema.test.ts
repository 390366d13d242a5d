import { expect, it } from "vitest";
import { builtInRegistries } from "../plugins/built-in.ts";
import { configJsonSchema } from "./config-schema.ts";

it("describes every key of a config", async () => {
  const { properties } = await configJsonSchema(builtInRegistries());
  const keys = Object.entries(typeof properties === "object" && properties !== null ? properties : {});
  expect(keys.length).toBeGreaterThan(15);
  for (const [key, value] of keys) expect(value, key).toHaveProperty("description");
});
