import { describe, expect, it } from "vitest";
import { fittedOptions, withPreset } from "./options.ts";

const settings = (given: object) => withPreset(fittedOptions.parse(given));

describe("the preset", () => {
  it("ours leaves the defaults", () => {
    expect(settings({})).toMatchObject({
      activePairs: null,
      temperature: null,
      tau: "fixed",
      penalties: [1, 0.3, 0.1, 0.03],
    });
  });

  it("authors stands for the paper's fit", () => {
    expect(settings({ preset: "authors" })).toMatchObject({
      activePairs: 4,
      temperature: 0.6,
      tau: "per-persona",
      penalties: [0],
    });
  });

  it("gives way to what is given", () => {
    const given = { activePairs: 7, temperature: 0.8, tau: "shared", penalties: [0.5] };
    expect(settings({ preset: "authors", ...given })).toMatchObject(given);
    expect(settings({ preset: "authors", tau: "fixed" }).tau).toBe("fixed");
  });
});
