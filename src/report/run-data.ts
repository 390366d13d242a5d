import path from "node:path";
import type { MapFile } from "../analysis/map.ts";
import { readManifest } from "../analysis/read-manifest.ts";
import type { RunManifest } from "../analysis/run-manifest.ts";
import { cellPath, folderName } from "../core/cell.ts";
import { InputError } from "../core/errors.ts";
import { sha256 } from "../core/hash.ts";
import type { Results } from "../core/result.ts";
import type { Sample } from "../core/sample.ts";
import { byteLines } from "../storage/chained-lines.ts";
import { checksumIfThere } from "../storage/checksum.ts";
import { readAnyway } from "../storage/sealed.ts";

/** The first samples of a cell's repeat 0. */
export interface CellSamples {
  readonly dataset: string;
  readonly model: string | null;
  readonly method: string;
  readonly samples: readonly Sample[];
}

/** A fit's training curve: the objective after each step that was looked at. */
export interface Curve {
  readonly dataset: string;
  readonly model: string | null;
  readonly method: string;
  readonly points: readonly { readonly step: number; readonly train: number | null; readonly heldOut: number | null }[];
}

/** What a report is drawn from: all of it lies in the run's folder. */
export interface RunData {
  readonly manifest: RunManifest;
  readonly results: Results;
  readonly maps: MapFile;
  readonly samples: readonly CellSamples[];
  readonly curves: readonly Curve[];
  /** What is not shown because its file is not as the run wrote it, a sentence each. */
  readonly leftOut: readonly string[];
}

/** Lines of samples.jsonl that are looked at for the samples side by side. */
const SAMPLES_READ = 40;

/**
 * Reads a run's folder. What is not as the run wrote it is never shown: without results there is no report, without the rest it
 * says what it leaves out.
 * @throws InputError when run.json or results.json is missing or damaged
 */
export async function readRun(runDir: string): Promise<RunData> {
  const { manifest, sealed } = await readManifest(runDir);
  const folder = new CheckedFolder(runDir, sealed ? (manifest.files ?? {}) : null);
  const results = await readResults(folder);
  const maps = (await folder.json<MapFile>("maps.json", "the maps are")) ?? { schema: 1, maps: [] };
  const samples: CellSamples[] = [];
  const curves: Curve[] = [];
  for (const cell of cellsOf(results)) {
    const name = `cells/${cellPath({ ...cell, repeat: 0 })}/samples.jsonl`;
    const first = firstSamples(await folder.firstLines(name, "its samples are", SAMPLES_READ));
    if (first.length > 0) samples.push({ ...cell, samples: first });
    const folders = [cell.dataset, cell.model ?? "none", cell.method].map(folderName);
    const artifact = await folder.json<unknown>(`artifacts/${folders.join("/")}/mop.json`, "its training curve is");
    const points = curveOf(artifact);
    if (points.length > 1) curves.push({ ...cell, points });
  }
  if (!sealed)
    folder.leftOut.push("This run is of version 0.1, whose files carry no checksums: damage would not show.");
  return { manifest, results, maps, samples, curves, leftOut: folder.leftOut };
}

/** The rows and comparisons. @throws InputError when there are none, or others than the run wrote */
async function readResults(folder: CheckedFolder): Promise<Results> {
  const { bytes, fits, known } = await folder.look("results.json");
  const again = "go on with the run by --resume, which makes it again";
  const file = path.join(folder.dir, "results.json");
  if (!known)
    throw new InputError(
      `${file}${bytes === null ? " is missing" : ""}: the run has not finished; go on with it by --resume.`,
    );
  if (bytes === null) throw new InputError(`${file} is missing: ${again}.`);
  const results = fits ? parse<Results>(bytes) : null;
  if (results?.schema !== 1 || !Array.isArray(results.rows))
    throw new InputError(`${file} is damaged: it is not as the run wrote it; ${again}.`);
  return results;
}

/** The files of a run beside the checksums that run.json has of them, and what had to be left out. */
class CheckedFolder {
  readonly dir: string;
  readonly leftOut: string[] = [];
  readonly #sums: RunManifest["files"] | null;

  /** @param sums null for a run of version 0.1, which kept none */
  constructor(dir: string, sums: NonNullable<RunManifest["files"]> | null) {
    this.dir = dir;
    this.#sums = sums;
  }

  /** A file's bytes, whether the run wrote it, and whether they are as it did. */
  async look(name: string) {
    const bytes = await readAnyway(path.join(this.dir, name));
    const sum = this.#sums?.[name];
    const unchecked = this.#sums === null && bytes !== null;
    return {
      bytes,
      known: unchecked || sum !== undefined,
      fits: unchecked || (bytes !== null && sha256(bytes) === sum),
    };
  }

  /** A file's bytes; null where it is not as the run wrote it, which is said, or the run wrote none. */
  async read(name: string, shown: string): Promise<Buffer | null> {
    const { bytes, known, fits } = await this.look(name);
    if (fits) return bytes;
    if (known || bytes !== null) this.#leaveOut(name, shown);
    return null;
  }

  /** The first lines of a file, which may be too large for one buffer; none where `read` gives null. */
  async firstLines(name: string, shown: string, count: number): Promise<Buffer[]> {
    const file = path.join(this.dir, name);
    const sum = this.#sums?.[name];
    const found = await checksumIfThere(file);
    const lines: Buffer[] = [];
    if (found !== null && (this.#sums === null || found === sum)) {
      for await (const { bytes, whole } of byteLines(file)) {
        if (!whole || lines.length === count) break;
        lines.push(bytes);
      }
    } else if (sum !== undefined || found !== null) this.#leaveOut(name, shown);
    return lines;
  }

  /** The value of a JSON file; as `read`. */
  async json<T>(name: string, shown: string): Promise<T | null> {
    const bytes = await this.read(name, shown);
    const value = bytes === null ? null : parse<T>(bytes);
    if (bytes !== null && value === null) this.#leaveOut(name, shown);
    return value;
  }

  #leaveOut(name: string, shown: string): void {
    this.leftOut.push(`${name} is not as the run wrote it: ${shown} left out of this report.`);
  }
}

function parse<T>(bytes: Buffer): T | null {
  try {
    const value: T = JSON.parse(bytes.toString("utf8"));
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

type Cell = Omit<CellSamples, "samples">;

/** The cells of a results file in its order, references left out. */
function cellsOf(results: Results): Cell[] {
  const cells = new Map<string, Cell>();
  for (const { dataset, model, method } of results.rows) {
    if (dataset === null) continue;
    const key = JSON.stringify([dataset, model, method]);
    if (!cells.has(key)) cells.set(key, { dataset, model, method });
  }
  return [...cells.values()];
}

/** The samples of lines of samples.jsonl, up to the first that is none. */
function firstSamples(lines: readonly Buffer[]): Sample[] {
  const samples: Sample[] = [];
  for (const line of lines) {
    const sample = parse<Sample>(line);
    if (sample === null) break;
    samples.push(sample);
  }
  return samples.sort((a, b) => a.index - b.index);
}

/** The curve in a MoP artifact, where it has one; steps start anew with each penalty and are counted on here. */
function curveOf(artifact: unknown): Curve["points"] {
  const curve = member(member(artifact, "fit"), "curve");
  if (!Array.isArray(curve)) return [];
  let [before, last] = [0, 0];
  return curve.flatMap((entry: unknown) => {
    const [step, train, heldOut] = ["step", "train", "heldOut"].map((name) => finite(member(entry, name)));
    if (step == null) return [];
    if (step <= last) before += last;
    last = step;
    return [{ step: before + step, train: train ?? null, heldOut: heldOut ?? null }];
  });
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
