import { fileURLToPath } from "node:url";
import type { PopulationRecord } from "../src/core/record.ts";
import { Stream } from "../src/core/stream.ts";
import { EmbeddedModel } from "../src/embedded/ngram/embedded-model.ts";
import { SIZES, type Size } from "../src/embedded/ngram/settings.ts";
import { townsquareDataset } from "../src/embedded/townsquare/townsquare.ts";
import type { PromptContent } from "../src/prompts/prompt.ts";

/** What issue and docs promise, in tokens a second on one core. */
const PROMISED = { plain: 500_000, tempered: 30_000 };
const ROUNDS = 60;

/** Units a second of this process's own time, the best of many short rounds: what one core does when little else runs. */
function rate(work: () => number): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    const done = work();
    const { user, system } = process.cpuUsage(start);
    best = Math.max(best, done / ((user + system) / 1e6));
  }
  return best;
}

function line(what: string, perSecond: number, promised: number): void {
  const ratio = (perSecond / promised).toFixed(2);
  console.log(`  ${what}: ${Math.round(perSecond).toLocaleString("en")} tokens/s (${ratio} x what is promised)`);
}

function measure(size: Size, background: readonly PopulationRecord[], records: readonly PopulationRecord[]): void {
  const start = process.cpuUsage();
  const model = new EmbeddedModel(`embedded:${size}`, background, { ...SIZES[size], collapse: 0.5 });
  const { heldOutPerplexity, vocabulary } = model.description;
  console.log(
    `embedded:${size}: trained in ${Math.round(process.cpuUsage(start).user / 1000)} ms on ${model.trained.tokens} tokens, ` +
      `vocabulary ${vocabulary}, held-out perplexity ${heldOutPerplexity}`,
  );
  // As MoP scores: every record under several prompts, each with an exemplar and a persona.
  const prompts = (i: number): PromptContent => ({
    context: records[i]!.context,
    persona: i % 2 === 0 ? null : "Someone who writes short notes and counts every penny.",
    exemplars: [records[(i * 7 + 1) % records.length]!],
  });
  const score = (count: number, temperature: number) => () => {
    let tokens = 0;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < 4; j++) {
        const { text } = records[(i + j) % records.length]!;
        tokens += model.scoreContent(prompts(i), text, temperature).length;
      }
    }
    return tokens;
  };
  const random = Stream.root(1).derive("benchmark");
  const draw = (count: number, temperature: number) => () => {
    let tokens = 0;
    for (let i = 0; i < count; i++) {
      const decoding = { temperature, topP: 1, maxTokens: 120 };
      tokens += model.decoder.draw(model.condition(prompts(i)), decoding, () => random.next()).tokens;
    }
    return tokens;
  };
  line("scoring, temperature 1", rate(score(100, 1)), PROMISED.plain);
  line("sampling, temperature 1", rate(draw(200, 1)), PROMISED.plain);
  line("scoring, temperature 0.7", rate(score(10, 0.7)), PROMISED.tempered);
  line("sampling, temperature 0.7", rate(draw(20, 0.7)), PROMISED.tempered);
  let fresh = 0;
  const perSecond = rate(() => {
    const first = 50 * fresh++;
    for (let i = 0; i < 50; i++) {
      model.condition({ ...prompts(i), persona: `Someone who writes ${first + i} short notes.` });
    }
    return 50;
  });
  console.log(`  a prompt not seen before: ${(1e6 / perSecond).toFixed(1)} us`);
}

/** Speed of the embedded models on townsquare, one thread. */
export async function benchmarkEmbedded(): Promise<void> {
  const plugin = townsquareDataset.bind({});
  const dataset = await plugin.create({ env: {}, baseDir: ".", offline: true, cacheDir: ".", id: "townsquare" });
  console.log(
    `Embedded models: townsquare's background of ${dataset.parts.background.length} texts, best of ${ROUNDS}`,
  );
  for (const size of ["large", "small"] as const)
    measure(size, dataset.parts.background, dataset.parts.train.slice(0, 1000));
  console.log(`  peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchmarkEmbedded();
