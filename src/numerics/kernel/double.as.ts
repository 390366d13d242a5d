// Float64 matrix product and Gram matrix on packed panels of four. As in product.as.ts the order of every sum is fixed.

const PANEL: i32 = 4;

/**
 * Packs rows of float64 numbers into panels of four rows, interleaved: panel[k * 4 + r]; missing rows are zero. `count`
 * numbers of each row are taken from its column `first`; rows are `stride` numbers apart.
 */
export function packRows64(source: usize, rows: i32, stride: i32, first: i32, count: i32, target: usize): void {
  for (let at = 0; at < rows; at += PANEL) {
    for (let r = 0; r < PANEL; r++) {
      const row = at + r;
      let to = target + ((<usize>at * count + r) << 3);
      let from = source + ((<usize>row * stride + first) << 3);
      for (let k = 0; k < count; k++) {
        store<f64>(to, row < rows ? load<f64>(from) : 0);
        from += 8;
        to += 32;
      }
    }
  }
}

/**
 * Packs the columns of `count` rows of float32 numbers, less a mean and times the row's scale, into panels of four columns:
 * panel[k * 4 + c] is column c of row k. Missing columns are zero.
 */
export function packColumns64(source: usize, count: i32, cols: i32, means: usize, scales: usize, target: usize): void {
  const panels = (cols + PANEL - 1) / PANEL;
  for (let k = 0; k < count; k++) {
    const row = source + ((<usize>k * cols) << 2);
    const scale = load<f64>(scales + ((<usize>k) << 3));
    for (let j = 0; j < panels; j++) {
      const to = target + ((<usize>(j * count + k)) << 5);
      for (let c = 0; c < PANEL; c++) {
        const col = j * PANEL + c;
        let x: f64 = 0;
        if (col < cols) {
          x = (<f64>load<f32>(row + ((<usize>col) << 2)) - load<f64>(means + ((<usize>col) << 3))) * scale;
        }
        store<f64>(to + ((<usize>c) << 3), x);
      }
    }
  }
}

// 4 x 4 numbers of C, increased by the products over `count` steps.
@inline
function microTile64(a: usize, b: usize, count: i32, c: usize, stride: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + ((<usize>count) << 5);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
    a += 32;
    b += 32;
  }
  v128.store(c, f64x2.add(v128.load(c), c00));
  v128.store(c, f64x2.add(v128.load(c, 16), c01), 16);
  c += stride;
  v128.store(c, f64x2.add(v128.load(c), c10));
  v128.store(c, f64x2.add(v128.load(c, 16), c11), 16);
  c += stride;
  v128.store(c, f64x2.add(v128.load(c), c20));
  v128.store(c, f64x2.add(v128.load(c, 16), c21), 16);
  c += stride;
  v128.store(c, f64x2.add(v128.load(c), c30));
  v128.store(c, f64x2.add(v128.load(c, 16), c31), 16);
}

/**
 * C += A Bᵀ for panels over `count` steps (at most 128). With `upper` only the tiles on and above the diagonal are made, for A
 * and B that are the same rows.
 */
export function multiply64(
  a: usize, aPanels: i32, b: usize, bPanels: i32, count: i32, c: usize, stride: i32, upper: i32,
): void {
  const rowBytes = (<usize>stride) << 3;
  const panelBytes = (<usize>count) << 5;
  for (let j = 0; j < bPanels; j++) {
    const panel = b + (<usize>j) * panelBytes;
    const last = upper ? min(j + 1, aPanels) : aPanels;
    let rows = a;
    let out = c + ((<usize>j) << 5);
    for (let i = 0; i < last; i++) {
      microTile64(rows, panel, count, out, rowBytes);
      rows += panelBytes;
      out += rowBytes << 2;
    }
  }
}
