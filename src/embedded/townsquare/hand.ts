import type { Stream } from "../ports.ts";
import type { Style } from "./resident.ts";

/** Joins sentences into a note as one hand would write it: articles, capitals, full stops, spellings. */
export function writeOut(sentences: readonly string[], style: Style, random: Stream): string {
  const ended = sentences.map((sentence) => ending(capitalized(articles(sentence)), style, random));
  let text = ended.join(" ");
  for (const [word, spelling, probability] of style.spellings) {
    if (!text.includes(word)) continue;
    text = text.replaceAll(new RegExp(`\\b${word}\\b`, "g"), (found) =>
      random.next() < probability ? spelling : found,
    );
  }
  if (random.next() < style.lowercase) text = text.toLowerCase();
  if (random.next() < style.bare) text = text.replace(/(?<!\.)\.$/, "");
  return text;
}

/** `a` before a vowel's sound is `an`, and the other way round. */
export function articles(text: string): string {
  return text.replaceAll(
    /\b([Aa])n? (?=([\p{L}\d£-]+))/gu,
    (_, a: string, next: string) => `${a}${vowelSound(next) ? "n" : ""} `,
  );
}

function vowelSound(word: string): boolean {
  if (/^(?:hour|honest|heir|honou?r|8|11$|18)/i.test(word)) return true;
  if (/^(?:one|once|uni|use|eu|ukulele|u-)/i.test(word)) return false;
  return /^[aeiouéèà]/i.test(word);
}

/** A capital at the start and after a full stop; none after three dots. */
export function capitalized(text: string): string {
  return text.replaceAll(
    /(^|(?<!\.)[.!?] )(\p{Ll})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

function ending(sentence: string, style: Style, random: Stream): string {
  if (!sentence.endsWith(".")) return sentence;
  const draw = random.next();
  if (draw < style.exclaim) return `${sentence.slice(0, -1)}!`;
  if (draw < style.exclaim + style.trail) return `${sentence}..`;
  return sentence;
}
