import { existsSync } from "node:fs";
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { z } from "zod";
import { InputError } from "../../core/errors.ts";
import type { Scoring } from "../model.ts";
import type { Kept } from "./cache.ts";

const answerLine = z.object({
  key: z.string(),
  kept: z.union([
    z.object({
      at: z.number(),
      completion: z.object({
        text: z.string(),
        tokensIn: z.number().nullable(),
        tokensOut: z.number().nullable(),
        finish: z.enum(["stop", "length", "filter", "error"]),
      }),
    }),
    z.object({ at: z.number(), tokens: z.array(z.number()) }),
  ]),
});

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
  readonly #answers: ReadonlyMap<string, Kept> | null;
  readonly #scoring: Map<string, Scoring | null>;
  #queue: Promise<void> = Promise.resolve();

  private constructor(file: string, answers: ReadonlyMap<string, Kept> | null, scoring: Map<string, Scoring | null>) {
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
    const answers = new Map<string, Kept>();
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

  /** The recorded answer. @throws InputError when the recording has none for this call. */
  answer(key: string): Kept {
    const kept = this.#answers?.get(key);
    if (kept === undefined) {
      throw new InputError(
        `${this.#file} holds no answer to one of the run's calls: the config, the seed or the prompts differ from what was recorded. Record again with --record.`,
      );
    }
    return kept;
  }

  async add(key: string, kept: Kept): Promise<void> {
    await this.#append({ key, kept });
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
    this.#queue = this.#queue.then(() => appendFile(this.#file, `${JSON.stringify(value)}\n`));
    await this.#queue;
  }
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
