import type { ReportContext } from "./views/context.ts";
import type { ReportView } from "./views/report.ts";

/** A way to render a finished run. */
export interface ReportFormat {
  /** Where it lies in a run's folder, with `/`. */
  readonly file: string;
  /**
   * The file's text, a function of the run alone; null where the run itself has written the file. Every text of people and models in it is untrusted: escape it.
   * @param view what reports show, in the order they show it
   * @param context the run as it was read
   */
  render(view: ReportView, context: ReportContext): string | null | Promise<string>;
}
