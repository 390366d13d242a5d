// `make schema`: writes configs/schema.json from the schema that checks configs and the registries.
import path from "node:path";
import { configJsonSchema } from "../run/config-schema.ts";
import { registries } from "../run/registries.ts";
import { writeAtomic } from "../storage/atomic.ts";
import { packageRoot } from "../storage/package-root.ts";

const file = path.join(packageRoot(), "configs", "schema.json");
await writeAtomic(file, `${JSON.stringify(configJsonSchema(registries), null, 2)}\n`);
