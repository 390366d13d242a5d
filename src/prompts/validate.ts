import { InputError } from "../core/errors.ts";
import { unknownName } from "../core/registry.ts";
import type { PromptTemplates } from "./prompt.ts";

/** What each slot's template may use. */
export const slotVariables: { readonly [Slot in keyof PromptTemplates]: readonly string[] } = {
  instruction: ["context", "label"],
  persona: ["persona"],
  example: ["exemplars"],
  task: ["context", "label"],
};

/** What `{{#each exemplars}}` may use inside, beside `@index`, `@first` and `@last`. */
const exemplarVariables = ["context", "label", "text"];
const loopVariables = ["index", "first", "last"];

/**
 * Walks a parsed template and refuses what is not a plain variable, `#if`, `#unless` or `#each exemplars`: no helpers, partials
 * or paths into objects, so that a template can do nothing but place text.
 * @throws InputError naming the slot, what was found and what is allowed.
 */
export function validateTemplate(slot: keyof PromptTemplates, program: hbs.AST.Program): void {
  checkBody(slot, program, [slotVariables[slot]]);
}

function checkBody(slot: string, program: hbs.AST.Program | undefined, scopes: readonly (readonly string[])[]): void {
  for (const statement of program?.body ?? []) checkStatement(slot, statement, scopes);
}

function checkStatement(slot: string, statement: hbs.AST.Statement, scopes: readonly (readonly string[])[]): void {
  if (isContent(statement)) return;
  if (isMustache(statement)) {
    if (statement.params.length > 0) throw refuse(slot, "a call with arguments");
    checkVariable(slot, statement.path, scopes);
    return;
  }
  if (!isBlock(statement)) throw refuse(slot, `a ${statement.type}`);
  const [argument] = statement.params;
  const helper = statement.path.original;
  if (argument === undefined || statement.params.length !== 1)
    throw refuse(slot, `\`#${helper}\` without one variable`);
  const name = checkVariable(slot, argument, scopes);
  if (helper === "if" || helper === "unless") {
    checkBody(slot, statement.program, scopes);
  } else if (helper === "each" && name === "exemplars") {
    checkBody(slot, statement.program, [...scopes, exemplarVariables]);
  } else {
    throw refuse(slot, `\`#${helper} ${name}\``);
  }
  checkBody(slot, statement.inverse, scopes);
}

function checkVariable(slot: string, node: hbs.AST.Node, scopes: readonly (readonly string[])[]): string {
  if (!isPath(node)) throw refuse(slot, `a ${node.type}`);
  const [name] = node.parts;
  if (name === undefined || node.parts.length > 1) throw refuse(slot, `\`${node.original}\``);
  const inLoop = scopes.length > 1;
  const allowed = node.data ? (inLoop ? loopVariables : []) : scopes[scopes.length - 1 - node.depth];
  if (allowed === undefined || !allowed.includes(name))
    throw new InputError(`${unknownName(`variable in the prompt template \`${slot}\`:`, name, allowed ?? [])}`);
  return name;
}

function refuse(slot: string, found: string): InputError {
  return new InputError(
    `The prompt template \`${slot}\` holds ${found}; allowed are variables, \`#if\`, \`#unless\` and, in \`example\`, \`#each exemplars\`.`,
  );
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
