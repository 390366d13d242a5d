import type { Stream } from "../core/stream.ts";

/** A group is dealt before the others when it would fill more than this share of the smallest part. */
const LARGE = 0.1;

/**
 * Deals groups to parts, so that each part gets its share of the members where groups are small, and at least one group in
 * any case.
 *
 * Small groups are dealt in random order to consecutive parts. A large one would then run over its part's end and eat up the
 * next, so large ones are dealt first, each to a part drawn by the room that is left; the small ones share what is left then.
 * @param sizes members of each group
 * @param shares what each part is to get of the members; they sum to one
 * @returns for each part its groups, in the order dealt
 * @throws RangeError for fewer groups than parts
 */
export function dealGroups(sizes: readonly number[], shares: readonly number[], random: Stream): number[][] {
  if (sizes.length < shares.length) throw new RangeError(`${sizes.length} groups cannot fill ${shares.length} parts.`);
  const total = sum(sizes);
  const large = Math.max(1, LARGE * Math.min(...shares) * total);
  const order = random.permutation(sizes.length);
  const hand = new Hand(shares.length, sizes.length);

  const room = shares.map((share) => share * total);
  for (const group of order) {
    if (sizes[group]! <= large) continue;
    const part = random.weighted(room.map((left, part) => (hand.mayTake(part) ? Math.max(0, left) : 0)));
    hand.give(part, group);
    room[part]! -= sizes[group]!;
  }

  const small = order.filter((group) => sizes[group]! <= large);
  const toDeal = sum(Array.from(small, (group) => sizes[group]!));
  const ends = cumulative(small.length === order.length ? shares : shareOf(room), toDeal);
  let dealt = 0;
  let current = 0;
  for (const group of small) {
    while (current < shares.length - 1 && !hand.isEmpty(current) && (dealt >= ends[current]! || !hand.mayTake(current)))
      current += 1;
    hand.give(current, group);
    dealt += sizes[group]!;
  }
  return hand.parts;
}

/** The parts as they are dealt. */
class Hand {
  readonly parts: number[][];
  #empty: number;
  #left: number;

  constructor(parts: number, groups: number) {
    this.parts = Array.from({ length: parts }, () => []);
    this.#empty = parts;
    this.#left = groups;
  }

  isEmpty(part: number): boolean {
    return this.parts[part]!.length === 0;
  }

  /** Whether the next group may go to a part: not where all that are left are needed to fill the empty ones. */
  mayTake(part: number): boolean {
    return this.#left > this.#empty || this.isEmpty(part);
  }

  give(part: number, group: number): void {
    if (this.isEmpty(part)) this.#empty -= 1;
    this.#left -= 1;
    this.parts[part]!.push(group);
  }
}

/** Where each part ends when `total` members are laid out one after the other. */
function cumulative(shares: readonly number[], total: number): number[] {
  let share = 0;
  return shares.map((part) => {
    share += part;
    return Math.round(share * total);
  });
}

function shareOf(room: readonly number[]): number[] {
  const positive = room.map((left) => Math.max(0, left));
  const total = sum(positive);
  return positive.map((left) => (total === 0 ? 0 : left / total));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
