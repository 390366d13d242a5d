import { z } from "zod";

/**
 * What options hold, each with a bound that their readers can bear: texts that are far longer than anybody writes are a mistake or an
 * attack, and end up in rows, folders, requests and messages.
 */

/** A name, a column, an id, one line. */
export const shortText = z.string().min(1).max(1000);

/** A path; disks take 4,096 bytes. */
export const pathText = z.string().min(1).max(4096);

/** A prompt's template: a dozen pages. Handlebars takes a second for more. */
export const templateText = z.string().max(50_000);

/** A seed: any whole number that JSON keeps exactly. */
export const seedNumber = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A sampling temperature. Below a thousandth the likeliest token is drawn always; log-probabilities divided by less overflow. */
export const temperatureNumber = z.number().min(0.001).max(10);
