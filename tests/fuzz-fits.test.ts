import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../src/core/errors.ts";
import { Stream } from "../src/core/stream.ts";
import { loadArtifact } from "../src/mop/artifact.ts";
import { fitMixture } from "../src/mop/fit-mixture.ts";
import { type FittedOptions, fittedOptions } from "../src/mop/options.ts";
import { type ScriptedModel, worldContext, worldModel, worldRecords, worldWriter } from "../src/testing/mop-world.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { damaged, drawOf, drawsOf } from "./support/draws.ts";

/** A fit, and what it asks: scores at two places, or answers and personas that a model writes. */
interface Kind {
  readonly name: string;
  readonly options: Partial<FittedOptions>;
  readonly model: () => ScriptedModel;
}

const SCORED: Kind = {
  name: "a fit that scores",
  options: { personas: 3, exemplars: 12, pairs: 3, maxSteps: 5, tau: "shared", tauRecords: 6 },
  model: worldModel,
};
const WRITTEN: Kind = {
  name: "a fit that generates",
  options: {
    objective: "mmd",
    personas: 3,
    personaSource: "model",
    exemplars: 12,
    records: 16,
    candidates: 6,
    answers: 4,
  },
  model: worldWriter,
};
const KINDS = [SCORED, WRITTEN];

/** Bytes of an entry of a score table. */
const ENTRY = 24;

const train = worldRecords(60, Stream.root(5).derive("train"));

/** Fits in a folder; `seed` is that of the run. */
async function makeFit({ options, model }: Kind, artifactDir: string, seed = 1): Promise<number> {
  const asked = model();
  const random = Stream.root(seed).derive("world", "mop");
  const context = await worldContext({ train, model: asked, artifactDir, random, decoding: decodingOf(seed) });
  await fitMixture(context, "mop", { kind: "learned", options: fittedOptions.parse(options) }, true);
  return asked.calls.count;
}

/** Another run of the fuzzer's differs in what scores and answers depend on. */
const decodingOf = (seed: number) => ({ temperature: seed === 1 ? 1 : 0.8, topP: 1, maxTokens: 50 });

/** What a fit's folder holds; of score tables the entries, whose order is that in which answers came. */
async function contentOf(dir: string): Promise<ReadonlyMap<string, string>> {
  const content = new Map<string, string>();
  for (const name of (await readdir(dir)).sort()) {
    const bytes = await readFile(path.join(dir, name));
    content.set(name, name.endsWith(".bin") ? entriesOf(bytes).sort().join("\n") : bytes.toString());
  }
  return content;
}

function entriesOf(bytes: Buffer): string[] {
  const count = Math.ceil(bytes.length / ENTRY);
  return Array.from({ length: count }, (_, i) => bytes.toString("hex", i * ENTRY, (i + 1) * ENTRY));
}

/** Folders of finished fits: one, and another run's. */
const folders = new Map<Kind, { readonly dir: string; readonly other: string; readonly calls: number }>();
beforeAll(async () => {
  for (const kind of KINDS) {
    const [dir, other] = [testFolder(), testFolder()];
    const calls = await makeFit(kind, dir);
    await makeFit(kind, other, 2);
    folders.set(kind, { dir, other, calls });
  }
});

/** Harms one file of a folder in a way drawn by the stream, and says how. */
async function harm(dir: string, other: string, random: Stream): Promise<{ name: string; how: string }> {
  const name = random.pick((await readdir(dir)).sort());
  const file = path.join(dir, name);
  const way = random.int(10);
  if (way === 0) {
    await rm(file);
    return { name, how: "gone" };
  }
  if (way === 1) {
    await cp(path.join(other, name), file);
    return { name, how: "another run's" };
  }
  const { how, bytes } = damaged(await readFile(file), random);
  await writeFile(file, bytes);
  return { name, how };
}

describe.each(KINDS)("$name, its files damaged", (kind) => {
  it("ends with the same bytes, and asks for no more than what was lost", async () => {
    const { dir, other, calls } = folders.get(kind)!;
    const whole = await contentOf(dir);
    for (let draw = 0; draw < drawsOf({ quick: 12, full: 150 }); draw++) {
      const random = drawOf(`fits ${kind.name}`, draw);
      const copy = testFolder();
      await cp(dir, copy, { recursive: true });
      const done: string[] = [];
      let lost = 0;
      for (let harms = 1 + random.int(2); harms > 0; harms--) {
        const { name, how } = await harm(copy, other, random);
        done.push(`${name}: ${how}`);
        // An artifact that is sound hides what happened to the rest, so half of the time it goes too.
        if (random.int(2) === 0) await rm(path.join(copy, "mop.json"), { force: true });
      }
      const kept = await contentOf(copy);
      for (const [name, content] of whole)
        if (name.endsWith(".bin")) {
          const there = new Set(kept.get(name)?.split("\n"));
          lost += content.split("\n").filter((entry) => !there.has(entry)).length;
        } else if (name !== "mop.json" && !name.startsWith("scores") && kept.get(name) !== content) lost += calls;
      const asked = await makeFit(kind, copy);
      const which = `draw ${draw}: ${done.join("; ")}`;
      expect((await contentOf(copy)).get("mop.json") === whole.get("mop.json"), which).toBe(true);
      // At a start two texts are scored to find out what the model can. Bytes that moved may hide entries from this count alone.
      expect(asked, which).toBeLessThanOrEqual(lost + 2);
    }
  });

  it("is refused in a sentence where a config names its artifact", async () => {
    const { dir } = folders.get(kind)!;
    const bytes = await readFile(path.join(dir, "mop.json"));
    const file = path.join(testFolder(), "mop.json");
    for (let draw = 0; draw < drawsOf({ quick: 40, full: 1000 }); draw++) {
      const { how, bytes: changed } = damaged(bytes, drawOf(`artifacts ${kind.name}`, draw));
      await writeFile(file, changed);
      const loaded: unknown = await loadArtifact(file).catch((error: unknown) => error);
      if (changed.equals(bytes)) continue;
      expect(loaded, `draw ${draw}: ${how}`).toBeInstanceOf(InputError);
      expect(String(loaded).split("\n"), `draw ${draw}: ${how}`).toHaveLength(1);
    }
  });
});
