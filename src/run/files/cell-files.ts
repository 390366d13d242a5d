import { rm } from "node:fs/promises";
import path from "node:path";
import { type CellId, cellPath, folderName } from "../../core/cell.ts";
import type { ResultRow } from "../../core/result.ts";
import { writeAtomic } from "../../storage/atomic.ts";
import type { RunFiles } from "./run-files.ts";

/** The folder of a cell in a run's folder. */
export function cellDir(runDir: string, cell: CellId): string {
  return path.join(runDir, "cells", cellPath(cell));
}

/** The folder of what a fit keeps. */
export function artifactDir(runDir: string, dataset: string, model: string | null, method: string): string {
  return path.join(runDir, "artifacts", ...[dataset, model ?? "none", method].map(folderName));
}

const ROWS = "metrics.json";
const FIT = "fit.json";

/** The rows of a finished cell; null when it is not finished, or they are not as they were written: they are then made again. */
export async function readRows(files: RunFiles, dir: string): Promise<ResultRow[] | null> {
  const kept = await readJson<{ readonly rows: ResultRow[] }>(files, path.join(dir, ROWS));
  return kept?.rows ?? null;
}

/** Finishes a cell. */
export async function writeRows(files: RunFiles, dir: string, rows: readonly ResultRow[]): Promise<void> {
  await files.put(path.join(dir, ROWS), `{"schema": 1, "rows": [\n${rowLines(rows)}\n]}\n`);
  await files.note();
}

/** One row a line: readable, and small differences show in a diff. */
export function rowLines(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row)).join(",\n");
}

/** What is known of a fit without fitting again. */
export interface FitRecord {
  readonly realTextsSeen: number;
  /** Real texts it chose from; absent for texts made elsewhere. */
  readonly pool?: number;
  readonly summary: string;
}

/** What is known of a fit; null where it was not made, or a file that it kept is not as it was written. */
export async function readFit(files: RunFiles, dir: string): Promise<FitRecord | null> {
  if ((await files.lostIn(dir)).length > 0) return null;
  return readJson<FitRecord>(files, path.join(dir, FIT));
}

/**
 * Begins a fit or goes on with one: takes out of its folder what is not as it was left, so that the method makes it again and
 * believes none of it. What stays is the method's to change until the fit is kept.
 * @returns the files that were taken out
 */
export async function reopenFit(files: RunFiles, dir: string): Promise<string[]> {
  const lost = await files.lostIn(dir);
  for (const file of lost) await rm(file, { force: true });
  files.forget(dir);
  await files.note();
  return lost;
}

/** Keeps what is known of a fit that has ended, and with it the JSON files that the method wrote. */
export async function writeFit(files: RunFiles, dir: string, fit: FitRecord): Promise<void> {
  await writeAtomic(path.join(dir, FIT), `${JSON.stringify(fit)}\n`);
  await files.adopt(dir);
  await files.note();
}

async function readJson<T>(files: RunFiles, file: string): Promise<T | null> {
  const bytes = await files.read(file);
  if (bytes === null) return null;
  const value: T = JSON.parse(bytes.toString("utf8"));
  return value;
}
