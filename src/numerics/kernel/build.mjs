// Compiles the AssemblyScript sources beside this file and writes them, as base64, into binary.ts: `make kernels`.
// `--check` writes nothing and fails when the committed module is not what the sources build to.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const folder = fileURLToPath(new URL("./", import.meta.url));
const target = `${folder}binary.ts`;

let wasm = null;
const { error, stderr } = await main(
  // biome-ignore format: one flag and its value a pair
  ["kernel.as.ts", "--baseDir", folder, "-o", "kernel.wasm", "-O3", "--noAssert", "--runtime", "stub",
    "--importMemory", "--initialMemory", "1", "--enable", "simd"],
  {
    writeFile(_name, contents) {
      wasm = contents;
    },
  },
);
if (error !== null || wasm === null) {
  process.stderr.write(`${stderr.toString()}${error?.message ?? "Nothing was written."}\n`);
  process.exit(1);
}

const source = `/** The kernels as WebAssembly, built from the *.as.ts files by \`make kernels\`: do not edit. */
export const KERNEL_BASE64 =
  "${Buffer.from(wasm).toString("base64")}";
`;
if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8")) !== source) {
    process.stderr.write("binary.ts is not what the AssemblyScript sources build to: run `make kernels`.\n");
    process.exit(1);
  }
} else {
  await writeFile(target, source);
}
