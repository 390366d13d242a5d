import { expect, test } from "vitest";
import { metrics } from "./registry.ts";

test("every metric says in one sentence what it measures, and where it comes from", () => {
  for (const id of metrics.names) {
    const { id: own, meaning, source, range, name, notes, definition } = metrics.get(id);
    expect(definition.id).toBe(id);
    for (const note of Object.values(notes)) expect(note, id).not.toBe("");
    expect(own).toBe(id);
    expect(name).not.toBe("");
    expect(meaning, id).toMatch(/\.$/);
    expect(source, id).not.toBe("");
    expect(range[0], id).toBeLessThan(range[1]);
  }
});
