import { existsSync } from "node:fs";
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { z } from "zod";
import { InputError } from "../../core/errors.ts";
import type { CachedAnswer, Layer } from "../calls/call.ts";
import type { Scoring } from "../model.ts";
import { callKey } from "./call-key.ts";

/** An answer by the key of its call; what it holds is its kind's to read. */
const answerLine = z.object({ key: z.string(), kept: z.looseObject({ at: z.number() }) });

/** What a model's scores were found to be of when it was recorded (null: it gives none): a replay skips the same cells and asks the same. */
const modelLine = z.object({
  model: z.string(),
  scoring: z.object({ begin: z.string().nullable(), end: z.string().nullable(), asItAnswers: z.boolean() }).nullable(),
});

const line = z.union([answerLine, modelLine]);

/**
 * A file of recorded answers (`--record F`, `--replay F`): a line of JSON a call, by the key of the call. Replayed, a run
 * needs no server and no key and gives the same bytes.
 */
export class Recording {
  readonly #file: string;
  readonly #answers: ReadonlyMap<string, CachedAnswer> | null;
  readonly #scoring: Map<string, Scoring | null>;
  /** Lines that no write has taken yet. */
  readonly #lines: string[] = [];
  #written: Promise<void> = Promise.resolve();

  private constructor(
    file: string,
    answers: ReadonlyMap<string, CachedAnswer> | null,
    scoring: Map<string, Scoring | null>,
  ) {
    this.#file = file;
    this.#answers = answers;
    this.#scoring = scoring;
  }

  /**
   * Starts an empty recording, or goes on with the one of a run that is resumed (a last line that was torn is dropped).
   * @throws InputError when the file exists and no run is resumed.
   */
  static async record(file: string, resumed = false): Promise<Recording> {
    try {
      if (resumed && existsSync(file)) {
        await dropTornLine(file);
        const known = await Recording.replay(file);
        return new Recording(file, null, known.#scoring);
      }
      await writeFile(file, "", { flag: "wx" });
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`--record ${file}: the file cannot be made (${messageOf(error)}). Name a new file.`);
    }
    return new Recording(file, null, new Map());
  }

  /** @throws InputError when the file cannot be read; a line that is no recorded answer is named. */
  static async replay(file: string): Promise<Recording> {
    let content: string;
    try {
      content = await readFile(file, "utf8");
    } catch (error) {
      throw new InputError(`--replay ${file}: the recording cannot be read (${messageOf(error)}).`);
    }
    const answers = new Map<string, CachedAnswer>();
    const scoring = new Map<string, Scoring | null>();
    for (const [i, text] of content.split("\n").entries()) {
      if (text === "") continue;
      const parsed = line.safeParse(parse(text));
      if (!parsed.success) throw new InputError(`--replay ${file}, line ${i + 1}: not a recorded answer.`);
      if ("key" in parsed.data) answers.set(parsed.data.key, parsed.data.kept);
      else scoring.set(parsed.data.model, parsed.data.scoring);
    }
    return new Recording(file, answers, scoring);
  }

  get replays(): boolean {
    return this.#answers !== null;
  }

  /**
   * The recorded answer.
   * @param decode reads it; null: it is none of the call's kind
   * @throws InputError when the recording has none for this call.
   */
  answer<T>(key: string, decode: (recorded: CachedAnswer) => T | null): T {
    const recorded = this.#answers?.get(key);
    const answer = recorded === undefined ? null : decode(recorded);
    if (answer !== null) return answer;
    throw new InputError(
      recorded === undefined
        ? `${this.#file} holds no answer to one of the run's calls: the config, the seed or the prompts differ from what was recorded. Record again with --record.`
        : `${this.#file}: the answer to call ${key} cannot be read. Record again with --record.`,
    );
  }

  async add(key: string, answer: CachedAnswer): Promise<void> {
    await this.#append({ key, kept: answer });
  }

  /** What the model's scores are of, null where it gives none: recorded once, or as it was recorded. */
  async settleScoring(model: string, found: Scoring | null): Promise<Scoring | null> {
    const known = this.#scoring.get(model);
    if (known !== undefined) return known;
    this.#scoring.set(model, found);
    if (!this.replays) await this.#append({ model, scoring: found });
    return found;
  }

  async #append(value: object): Promise<void> {
    this.#lines.push(`${JSON.stringify(value)}\n`);
    // The first line schedules a write, which takes along those that come while the write before it goes on.
    if (this.#lines.length === 1) {
      this.#written = this.#written.then(() => appendFile(this.#file, this.#lines.splice(0).join("")));
    }
    await this.#written;
  }
}

/** Records the answer to every call, or answers every call from what was recorded. */
export function recorded(recording: Recording, now: () => number): Layer {
  return (next, model) => async (kind, request) => {
    const key = callKey(kind, request, model);
    if (recording.replays) return recording.answer(key, (known) => kind.decode(known));
    const answer = await next(kind, request);
    const entry = { at: answer.cachedAt ?? now(), ...kind.encode(answer) };
    await recording.add(key, entry);
    return { ...answer, ...kind.decode(entry) }; // as it will be replayed
  };
}

/** Cuts a file after its last whole line. */
async function dropTornLine(file: string): Promise<void> {
  const bytes = await readFile(file);
  await truncate(file, bytes.lastIndexOf(0x0a) + 1);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
