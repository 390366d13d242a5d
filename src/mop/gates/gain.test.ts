import { expect, it } from "vitest";
import { Stream } from "../../core/stream.ts";
import { studentTQuantile } from "../../numerics/student-t.ts";
import { chosenByOthers, correctedLosses, estimateGain } from "./gain.ts";

const uniform = { logLikelihoods: Float64Array.of(-10, -20, -31), ofHalves: Float64Array.of(-10.5, -20.25, -31) };
const fitted = { logLikelihoods: Float64Array.of(-9, -20, -29), ofHalves: Float64Array.of(-9.75, -20.5, -29) };
const alone = Int32Array.of(0, 1, 2);

it("takes out what a half of the pairs says less than all of them", () => {
  expect([...correctedLosses(uniform)]).toEqual([9.5, 19.75, 31]);
});

it("is the difference of the corrected losses, and says what it corrected", () => {
  const found = estimateGain(uniform, fitted, alone);
  // Corrected: 9.5 - 8.25, 19.75 - 19.5, 31 - 29; as they are: 1, 0, 2.
  expect(found.gain).toBeCloseTo((1.25 + 0.25 + 2) / 3, 12);
  expect(found.samplingBias).toBeCloseTo(1 - 3.5 / 3, 12);
  const reach = studentTQuantile(0.975, 2) * found.gainError + Math.abs(found.samplingBias) / 2;
  expect(found.gainHigh - found.gain).toBeCloseTo(reach, 12);
  expect(found.gain - found.gainLow).toBeCloseTo(reach, 12);
});

it("has nothing to correct where all pairs are scored", () => {
  const exact = { logLikelihoods: uniform.logLikelihoods, ofHalves: uniform.logLikelihoods };
  expect(estimateGain(exact, exact, alone)).toMatchObject({ gain: 0, samplingBias: 0, gainError: 0 });
});

it("lets no record judge what it chose", () => {
  // Two groups; each likes the candidate that the other dislikes.
  const groups = Int32Array.of(4, 4, 9, 9);
  const candidate = (...losses: number[]) => ({
    losses: Float64Array.from(losses),
    judgment: { logLikelihoods: Float64Array.from(losses, (x) => -x), ofHalves: Float64Array.from(losses, (x) => -x) },
  });
  const found = chosenByOthers([candidate(1, 1, 5, 5), candidate(5, 5, 1, 1)], groups, Stream.root(1));
  expect([...found.logLikelihoods]).toEqual([-5, -5, -5, -5]);
});

it("is not flattered by the best of many candidates that are worth nothing", () => {
  const random = Stream.root(3);
  const noise = () => Float64Array.from({ length: 80 }, () => random.normal());
  const own = Int32Array.from({ length: 80 }, (_, i) => i);
  const gains = Array.from({ length: 200 }, (_, t) => {
    const candidates = Array.from({ length: 40 }, () => {
      const losses = noise();
      const logLikelihoods = losses.map((x) => -x);
      return { losses, judgment: { logLikelihoods, ofHalves: logLikelihoods } };
    });
    const { logLikelihoods } = chosenByOthers(candidates, own, random.derive(t));
    return logLikelihoods.reduce((a, b) => a + b, 0) / 80;
  });
  const center = gains.reduce((a, b) => a + b, 0) / gains.length;
  const error = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - center) ** 2, 0)) / gains.length;
  expect(Math.abs(center)).toBeLessThan(4 * error);
});
