// Where the thread of words-thread.ts begins in a clone: as ../mopbench.mjs it registers tsx and hands over. The bundle has its own.
import { register } from "tsx/esm/api";

register();
await import("./words-thread-main.ts");
