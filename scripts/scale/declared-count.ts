import { parse } from "@babel/parser";
import { type Node, type ObjectExpression, traverseFast } from "@babel/types";

/** The words in which stacks say how many instances there are. */
const KEYS = ["nodes", "instances"] as const;

/** Where the source of a stack says how many instances a workload has. */
export interface DeclaredCount {
  readonly workload: string;
  readonly key: (typeof KEYS)[number];
  /** Undefined where it is anything but a plain number. */
  readonly count: number | undefined;
  /** From 1. */
  readonly line: number;
  /** Offsets of the value in the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the counts of instances in the source of a stack: `new App(this, "shop", { nodes: 4 })`, and `shop: { nodes: 4 }`
 * among the values of a composition that several stacks share.
 * @throws SyntaxError for what is no TypeScript
 */
export function declaredCounts(source: string): readonly DeclaredCount[] {
  const found: DeclaredCount[] = [];
  const take = (workload: string, object: ObjectExpression) => {
    for (const property of object.properties) {
      if (property.type !== "ObjectProperty") continue;
      const key = KEYS.find((one) => property.key.type === "Identifier" && property.key.name === one);
      const { value } = property;
      if (key === undefined || value.start == null || value.end == null) continue;
      found.push({
        workload,
        key,
        count: value.type === "NumericLiteral" ? value.value : undefined,
        line: value.loc?.start.line ?? 1,
        start: value.start,
        end: value.end,
      });
    }
  };
  traverseFast(parsed(source), (node) => {
    if (node.type === "NewExpression") {
      const [, id, props] = node.arguments;
      if (id?.type === "StringLiteral" && props?.type === "ObjectExpression") take(id.value, props);
    }
    if (node.type === "ObjectProperty" && node.value.type === "ObjectExpression") {
      if (node.key.type === "Identifier") take(node.key.name, node.value);
      if (node.key.type === "StringLiteral") take(node.key.value, node.value);
    }
  });
  return found;
}

/**
 * Whether a source is that of the stack: its class hands the name on, as `super(scope, "prod", …)`, or takes it as a
 * parameter that is that name unless another is given, as `name = "prod"`.
 */
export function isSourceOf(stack: string, source: string): boolean {
  const isName = (node: Node) => node.type === "StringLiteral" && node.value === stack;
  let isIt = false;
  traverseFast(parsed(source), (node) => {
    if (node.type === "CallExpression" && node.callee.type === "Super") isIt ||= node.arguments.some(isName);
    if (node.type === "ClassMethod" && node.kind === "constructor") {
      isIt ||= node.params.some((one) => one.type === "AssignmentPattern" && isName(one.right));
    }
  });
  return isIt;
}

/** The file, as it is imported, of the class that a source extends; undefined where that is no other file of the stacks. */
export function extendedFile(source: string): string | undefined {
  const files = new Map<string, string>();
  let base: string | undefined;
  traverseFast(parsed(source), (node) => {
    if (node.type === "ImportDeclaration") {
      for (const { local } of node.specifiers) files.set(local.name, node.source.value);
    }
    if (node.type === "ClassDeclaration" && node.superClass?.type === "Identifier")
      base = node.superClass.name;
  });
  const file = base === undefined ? undefined : files.get(base);
  return file?.startsWith("./") ? file : undefined;
}

/** The source with another number in one place. */
export function withCount(source: string, { start, end }: DeclaredCount, count: number): string {
  return `${source.slice(0, start)}${count}${source.slice(end)}`;
}

function parsed(source: string): Node {
  return parse(source, { sourceType: "module", plugins: ["typescript"] });
}
