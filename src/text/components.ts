/** Things 0 .. size - 1 and which of them are linked, directly or through others (union-find). */
export class Components {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, i) => i);
  }

  /** The first of the things linked with `i`: equal for two things exactly when they are linked. */
  find(i: number): number {
    const parents = this.#parents;
    let root = i;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = i; at !== root; ) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  }

  /** Links two things, and so all that are linked with either. */
  link(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }
}
