import { definer } from "../core/definition.ts";
import type { JsonObject } from "../core/hash.ts";
import type { Matrix } from "../core/matrix.ts";
import type { PopulationRecord } from "../core/record.ts";
import type { Clock } from "../http/clock.ts";

/** A frozen sentence encoder h(text). Deterministic: equal texts give equal rows. */
export interface Encoder {
  /** The id of rows; everything that changes the numbers (precision, maxTokens) is part of `fingerprint`. */
  readonly id: string;
  readonly width: number;
  /** Whether rows come with unit length; FID says so. */
  readonly normalized: boolean;
  /** Content hash of everything that changes the numbers: the key of stored embeddings. */
  readonly fingerprint: string;
  readonly description: JsonObject;
  /** Texts leave the process. */
  readonly callsOut?: boolean;
  /** One row a text, in order. The empty string has an embedding too. */
  encode(texts: readonly string[]): Promise<Matrix>;
  close?(): Promise<void>;
}

/** What a provider may use to make an encoder. */
export interface EncoderEnvironment {
  /** The dataset's background part: what `embedded:lsa` is fitted on. */
  readonly background: readonly PopulationRecord[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly baseDir: string;
  readonly offline: boolean;
  /** Folder of the embedding store, or null to keep none. */
  readonly storeDir: string | null;
  /** Is told what the user should know of it, what happened to that store too; absent: Node's own warnings are told that. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Fires when the user asks to stop; what is being asked of a server ends. */
  readonly signal?: AbortSignal | undefined;
  /** Only a plan is made: a server is asked nothing, and the width of an encoder behind one is 0. */
  readonly planning?: boolean | undefined;
  /** Waits between attempts at a server, in ms; retry.ts has the defaults. */
  readonly backoff?: { readonly first: number; readonly longest: number } | undefined;
  /** Times the calls to a server, and what it asks to be waited; the system's clock by default. */
  readonly clock?: Clock | undefined;
}

/**
 * Defines a provider of encoders.
 * @example
 * const lengths = defineEncoder({
 *   summary: "the length of a text",
 *   options: z.strictObject({}),
 *   id: () => "lengths",
 *   create: (_options, _environment, id) => ({
 *     id, width: 1, normalized: false, fingerprint: "lengths 1", description: {},
 *     encode: async (texts) => matrix(Float32Array.from(texts, (text) => text.length), texts.length, 1),
 *   }),
 * });
 */
export const defineEncoder = definer<EncoderEnvironment, Encoder>();
