import { z } from "zod";

/**
 * A key that an earlier version had, as a member of a strict schema: whoever still writes it is told what to write now. It is not
 * listed among the keys that are allowed, and editors mark it.
 * @param message what to write in place of it, given what was written.
 * @example
 * z.strictObject({ neighbors: z.int(), neighbours: renamed((value) => `write \`neighbors: ${JSON.stringify(value)}\`.`) })
 */
export function renamed(message: (value: unknown) => string) {
  return z
    .custom<undefined>((value) => value === undefined, { error: ({ input }) => message(input) })
    .optional()
    .meta({ deprecated: true, not: {}, description: "Of an earlier version: an error that says what to write now." });
}
