import { eager } from "../../src/core/lazy-registry.ts";
import { definePlugin } from "../../src/plugins/plugin.ts";
import { evolved, many } from "../../src/testing/toy-methods.ts";

/** The toy methods whose texts have not one call each, for runs in a process of their own. */
export default definePlugin({
  name: "toys",
  version: "1.0.0",
  methods: [eager("many", many), eager("evolved", evolved)],
});
