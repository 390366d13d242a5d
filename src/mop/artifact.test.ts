import { readFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { seal } from "../storage/sealed.ts";
import { NO_FILES, putInPlace } from "../testing/in-its-place.ts";
import { worldContext } from "../testing/mop-world.ts";
import { testFolder } from "../testing/test-folder.ts";
import { loadArtifact, saveArtifact } from "./artifact.ts";
import { fitMixture } from "./fit-mixture.ts";
import { fittedOptions } from "./options.ts";

interface Stored {
  [member: string]: unknown;
  matrices: Record<string, { shape: number[]; float32: string } | null>;
  encoder: Record<string, unknown>;
}

const dir = testFolder();
let file: string;
let stored: Stored;

beforeAll(async () => {
  file = path.join(dir, "mop.json");
  const options = fittedOptions.parse({ personas: 4, exemplars: 20, pairs: 4, rank: 5, maxSteps: 40 });
  await fitMixture(await worldContext({ artifactDir: dir }), "mop", { kind: "learned", options }, true);
  stored = JSON.parse(await readFile(file, "utf8"));
});

async function broken(change: (artifact: Stored) => void): Promise<string> {
  const copy = structuredClone(stored);
  change(copy);
  const target = path.join(dir, "broken.json");
  Reflect.deleteProperty(copy, "checksum");
  await writeFile(target, seal(JSON.stringify(copy)));
  return target;
}

describe("mop.json", () => {
  it("comes back as it was written", async () => {
    const artifact = await loadArtifact(file);
    const copy = path.join(dir, "copy.json");
    await saveArtifact(copy, artifact);
    expect(await readFile(copy, "utf8")).toBe(await readFile(file, "utf8"));
    expect(await loadArtifact(copy)).toEqual(artifact);
    expect(artifact).toMatchObject({ schema: 2, dataset: { id: "world" }, model: { id: "test:world" } });
    expect(artifact.contexts.map((c) => c.count)).toEqual([100, 100, 100, 100]);
    expect(artifact.matrices.contextWeights).toMatchObject({ rows: 5, cols: 25 });
    expect(artifact.fit?.curve).toBeDefined();
  });

  const matrix = (artifact: Stored, name: string) => artifact.matrices[name]!;

  it.each<[string, (artifact: Stored) => void, RegExp]>([
    ["another schema", (a) => Object.assign(a, { schema: 3 }), /schema 2 or 1 \(`schema` is 3\)/],
    ["a missing part", (a) => Reflect.deleteProperty(a, "personas"), /`personas`/],
    ["a temperature of zero", (a) => Object.assign(a, { temperatures: [0, 1, 1, 1] }), /`temperatures.0`/],
    ["too few temperatures", (a) => Object.assign(a, { temperatures: [1] }), /1 values for 4 personas/],
    [
      "a shape that lies",
      (a) => Object.assign(matrix(a, "exemplars"), { shape: [19, 5] }),
      /matrices\.exemplars.*shape/,
    ],
    [
      "a matrix of another size",
      (a) => Object.assign(matrix(a, "personas"), matrix(a, "exemplars")),
      /matrices\.personas` is 20 x 5; 4 x 5/,
    ],
    [
      "a number that is none",
      (a) =>
        Object.assign(matrix(a, "personas"), {
          float32: Buffer.from(new Float32Array(20).fill(Number.NaN).buffer).toString("base64"),
        }),
      /not finite/,
    ],
    ["a missing matrix", (a) => Object.assign(a.matrices, { contexts: null }), /matrices\.contexts` is missing/],
    [
      "a matrix out of place",
      (a) => Object.assign(a, { gate: { kind: "uniform", cosineTemperature: null } }),
      /no place in a uniform gate/,
    ],
    [
      "a simplex gate without weights",
      (a) => Object.assign(a, { gate: { kind: "simplex", cosineTemperature: null } }),
      /`simplex` is missing in a simplex gate/,
    ],
    [
      "listed weights that are none",
      (a) => {
        const float32 = Buffer.from(Float32Array.of(Number.POSITIVE_INFINITY).buffer).toString("base64");
        const simplex = { by: "label", groups: [], pairs: [[0, 0]], weights: { shape: [1, 1], float32 } };
        Object.assign(a, { simplex });
      },
      /`simplex\.weights` holds a number that is not finite/,
    ],
    [
      "a view that is none",
      (a) => Object.assign(a.encoder, { view: { exemplar: "all", label: true } }),
      /`encoder\.view\.exemplar`/,
    ],
  ])("refuses %s in one sentence", async (_name, change, message) => {
    const target = await broken(change);
    await expect(loadArtifact(target)).rejects.toThrow(InputError);
    await expect(loadArtifact(target)).rejects.toThrow(message);
  });

  it("reads what version 0.1 wrote, without a checksum, and nothing else without one", async () => {
    const former = path.join(dir, "former.json");
    const { checksum: _, ...rest } = stored;
    await writeFile(former, JSON.stringify({ ...rest, schema: 1 }, null, 1));
    expect(await loadArtifact(former)).toEqual(await loadArtifact(file));
    await writeFile(former, JSON.stringify(rest, null, 1));
    await expect(loadArtifact(former)).rejects.toThrow(/is damaged or was changed.*Take a sound copy, or fit again/);
  });

  it("finds every bit that changed", async () => {
    const bytes = await readFile(file);
    const target = path.join(dir, "flipped.json");
    for (let at = 0; at < bytes.length; at += 997) {
      await writeFile(target, bytes.with(at, bytes[at]! ^ 1));
      await expect(loadArtifact(target)).rejects.toThrow(InputError);
    }
  });

  it.each(Object.keys(NO_FILES))("says so where it is %s", async (what) => {
    await putInPlace(what, path.join(dir, "odd.json"));
    const loading = loadArtifact(path.join(dir, "odd.json"));
    await expect(loading).rejects.toThrow(InputError);
    await expect(loading).rejects.toThrow(/odd\.json is a (folder|pipe or a device); .* writes a MoP artifact\.$/);
  });

  it("says so where it is too large to be one", async () => {
    await writeFile(path.join(dir, "large.json"), "");
    await truncate(path.join(dir, "large.json"), 2 ** 30);
    await expect(loadArtifact(path.join(dir, "large.json"))).rejects.toThrow(/large\.json is larger than 512 MB\./);
  });

  it("refuses a file that is none", async () => {
    await expect(loadArtifact(path.join(dir, "none.json"))).rejects.toThrow(
      /^There is no file .*none\.json\. `mopbench run` with the method `mop` writes a MoP artifact\.$/,
    );
    await writeFile(path.join(dir, "text.json"), "{");
    await expect(loadArtifact(path.join(dir, "text.json"))).rejects.toThrow(/not JSON/);
  });

  it("leaves texts out when told, and then needs the data", async () => {
    const context = await worldContext();
    const options = fittedOptions.parse({ personas: 4, exemplars: 20, pairs: 4, maxSteps: 20, keepTexts: false });
    await fitMixture(context, "mop", { kind: "learned", options }, true);
    const kept = path.join(context.artifactDir, "mop.json");
    expect((await loadArtifact(kept)).exemplars.every((e) => e.text === null)).toBe(true);
    const use = { kind: "learned", options: fittedOptions.parse({ artifact: kept }) } as const;
    expect((await fitMixture(context, "mop", use, true)).exemplars[0]!.text).not.toBe("");
    await expect(fitMixture({ ...context, train: [] }, "mop", use, true)).rejects.toThrow(/leaves out texts/);
  });
});
