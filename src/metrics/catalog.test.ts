import { expect, test } from "vitest";
import { notesOf } from "./catalog-notes.ts";
import { metrics } from "./registry.ts";

test("every metric has its defaults, edge cases and differences written down", () => {
  for (const id of metrics.names) expect(notesOf(id), id).not.toBeNull();
});

test("every metric says in one sentence what it measures, and where it comes from", () => {
  for (const id of metrics.names) {
    const { id: own, meaning, source, range, name } = metrics.get(id);
    expect(own).toBe(id);
    expect(name).not.toBe("");
    expect(meaning, id).toMatch(/\.$/);
    expect(source, id).not.toBe("");
    expect(range[0], id).toBeLessThan(range[1]);
  }
});
