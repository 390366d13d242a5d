import type { Stream } from "../ports.ts";
import type { Scene } from "./contexts.ts";
import { type Expansion, Grammar } from "./grammar.ts";
import { writeOut } from "./hand.ts";
import type { Lexicon } from "./lexicon.ts";
import type { Occasion, Resident } from "./resident.ts";
import type { TownWords } from "./town-words.ts";

export const SHORTEST = 8;
export const LONGEST = 80;

/** Probability that an opinion is favorable, and that it weighs both sides, for 1 to 5 stars. */
const FAVORABLE = [0.04, 0.18, 0.5, 0.84, 0.97];
const BOTH_SIDES = [0.03, 0.16, 0.4, 0.16, 0.02];
/** What the occasion adds to the logarithm of the length: nobody writes much before work. */
const LEISURE: Readonly<Record<Occasion, number>> = {
  "before work": -0.15,
  "lunch break": -0.1,
  "rainy Saturday": 0.08,
  "family visiting": 0.1,
  "quiet weekday": 0.1,
  "evening out": 0,
};
/** How many draws a sentence gets to fit into the length that is left. */
const FIT_TRIES = 5;
/** Writes notes as residents would. Holds words and parsed templates alone: a note is a function of (resident, scene, stream). */
export class NoteWriter {
  readonly #words: TownWords;
  readonly #grammar = new Grammar();
  readonly #own = new Map<Resident, Lexicon>();

  constructor(words: TownWords) {
    this.#words = words;
  }

  /** A note of 8 to 80 words. */
  write(resident: Resident, scene: Scene, random: Stream): string {
    const { habits } = resident;
    const { places, occasions, names, mainstream } = this.#words;
    const scopes = [this.#lexicon(resident), places[scene.kind], occasions[scene.occasion], names, mainstream];
    const expansion = this.#grammar.begin(scopes, random);
    const length = targetLength(resident, scene, random);
    const sentence = (role: string) => pickSentence(resident, mainstream, role, expansion, random);

    const head: string[] = [];
    const tail: string[] = [];
    let used = 0;
    const add = (list: string[], role: string, limit: number): boolean => {
      for (let tries = 0; tries < FIT_TRIES; tries++) {
        const text = sentence(role);
        if (used + wordCount(text) > limit) continue;
        list.push(text);
        used += wordCount(text);
        return true;
      }
      return false;
    };
    const slack = Math.min(LONGEST, Math.max(SHORTEST + 8, Math.round(length * 1.2)));
    if (random.next() < habits.opens * Math.min(1, length / 20)) add(head, "open", slack);
    if (random.next() < habits.closes * Math.min(1, length / 20)) add(tail, `end${leaning(scene, random)}`, slack);
    add(head, opinionRole(resident, scene, random), Math.max(slack, used + 20)); // every note says what it thinks
    for (let misses = 0; used < length * 0.9 && misses < 3; ) {
      if (!add(head, bodyRole(resident, scene, random), slack)) misses += 1;
    }
    while (used < SHORTEST) add(head, opinionRole(resident, scene, random), LONGEST);
    return writeOut([...head, ...tail], habits.style, random);
  }

  /** The resident's own lists, their adjectives and adverbs mixed with those anyone uses. */
  #lexicon(resident: Resident): Lexicon {
    const known = this.#own.get(resident);
    if (known !== undefined) return known;
    const { mainstream, predicative, absolute } = this.#words;
    const mixed = (name: string) => [...(resident.lexicon[name] ?? []), ...(mainstream[name] ?? [])];
    const [pos, neg, amp] = [mixed("pos"), mixed("neg"), mixed("amp")];
    const [apos, aneg] = [attributive(pos, predicative), attributive(neg, predicative)];
    const [gpos, gneg] = [gradable(apos, absolute), gradable(aneg, absolute)];
    const lexicon = { ...resident.lexicon, pos, neg, amp, apos, aneg, gpos, gneg };
    this.#own.set(resident, lexicon);
    return lexicon;
  }
}

export function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

/** Log-normal around the resident's habit, longer where they care (place, stars) and have time (occasion). */
function targetLength({ habits, affinity }: Resident, scene: Scene, random: Stream): number {
  const log =
    Math.log(habits.words) +
    habits.spread * random.normal() +
    habits.zeal * (Math.abs(scene.stars - 3) - 1) +
    0.12 * (affinity.kinds[scene.kind] ?? 0) +
    LEISURE[scene.occasion];
  return Math.min(LONGEST - 8, Math.max(SHORTEST, Math.exp(log)));
}

function pickSentence(
  resident: Resident,
  mainstream: Lexicon,
  role: string,
  expansion: Expansion,
  random: Stream,
): string {
  const own = random.next() >= resident.habits.mainstream;
  const list = (own ? resident.lexicon[role] : mainstream[role]) ?? mainstream[role];
  if (list === undefined) throw new RangeError(`The town has no sentences for \`${role}\`.`);
  return expansion.sentence(list);
}

/** Opinions, anecdotes and digressions as the resident mixes them. */
function bodyRole(resident: Resident, scene: Scene, random: Stream): string {
  const { opinion, tale, aside } = resident.habits.mix;
  const kind = random.weighted([opinion, tale, aside]);
  return kind === 0 ? opinionRole(resident, scene, random) : kind === 1 ? "tale" : "aside";
}

function opinionRole({ habits }: Resident, scene: Scene, random: Stream): string {
  if (random.next() < BOTH_SIDES[scene.stars - 1]!) return "mixed";
  return random.next() < FAVORABLE[scene.stars - 1]! + habits.cheer * 0.5 ? "plus" : "minus";
}

function leaning(scene: Scene, random: Stream): "+" | "-" | "~" {
  if (scene.stars === 3) return random.next() < 0.7 ? "~" : random.next() < 0.5 ? "+" : "-";
  if (random.next() < 0.15) return scene.stars === 1 || scene.stars === 5 ? (scene.stars === 5 ? "+" : "-") : "~";
  return scene.stars > 3 ? "+" : "-";
}

function attributive(adjectives: readonly string[], predicative: ReadonlySet<string>): readonly string[] {
  return adjectives.filter((word) => !word.includes(" ") && !predicative.has(bare(word)));
}

function gradable(adjectives: readonly string[], absolute: ReadonlySet<string>): readonly string[] {
  return adjectives.filter((word) => !absolute.has(bare(word)));
}

function bare(adjective: string): string {
  return adjective.replace(/@.*/, "");
}
