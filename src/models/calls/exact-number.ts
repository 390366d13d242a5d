import { z } from "zod";

/** Numbers that JSON has no word for, and the zero whose sign it drops. */
const WORDS = ["NaN", "Infinity", "-Infinity", "-0"] as const;

/** A number as a call's kind keeps it in JSON, so that `exactNumber` reads the same one. */
export function writeNumber(value: number): number | string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

/** Reads what `writeNumber` wrote. */
export const exactNumber = z.union([z.number(), z.enum(WORDS).transform(Number)]);
