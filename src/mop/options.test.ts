import { describe, expect, it } from "vitest";
import { issueLines } from "../config/issues.ts";
import { ConfigSource } from "../config/source.ts";
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

describe("an old spelling of an option", () => {
  it.each([
    ["lengthNormalised", "lengthNormalized"],
    ["renormalise", "renormalize"],
  ])("%s is refused with the new one", (old, respelled) => {
    const source = new ConfigSource("c.yaml", `${old}: true\n`, {});
    const { error } = fittedOptions.safeParse({ [old]: true });
    const said = issueLines(source, [], { [old]: true }, error!, fittedOptions);
    expect(said.join("\n")).toContain(`${old}: unknown key. Did you mean \`${respelled}\`?`);
  });
});
