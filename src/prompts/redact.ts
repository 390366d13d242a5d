import { InputError } from "../core/errors.ts";

/** What personal data are replaced by; the words are part of prompts. */
const MARK = { email: "[email]", handle: "[handle]", card: "[card]", id: "[id]", phone: "[phone]" } as const;

/** A text without the personal data that were found, and how many there were. */
export interface Redacted {
  readonly text: string;
  readonly replaced: number;
}

export type Redactor = (text: string) => Redacted;

/** Countries whose national phone numbers (without +) are recognized unless others are named. */
export const DEFAULT_COUNTRIES: readonly string[] = ["US", "GB"];

/** Up to 64 characters before the @ (RFC 5321), any domain with a dot. */
const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/gu;
/** @name and u/name; at least two characters, one of them a letter. */
const HANDLE = /(?<![\w.@/])(?:@(?=[\w.-]*[A-Za-z])\w[\w.-]{0,38}\w|u\/[\w-]{3,20})/g;
/** 13 to 19 digits, in groups or not. */
const CARD = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g;
/** A US social security number, as issued (never 000, 666 or 9xx first). */
const SSN = /(?<!\d)(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?!\d)/g;
/** A UK national insurance number. */
const NINO = /\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g;
/** A number that the text itself calls one: "passport no. X1234567". At least four digits. */
const LABELED =
  /(\b(?:passport|licen[cs]e|identity card|id(?: card)?|ssn|social security|national insurance|tax|insurance|account)(?: (?:no\.?|number|id))?\s{0,2}[:#]?\s{0,2}#?)((?=(?:[A-Z0-9-]*\d){4})[A-Z0-9][A-Z0-9-]{4,24})\b/gi;

/**
 * Makes the function that replaces emails, handles, card numbers (Luhn), id numbers (IBAN, US social security, UK national
 * insurance, numbers called passport, license, id, tax or account numbers) and phone numbers (valid by libphonenumber: any
 * written with +, and the national ones of `countries`). Names and addresses are not found.
 * @param countries ISO 3166 codes such as US; @throws InputError for one that has no phone numbers
 */
export async function openRedactor(countries: readonly string[] = DEFAULT_COUNTRIES): Promise<Redactor> {
  const { findPhoneNumbersInText, isSupportedCountry } = await import("libphonenumber-js/max");
  const known = countries.filter((country) => isSupportedCountry(country));
  const unknown = countries.find((country) => !isSupportedCountry(country));
  if (unknown !== undefined) throw new InputError(`redact.countries: ${await unknownCountry(unknown)}`);

  const withoutPhones = (text: string): Redacted => {
    let result: Redacted = { text, replaced: 0 };
    for (const defaultCountry of known) {
      const found = findPhoneNumbersInText(result.text, { defaultCountry });
      let { text: rest, replaced } = result;
      for (const { startsAt, endsAt } of found.reverse()) {
        rest = rest.slice(0, startsAt) + MARK.phone + rest.slice(endsAt);
        replaced += 1;
      }
      result = { text: rest, replaced };
    }
    return result;
  };

  return (text) => {
    let replaced = 0;
    const mark = (by: string) => () => {
      replaced += 1;
      return by;
    };
    const marked = text
      .replace(EMAIL, mark(MARK.email))
      .replace(HANDLE, mark(MARK.handle))
      .replace(IBAN, (found) => {
        const length = ibanLength(found);
        return length === 0 ? found : mark(MARK.id)() + found.slice(length);
      })
      .replace(CARD, (found) => (isCard(found) ? mark(MARK.card)() : found))
      .replace(SSN, mark(MARK.id))
      .replace(NINO, mark(MARK.id))
      .replace(LABELED, (_, label: string) => label + mark(MARK.id)());
    const phones = withoutPhones(marked);
    return { text: phones.text, replaced: replaced + phones.replaced };
  };
}

/** What is wrong with a country's code, and which are near; null where libphonenumber knows the country. */
export async function unknownCountry(code: string): Promise<string | null> {
  const { getCountries, isSupportedCountry } = await import("libphonenumber-js/max");
  if (isSupportedCountry(code)) return null;
  const near = getCountries().filter((known) => known[0] === code[0] || known[1] === code[1]);
  // The two letters that most people would write for GB, which ISO 3166 keeps free for that reason.
  const meant = code === "UK" ? ["GB"] : near;
  const hint = meant.length === 0 ? "write two letters such as US or GB" : `did you mean ${anyOf(meant)}`;
  return `${code} is no country's code (ISO 3166); ${hint}${meant.length === 0 ? "." : "?"}`;
}

function anyOf(codes: readonly string[]): string {
  return codes.length === 1 ? codes.join() : `${codes.slice(0, -1).join(", ")} or ${codes.at(-1)}`;
}

/** The Luhn checksum (ISO/IEC 7812-1), and not one digit repeated. */
function isCard(found: string): boolean {
  const digits = found.replace(/\D/g, "");
  if (/^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? 2 * digit : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** How much of what looks like an IBAN (ISO 13616, checksum modulo 97) is one: words in capitals may follow it. */
function ibanLength(found: string): number {
  for (let end = found.length; end >= 15; end--) {
    if (end < found.length && /[A-Z0-9]/.test(found[end]!) && found[end - 1] !== " ") continue;
    const compact = found.slice(0, end).replaceAll(" ", "");
    if (compact.length < 15) return 0;
    let rest = 0;
    for (const character of compact.slice(4) + compact.slice(0, 4)) {
      for (const digit of Number.parseInt(character, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
    }
    if (rest === 1) return found.slice(0, end).trimEnd().length;
  }
  return 0;
}
