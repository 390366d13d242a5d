#!/usr/bin/env node
// The package's bin inside the repository: registers tsx in this process (half the start-up of its own binary) and hands over.
import { register } from "tsx/esm/api";

register();
const { run } = await import("./main.ts");
await run();
