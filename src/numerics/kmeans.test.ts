import { describe, expect, it } from "vitest";
import { type Matrix, matrix, row } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { kmeans, nearestCentroids } from "./kmeans.ts";

/** `each` rows around each of `groups` far apart centers. */
function groups(count: number, each: number, cols: number): Matrix {
  const random = Stream.root(4);
  const data = new Float32Array(count * each * cols);
  for (let i = 0; i < count * each; i++)
    for (let j = 0; j < cols; j++)
      data[i * cols + j] = (j === (i % count) % cols ? 10 * (1 + (i % count)) : 0) + random.normal();
  return matrix(data, count * each, cols);
}

describe("kmeans", () => {
  it("finds groups that are far apart", () => {
    const m = groups(6, 20, 8);
    const { labels, inertia } = kmeans(m, 6, Stream.root(1), { restarts: 5 });
    for (let i = 0; i < m.rows; i++) expect(labels[i]).toBe(labels[i % 6]);
    expect(new Set(labels).size).toBe(6);
    expect(inertia / (m.rows * m.cols)).toBeCloseTo(0.95, 1);
  });

  it("gives means of what is nearest to them", () => {
    const m = groups(3, 40, 5);
    const { labels, centroids, iterations } = kmeans(m, 9, Stream.root(2));
    expect(iterations).toBeLessThan(300);
    expect(nearestCentroids(m, centroids)).toEqual(labels);
    for (let c = 0; c < 9; c++) {
      const members = [...labels.keys()].filter((i) => labels[i] === c);
      const mean = members.reduce((sum, i) => sum + row(m, i)[2]!, 0) / members.length;
      expect(row(centroids, c)[2]).toBeCloseTo(mean, 4);
    }
  });

  it("repeats itself for a seed, and differs for another", () => {
    const m = groups(2, 50, 4);
    expect(kmeans(m, 7, Stream.root(3))).toEqual(kmeans(m, 7, Stream.root(3)));
    expect(kmeans(m, 7, Stream.root(3)).labels).not.toEqual(kmeans(m, 7, Stream.root(4)).labels);
  });

  it("leaves no cluster empty while there are rows enough", () => {
    const m = matrix(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 2), 9, 1);
    const { labels } = kmeans(m, 3, Stream.root(5));
    expect(new Set(labels).size).toBe(3);
  });

  it("handles rows that are all equal, one cluster, and as many clusters as rows", () => {
    const equal = matrix(new Float32Array(12).fill(2), 6, 2);
    expect(kmeans(equal, 3, Stream.root(1)).inertia).toBe(0);
    expect(kmeans(groups(2, 5, 3), 1, Stream.root(1)).labels).toEqual(new Uint32Array(10));
    expect(kmeans(groups(2, 5, 3), 10, Stream.root(1)).inertia).toBeCloseTo(0, 6);
  });

  it("refuses impossible k and numbers that are not finite", () => {
    expect(() => kmeans(groups(2, 5, 3), 11, Stream.root(1))).toThrow(RangeError);
    expect(() => kmeans(groups(2, 5, 3), 0, Stream.root(1))).toThrow(RangeError);
    expect(() => kmeans(matrix(Float32Array.of(1, Number.NaN), 2, 1), 1, Stream.root(1))).toThrow(RangeError);
  });
});
