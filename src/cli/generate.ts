// `make generate`: writes every file that is made from the registries.
import path from "node:path";
import { writeAtomic } from "../storage/atomic.ts";
import { packageRoot } from "../storage/package-root.ts";
import { generatedFiles } from "./generated-files.ts";

const root = packageRoot();
for (const [file, text] of await generatedFiles(root)) await writeAtomic(path.join(root, file), text);
