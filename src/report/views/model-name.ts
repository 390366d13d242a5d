/** A model as headings write it: its id, and its remark ("toy") wherever its results are shown. */
export function modelName(model: string | null, remark: string | null): string {
  if (model === null) return "no model named";
  return remark === null ? model : `${model} (${remark})`;
}
