// Float32 matrix product C = A Bᵀ on packed panels. Plain multiply and add (never relaxed FMA), and every element of C is
// summed in the same order whatever the tile: k upward inside blocks of BLOCK, then block by block. So results are the same
// bits on every processor, for every tiling, and in the plain TypeScript fallback.

/** Length of the inner dimension summed in registers before it is added to C. */
const BLOCK: i32 = 256;

/** Rows in a panel of A, and of B. */
const A_PANEL: i32 = 4;
const B_PANEL: i32 = 8;

// Packs `rows` rows of `cols` numbers into panels of `width` rows, interleaved: panel[k * width + r]. Missing rows are zero.
@inline
function pack(source: usize, rows: i32, cols: i32, target: usize, width: i32): void {
  const stride = (<usize>cols) << 2;
  const step = (<usize>width) << 2;
  for (let first = 0; first < rows; first += width) {
    const panel = target + (<usize>first) * stride;
    for (let r = 0; r < width; r++) {
      let to = panel + ((<usize>r) << 2);
      const row = first + r;
      if (row < rows) {
        let from = source + (<usize>row) * stride;
        const end = from + stride;
        while (from < end) {
          store<f32>(to, load<f32>(from));
          from += 4;
          to += step;
        }
      } else {
        for (let k = 0; k < cols; k++) {
          store<f32>(to, 0);
          to += step;
        }
      }
    }
  }
}

/** Packs rows of A: ceil(rows / 4) panels of 4 * cols numbers. */
export function packA(source: usize, rows: i32, cols: i32, target: usize): void {
  pack(source, rows, cols, target, A_PANEL);
}

/** Packs rows of B: ceil(rows / 8) panels of 8 * cols numbers. */
export function packB(source: usize, rows: i32, cols: i32, target: usize): void {
  pack(source, rows, cols, target, B_PANEL);
}

// 4 x 8 numbers of C over `count` steps of the inner dimension.
@inline
function microTile(a: usize, b: usize, count: i32, c: usize, stride: usize, add: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + ((<usize>count) << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += 16;
    b += 32;
  }
  if (add) {
    c00 = f32x4.add(v128.load(c), c00);
    c01 = f32x4.add(v128.load(c, 16), c01);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += stride;
  if (add) {
    c10 = f32x4.add(v128.load(c), c10);
    c11 = f32x4.add(v128.load(c, 16), c11);
  }
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += stride;
  if (add) {
    c20 = f32x4.add(v128.load(c), c20);
    c21 = f32x4.add(v128.load(c, 16), c21);
  }
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += stride;
  if (add) {
    c30 = f32x4.add(v128.load(c), c30);
    c31 = f32x4.add(v128.load(c, 16), c31);
  }
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/**
 * One tile of C from packed panels: `aPanels` x 4 rows, `bPanels` x 8 columns, rows of C `stride` numbers apart.
 * One panel of B stays in the first cache while all of A's block passes by.
 */
export function multiply(a: usize, aPanels: i32, b: usize, bPanels: i32, cols: i32, c: usize, stride: i32): void {
  const rowBytes = (<usize>stride) << 2;
  const aBytes = ((<usize>cols) << 2) * A_PANEL;
  const bBytes = ((<usize>cols) << 2) * B_PANEL;
  if (cols == 0) {
    for (let i = 0; i < aPanels * A_PANEL; i++) memory.fill(c + (<usize>i) * rowBytes, 0, ((<usize>bPanels) << 2) * B_PANEL);
    return;
  }
  for (let k = 0; k < cols; k += BLOCK) {
    const count = min(BLOCK, cols - k);
    for (let j = 0; j < bPanels; j++) {
      const panel = b + (<usize>j) * bBytes + (((<usize>k) << 2) * B_PANEL);
      let rows = a + (((<usize>k) << 2) * A_PANEL);
      let out = c + (((<usize>j) << 2) * B_PANEL);
      for (let i = 0; i < aPanels; i++) {
        microTile(rows, panel, count, out, rowBytes, k > 0);
        rows += aBytes;
        out += rowBytes * A_PANEL;
      }
    }
  }
}
