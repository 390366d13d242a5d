// `make pack`: one npm package that installs in a second. Our code and all pure JavaScript it uses are bundled by esbuild into
// dist/package/lib; libsql (a native module whose binaries come with npm), tsx (which reads plug-ins in TypeScript) and zod (whose types
// stand in ours) stay dependencies, the in-process runtimes optional peers.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Where the package goes: `node .ci/pack.mjs [FOLDER]`. */
const dist = path.resolve(process.argv[2] ?? path.join(root, "dist"));
const target = path.join(dist, "package");
const ours = path.join(root, "src", path.sep);
/** Native modules, optional peers, and a browser library that danfojs-node asks for and never calls in Node. */
const external = ["libsql", "tsx", "@huggingface/transformers", "node-llama-cpp", "plotly.js-dist-min"];
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

/**
 * `const { DataFrame } = await import("danfojs-node")`: Node finds the names that a CommonJS package exports, esbuild's split
 * chunks have `default` alone. This gives each such package a module with the names that Node finds.
 */
const commonJsNames = {
  name: "commonjs-names",
  setup(builder) {
    builder.onResolve({ filter: /^[a-z@]/ }, ({ path: name, kind, importer }) => {
      if (kind !== "dynamic-import" || !importer.startsWith(ours) || external.includes(name) || isBuiltin(name))
        return null;
      return isModule(fileURLToPath(import.meta.resolve(name))) ? null : { path: name, namespace: "names" };
    });
    builder.onLoad({ filter: /./, namespace: "names" }, async ({ path: name }) => {
      const names = Object.keys(await import(name)).filter((key) => key !== "default" && /^[\w$]+$/.test(key));
      const contents = `const all = require(${JSON.stringify(name)});\nexport default all;\nexport const { ${names.join(", ")} } = all;\n`;
      return { contents, resolveDir: root };
    });
  },
};

/** Whether Node takes a file for an ES module. */
function isModule(file) {
  if (/\.[mc]js$/.test(file)) return file.endsWith(".mjs");
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).type === "module";
}

await build({
  absWorkingDir: root,
  entryPoints: {
    main: "src/cli/main.ts",
    index: "src/index.ts",
    testing: "src/testing/index.ts",
    "words-thread-main": "src/cli/score/words-thread-main.ts",
  },
  outdir: path.join(target, "lib"),
  bundle: true,
  splitting: true, // commands stay lazy: --help loads its own few files
  minify: true,
  platform: "node",
  format: "esm",
  target: "node20",
  external,
  plugins: [commonJsNames],
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  logLevel: "warning",
});

writeFileSync(
  path.join(target, "mopbench.mjs"),
  '#!/usr/bin/env node\nimport { run } from "./lib/main.js";\n\nawait run();\n',
  { mode: 0o755 },
);
// Where the thread of src/cli/score/words-thread.ts begins: beside the chunk that starts it.
writeFileSync(path.join(target, "lib", "words-thread-entry.mjs"), 'import "./words-thread-main.js";\n');
const folders = ["configs", "datasets", "docs", "examples", "reports", path.join("src", "embedded", "words")];
for (const part of [...folders, "README.md", "CHANGELOG.md", "LICENSE"])
  cpSync(path.join(root, part), path.join(target, part), { recursive: true });

execFileSync(
  process.execPath,
  [
    path.join(root, "node_modules", "typescript", "bin", "tsc"),
    "-p",
    "tsconfig.types.json",
    "--outDir",
    path.join(dist, "types"),
  ],
  {
    cwd: root,
    stdio: "inherit",
  },
);
cpSync(path.join(dist, "types"), path.join(target, "types"), { recursive: true });

const { name, version, description, license, engines, peerDependencies, peerDependenciesMeta } = manifest;
const packed = {
  name,
  version,
  description,
  license,
  type: "module",
  engines,
  bin: { mopbench: "mopbench.mjs" },
  exports: {
    ".": { types: "./types/index.d.ts", default: "./lib/index.js" },
    "./testing": { types: "./types/testing/index.d.ts", default: "./lib/testing.js" },
  },
  dependencies: Object.fromEntries(
    ["libsql", "tsx", "zod"].map((dependency) => [dependency, manifest.dependencies[dependency]]),
  ),
  peerDependencies,
  peerDependenciesMeta,
};
writeFileSync(path.join(target, "package.json"), `${JSON.stringify(packed, null, 2)}\n`);
execFileSync("npm", ["pack", "--pack-destination", dist], { cwd: target, stdio: ["ignore", "inherit", "inherit"] });
