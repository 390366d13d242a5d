import { homedir } from "node:os";
import path from "node:path";
import { resolveItem } from "../config/named.ts";
import { ConfigSource } from "../config/source.ts";
import type { Io } from "../core/io.ts";
import { inLine, printable, visibleLine } from "../core/printable.ts";
import { contextKey } from "../core/record.ts";
import { loadCard, whereTextsAre } from "../data/card.ts";
import type { Dataset, DatasetDefinition } from "../data/dataset.ts";
import { PART_NAMES, partChecksums } from "../data/parts.ts";
import { shortened } from "../report/format.ts";
import { defaultCacheDir } from "../run/services.ts";
import { tokenizerNamed } from "../text/tokenizer.ts";
import { lackSpaces, spacesWarning } from "../text/unspaced.ts";
import { registriesOf } from "./plugins.ts";

/** What `mopbench data` may be told, as parsed from the command line. */
export interface DataFlags {
  readonly rows?: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Characters of a context, and of a text, that are shown. */
const CONTEXT_LENGTH = 300;
const TEXT_LENGTH = 5000;

/** Prints everything that `datasets` in a config can name: data sets with their card, and sources of the user's own data. */
export async function listDatasets(flags: DataFlags, io: Io): Promise<void> {
  const { registries } = await registriesOf(io);
  const known = await registries.datasets.loaded();
  const entries = await Promise.all(known.names.map((name) => listed(name, known.get(name))));
  if (flags.json) {
    io.stdout(
      `${JSON.stringify(
        entries.map(({ json }) => json).filter((json) => json !== null),
        null,
        2,
      )}\n`,
    );
    return;
  }
  const width = Math.max(...known.names.map((name) => name.length));
  for (const { name, line } of entries) io.stdout(`${name.padEnd(width)}  ${line}\n`);
}

async function listed(name: string, { card: carded, summary, example }: DatasetDefinition) {
  if (carded === undefined)
    return { name, line: `${summary}${example === undefined ? "" : `, e.g. ${example}`}`, json: null };
  const card = await loadCard(carded);
  const { title, source, revision, license, language, hub } = card;
  const json = { name, title, summary: card.summary, source, hub: hub?.id ?? null, revision, license, language };
  return {
    name,
    line: `${title}; ${whereTextsAre(card)}; license: ${license}`,
    json: { ...json, ready: hub === null },
  };
}

/**
 * Prints a dataset's card, parts and first rows of train; of a dataset whose texts are not at hand, the card alone.
 * @throws InputError for an unknown name, and what loading throws.
 */
export async function showDataset(spec: string, flags: DataFlags, io: Io): Promise<void> {
  const source = new ConfigSource("NAME", `dataset: ${spec}`, io.env);
  const written: { readonly dataset?: unknown } =
    typeof source.value === "object" && source.value !== null ? source.value : {};
  const { registries } = await registriesOf(io);
  const item = await resolveItem(source, registries.datasets, written.dataset, ["dataset"]);
  const { card: carded } = await registries.datasets.load(item.name);
  const card = carded === undefined ? null : await loadCard(carded);
  if (card !== null && card.hub !== null) {
    if (flags.json) io.stdout(`${JSON.stringify({ card, parts: null, rows: null }, null, 2)}\n`);
    else {
      io.stdout(cardText(card, whereTextsAre(card)));
      io.stderr("Its texts are on the hub, which this version does not read: only the card is shown.\n");
    }
    return;
  }
  const cacheDir = path.join(defaultCacheDir(io.env, homedir()), "datasets");
  const dataset = await item.bound.create({ id: item.id, env: io.env, baseDir: io.cwd, offline: true, cacheDir });
  for (const note of flags.quiet ? [] : (dataset.notes ?? [])) io.stderr(`${inLine(note)}\n`);
  if (lackSpaces(dataset.parts.gold.map(({ text }) => text)))
    io.stderr(`warning: ${inLine(spacesWarning(dataset.id, "`tokenizer: words` in the config"))}\n`);
  const rows = dataset.parts.train.slice(0, flags.rows);
  if (flags.json) {
    io.stdout(`${JSON.stringify({ card: dataset.card, parts: partsOf(dataset), rows }, null, 2)}\n`);
    return;
  }
  io.stdout(cardText(dataset.card, card === null ? `read from ${dataset.card.source}` : whereTextsAre(card)));
  for (const part of partsOf(dataset)) {
    const line = `${part.name.padEnd(10)} ${String(part.records).padStart(7)} records, ${part.contexts} contexts, ${part.words} words at the median`;
    io.stdout(`  ${line}\n`);
  }
  for (const { id, context, text } of rows) {
    const label = context.label === null ? "" : ` [${context.label}]`;
    const asked = [id, context.text, label].map((part) => shortened(part, CONTEXT_LENGTH));
    const head = visibleLine(`${asked[0]}: ${asked[1]}${asked[2]}`);
    io.stdout(`\n${head}\n  ${printable(shortened(text, TEXT_LENGTH)).replaceAll("\n", "\n  ")}\n`);
  }
}

function cardText(
  card: Pick<Dataset["card"], "name" | "title" | "summary" | "license" | "revision">,
  at: string,
): string {
  const revision = card.revision === null ? "" : `, revision ${card.revision}`;
  return printable(`${card.title} (${card.name})\n${card.summary}\n${at}${revision}\nlicense: ${card.license}\n`);
}

function partsOf(dataset: Dataset) {
  const checksums = partChecksums(dataset.parts);
  const spaceless = lackSpaces(dataset.parts.train.map(({ text }) => text));
  const tokenizer = tokenizerNamed(spaceless ? "words" : "whitespace");
  return PART_NAMES.map((name) => {
    const records = dataset.parts[name];
    const lengths = records.map(({ text }) => tokenizer.split(text).length);
    return {
      name,
      records: records.length,
      contexts: new Set(records.map(({ context }) => contextKey(context))).size,
      words: lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0,
      checksum: checksums[name],
    };
  });
}
