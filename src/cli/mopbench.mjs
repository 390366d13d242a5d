#!/usr/bin/env node
// The package's bin inside the repository: registers tsx in this process (half the start-up of its own binary) and hands over.
try {
  process.cwd();
} catch {
  // tsx cannot be loaded here; main.ts says the same where the package needs none.
  process.stderr.write(
    "mopbench: The working folder is gone. Change to one that is there, then give the same command.\n",
  );
  process.exit(3);
}
let run;
try {
  const { register } = await import("tsx/esm/api");
  register();
  ({ run } = await import("./main.ts"));
} catch (error) {
  if (error?.code !== "EMFILE" && error?.code !== "ENFILE") throw error;
  process.stderr.write(
    "mopbench: Too many files are open to start. Raise the limit (`ulimit -n`), then give the same command.\n",
  );
  process.exit(3);
}
await run();
