import { resolveList } from "../../config/named.ts";
import { ConfigSource } from "../../config/source.ts";
import { InputError } from "../../core/errors.ts";
import type { Encoder, EncoderEnvironment } from "../../encoders/encoder.ts";
import type { Registries } from "../../plugins/compose.ts";
import type { Side } from "./side.ts";

/** Where the sides' embeddings come from: the user's own files, or an encoder. */
export type EmbeddingSource =
  | { readonly kind: "given"; readonly id: "given" }
  | { readonly kind: "encoder"; readonly id: string; readonly encoder: Encoder; readonly fittedOnGold: boolean };

/** The encoder used when none is named and no embeddings are given. */
const DEFAULT = "embedded:lsa";

/**
 * Decides how both sides are embedded, and opens the encoders. An encoder that learns from texts learns from the gold ones.
 * @throws InputError for an unknown encoder, for one named where there are no texts, and for embeddings of one side only.
 */
export async function embeddingSources(
  named: readonly string[],
  synthetic: Side,
  gold: Side,
  environment: Omit<EncoderEnvironment, "background">,
  registries: Pick<Registries, "encoders">,
): Promise<EmbeddingSource[]> {
  const lacking = [synthetic, gold].find((side) => side.texts === null);
  const given: EmbeddingSource[] =
    synthetic.embeddings !== null && gold.embeddings !== null ? [{ kind: "given", id: "given" }] : [];
  if (given.length === 0 && (synthetic.embeddings !== null || gold.embeddings !== null)) {
    const [has, hasNot] = synthetic.embeddings === null ? [gold, synthetic] : [synthetic, gold];
    if (lacking !== undefined || named.length === 0)
      throw new InputError(
        `There are embeddings of the ${has.role} side only. Give --${hasNot.role}-embeddings too, or texts on both sides.`,
      );
  }
  const wanted = named.length > 0 ? named : given.length > 0 ? [] : [DEFAULT];
  if (wanted.length === 0) return given;
  if (lacking !== undefined)
    throw new InputError(`--encoder needs texts on both sides; ${lacking.file} holds embeddings alone.`);
  const background = (gold.texts ?? []).map((text, i) => ({ id: String(i), context: { text: "", label: null }, text }));
  const opened: EmbeddingSource[] = [];
  for (const { id, name, bound } of await resolve(wanted, environment.env, registries)) {
    const encoder = await bound.create({ ...environment, background, id });
    opened.push({ kind: "encoder", id, encoder, fittedOnGold: name === "embedded" });
  }
  return [...given, ...opened];
}

/** The --encoder flags as plug-ins with checked options. @throws InputError for an unknown name, wrong options, equal ids. */
async function resolve(
  wanted: readonly string[],
  env: EncoderEnvironment["env"],
  { encoders }: Pick<Registries, "encoders">,
) {
  const list = `[${wanted.map((text) => (text.trimStart().startsWith("{") ? text : JSON.stringify(text))).join(", ")}]`;
  const source = new ConfigSource("--encoder", list, env);
  if (!Array.isArray(source.value)) throw new InputError(`--encoder: not an encoder: ${wanted.join(", ")}.`);
  return resolveList(source, encoders, source.value, []);
}
