// A source of data: a folder of text files, one a person; the file's name is its id, the first line what it answers.
//
//   plugins: [./dataset.ts]
//   datasets: [{ folder: { path: notes } }]
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { datasetOf, defineDataset, definePlugin, InputError, z } from "mopbench";

const options = z.strictObject({
  path: z.string().min(1).describe("A folder of .txt files."),
  splitSeed: z.int().min(0).default(0).describe("The parts are a function of the data and this number."),
});

const folder = defineDataset<z.infer<typeof options>>({
  summary: "a folder of text files, one a person; the first line is what it answers",
  options,
  shorthand: (text) => ({ path: text }), // `folder:notes` is short for { folder: { path: notes } }
  id: (given) => path.basename(given.path),
  async create(given, { baseDir }, id) {
    const dir = path.resolve(baseDir, given.path);
    const files = (await readdir(dir)).filter((file) => file.endsWith(".txt")).sort();
    if (files.length === 0) throw new InputError(`folder: ${given.path} holds no .txt files.`);
    const records = await Promise.all(
      files.map(async (file) => {
        const [context = "", ...lines] = (await readFile(path.join(dir, file), "utf8")).split("\n");
        return { id: file, context: { text: context.trim(), label: null }, text: lines.join("\n").trim() };
      }),
    );
    return datasetOf({ id, title: `texts of ${given.path}`, records, splitSeed: given.splitSeed });
  },
});

export default definePlugin({
  name: "example-dataset",
  version: "1.0.0",
  datasets: [{ id: "folder", load: async () => folder }],
});
