import { describe, expect, it } from "vitest";
import type { Matrix } from "../../core/matrix.ts";
import { Stream } from "../../core/stream.ts";
import { drawPairs, everyPair, rankProposal, similarityProposal } from "./design.ts";

const proposal = { personas: Float64Array.of(0.5, 0.3, 0.2), exemplars: Float64Array.of(0.1, 0, 0.6, 0.3) };

describe("drawPairs", () => {
  it("draws each pair as often as the proposal says, and keeps its probability", () => {
    const design = drawPairs(4000, 5, () => proposal, Stream.root(2));
    const counts = new Map<string, number>();
    for (let t = 0; t < design.persona.length; t++) {
      const [k, j] = [design.persona[t]!, design.exemplar[t]!];
      expect(design.logProposal[t]).toBeCloseTo(Math.log(proposal.personas[k]! * proposal.exemplars[j]!), 12);
      counts.set(`${k} ${j}`, (counts.get(`${k} ${j}`) ?? 0) + 1);
    }
    for (const [k, p] of proposal.personas.entries())
      for (const [j, q] of proposal.exemplars.entries()) {
        const expected = 20_000 * p * q;
        expect(Math.abs((counts.get(`${k} ${j}`) ?? 0) - expected)).toBeLessThanOrEqual(5 * Math.sqrt(expected));
      }
  });

  it("estimates a mixture's likelihood without bias", () => {
    const likelihood = (k: number, j: number): number => Math.exp(-k - 2 * j);
    const gate = (_k: number, j: number): number => (j === 1 ? 0 : 1 / 9);
    let truth = 0;
    for (let k = 0; k < 3; k++) for (let j = 0; j < 4; j++) truth += gate(k, j) * likelihood(k, j);
    const records = 20_000;
    const S = 4;
    const { persona, exemplar, logProposal } = drawPairs(records, S, () => proposal, Stream.root(8));
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < records; i++) {
      let estimate = 0;
      for (let t = i * S; t < (i + 1) * S; t++)
        estimate +=
          (gate(persona[t]!, exemplar[t]!) * likelihood(persona[t]!, exemplar[t]!)) / Math.exp(logProposal[t]!) / S;
      sum += estimate / records;
      squares += estimate ** 2 / records;
    }
    const error = Math.sqrt((squares - sum ** 2) / records);
    expect(Math.abs(sum - truth)).toBeLessThan(4 * error);
  });

  it("depends on the stream's name alone", () => {
    const stream = Stream.root(2);
    stream.next();
    expect(drawPairs(3, 4, () => proposal, stream)).toEqual(drawPairs(3, 4, () => proposal, Stream.root(2)));
  });
});

describe("everyPair", () => {
  it("weighs each pair by one, and masked ones by nothing", () => {
    const design = everyPair(2, 3, [Int32Array.of(), Int32Array.of(1)]);
    expect([...design.persona]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
    expect([...design.exemplar]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    const weights = design.logProposal.map((log) => Math.exp(-log) / 6);
    for (const [t, weight] of weights.entries()) expect(weight).toBeCloseTo(t === 7 || t === 10 ? 0 : 1, 12);
  });
});

describe("similarityProposal", () => {
  it("prefers the similar, keeps half uniform", () => {
    const others: Matrix = { data: Float32Array.of(1, 0, 0, 1, -1, 0), rows: 3, cols: 2 };
    const open = similarityProposal(Float32Array.of(1, 0), others, 0.5);
    expect(open.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(open[0]).toBeGreaterThan(0.6);
    expect(open[2]).toBeCloseTo(1 / 6, 6);
  });
});

describe("rankProposal", () => {
  const overlap = Float64Array.of(0, 7, 0, 3, 9);
  const cosines = Float64Array.of(0.1, 0, 0.5, 0, 1);

  it("falls with the rank by overlap, ties by cosine, and gives masked exemplars nothing", () => {
    const found = rankProposal(overlap, cosines, Int32Array.of(4), 0.2);
    const sum = 1 + 1 / 2 + 1 / 3 + 1 / 4;
    const expected = [1 / 4, 1, 1 / 3, 1 / 2].map((weight) => 0.2 / 4 + (0.8 * weight) / sum);
    for (const [j, weight] of [...expected, 0].entries()) expect(found[j]).toBeCloseTo(weight, 12);
  });

  it("is uniform where nothing tells exemplars apart", () => {
    const found = rankProposal(new Float64Array(4), new Float64Array(4), new Int32Array(0), 0.5);
    for (const weight of found) expect(weight).toBeCloseTo(1 / 4, 12);
  });
});
