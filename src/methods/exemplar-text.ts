import { contextKey, type PopulationRecord } from "../core/record.ts";

/** What the encoder sees of an exemplar (x_j, y_j): context (with its label), newline, text; the text alone where x is empty. */
export function exemplarText(record: PopulationRecord): string {
  const key = contextKey(record.context);
  return key === "" ? record.text : `${key}\n${record.text}`;
}
