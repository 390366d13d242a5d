import { type Context, contextKey, type PopulationRecord } from "../core/record.ts";

/** What the encoder h sees of contexts and exemplars. *Choice*: the public record does not say. */
export interface EncoderView {
  /** What is seen of an exemplar: x_j and y_j, x_j alone, or y_j alone. */
  readonly exemplar: "both" | "context" | "text";
  /** Whether the class label is part of x. */
  readonly label: boolean;
}

export const WHOLE_VIEW: EncoderView = { exemplar: "both", label: true };

/** x: the context's text, newline, its label where it has one and the view shows it. */
export function contextText(context: Context, { label }: EncoderView = WHOLE_VIEW): string {
  return label ? contextKey(context) : context.text;
}

/** (x_j, y_j): x, newline, text; the text alone where x is empty. A part where the view shows no more. */
export function exemplarText(record: PopulationRecord, view: EncoderView = WHOLE_VIEW): string {
  if (view.exemplar === "text") return record.text;
  const x = contextText(record.context, view);
  if (view.exemplar === "context") return x;
  return x === "" ? record.text : `${x}\n${record.text}`;
}
