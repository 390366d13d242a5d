/** The text up to the first stop string, and whether one was met. */
export function stopAt(text: string, stops: readonly string[]): { readonly text: string; readonly stopped: boolean } {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  if (ends.length === 0) return { text, stopped: false };
  return { text: text.slice(0, Math.min(...ends)), stopped: true };
}
