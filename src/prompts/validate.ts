import { InputError } from "../core/errors.ts";
import { unknownName } from "../core/registry.ts";
import type { PromptTemplates } from "./prompt.ts";

/** What a variable stands for: a text, which can be placed, or a list, which can be gone through. */
type Scope = ReadonlyMap<string, "text" | "list">;

const asked: Scope = new Map([
  ["context", "text"],
  ["label", "text"],
]);

/** What each slot's template may use. */
const slotScopes: { readonly [Slot in keyof PromptTemplates]: Scope } = {
  instruction: asked,
  persona: new Map([["persona", "text"]]),
  example: new Map([["exemplars", "list"]]),
  task: asked,
};

/** What `{{#each exemplars}}` may use inside, beside `@index`, `@first` and `@last`. */
const exemplarScope: Scope = new Map([...asked, ["text", "text"]]);
const loopVariables: readonly string[] = ["index", "first", "last"];

/** Blocks within one another at most: Handlebars recurses. */
const MOST_LEVELS = 20;

/**
 * Walks a parsed template and refuses all but text, comments, `{{variable}}`, `#if` and `#unless` of a variable, and `#each exemplars`:
 * no helpers, arguments, partials, decorators, names for loops, or paths into objects or out of a loop, so that a template can do
 * nothing but place text.
 * @throws InputError naming the slot, the line, what was found and what is allowed.
 */
export function validateTemplate(slot: keyof PromptTemplates, program: hbs.AST.Program): void {
  checkBody({ slot, scope: slotScopes[slot], loop: false, level: 0 }, program);
}

interface Within {
  readonly slot: keyof PromptTemplates;
  readonly scope: Scope;
  readonly loop: boolean;
  readonly level: number;
}

/** Absent: a block without `{{else}}`. */
function checkBody(within: Within, program: hbs.AST.Program | null | undefined): void {
  for (const statement of program?.body ?? []) checkStatement(within, statement);
}

function checkStatement(within: Within, statement: hbs.AST.Statement): void {
  if (isContent(statement)) return;
  if (isMustache(statement)) {
    if (statement.params.length > 0 || hasNamed(statement.hash))
      throw refuse(within, statement, "a call with arguments");
    const name = variableOf(within, statement.path);
    if (within.scope.get(name) === "list" && !isData(statement.path))
      throw refuse(within, statement, `the list \`{{${name}}}\` as if it were a text`);
    return;
  }
  if (!isBlock(statement)) throw refuse(within, statement, found(statement));
  checkBlock(within, statement);
}

function checkBlock(within: Within, block: hbs.AST.BlockStatement): void {
  const helper = block.path.original;
  const [argument] = block.params;
  if (within.level >= MOST_LEVELS) throw refuse(within, block, `more than ${MOST_LEVELS} blocks within one another`);
  if (argument === undefined || block.params.length > 1)
    throw refuse(within, block, `\`#${helper}\` without one variable`);
  if (hasNamed(block.hash)) throw refuse(within, block, `\`#${helper}\` with named arguments`);
  if ((block.program?.blockParams ?? []).length > 0 || (block.inverse?.blockParams ?? []).length > 0)
    throw refuse(within, block, `\`#${helper}\` with \`as |...|\``);
  const name = variableOf(within, argument);
  const inside = { ...within, level: within.level + 1 };
  if (helper === "each" && within.scope.get(name) === "list" && !isData(argument)) {
    checkBody({ ...inside, scope: exemplarScope, loop: true }, block.program);
    if (!placesText(block.program))
      throw refuse(within, block, `\`#each ${name}\` that places nothing of them: write \`{{text}}\` in it`);
  } else if (helper === "if" || helper === "unless") {
    checkBody(inside, block.program);
  } else {
    throw refuse(within, block, `\`#${helper} ${name}\``);
  }
  checkBody(inside, block.inverse);
}

/** A checked variable's name. */
function variableOf(within: Within, node: hbs.AST.Node): string {
  if (!isPath(node)) throw refuse(within, node, found(node));
  const [name] = node.parts;
  if (name === undefined || node.parts.length > 1 || node.depth > 0) throw refuse(within, node, `\`${node.original}\``);
  const allowed = node.data ? (within.loop ? loopVariables : []) : [...within.scope.keys()];
  if (!allowed.includes(name)) {
    const what = `variable in ${place(within, node)}:`;
    throw new InputError(
      allowed.length === 0 ? refuse(within, node, `\`@${name}\``).message : unknownName(what, name, allowed),
    );
  }
  return name;
}

/** Whether a text of an exemplar is placed somewhere in a checked loop. */
function placesText(program: hbs.AST.Program | null | undefined): boolean {
  return (program?.body ?? []).some(
    (statement) =>
      (isMustache(statement) && !isData(statement.path)) ||
      (isBlock(statement) && (placesText(statement.program) || placesText(statement.inverse))),
  );
}

function place({ slot }: Within, { loc }: hbs.AST.Node): string {
  return `the prompt template \`${slot}\`, line ${loc.start.line}, column ${loc.start.column + 1}`;
}

function refuse(within: Within, node: hbs.AST.Node, what: string): InputError {
  const variables = [...within.scope].map(([name, kind]) =>
    kind === "text" ? `\`{{${name}}}\`` : `\`#each ${name}\``,
  );
  const loop = within.loop ? loopVariables.map((name) => `\`{{@${name}}}\``) : [];
  const allowed = [...variables, ...loop, "`#if` and `#unless` of one of them"].join(", ");
  return new InputError(`${place(within, node).replace(/^t/, "T")}, holds ${what}; allowed are ${allowed}.`);
}

/** What a node is called by those who write templates. */
function found({ type }: hbs.AST.Node): string {
  return NAMES.get(type) ?? `a ${type}`;
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ["PartialStatement", "a partial (`{{> name}}`)"],
  ["PartialBlockStatement", "a partial (`{{#> name}}`)"],
  ["Decorator", "a decorator (`{{* name}}`)"],
  ["DecoratorBlock", "a decorator (`{{#* name}}`)"],
  ["SubExpression", "a call in parentheses"],
  ["StringLiteral", "a text in quotation marks"],
  ["NumberLiteral", "a number"],
  ["BooleanLiteral", "`true` or `false`"],
  ["UndefinedLiteral", "`undefined`"],
  ["NullLiteral", "`null`"],
]);

function hasNamed(hash: hbs.AST.Hash | undefined): boolean {
  return (hash?.pairs ?? []).length > 0;
}
function isData(node: hbs.AST.Node): boolean {
  return isPath(node) && node.data;
}
function isContent(node: hbs.AST.Node): boolean {
  return node.type === "ContentStatement" || node.type === "CommentStatement";
}
function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === "MustacheStatement";
}
function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === "BlockStatement";
}
function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === "PathExpression";
}
