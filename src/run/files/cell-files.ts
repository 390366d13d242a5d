import { readFile } from "node:fs/promises";
import path from "node:path";
import { type CellId, cellPath, folderName } from "../../core/cell.ts";
import type { ResultRow } from "../../core/result.ts";
import { writeAtomic } from "../../storage/atomic.ts";

/** The folder of a cell in a run's folder. */
export function cellDir(runDir: string, cell: CellId): string {
  return path.join(runDir, "cells", cellPath(cell));
}

/** The folder of what a fit keeps. */
export function artifactDir(runDir: string, dataset: string, model: string | null, method: string): string {
  return path.join(runDir, "artifacts", ...[dataset, model ?? "none", method].map(folderName));
}

/** The rows of a finished cell, or null when it is not finished: metrics.json is a cell's commit marker. */
export async function readRows(dir: string): Promise<ResultRow[] | null> {
  const file = await readJson<{ readonly rows: ResultRow[] }>(path.join(dir, "metrics.json"));
  return file?.rows ?? null;
}

/** Finishes a cell. */
export async function writeRows(dir: string, rows: readonly ResultRow[]): Promise<void> {
  await writeAtomic(path.join(dir, "metrics.json"), `{"schema": 1, "rows": [\n${rowLines(rows)}\n]}\n`);
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

export async function readFit(dir: string): Promise<FitRecord | null> {
  return readJson<FitRecord>(path.join(dir, "fit.json"));
}

export async function writeFit(dir: string, fit: FitRecord): Promise<void> {
  await writeAtomic(path.join(dir, "fit.json"), `${JSON.stringify(fit)}\n`);
}

/** A file of ours, written whole or not at all; null when it is not there. */
async function readJson<T>(file: string): Promise<T | null> {
  try {
    const value: T = JSON.parse(await readFile(file, "utf8"));
    return value;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
