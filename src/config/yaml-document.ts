import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from "yaml";
import { InputError } from "../core/errors.ts";

/** Bytes of a config at most: the largest one written by hand has a few thousand. */
export const MOST_BYTES = 1_000_000;

/** Lists and mappings within one another at most; a config needs six. Whatever walks over a config may therefore recurse. */
export const MOST_LEVELS = 64;

/** Tokens that the parser keeps open for one level at most: a mapping, its value, and the document's own. */
const OPEN_TOKENS = 2 * MOST_LEVELS;

/** An error at an offset of the text. */
type Refuse = (offset: number, message: string) => InputError;

/** YAML as a tree whose nodes know where they stand, and `line:column` of an offset. */
export interface YamlDocument {
  readonly document: Document.Parsed;
  lineAndColumn(offset: number): string;
  readonly refuse: Refuse;
}

/**
 * Parses one YAML 1.2 document (JSON is YAML). Time and memory are bounded by `MOST_BYTES` and `MOST_LEVELS`, which hold before the
 * library builds anything: it recurses, and a stack that overflows inside of a regular expression ends the process.
 * @throws InputError with file, line and column for what is not YAML, and what is too much of it
 */
export function parseYaml(file: string, text: string): YamlDocument {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw tooLarge(file, bytes);
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines.addNewLine(at + 1);
  const lineAndColumn = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${line}:${col}`;
  };
  const refuse: Refuse = (offset, message) => new InputError(`${file}:${lineAndColumn(offset)}: ${message}`);
  const odd = UNPRINTABLE.exec(text);
  if (odd !== null)
    throw refuse(odd.index, `not valid YAML: the character ${codePoint(odd[0])} stands here. Save the file as text.`);
  // Equal keys are looked for when the tree is made plain: the library holds each key against all others.
  const composer = new Composer({ prettyErrors: false, stringKeys: true, uniqueKeys: false });
  const tokens = boundedTokens(text, refuse);
  let document: Document.Parsed | null = null;
  for (const found of composer.compose(tokens, true, text.length)) {
    const broken = found.errors[0];
    if (broken !== undefined) throw refuse(broken.pos[0], `not valid YAML: ${broken.message}`);
    if (document !== null) throw refuse(found.range[0], "a second document begins here; a config is one document.");
    document = found;
  }
  if (document === null) throw new Error("The composer gave no document.");
  const { explicit, version } = document.directives.yaml;
  if (explicit === true && version !== "1.2") throw refuse(0, `YAML ${version} is asked for; configs are YAML 1.2.`);
  return { document, lineAndColumn, refuse };
}

/** The sentence that refuses a config by its size. */
export function tooLarge(file: string, bytes: number | null): InputError {
  const found = bytes === null ? `over ${MOST_BYTES} bytes` : `${bytes} bytes`;
  return new InputError(
    `${file}: ${found}; a config has ${MOST_BYTES} at most. Texts belong in files that it names (\`path\`).`,
  );
}

/** What YAML 1.2 calls not printable. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]/u;

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function* boundedTokens(text: string, refuse: Refuse): Generator<CST.Token, void> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > OPEN_TOKENS)
      throw refuse(parser.offset, `more than ${MOST_LEVELS} lists and mappings within one another.`);
  }
  yield* parser.end();
}
