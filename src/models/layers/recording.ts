import { z } from "zod";
import { InputError } from "../../core/errors.ts";
import { Appender } from "../../storage/appender.ts";
import { byteLines, LineChain } from "../../storage/chained-lines.ts";
import { isThere } from "../../storage/disk.ts";
import { codeOf, fileProblem } from "../../storage/file-problem.ts";
import { checkRegular, unreadable } from "../../storage/regular-file.ts";
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

/** What the first checksum is of; its number goes up when what a line holds changes. */
const TITLE = "mopbench recording 1";

/** What stands in a recording. */
interface Recorded {
  readonly answers: ReadonlyMap<string, CachedAnswer>;
  readonly scoring: Map<string, Scoring | null>;
  /** Goes on after its last line. */
  readonly chain: LineChain;
}

/**
 * A file of recorded answers (`--record F`, `--replay F`): a line of JSON a call, by the key of the call. Each line carries a
 * checksum over itself and the lines before it, so nothing is believed that was not recorded just so. Replayed, a run needs no
 * server and no key and gives the same bytes.
 */
export class Recording {
  readonly #file: string;
  readonly #answers: ReadonlyMap<string, CachedAnswer> | null;
  readonly #scoring: Map<string, Scoring | null>;
  readonly #chain: LineChain;
  /** null: it replays. */
  readonly #appender: Appender | null;
  #closed: Promise<void> | null = null;

  private constructor(file: string, { answers, scoring, chain }: Recorded, appender: Appender | null) {
    this.#file = file;
    this.#answers = appender === null ? answers : null;
    this.#scoring = scoring;
    this.#chain = chain;
    this.#appender = appender;
  }

  /**
   * Starts an empty recording, or goes on with the one of a run that is resumed (a last line that was torn is dropped).
   * @throws InputError when the file exists and no run is resumed, when it cannot be made, and for damage
   */
  static async record(file: string, resumed = false): Promise<Recording> {
    const cannot = (what: string, cause: unknown) => new InputError(`--record ${file}: ${what}.`, { cause });
    try {
      if (resumed && (await isThere(file))) {
        const { whole, ...recorded } = await readRecording(file, `--record ${file}`);
        return new Recording(file, recorded, await Appender.open(file, whole));
      }
      const empty = { answers: new Map(), scoring: new Map(), chain: new LineChain(TITLE) };
      return new Recording(file, empty, await Appender.create(file));
    } catch (error) {
      if (codeOf(error) === "EEXIST") throw cannot(await whatIsThere(file), error);
      const problem = fileProblem(error);
      throw problem === null ? error : cannot(`the file cannot be made (${problem.reason}). Name a new file`, error);
    }
  }

  /** @throws InputError when the file cannot be read; the first line that is not as it was recorded is named */
  static async replay(file: string): Promise<Recording> {
    const { torn, lines, ...recorded } = await readRecording(file, `--replay ${file}`);
    if (torn)
      throw new InputError(
        `--replay ${file}, line ${lines + 1}: the line is cut off. Go on with its run (--resume, with --record), or record again.`,
      );
    return new Recording(file, recorded, null);
  }

  get replays(): boolean {
    return this.#appender === null;
  }

  /** @throws what an earlier write threw: what is recorded from then on would be lost */
  check(): void {
    this.#appender?.check();
  }

  /** Waits until all that was recorded is on disk, and lets go of the file. @throws what writing threw */
  close(): Promise<void> {
    this.#closed ??= this.#appender?.close() ?? Promise.resolve();
    return this.#closed;
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

  /** Keeps an answer; resolves when it is handed to the system. @throws as `check` */
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
    await this.#appender?.append(this.#chain.seal(JSON.stringify(value)));
  }
}

/** Records the answer to every call, or answers every call from what was recorded. */
export function recorded(recording: Recording, now: () => number): Layer {
  return (next, model) => async (kind, request) => {
    const key = callKey(kind, request, model);
    if (recording.replays) return recording.answer(key, (known) => kind.decode(known));
    recording.check(); // an answer that cannot be recorded is not paid for
    const answer = await next(kind, request);
    const entry = { at: answer.cachedAt ?? now(), ...kind.encode(answer) };
    await recording.add(key, entry);
    return { ...answer, ...kind.decode(entry) }; // as it will be replayed
  };
}

/**
 * Reads a recording up to its end, or to a last line that is torn.
 * @param named the flag and the file, for errors
 */
async function readRecording(
  file: string,
  named: string,
): Promise<Recorded & { readonly torn: boolean; readonly lines: number; readonly whole: number }> {
  const answers = new Map<string, CachedAnswer>();
  const scoring = new Map<string, Scoring | null>();
  const chain = new LineChain(TITLE);
  let [torn, lines, whole] = [false, 0, 0];
  try {
    for await (const { bytes, whole: ended } of byteLines(file, named)) {
      torn = !ended;
      if (torn) break;
      const parsed = line.safeParse(chain.read(bytes));
      if (!parsed.success)
        throw new InputError(
          `${named}, line ${lines + 1}: not as it was recorded by this version: the line was changed, lost, doubled or moved. Record again with --record.`,
        );
      if ("key" in parsed.data) answers.set(parsed.data.key, parsed.data.kept);
      else scoring.set(parsed.data.model, parsed.data.scoring);
      lines += 1;
      whole += bytes.length + 1;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const known = unreadable(file, error);
    throw new InputError(`${named}: the recording cannot be read. ${messageOf(known)}`, { cause: error });
  }
  return { answers, scoring, chain, torn, lines, whole };
}

/** Why no new file can be made, as the end of a sentence. */
async function whatIsThere(file: string): Promise<string> {
  try {
    await checkRegular(file);
  } catch {
    return "a folder, a link, a pipe or a device has that name. Name a new file";
  }
  return "there is such a file already. Name a new file, or go on with its run (--resume)";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
