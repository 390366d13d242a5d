import { InputError } from "../core/errors.ts";
import type { Encoder } from "./encoder.ts";

/** An encoder whose rows fit its texts, or the sentence that says which do not: what a plug-in returns is not taken on trust. */
export function checked(encoder: Encoder): Encoder {
  return {
    id: encoder.id,
    get width() {
      return encoder.width;
    },
    normalized: encoder.normalized,
    fingerprint: encoder.fingerprint,
    description: encoder.description,
    ...(encoder.callsOut === undefined ? {} : { callsOut: encoder.callsOut }),
    async encode(texts) {
      const rows = await encoder.encode(texts);
      const fits = rows?.data instanceof Float32Array && rows.rows === texts.length && rows.cols === encoder.width;
      if (!fits || rows.data.length !== rows.rows * rows.cols)
        throw new InputError(
          `The encoder \`${encoder.id}\` gave ${shapeOf(rows)} for ${texts.length} texts; it must give a Float32Array of ${texts.length} x ${encoder.width}.`,
        );
      return rows;
    },
    ...(encoder.close === undefined ? {} : { close: () => encoder.close?.() ?? Promise.resolve() }),
  };
}

function shapeOf(rows: unknown): string {
  if (typeof rows !== "object" || rows === null || !("rows" in rows) || !("cols" in rows)) return "no matrix";
  return `${rows.rows} x ${rows.cols}`;
}
