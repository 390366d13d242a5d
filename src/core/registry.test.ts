import { expect, it } from "vitest";
import { nearestName, Registry, unknownName } from "./registry.ts";

it("a registry keeps its order, and has no name that it was not given", () => {
  const known = new Registry("thing", [
    ["b", 1],
    ["2", 2],
    ["__proto__", 3],
    ["1", 4],
  ]);
  expect(known.names).toEqual(["b", "2", "__proto__", "1"]);
  expect(known.get("__proto__")).toBe(3);
  for (const name of ["constructor", "toString", "hasOwnProperty"]) {
    expect(known.has(name)).toBe(false);
    expect(() => known.get(name)).toThrow(`Unknown thing \`${name}\`. Known: 1, 2, __proto__, b.`);
  }
});

it("names are compared, shown and listed as far as people write and read them", () => {
  const many = Array.from({ length: 40_000 }, (_, i) => `name${i}`);
  expect(nearestName("nmae7", many.slice(0, 50))).not.toBeNull();
  expect(nearestName("nmae7", many)).toBeNull();
  expect(nearestName("x".repeat(1e6), ["x"])).toBeNull();
  expect(nearestName("nmae", ["x".repeat(1e6), "name"])).toBe("name");
  const message = unknownName("name", "y".repeat(1e6), many);
  expect(message.length).toBeLessThan(2000);
  expect(message).toMatch(/, and 39900 more\.$/);
});
