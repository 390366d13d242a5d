import { type CallError, InputError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/hash.ts";
import type { Decoding } from "../../core/sample.ts";
import type { Adaptation, Adaptations } from "../adaptations.ts";
import { isParameterRefused, refusedFields } from "./refused-fields.ts";

/** The two names of the same bound. */
const LIMITS = { max_tokens: "max_completion_tokens", max_completion_tokens: "max_tokens" } as const;

/** Names of what `decoding` sets. */
const DECODING: Readonly<Record<string, keyof Decoding>> = { temperature: "temperature", top_p: "topP" };

/** How one answer is to be drawn. */
export interface Wanted {
  readonly decoding: Decoding;
  /** null: the server draws by its own. */
  readonly seed: number | null;
  /** Where the answer ends; none: where the model ends it. */
  readonly stop: readonly string[];
}

/**
 * The sampling fields of a request as one server takes them. A refused field is sent under its other name or, where the value
 * asked for is the protocol's default, not at all; the run remembers it. What would change the draws stops the run.
 */
export class Dialect {
  readonly #limit: keyof typeof LIMITS;
  readonly #renames: boolean;
  readonly #extra: JsonObject;
  readonly #adaptations: Adaptations;

  /**
   * @param options.limit the bound's name that is tried first
   * @param options.renames whether the route knows the other name too (/completions does not)
   * @param options.extra fields of the config's own
   */
  constructor(options: {
    readonly limit: keyof typeof LIMITS;
    readonly renames: boolean;
    readonly extra: JsonObject;
    readonly adaptations: Adaptations;
  }) {
    this.#limit = options.limit;
    this.#renames = options.renames;
    this.#extra = options.extra;
    this.#adaptations = options.adaptations;
  }

  /**
   * Sends one request, again where the server refuses a field that can be adapted. What was adapted is remembered once the
   * server has answered.
   * @throws InputError for a field whose loss would change the draws, saying what to write; CallErrors of `send` otherwise
   */
  async ask<T>(wanted: Wanted, send: (fields: JsonObject) => Promise<T>): Promise<T> {
    const tried: Adaptation[] = [];
    let refused: CallError | null = null;
    for (;;) {
      const fields = this.#fields(wanted, tried);
      try {
        const answer = await send(fields);
        for (const adaptation of tried) this.#adaptations.add(adaptation);
        return answer;
      } catch (error) {
        const named = refusedFields(error, Object.keys(fields));
        if (named === null) throw error;
        const next = this.#adapt(named.error, named.fields, fields);
        refused ??= named.error;
        if (next === null) throw refused;
        tried.push(next);
      }
    }
  }

  #fields({ decoding, seed, stop }: Wanted, tried: readonly Adaptation[]): JsonObject {
    const fields = new Map(
      Object.entries({
        ...this.#extra,
        temperature: decoding.temperature,
        top_p: decoding.topP,
        ...(seed === null ? {} : { seed }),
        ...(stop.length === 0 ? {} : { stop: [...stop] }),
        [this.#limit]: decoding.maxTokens,
      }),
    );
    for (const { field, instead, write } of [...this.#adaptations.made, ...tried]) {
      const value = fields.get(field);
      const known = instead !== null || write !== null || value === 1; // another value was not refused yet
      if (value === undefined || !known) continue;
      fields.delete(field);
      if (instead !== null) fields.set(instead, value);
    }
    return Object.fromEntries(fields);
  }

  /** How to go on without one of the refused fields; null where none of them is the config's to change. */
  #adapt(error: CallError, refused: readonly string[], sent: JsonObject): Adaptation | null {
    for (const field of refused) {
      const harmless = this.#withoutChange(error, field, sent);
      if (harmless !== null) return harmless;
    }
    for (const field of refused) {
      const write = this.#toWrite(field, sent);
      if (write === null) continue;
      if (this.#adaptations.lenient) return { field, instead: null, write };
      throw new InputError(`${error.message} Every answer would fail so: ${write}.`, { cause: error });
    }
    return null;
  }

  #withoutChange(error: CallError, field: string, sent: JsonObject): Adaptation | null {
    if (!isParameterRefused(error)) return null;
    if (field === this.#limit && this.#renames) {
      const instead = LIMITS[field];
      // By prose alone the server must name the other one: one that ignores fields it does not know would answer without bound.
      return error.code !== null || error.message.includes(instead) ? { field, instead, write: null } : null;
    }
    return field in DECODING && sent[field] === 1 ? { field, instead: null, write: null } : null;
  }

  #toWrite(field: string, sent: JsonObject): string | null {
    const decoding = DECODING[field];
    if (decoding !== undefined) {
      return sent[field] === 1
        ? `write a value of \`decoding.${decoding}\` that the server takes`
        : `write \`decoding: { ${decoding}: 1 }\` (or in the method whose option it is)`;
    }
    if (field === "seed") {
      return "write `seed: false` in the model's options; its answers can then be repeated from a cache or a recording only";
    }
    if (field === "stop") return "write `stop: []` in the model's options";
    return field in this.#extra ? `take \`${field}\` out of the model's \`extraBody\`` : null;
  }
}
