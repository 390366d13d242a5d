import { InputError } from "../core/errors.ts";
import { type PopulationRecord, recordsChecksum } from "../core/record.ts";
import { Stream } from "../core/stream.ts";
import { copyGroups } from "../text/near-copies.ts";
import type { NearCopies, PartName, Parts } from "./dataset.ts";
import { dealGroups } from "./deal.ts";

type Shares = { readonly [part in PartName]?: number };

/** When the data bring no split of their own. */
const WHOLE: Shares = { train: 0.4, background: 0.2, gold: 0.2, reserve: 0.2 };
/** Where they bring train and test: train and background stay 2 : 1 ... */
const OF_TRAIN: Shares = { train: 2 / 3, background: 1 / 3 };
/** ... and gold and reserve are halves of test. */
const OF_TEST: Shares = { gold: 1 / 2, reserve: 1 / 2 };

export const PART_NAMES: readonly PartName[] = ["train", "background", "gold", "reserve"];

/** What a source has read, before it is split. */
export interface SourceRecords {
  /** All records, or those of the source's own train split. */
  readonly records: readonly PopulationRecord[];
  /** The source's own test split; null when it has none. */
  readonly test: readonly PopulationRecord[] | null;
  /** Every record was drawn anew from a known law, its text different from all others: likeness is chance, and none is a copy. */
  readonly drawnAnew?: boolean;
}

/** The parts, and the near-copies that were kept together. */
export interface Split {
  readonly parts: Parts;
  /** null where every record was drawn anew: none was looked for. */
  readonly nearCopies: NearCopies | null;
}

/**
 * Splits records into the four disjoint parts, by a permutation that `splitSeed` gives; nothing else enters.
 *
 * Near-copies (`copyGroups`) always land in one part: a text of gold is never read in train, nor one that is as good as it.
 * Where the source brings a test split, records of train with a near-copy in test are left out, and counted.
 * @throws InputError for equal ids, and when there are not enough different texts for every part to have one.
 */
export function splitRecords(source: SourceRecords, splitSeed: number, name: string): Split {
  const { records, test } = source;
  const all = test === null ? records : [...records, ...test];
  checkIds(all, name);
  const groups = source.drawnAnew === true ? all.map((_, i) => i) : [...copyGroups(all.map(({ text }) => text))];
  const random = Stream.root(splitSeed).derive("split");
  const nearCopies = (leftOut: number) => (source.drawnAnew === true ? null : countCopies(groups, leftOut));
  if (test === null) {
    const [train = [], background = [], gold = [], reserve = []] = divide(records, groups, WHOLE, random, name);
    return { parts: { train, background, gold, reserve }, nearCopies: nearCopies(0) };
  }
  const ofTest = groups.slice(records.length);
  const seen = new Set(ofTest);
  const isKept = (_: unknown, i: number) => !seen.has(groups[i]!);
  const kept = records.filter(isKept);
  const ofKept = groups.slice(0, records.length).filter(isKept);
  const [train = [], background = []] = divide(kept, ofKept, OF_TRAIN, random.derive("train"), name);
  const [gold = [], reserve = []] = divide(test, ofTest, OF_TEST, random.derive("test"), name);
  return { parts: { train, background, gold, reserve }, nearCopies: nearCopies(records.length - kept.length) };
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

/** Deals records to parts of these shares, near-copies together. @param groups the group of each record */
function divide(
  records: readonly PopulationRecord[],
  groups: readonly number[],
  shares: Shares,
  random: Stream,
  name: string,
): PopulationRecord[][] {
  const byGroup = new Map<number, PopulationRecord[]>();
  for (const [i, record] of records.entries()) {
    const members = byGroup.get(groups[i]!);
    if (members === undefined) byGroup.set(groups[i]!, [record]);
    else members.push(record);
  }
  const together = [...byGroup.values()];
  const names = Object.keys(shares);
  if (together.length < names.length)
    throw new InputError(
      `Dataset ${name} is too small: ${names.join(", ")} need a text each, and there are ${together.length} ` +
        `(of ${records.length} records; near-copies count as one).`,
    );
  const dealt = dealGroups(
    together.map((members) => members.length),
    Object.values(shares),
    random,
  );
  return dealt.map((part) => part.flatMap((group) => together[group]!));
}

function countCopies(groups: readonly number[], leftOut: number): NearCopies {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const several = [...sizes.values()].filter((size) => size > 1);
  return { groups: several.length, records: several.reduce((sum, size) => sum + size, 0), leftOut };
}

function checkIds(records: readonly PopulationRecord[], name: string): void {
  const seen = new Set<string>();
  for (const { id } of records) {
    if (seen.has(id)) throw new InputError(`Dataset ${name}: two records have the id \`${id}\`; ids must be unique.`);
    seen.add(id);
  }
}
