/** Milliseconds that the rate looks back over: long enough to be steady, short enough to follow a server that slows down. */
const WINDOW = 30_000;

/** Milliseconds of work before anything is said of its rate. */
const SURE_AFTER = 2000;

/** How fast a piece of work goes, over its last half minute. */
export class Pace {
  /** Moments of the window, oldest first, with the steps done by then; no two in the same tenth of a second. */
  readonly #marks: { readonly at: number; done: number }[];
  readonly #began: number;
  /** Steps that were there at once, such as those of a resumed run: they say nothing of the rate. */
  #now: number;

  /** @param now ms; the work begins */
  constructor(now: number) {
    this.#began = now;
    this.#now = now;
    this.#marks = [{ at: now, done: 0 }];
  }

  /** So many steps are done by now. */
  at(now: number, done: number): void {
    this.#now = now;
    const last = this.#marks.at(-1)!;
    if (now - last.at < 100) {
      last.done = done;
      return;
    }
    this.#marks.push({ at: now, done });
    while (this.#marks.length > 2 && now - this.#marks[1]!.at >= WINDOW) this.#marks.shift();
  }

  /** Steps a second; null while too little is seen. */
  get rate(): number | null {
    const [first, last] = [this.#marks[0]!, this.#marks.at(-1)!];
    const seconds = (this.#now - first.at) / 1000;
    if (this.#now - this.#began < SURE_AFTER || last.done <= first.done || seconds <= 0) return null;
    return (last.done - first.done) / seconds;
  }

  /** ", 12/s, 3 min left" for so many steps that remain; empty while nothing is known. */
  text(remaining: number): string {
    const { rate } = this;
    if (rate === null) return "";
    const shown = rate >= 10 ? String(Math.round(rate)) : rate.toPrecision(2);
    return `, ${shown}/s, ${duration(remaining / rate)} left`;
  }
}

/** "40 s", "3 min", "2 h 5 min", "1 d 4 h". @param seconds 0 or more */
export function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
