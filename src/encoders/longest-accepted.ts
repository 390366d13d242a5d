/**
 * The longest beginning of a text that something accepts, by bisection over characters, and what it answered to it. The whole
 * text is asked for first; what accepts a text accepts its beginnings.
 * @param accepts what it says to a beginning, or null when that is too long
 * @returns null when not even one character is accepted
 */
export async function longestAccepted<T>(
  text: string,
  accepts: (beginning: string) => Promise<T | null>,
): Promise<{ readonly beginning: string; readonly answer: T } | null> {
  const whole = await accepts(text);
  if (whole !== null) return { beginning: text, answer: whole };
  const characters = [...text];
  let best: { beginning: string; answer: T } | null = null;
  let low = 1;
  let high = characters.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const beginning = characters.slice(0, middle).join("");
    const answer = await accepts(beginning);
    if (answer === null) high = middle - 1;
    else {
      best = { beginning, answer };
      low = middle + 1;
    }
  }
  return best;
}
