import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { townPopulation } from "../../src/embedded/townsquare/population.ts";
import { readTownWords } from "../../src/embedded/townsquare/town-words.ts";
import { writeTown } from "../../src/embedded/townsquare/townsquare.ts";
import { encodeNpy } from "../../src/storage/npy.ts";
import { topicRows } from "./measure.ts";

const SIZE = 5000;
const WIDTH = 768;
/** How far the synthetic embeddings lie from gold: hardly, as a good method's do, or plainly. */
const DRIFTS = { near: 0.002, far: 0.02 };

/**
 * Writes what `mopbench score --metrics all` is timed on into a folder, the same bytes each time: 5000 gold notes with unit
 * rows of 768 numbers, and 5000 others.
 */
export function writeScoreInput(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const words = readTownWords();
  const { records } = writeTown(words, townPopulation(words.residents), 2 * SIZE, 0);
  const sides = [
    { name: "gold", rows: topicRows(SIZE, WIDTH, 1, 0), texts: records.slice(0, SIZE) },
    ...Object.entries(DRIFTS).map(([name, drift]) => ({
      name,
      rows: topicRows(SIZE, WIDTH, 2, drift),
      texts: records.slice(SIZE),
    })),
  ];
  for (const { name, rows, texts } of sides) {
    writeFileSync(path.join(folder, `${name}.npy`), encodeNpy(rows));
    writeFileSync(
      path.join(folder, `${name}.jsonl`),
      texts.map(({ text }) => `${JSON.stringify({ text })}\n`).join(""),
    );
  }
}
