import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import type { MapFile } from "../analysis/map.ts";
import type { RunManifest } from "../analysis/run-manifest.ts";
import { cellPath, folderName } from "../core/cell.ts";
import { InputError } from "../core/errors.ts";
import type { Results } from "../core/result.ts";
import type { Sample } from "../core/sample.ts";

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
}

/** Lines of samples.jsonl that are looked at for the samples side by side. */
const SAMPLES_READ = 40;

/**
 * Reads a run's folder.
 * @throws InputError when run.json or results.json is missing or is none of ours
 */
export async function readRun(runDir: string): Promise<RunData> {
  const manifest = await readOurs<RunManifest>(runDir, "run.json");
  const results = await readOurs<Results>(runDir, "results.json");
  const maps = (await readIfThere<MapFile>(path.join(runDir, "maps.json"))) ?? { schema: 1, maps: [] };
  const cells = cellsOf(results);
  const samples = await Promise.all(
    cells.map(async (cell) => {
      const file = path.join(runDir, "cells", cellPath({ ...cell, repeat: 0 }), "samples.jsonl");
      return { ...cell, samples: await firstSamples(file, SAMPLES_READ) };
    }),
  );
  const curves = await Promise.all(
    cells.map(async (cell) => {
      const folders = [cell.dataset, cell.model ?? "none", cell.method].map(folderName);
      const artifact = await readIfThere<unknown>(path.join(runDir, "artifacts", ...folders, "mop.json"));
      return { ...cell, points: curveOf(artifact) };
    }),
  );
  return {
    manifest,
    results,
    maps,
    samples: samples.filter((cell) => cell.samples.length > 0),
    curves: curves.filter((curve) => curve.points.length > 1),
  };
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

async function readOurs<T extends { readonly schema: 1 }>(runDir: string, name: string): Promise<T> {
  const file = path.join(runDir, name);
  let value: T | null;
  try {
    value = await readIfThere<T>(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${file} is no JSON: ${error.message}`);
    throw error;
  }
  if (value === null) {
    const hint = name === "run.json" ? "no run's folder" : "the run has not finished; go on with it by --resume";
    throw new InputError(`${file} is missing: ${hint}.`);
  }
  if (typeof value !== "object" || value.schema !== 1) throw new InputError(`${file} is not a ${name} of schema 1.`);
  return value;
}

/** A JSON file of ours, or null when it is not there. */
async function readIfThere<T>(file: string): Promise<T | null> {
  try {
    const value: T = JSON.parse(await readFile(file, "utf8"));
    return value;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

/** The first lines of samples.jsonl that are whole, without reading the rest. */
async function firstSamples(file: string, count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const stream = createReadStream(file, "utf8");
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === "") continue;
      const sample: Sample = JSON.parse(line);
      samples.push(sample);
      if (samples.length === count) break;
    }
  } catch (error) {
    const missing = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    if (!missing && !(error instanceof SyntaxError)) throw error; // a torn last line is expected of a killed run
  } finally {
    stream.destroy();
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
