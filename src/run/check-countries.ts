import type { ConfigFile } from "../config/schema.ts";
import type { ConfigSource } from "../config/source.ts";
import { unknownCountry } from "../prompts/redact.ts";

/** Checks the countries of `redact` where their line is known. @throws InputError with file, line and path for one that is none */
export async function checkCountries(source: ConfigSource, redact: ConfigFile["redact"]): Promise<void> {
  if (typeof redact === "boolean") return;
  for (const [i, country] of redact.countries.entries()) {
    const fault = await unknownCountry(country);
    if (fault !== null) throw source.error(["redact", "countries", i], fault);
  }
}
