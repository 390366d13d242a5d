import { existsSync } from "node:fs";
import path from "node:path";
import { InputError } from "../core/errors.ts";
import { isNothingThere } from "../storage/file-problem.ts";
import { checkRegular } from "../storage/regular-file.ts";

/** Where a model's files are: a hub id or a local folder. */
export interface PeerModel {
  readonly model?: string | undefined;
  readonly path?: string | undefined;
}

/** The optional package Transformers.js, set to find one model. */
export interface TransformersPeer {
  readonly package: typeof import("@huggingface/transformers");
  /** The name `from_pretrained` takes. */
  readonly name: string;
  /** Absolute, or null for a model of the hub. */
  readonly folder: string | null;
}

/** A text is a path where it looks like one, else a hub id. */
export function peerShorthand(text: string): PeerModel {
  return /^(\.{0,2}\/|[A-Za-z]:\\)/.test(text) ? { path: text } : { model: text };
}

/** `transformers:<hub id or folder name>`. */
export function peerId({ model, path: folder }: PeerModel): string {
  return `transformers:${model ?? path.basename(folder ?? "")}`;
}

/**
 * Loads the package and points it at the model.
 * @throws InputError when it is not installed (saying how to) or the folder holds no model.
 */
export async function openTransformersPeer(
  id: string,
  chosen: PeerModel,
  { baseDir, offline }: { readonly baseDir: string; readonly offline: boolean },
): Promise<TransformersPeer> {
  const folder = chosen.path === undefined ? null : path.resolve(baseDir, chosen.path);
  if (folder !== null && !existsSync(path.join(folder, "config.json"))) {
    throw new InputError(
      `\`${id}\`: no config.json in ${folder}. Name a folder that holds config.json, tokenizer.json and onnx/.`,
    );
  }
  if (folder !== null) await checkFiles(id, folder);
  const loaded = await import("@huggingface/transformers").catch(() => {
    throw new InputError(
      `\`${id}\` needs the optional package @huggingface/transformers. Install it beside mopbench: npm install --no-save --ignore-scripts @huggingface/transformers@4.3.1 (or \`make peers\`).`,
    );
  });
  loaded.env.allowRemoteModels = folder === null && !offline;
  if (folder !== null) loaded.env.localModelPath = path.dirname(folder);
  return { package: loaded, name: folder === null ? (chosen.model ?? "") : path.basename(folder), folder };
}

/** What the package reads of a folder, without looking at what it opens. */
const FILES = [
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "sentence_bert_config.json",
  ...["model", "model_quantized", "model_fp16", "decoder_model_merged"].map((name) => `onnx/${name}.onnx`),
];

/** @throws InputError for a folder, a pipe or a device among them */
async function checkFiles(id: string, folder: string): Promise<void> {
  for (const name of FILES)
    await checkRegular(path.join(folder, name), `\`${id}\`: ${path.join(folder, name)}`).catch((error: unknown) => {
      if (!isNothingThere(error)) throw error;
    });
}

/** What went wrong while opening, as something the user can act on. */
export function peerFailure(id: string, { folder }: TransformersPeer, offline: boolean, error: unknown): InputError {
  const cause = error instanceof Error ? error.message : String(error);
  const hint = folder === null && offline ? " The run is offline: name a local folder with `path`." : "";
  return new InputError(`\`${id}\` could not be opened: ${cause}${hint}`);
}
