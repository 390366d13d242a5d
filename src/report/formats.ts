import { eager, type Lazy } from "../core/lazy-registry.ts";
import type { ReportFormat } from "./report-format.ts";

/** Renders nothing: the run has written the file already. */
export const writtenByTheRun = () => null;

/** What a report can be rendered as. One line a format. */
export const formats: readonly Lazy<ReportFormat>[] = [
  { id: "html", load: async () => (await import("./html.ts")).html },
  { id: "md", load: async () => (await import("./markdown.ts")).markdown },
  { id: "csv", load: async () => (await import("./csv.ts")).csv },
  { id: "tex", load: async () => (await import("./tex.ts")).tex },
  { id: "junit", load: async () => (await import("./junit.ts")).junit },
  eager("json", { file: "results.json", render: writtenByTheRun }),
];
