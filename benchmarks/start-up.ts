import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { checkConfig } from "../src/config/load.ts";
import { ConfigSource } from "../src/config/source.ts";
import { InputError } from "../src/core/errors.ts";
import { townsquareDataset } from "../src/embedded/townsquare/townsquare.ts";
import { openRedactor } from "../src/prompts/redact.ts";
import { packageRoot } from "../src/storage/package-root.ts";
import { median, seconds, shown, type Timing } from "./support/measure.ts";

const REPEATS = 9;
/** Lengths of the texts that show how redaction grows: twice the text, twice the time. */
const LENGTHS = [50_000, 100_000, 200_000];

/** A child's processor time in microseconds, on its last line of stdout. */
const METER =
  'data:text/javascript,process.on("exit",()=>{const u=process.cpuUsage();console.log("\\n"+(u.user+u.system))})';

/** What a user waits for before anything happens: `--help`, the embedded dataset, and texts made to hold redaction up. */
export async function benchmarkStartUp(): Promise<void> {
  const root = packageRoot();
  const bundle = path.join(root, "dist", "package", "mopbench.mjs");
  console.log(`\n--help, from the start of the process to its end, median of ${REPEATS}`);
  console.log(`  from a clone: ${shown(help(path.join(root, "src", "cli", "mopbench.mjs")))} (0.5 s allowed)`);
  console.log(
    existsSync(bundle)
      ? `  from the packed bundle: ${shown(help(bundle))} (0.3 s allowed)`
      : "  from the packed bundle: not measured, `make pack` makes it",
  );
  await benchmarkConfigs(root);
  const environment = { id: "townsquare", env: {}, baseDir: root, offline: true, cacheDir: root };
  const town = await median(3, () => townsquareDataset.bind({}).create(environment));
  console.log(`\nThe embedded dataset (12,600 notes), written and split: ${shown(town)}`);

  const redact = await openRedactor();
  console.log("\nRedaction of long runs of what might begin an address");
  for (const length of LENGTHS) {
    const word = await median(3, () => redact("a".repeat(length)));
    const dotted = await median(3, () => redact("1 ".repeat(length / 4) + "a.".repeat(length / 4)));
    console.log(`  ${length} characters: one word ${seconds(word.cpu)}, digits and dots ${seconds(dotted.cpu)} CPU`);
  }
}

/** Configs that are mostly one mistake: what is slow in them is slow twice. */
async function benchmarkConfigs(root: string): Promise<void> {
  console.log("\nConfigs as large as they may be (40,000 keys: 1 s of processor time allowed)");
  const keys = Array.from({ length: 40_000 }, (_, i) => `key${i}: 1\n`).join("");
  const texts: readonly (readonly [what: string, text: string])[] = [
    ["40,000 unknown keys", keys],
    ["half a million open brackets", `a: ${"[".repeat(500_000)}`],
    ["a list of 300,000 numbers", `samples: [${"1,".repeat(300_000)}1]`],
  ];
  for (const [what, text] of texts) {
    const refused = await median(3, () => {
      try {
        checkConfig(new ConfigSource("config", text, {}), "bench", root);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    });
    console.log(`  ${what}, refused: ${shown(refused)}`);
  }
}

/** The median run of `--help`. */
function help(bin: string): Timing {
  const timings = Array.from({ length: REPEATS }, (): Timing => {
    const start = performance.now();
    const said = execFileSync(process.execPath, ["--import", METER, bin, "--help"], { encoding: "utf8" });
    const wall = (performance.now() - start) / 1000;
    return { cpu: Number(said.trim().split("\n").at(-1)) / 1e6, wall };
  });
  return timings.sort((a, b) => a.cpu - b.cpu)[REPEATS >> 1]!;
}
