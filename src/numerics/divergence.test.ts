import { kldivergence } from "mathjs";
import { describe, expect, test } from "vitest";
import { expectEqual, labelDivergences } from "../testing/metrics/golden.ts";
import { jsDivergence, klDivergence, shares, smoothedShares, totalVariation } from "./divergence.ts";

const number = (value: number | string) => (typeof value === "number" ? value : Number.POSITIVE_INFINITY);

describe("Divergences of counts", () => {
  for (const reference of labelDivergences) {
    const { counts_p, counts_q } = reference;
    test(`${counts_p} against ${counts_q} equal their references`, () => {
      const p = shares(counts_p);
      const q = shares(counts_q);
      if (number(reference.kl_pq) === Number.POSITIVE_INFINITY) {
        expect([klDivergence(p, q), klDivergence(q, p)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
      } else {
        expectEqual(klDivergence(p, q), number(reference.kl_pq), "KL(p || q)", 1e-3);
        expectEqual(klDivergence(q, p), number(reference.kl_qp), "KL(q || p)", 1e-3);
      }
      const eps = klDivergence(smoothedShares(counts_p, 1e-10), smoothedShares(counts_q, 1e-10));
      expectEqual(eps, reference.kl_pq_eps1e10, "KL with epsilon", 1e-3);
      expectEqual(klDivergence(shares(counts_p, 1), shares(counts_q, 1)), reference.kl_pq_laplace, "Laplace", 1e-3);
      expectEqual(klDivergence(shares(counts_p, 0.5), shares(counts_q, 0.5)), reference.kl_pq_kt, "KT", 1e-3);
      const js = jsDivergence(p, q);
      expectEqual(js, reference.js_nats, "JS", 1e-3);
      expectEqual(js / Math.LN2, reference.js_bits, "JS in bits", 1e-3);
      expectEqual(Math.sqrt(js), reference.scipy_jensenshannon_distance_base_e, "JS distance", 1e-3);
      expectEqual(totalVariation(p, q), reference.tv, "total variation", 1e-3);
    });
  }

  test("equal mathjs, which normalizes for itself", () => {
    const p = [3, 1, 4, 1, 5];
    const q = [2, 7, 1, 8, 2];
    expect(klDivergence(shares(p), shares(q))).toBeCloseTo(kldivergence(p, q), 12);
  });

  test("refuse counts of nothing", () => {
    expect(() => shares([0, 0])).toThrow(RangeError);
  });
});
