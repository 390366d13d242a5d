import type { Matrix } from "../src/core/matrix.ts";
import { Stream } from "../src/core/stream.ts";
import { faissKMeans } from "../src/numerics/faiss-kmeans.ts";
import { columnMeans, gram } from "../src/numerics/gram.ts";
import type { KernelKind } from "../src/numerics/kernel/workspace.ts";
import { kmeans } from "../src/numerics/kmeans.ts";
import { leadingComponents } from "../src/numerics/principal-components.ts";
import { TiledProduct } from "../src/numerics/product.ts";
import { symmetricEigen, symmetricEigenvalues } from "../src/numerics/symmetric-eigen.ts";
import { measure, median, peakMemory, seconds, shown, type Timing, topicRows } from "./support/measure.ts";

const SIZE = 5000;
const WIDTH = 768;
const REPEATS = 5;
const GROWTH = [1000, 2000, 5000, 10_000];

/** All tiles of A Aᵀ, none kept. */
function product(a: Matrix, kind?: KernelKind): void {
  const tiled = new TiledProduct(a, kind === undefined ? {} : { kind });
  for (let i = 0; i < a.rows; i += tiled.tileRows) {
    tiled.load(a, i, tiled.tileRows);
    for (let j = 0; j < a.rows; j += tiled.tileCols) tiled.tile(j, tiled.tileCols);
  }
}

const rate = (operations: number, { cpu }: Timing): string => `${(operations / cpu / 1e9).toFixed(1)} GFLOP/s`;

/** Prints the times of the kernels that the metrics are made of, and of the plain fallback. */
export async function benchmarkKernels(): Promise<void> {
  const rows = topicRows(SIZE, WIDTH, 1, 0);
  console.log(`Kernels: ${SIZE} x ${WIDTH}, one thread, median of ${REPEATS}`);
  const operations = 2 * SIZE * SIZE * WIDTH;
  const first = await measure(() => product(rows));
  console.log(`  A Bᵀ float32, first call of the process: ${shown(first)}, ${rate(operations, first)}`);
  const warm = await median(REPEATS, () => product(rows));
  console.log(`  A Bᵀ float32: ${shown(warm)}, ${rate(operations, warm)}`);
  const small = topicRows(SIZE / 10, WIDTH, 1, 0);
  const plain = await median(1, () => product(small, "plain"));
  console.log(`  the same without WebAssembly, ${SIZE / 10} rows: ${shown(plain)}, ${rate(operations / 100, plain)}`);
  const squares = await median(REPEATS, () => gram(rows));
  console.log(`  Xᵀ X float64: ${shown(squares)}, ${rate(SIZE * WIDTH * WIDTH, squares)}`);
  const products = gram(rows);
  console.log(
    `  eigenvalues, ${WIDTH}: ${shown(await median(REPEATS, () => symmetricEigenvalues(products, WIDTH)))}; ` +
      `with vectors: ${shown(await median(REPEATS, () => symmetricEigen(products, WIDTH)))}`,
  );
  const { scores } = leadingComponents(
    rows,
    { scales: new Float64Array(SIZE).fill(1), means: columnMeans(rows), products: () => products },
    0.9,
  );
  const k = SIZE / 20;
  const seeded = await median(REPEATS, () => kmeans(scores, k, Stream.root(1)));
  console.log(`  k-means++ and Lloyd, ${SIZE} x ${scores.cols}, k = ${k}: ${shown(seeded)}`);
  const growth: string[] = [];
  for (const n of GROWTH) {
    const m = topicRows(n, 256, 2, 0);
    const timing = await measure(() => faissKMeans(m, n / 20, { seed: 27, redos: 5, iterations: 500 }));
    growth.push(`${n}: ${seconds(timing.cpu)}`);
  }
  console.log(`  faiss' k-means, 5 runs, n x 256, k = n / 20: ${growth.join(", ")}`);
  console.log(`  peak memory ${peakMemory()}`);
}
