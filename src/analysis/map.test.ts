import { describe, expect, it } from "vitest";
import { goldMap, MAP_POINTS } from "./map.ts";

/** Rows (2 t, 0, t mod 2, 0) about (1, 1, 1, 1). */
function plane(rows: number) {
  const data = new Float32Array(rows * 4).fill(1);
  for (let i = 0; i < rows; i++) {
    data[i * 4] = 1 - 2 * (i - (rows - 1) / 2);
    data[i * 4 + 2] = 1 + (i % 2) - 0.5;
  }
  return { data, rows, cols: 4 };
}

describe("goldMap", () => {
  it("finds gold's axes, places others on them and says what they explain", () => {
    const gold = plane(20);
    const far = { data: Float32Array.of(41, 1, 1, 9), rows: 1, cols: 4 };
    const map = goldMap("d", "e", gold, [{ model: "m", method: "mop", embeddings: far }]);
    const xs = map.gold.map(([x]) => x);
    expect(Math.max(...xs)).toBeCloseTo(19, 1);
    expect(map.explained[0]).toBeGreaterThan(0.99);
    expect(map.explained[0] + map.explained[1]).toBeCloseTo(1, 4);
    expect(map.panels[0]).toMatchObject({ model: "m", method: "mop" });
    expect(map.panels[0]?.points[0]?.[0]).toBeCloseTo(40, 0); // the fourth axis is not on the map
  });

  it("draws at most 400 points and survives gold without any spread", () => {
    expect(goldMap("d", "e", plane(500), []).gold).toHaveLength(MAP_POINTS);
    const flat = { data: new Float32Array(12).fill(3), rows: 3, cols: 4 };
    expect(goldMap("d", "e", flat, []).explained).toEqual([0, 0]);
  });
});
