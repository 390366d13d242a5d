// `make schema`: writes configs/schema.json from the schema that checks configs and the registries.
import path from "node:path";
import { builtInRegistries } from "../plugins/built-in.ts";
import { configJsonSchema } from "../run/config-schema.ts";
import { writeAtomic } from "../storage/atomic.ts";
import { packageRoot } from "../storage/package-root.ts";

const file = path.join(packageRoot(), "configs", "schema.json");
await writeAtomic(file, `${JSON.stringify(await configJsonSchema(builtInRegistries()), null, 2)}\n`);
