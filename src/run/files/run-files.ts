import { readdir } from "node:fs/promises";
import path from "node:path";
import { byteLines } from "../../storage/chained-lines.ts";
import { checksumIfThere, fileChecksum, writeSummed } from "../../storage/checksum.ts";
import { readRegular } from "../../storage/regular-file.ts";

/**
 * A file beside what run.json says of it: as it was written; there and not so; not there although it was written; there although
 * this run wrote none; and neither.
 */
export type FileState = "sound" | "damaged" | "missing" | "foreign" | "none";

/**
 * The files that a run finished, with the SHA-256 of each, which run.json keeps: what a run goes on with is what it wrote itself.
 * Each file is hashed once. A file that was written and not noted before a kill is none of the run's: the journal that it was
 * made of, or what the method kept, is still there and gives it again.
 */
export class RunFiles {
  readonly dir: string;
  /** What tells this run from every other, one of the same config too. */
  readonly runId: string;
  readonly #save: () => Promise<void>;
  readonly #sums: Map<string, string>;
  readonly #states = new Map<string, Promise<FileState>>();

  /** @param save writes run.json with these checksums */
  constructor(options: {
    readonly dir: string;
    readonly runId: string;
    readonly sums: Readonly<Record<string, string>>;
    readonly save?: () => Promise<void>;
  }) {
    this.dir = options.dir;
    this.runId = options.runId;
    this.#sums = new Map(Object.entries(options.sums));
    this.#save = options.save ?? (() => Promise.resolve());
  }

  /** By path below the folder, with slashes; sorted. */
  get sums(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Writes a file whole or not at all. `note` makes it the run's. */
  async put(file: string, content: string | Iterable<Uint8Array>): Promise<void> {
    const name = this.nameOf(file);
    this.#sums.set(name, await writeSummed(file, typeof content === "string" ? [Buffer.from(content)] : content));
    this.#states.set(name, Promise.resolve("sound"));
  }

  /** Makes the JSON files of a folder the run's, as they are: what wrote them just now was the run. `note` keeps it. */
  async adopt(dir: string): Promise<void> {
    this.forget(dir);
    for (const name of await namesIn(dir)) {
      const file = path.join(dir, name);
      this.#sums.set(this.nameOf(file), await fileChecksum(file));
      this.#states.set(this.nameOf(file), Promise.resolve("sound"));
    }
  }

  /** The run's files in a folder that are not as it wrote them, or gone. */
  async lostIn(dir: string): Promise<string[]> {
    const lost: string[] = [];
    for (const name of this.#sums.keys()) {
      const file = path.join(this.dir, ...name.split("/"));
      if (name.startsWith(`${this.nameOf(dir)}/`) && (await this.state(file)) !== "sound") lost.push(file);
    }
    return lost;
  }

  /** Writes run.json: what was put is then the run's, also after a kill. */
  async note(): Promise<void> {
    await this.#save();
  }

  /** The run no longer vouches for a file, nor for any in a folder of this name. */
  forget(fileOrFolder: string): void {
    const name = this.nameOf(fileOrFolder);
    for (const known of [...this.#sums.keys()]) {
      if (known !== name && !known.startsWith(`${name}/`)) continue;
      this.#sums.delete(known);
      this.#states.delete(known);
    }
  }

  /** The checksum that the run noted of a file. */
  sumOf(file: string): string | undefined {
    return this.#sums.get(this.nameOf(file));
  }

  state(file: string): Promise<FileState> {
    const name = this.nameOf(file);
    const known = this.#states.get(name) ?? this.#look(file, this.#sums.get(name));
    this.#states.set(name, known);
    return known;
  }

  /** What a file holds; null where it is not as the run wrote it. */
  async read(file: string): Promise<Buffer | null> {
    return (await this.state(file)) === "sound" ? readRegular(file) : null;
  }

  /** The values of a file of JSON lines, read one after the other: it may be too large for one buffer. null: as `read`. */
  async readLines<T>(file: string): Promise<T[] | null> {
    if ((await this.state(file)) !== "sound") return null;
    const values: T[] = [];
    for await (const { bytes } of byteLines(file)) {
      const value: T = JSON.parse(bytes.toString("utf8"));
      values.push(value);
    }
    return values;
  }

  /** A file by its path below the folder, with slashes. */
  nameOf(file: string): string {
    return path.relative(this.dir, file).split(path.sep).join("/");
  }

  async #look(file: string, sum: string | undefined): Promise<FileState> {
    const found = await checksumIfThere(file);
    if (found === null) return sum === undefined ? "none" : "missing";
    if (sum === undefined) return "foreign";
    return found === sum ? "sound" : "damaged";
  }
}

async function namesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true });
  return names.filter((name) => name.endsWith(".json"));
}
