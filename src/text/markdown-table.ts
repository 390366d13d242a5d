/** A table of Markdown, its cells escaped and on one line. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}
