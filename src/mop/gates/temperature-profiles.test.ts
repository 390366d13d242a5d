import { describe, expect, it } from "vitest";
import { temperatureProfiles } from "./temperature-profiles.ts";

describe("temperatureProfiles", () => {
  const first = [
    { k: 0, logWeight: Math.log(0.5), scores: [-2, -3] },
    { k: 1, logWeight: Math.log(0.25), scores: [-4, -1] },
  ];
  const second = [{ k: 1, logWeight: 0, scores: [-5, -6] }];

  it("takes the mean over the records that have pairs", () => {
    const { shared } = temperatureProfiles([first, [], second], 3, 2);
    const alone = [0, 1].map((g) =>
      Math.log(0.5 * Math.exp(first[0]!.scores[g]!) + 0.25 * Math.exp(first[1]!.scores[g]!)),
    );
    expect(shared[0]).toBeCloseTo((alone[0]! - 5) / 2, 12);
    expect(shared[1]).toBeCloseTo((alone[1]! - 6) / 2, 12);
  });

  it("gives each persona its share of a record times what its own pairs say", () => {
    const { own } = temperatureProfiles([first, second], 3, 2);
    const posterior = (g: number): number => {
      const [a, b] = [0.5 * Math.exp(first[0]!.scores[g]!), 0.25 * Math.exp(first[1]!.scores[g]!)];
      return a / (a + b);
    };
    const share = (posterior(0) + posterior(1)) / 2;
    expect(own[0]![0]).toBeCloseTo(share * (Math.log(0.5) - 2), 12);
    expect(own[1]![1]).toBeCloseTo((1 - share) * (Math.log(0.25) - 1) - 6, 12);
    expect([...own[2]!]).toEqual([0, 0]);
  });

  it("says nothing where no record has a pair", () => {
    expect([...temperatureProfiles([[], []], 1, 2).shared]).toEqual([0, 0]);
  });
});
