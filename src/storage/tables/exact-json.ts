/** What a number that loses digits may look like, in a quick look: most lines have none, and are read once. */
const MAY_LOSE = /[\d.]{16}|\d[eE]/;

/**
 * JSON with the digits of its numbers: one that a double does not hold (an id beyond 2^53, 1e999) is the text that stands in the
 * file, so that no two ids become one. The others are numbers.
 * @throws SyntaxError as JSON.parse
 */
export function parseExactJson(json: string): unknown {
  const value: unknown = JSON.parse(json);
  if (!MAY_LOSE.test(json)) return value;
  const exact = withQuotedNumbers(json);
  return exact === json ? value : JSON.parse(exact);
}

/** Sound JSON with quotes around the numbers that a double does not hold. */
function withQuotedNumbers(json: string): string {
  const token = /"|-?\d[\d.eE+-]*/g;
  const parts: string[] = [];
  let from = 0;
  for (let found = token.exec(json); found !== null; found = token.exec(json)) {
    const [text] = found;
    if (text === '"') token.lastIndex = endOfText(json, found.index + 1);
    else if (losesDigits(text)) {
      parts.push(json.slice(from, found.index), `"${text}"`);
      from = token.lastIndex;
    }
  }
  return from === 0 ? json : parts.join("") + json.slice(from);
}

/** Behind the quote that closes a text. */
function endOfText(json: string, start: number): number {
  for (let quote = json.indexOf('"', start); ; quote = json.indexOf('"', quote + 1)) {
    let first = quote;
    while (json[first - 1] === "\\") first -= 1;
    if ((quote - first) % 2 === 0) return quote + 1;
  }
}

/** 17 digits are what a double needs at most: whoever writes more means them. */
function losesDigits(text: string): boolean {
  const value = Number(text);
  const digits = text
    .replace(/[eE].*/, "")
    .replace(/\D/g, "")
    .replace(/^0+/, "");
  return Math.abs(value) > Number.MAX_SAFE_INTEGER || digits.length > 17 || (value === 0 && digits !== "");
}
