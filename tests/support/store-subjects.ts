import { mkdirSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { GoldCache } from "../../src/cli/score/gold-cache.ts";
import { InputError } from "../../src/core/errors.ts";
import { matrix } from "../../src/core/matrix.ts";
import { storedEncoder } from "../../src/encoders/store.ts";
import { derivedNumbers, memoOf } from "../../src/metrics/memo.ts";
import { SampleSet } from "../../src/metrics/sample-set.ts";
import { CallCache } from "../../src/models/layers/cache.ts";
import { Recording } from "../../src/models/layers/recording.ts";

/** A store that is built, damaged and used. */
export interface Subject {
  readonly name: string;
  /** Where its files lie in the folder it is built in. */
  readonly files: string;
  /** Builds it, and leaves it open where it can be. @param of all names of another build are others */
  build(folder: string, of: string): Promise<void>;
  /**
   * Opens it, asks for everything that was kept, keeps it again, and asks again. Throws where something comes back that was not kept.
   * @param meanwhile called while it is open
   * @returns how many were there the first time, and the second
   */
  use(folder: string, of: string, meanwhile: () => void): Promise<readonly [number, number]>;
}

const PLACES = [...Array(120).keys()];
const TEXTS = ["", "short", "\ud800 \udc00\ud800", "a\0b", "long ".repeat(900)];
const textAt = (of: string, i: number) => `${of} ${i} ${TEXTS[i % TEXTS.length]}`;

/** Whether something came back. Throws where it is not what was kept. */
function isKept(found: unknown, kept: unknown): boolean {
  if (found !== undefined && !isDeepStrictEqual(found, kept)) throw new Error("another value came back");
  return found !== undefined;
}

const quiet = { warn: () => {} };

const answers: Subject = {
  name: "answers",
  files: "calls",
  async build(folder, of) {
    const cache = await CallCache.open(folder, quiet);
    await Promise.all(PLACES.map((i) => cache.put(`${of} ${i}`, answerAt(of, i))));
    await cache.put("not folded into the file", { at: 0 });
  },
  async use(folder, of, meanwhile) {
    const cache = await CallCache.open(folder, quiet);
    for (const i of PLACES.slice(0, 10)) cache.get(`${of} ${i}`);
    meanwhile();
    const ask = () => PLACES.filter((i) => isKept(cache.get(`${of} ${i}`), answerAt(of, i))).length;
    const before = ask();
    await Promise.all(PLACES.map((i) => cache.put(`${of} ${i}`, answerAt(of, i))));
    const after = ask();
    cache.summary();
    cache.close();
    const again = await CallCache.open(folder, quiet);
    if (again.summary().entries > 2 * PLACES.length + 1) throw new Error("more answers than were kept");
    again.close();
    return [before, after];
  },
};

const answerAt = (of: string, i: number) => ({ at: i, completion: { text: textAt(of, i) }, tokens: [-1 - i, 0.5] });

const embeddings: Subject = {
  name: "embeddings",
  files: "codes",
  async build(folder, of) {
    const encoder = await storedEncoder(codes(), folder, quiet.warn);
    await encoder.encode(PLACES.map((i) => textAt(of, i)));
  },
  async use(folder, of, meanwhile) {
    const texts = PLACES.map((i) => textAt(of, i));
    let asked = 0;
    const encoder = await storedEncoder(
      codes((count) => (asked += count)),
      folder,
      quiet.warn,
    );
    await encoder.encode(texts.slice(0, 10));
    meanwhile();
    const { data } = await codes().encode(texts);
    const there: number[] = [];
    for (let times = 0; times < 2; times++) {
      asked = 0;
      isKept((await encoder.encode(texts)).data, data);
      there.push(PLACES.length - asked);
    }
    await encoder.close?.();
    return [there[0]!, there[1]!];
  },
};

/** An encoder of a text's length and code units. @param onAsked is told how many texts are asked for */
function codes(onAsked: (count: number) => void = () => {}) {
  const row = (text: string) =>
    Array.from({ length: 64 }, (_, i) => text.length + text.charCodeAt(i % text.length) / 7);
  return {
    ...{ id: "codes", width: 64, normalized: false, fingerprint: "codes", description: {} },
    async encode(texts: readonly string[]) {
      onAsked(texts.length);
      return matrix(Float32Array.from(texts.flatMap(row)), texts.length, 64);
    },
  };
}

const gold: Subject = {
  name: "gold numbers",
  files: "gold",
  async build(folder, of) {
    await numbersIn(path.join(folder, "gold"), of, () => {});
  },
  async use(folder, of, meanwhile) {
    const before = await numbersIn(path.join(folder, "gold"), of, meanwhile);
    return [before, await numbersIn(path.join(folder, "gold"), of, () => {})];
  },
};

/** Numbers of some sets. @returns how many were there */
async function numbersIn(folder: string, of: string, meanwhile: () => void): Promise<number> {
  let there = 0;
  for (const i of [1, 2, 3]) {
    const make = () => Float64Array.from(PLACES, (place) => (place === 0 ? Number.NaN : place / i));
    const set = new SampleSet({ texts: PLACES.slice(0, i).map((place) => textAt(of, place)) });
    const keep = await new GoldCache(folder, quiet).open(set);
    if (memoOf(set).size > 0) there += 1;
    meanwhile();
    isKept(derivedNumbers("fuzz 1", make)(set), make());
    await keep();
  }
  return there;
}

const recording: Subject = {
  name: "recording",
  files: "recordings",
  async build(folder, of) {
    mkdirSync(path.join(folder, "recordings"));
    const made = await Recording.record(path.join(folder, "recordings", "answers.jsonl"));
    await made.settleScoring("m", { begin: null, end: of, asItAnswers: false });
    for (const i of PLACES) await made.add(`${of} ${i}`, answerAt(of, i));
    await made.close();
  },
  async use(folder, of) {
    const file = path.join(folder, "recordings", "answers.jsonl");
    const there = (replayed: Recording) =>
      PLACES.filter((i) => {
        const found = orRefused(() => replayed.answer(`${of} ${i}`, (kept) => kept));
        return isKept(found, answerAt(of, i));
      }).length;
    const before = (await Recording.replay(file).then(there, refused)) ?? 0;
    const resumed = await Recording.record(file, true).catch(refused);
    if (resumed === undefined) return [before, 0];
    for (const i of PLACES) await resumed.add(`${of} ${i}`, answerAt(of, i));
    await resumed.close();
    return [before, there(await Recording.replay(file))];
  },
};

/** A refusal is an answer; any other error is a fault. */
function refused(error: unknown): undefined {
  if (!(error instanceof InputError)) throw error;
}

function orRefused<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    return refused(error);
  }
}

export const SUBJECTS: readonly Subject[] = [answers, embeddings, gold, recording];
