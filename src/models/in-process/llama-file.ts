import { InputError } from "../../core/errors.ts";
import { openRegular, unreadable } from "../../storage/regular-file.ts";

/** The package node-llama-cpp. */
export type LlamaPackage = typeof import("node-llama-cpp");
/** A model file that it has loaded. */
export type LlamaModel = import("node-llama-cpp").LlamaModel;

/** A loaded file, with the package that loaded it. */
export interface LlamaFile {
  readonly llamaCpp: LlamaPackage;
  readonly model: LlamaModel;
}

/**
 * Loads a .gguf file into memory.
 * @param id of the model in the config, for messages
 * @param gpu whether a GPU is used when the installed binaries can
 * @throws InputError when the file or the package is missing, or the file is no model
 */
export async function loadLlamaFile(id: string, file: string, gpu: boolean): Promise<LlamaFile> {
  await checkMagic(id, file);
  const llamaCpp = await loadPackage();
  // What it logs holds texts of the file, and what is wrong is thrown as well.
  const quiet = { logLevel: llamaCpp.LlamaLogLevel.error, logger: () => {} };
  const llama = await llamaCpp.getLlama({ gpu: gpu ? "auto" : false, build: "never", ...quiet });
  const model = await llama.loadModel({ modelPath: file }).catch((error: unknown) => {
    throw new InputError(
      `Model \`${id}\`: ${file} could not be loaded (${error instanceof Error ? error.message : String(error)}).`,
    );
  });
  return { llamaCpp, model };
}

/** @throws InputError unless there is such a file, and begins as GGUF files do. */
async function checkMagic(id: string, file: string): Promise<void> {
  const { handle } = await openRegular(file).catch((error: unknown) => {
    const known = unreadable(file, error);
    throw known instanceof InputError ? new InputError(`Model \`${id}\`: ${known.message}`, { cause: error }) : known;
  });
  try {
    const head = Buffer.alloc(4);
    await handle.read(head, 0, 4, 0);
    if (head.toString("latin1") !== "GGUF") throw new InputError(`Model \`${id}\`: ${file} is not a GGUF file.`);
  } finally {
    await handle.close();
  }
}

async function loadPackage(): Promise<LlamaPackage> {
  try {
    return await import("node-llama-cpp");
  } catch {
    throw new InputError(
      "Models of `gguf:` need the optional package node-llama-cpp. Install it beside mopbench: npm install --no-save --ignore-scripts node-llama-cpp@3.22.1 (or `make peers`).",
    );
  }
}
