/** All answers that one client has begun to read hold so many bytes together; one more may go on to its own limit. */
const LARGEST_IN_FLIGHT_BYTES = 256 * 1024 * 1024;

/** A connection whose answer can be made to wait: bytes that are not read stay with the server. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** One answer that is being read. */
export interface BodyInFlight {
  /** So many bytes have come. */
  grow(bytes: number): void;
  /** The answer is whole, or will never be. */
  end(): void;
}

interface Body {
  readonly connection: Pausable;
  held: number;
  paused: boolean;
}

/**
 * Bounds the memory of answers that are being read, however many calls are in flight and however long each answer: while they
 * hold more than the limit together, all but the one begun first wait. That one always goes on, so each of them ends.
 */
export class BodiesInFlight {
  readonly #limit: number;
  /** In the order in which they began. */
  readonly #bodies = new Set<Body>();
  #held = 0;
  #most = 0;
  /** How many are made to wait. */
  #waiting = 0;
  #turn: NodeJS.Immediate | null = null;

  /** @param limit bytes */
  constructor(limit: number = LARGEST_IN_FLIGHT_BYTES) {
    this.#limit = limit;
  }

  /** The most bytes that were held at once. */
  get most(): number {
    return this.#most;
  }

  /** An answer begins. */
  begin(connection: Pausable): BodyInFlight {
    const body: Body = { connection, held: 0, paused: false };
    this.#bodies.add(body);
    return {
      grow: (bytes) => {
        if (!this.#bodies.has(body)) return;
        const full = this.#held >= this.#limit;
        body.held += bytes;
        this.#held += bytes;
        this.#most = Math.max(this.#most, this.#held);
        if (this.#held < this.#limit) return;
        if (full) this.#pause(body);
        else for (const each of this.#bodies) this.#pause(each);
      },
      end: () => {
        if (!this.#bodies.delete(body)) return;
        this.#held -= body.held;
        if (this.#waiting === 0) return;
        if (body.paused) this.#waiting -= 1;
        // Not now: this is called while a connection's parser runs, and no other may be entered then.
        this.#turn ??= setImmediate(() => this.#resume());
      },
    };
  }

  #pause(body: Body): void {
    const [first] = this.#bodies;
    if (body === first || body.paused) return;
    body.paused = true;
    this.#waiting += 1;
    body.connection.pause();
  }

  #resume(): void {
    this.#turn = null;
    for (const body of this.#bodies) {
      const [first] = this.#bodies;
      if (!body.paused || (body !== first && this.#held >= this.#limit)) continue;
      body.paused = false;
      this.#waiting -= 1;
      body.connection.resume();
    }
  }
}
