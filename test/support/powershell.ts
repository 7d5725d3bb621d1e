import { createRequire } from "node:module";
import { Language, type Node, Parser } from "web-tree-sitter";

/** The tree of a script, by a grammar of PowerShell. */
export async function powershell(script: string): Promise<Node> {
  await Parser.init();
  const parser = new Parser().setLanguage(
    await Language.load(
      createRequire(import.meta.url).resolve("tree-sitter-powershell/tree-sitter-powershell.wasm"),
    ),
  );
  const tree = parser.parse(script);
  if (tree === null) throw new Error("no tree");
  return tree.rootNode;
}

/** The text of each function, by its name. */
export async function functionsOf(script: string): Promise<ReadonlyMap<string, string>> {
  const functions = (await powershell(script)).descendantsOfType("function_statement");
  return new Map(
    functions.flatMap((one) => {
      const name = one?.descendantsOfType("function_name")[0]?.text;
      return one === null || name === undefined ? [] : [[name, one.text] as const];
    }),
  );
}
