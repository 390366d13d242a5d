// Longest common subsequences of one text with many by the bit-parallel recurrence of Hyyrö 2004. Each other text is a row of
// bits, one a token, in blocks of 64; a zero bit is one token of the subsequence. ../../metrics/ngrams/lcs.ts says more.

/**
 * Walks the one text's `count` tokens and moves the rows of the texts that have each. Token t stands in the entries lists[t] ..
 * lists[t + 1] - 1: a block (rising) and the token's bits in it. `from` keeps where each list's blocks from `first` on begin;
 * `ends` holds for each block the end of its text's blocks; `state` all blocks.
 */
export function commonSubsequences(
  tokens: usize, count: i32, lists: usize, from: usize, blocks: usize, masks: usize, ends: usize, first: i32, state: usize,
): void {
  for (let t = 0; t < count; t++) {
    const token = (<usize>load<i32>(tokens + ((<usize>t) << 2))) << 2;
    const end = load<i32>(lists + token, 4);
    let at = load<i32>(from + token);
    while (at < end && load<i32>(blocks + ((<usize>at) << 2)) < first) at++;
    store<i32>(from + token, at);
    while (at < end) {
      const block = load<i32>(blocks + ((<usize>at) << 2));
      const last = load<i32>(ends + ((<usize>block) << 2));
      if (block + 1 < last) {
        at = advanceLong(at, end, block, last, blocks, masks, state);
        continue;
      }
      // The text's last block, most texts' only one: what it carries goes nowhere.
      const to = state + ((<usize>block) << 3);
      const old = load<u64>(to);
      const matched = old & load<u64>(masks + ((<usize>at) << 3));
      store<u64>(to, (old + matched) | (old - matched));
      at++;
    }
  }
}

// One token for a text of several blocks: a carry runs on through the higher ones, also through those without the token. Returns
// the entry after the text's.
function advanceLong(at: i32, end: i32, from: i32, last: i32, blocks: usize, masks: usize, state: usize): i32 {
  let carry: u64 = 0;
  for (let block = from; block < last; block++) {
    const has = at < end && load<i32>(blocks + ((<usize>at) << 2)) == block;
    if (!has && carry == 0) continue;
    const to = state + ((<usize>block) << 3);
    const old = load<u64>(to);
    const matched = has ? old & load<u64>(masks + ((<usize>at) << 3)) : 0;
    const sum = old + matched;
    const all = sum + carry;
    store<u64>(to, all | (old - matched));
    carry = (sum < old ? 1 : 0) | (all < sum ? 1 : 0);
    if (has) at++;
  }
  return at;
}

/** Counts the zero bits of texts `first` .. `texts` - 1, whose blocks begin at starts[text]. */
export function subsequenceLengths(starts: usize, first: i32, texts: i32, state: usize, lengths: usize): void {
  for (let j = first; j < texts; j++) {
    const range = starts + ((<usize>j) << 2);
    const end = state + ((<usize>load<i32>(range, 4)) << 3);
    let length: u64 = 0;
    for (let at = state + ((<usize>load<i32>(range)) << 3); at < end; at += 8) length += popcnt<u64>(~load<u64>(at));
    store<i32>(lengths + ((<usize>j) << 2), <i32>length);
  }
}
