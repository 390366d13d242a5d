import { InputError } from "../core/errors.ts";
import { type PopulationRecord, recordsChecksum } from "../core/record.ts";
import { Stream } from "../core/stream.ts";
import type { PartName, Parts } from "./dataset.ts";

/** Shares of train, background, gold, reserve when the data bring no split of their own (contract, "Parts of a dataset"). */
const WHOLE = [0.4, 0.2, 0.2, 0.2];
/** Where the data bring train and test: train and background stay 2 : 1 ... */
const OF_TRAIN = [2 / 3, 1 / 3];
/** ... and gold and reserve are halves of test. */
const OF_TEST = [1 / 2, 1 / 2];

export const PART_NAMES: readonly PartName[] = ["train", "background", "gold", "reserve"];

/** What a source has read, before it is split. */
export interface SourceRecords {
  /** All records, or those of the source's own train split. */
  readonly records: readonly PopulationRecord[];
  /** The source's own test split; null when it has none. */
  readonly test: readonly PopulationRecord[] | null;
}

/** The parts, and how many records of train were left out because test holds the same text. */
export interface Split {
  readonly parts: Parts;
  readonly leaks: number;
}

/**
 * Splits records into the four disjoint parts, by a permutation that `splitSeed` gives; nothing else enters.
 *
 * Records of one text (white space at the ends aside) always land in one part: a text of gold is never read in train. Where
 * texts repeat, the shares are therefore met up to the size of such a group. Where the source brings a test split, records of
 * train whose text stands in test are left out, and counted.
 * @throws InputError for equal ids, and when a part would be empty.
 */
export function splitRecords(source: SourceRecords, splitSeed: number, name: string): Split {
  checkIds(source.test === null ? source.records : [...source.records, ...source.test], name);
  const random = Stream.root(splitSeed).derive("split");
  if (source.test === null) {
    const [train = [], background = [], gold = [], reserve = []] = divide(source.records, WHOLE, random);
    const parts = { train, background, gold, reserve };
    checkFilled(parts, source.records.length, name);
    return { parts, leaks: 0 };
  }
  const seen = new Set(source.test.map(textKey));
  const kept = source.records.filter((record) => !seen.has(textKey(record)));
  const [train = [], background = []] = divide(kept, OF_TRAIN, random.derive("train"));
  const [gold = [], reserve = []] = divide(source.test, OF_TEST, random.derive("test"));
  const parts = { train, background, gold, reserve };
  checkFilled(parts, kept.length + source.test.length, name);
  return { parts, leaks: source.records.length - kept.length };
}

/**
 * The default exemplar pool: the first `size` records of train in a random order that `splitSeed` gives, so a smaller pool is
 * the start of a larger one. @throws InputError when train is smaller.
 */
export function uniformPool(
  train: readonly PopulationRecord[],
  splitSeed: number,
): (size: number) => readonly PopulationRecord[] {
  let order: Uint32Array | undefined;
  return (size) => {
    checkPoolSize(size, train.length);
    order ??= Stream.root(splitSeed).derive("pool").permutation(train.length);
    return Array.from(order.subarray(0, size), (index) => train[index]!);
  };
}

/** @throws InputError unless 0 <= size <= available. */
export function checkPoolSize(size: number, available: number): void {
  if (Number.isSafeInteger(size) && size >= 0 && size <= available) return;
  throw new InputError(`An exemplar pool of ${size} records cannot be drawn: train holds ${available}.`);
}

/** Checksum of each part, for run.json and for the refusal to compare runs on different data. */
export function partChecksums(parts: Parts): Record<PartName, string> {
  return {
    train: recordsChecksum(parts.train),
    background: recordsChecksum(parts.background),
    gold: recordsChecksum(parts.gold),
    reserve: recordsChecksum(parts.reserve),
  };
}

function textKey(record: PopulationRecord): string {
  return record.text.trim();
}

function groupByText(records: readonly PopulationRecord[]): PopulationRecord[][] {
  const groups = new Map<string, PopulationRecord[]>();
  for (const record of records) {
    const group = groups.get(textKey(record));
    if (group === undefined) groups.set(textKey(record), [record]);
    else group.push(record);
  }
  return [...groups.values()];
}

/** Deals groups of equal texts, in random order, to consecutive parts. */
function divide(records: readonly PopulationRecord[], shares: readonly number[], random: Stream): PopulationRecord[][] {
  const groups = groupByText(records);
  const parts = shares.map((): PopulationRecord[] => []);
  let share = 0;
  const ends = shares.map((part) => {
    share += part;
    return Math.round(share * records.length);
  });
  let dealt = 0;
  let current = 0;
  for (const index of random.permutation(groups.length)) {
    while (current < parts.length - 1 && dealt >= ends[current]!) current += 1;
    parts[current]!.push(...groups[index]!);
    dealt += groups[index]!.length;
  }
  return parts;
}

function checkIds(records: readonly PopulationRecord[], name: string): void {
  const seen = new Set<string>();
  for (const { id } of records) {
    if (seen.has(id)) throw new InputError(`Dataset ${name}: two records have the id \`${id}\`; ids must be unique.`);
    seen.add(id);
  }
}

function checkFilled(parts: Parts, total: number, name: string): void {
  const empty = PART_NAMES.find((part) => parts[part].length === 0);
  if (empty === undefined) return;
  throw new InputError(
    `Dataset ${name} is too small: ${total} records leave the part \`${empty}\` empty. ` +
      "At least 5 records of different text are needed (3 and 2 where a gold file is given).",
  );
}
