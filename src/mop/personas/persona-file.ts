import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { formatOf, readRows } from "../../storage/tables/table.ts";
import type { Persona } from "./persona.ts";

/**
 * Personas of a file, in its order: plain lines (.txt), or `column` of a table. Ids are `p0`, `p1`, ... by position.
 * @throws InputError as `readRows`, and for a description that is empty or stands twice.
 */
export async function readPersonas(file: string, column: string): Promise<readonly Persona[]> {
  const name = formatOf(file) === "lines" ? "text" : column;
  const personas: Persona[] = [];
  const seen = new Map<string, string>();
  for await (const { where, values } of readRows(file, { columns: [name] })) {
    const text = values[name];
    if (typeof text !== "string" || text.trim() === "")
      throw new InputError(`${where}: a persona's description is empty.`);
    const before = seen.get(text.trim());
    if (before !== undefined) throw new InputError(`${where}: the same persona stands at ${before}.`);
    seen.set(text.trim(), where);
    personas.push({ id: `p${personas.length}`, text: text.trim(), size: null, quotes: [] });
  }
  return personas;
}

/**
 * The personas of `personaFile`, cut to `personas` where that is given.
 * @throws InputError as `readPersonas`, without a file, and when it holds fewer than asked for
 */
export async function givenPersonas(
  baseDir: string,
  { personas, personaFile }: { readonly personas: number | null; readonly personaFile: string | null },
): Promise<readonly Persona[]> {
  if (personaFile === null) throw new InputError("`personaSource: file` needs `personaFile`.");
  const given = await readPersonas(path.resolve(baseDir, personaFile), "persona");
  if (personas === null) return given;
  if (personas > given.length)
    throw new InputError(`\`personas\` is ${personas}; ${personaFile} holds ${given.length}.`);
  return given.slice(0, personas);
}
