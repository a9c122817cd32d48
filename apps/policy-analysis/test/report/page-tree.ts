/**
 * The accessibility tree of a page as Chromium computes it: what a screen reader is given.
 *
 * @see Chrome DevTools Protocol, Accessibility.getFullAXTree.
 * @module
 */
import type { Page } from "playwright-core";

/** `markup` is the start tag, for nodes without a name alone. */
export type TreeNode = { readonly role: string; readonly name: string; readonly markup: string };

/** Every node that is not ignored, with its computed role and name. */
export async function readTree(page: Page): Promise<TreeNode[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const tree: TreeNode[] = [];
  for (const { ignored, role, name, backendDOMNodeId } of nodes) {
    if (ignored) continue;
    const said = String(name?.value ?? "");
    let markup = "";
    if (said === "" && backendDOMNodeId !== undefined && role?.type === "role") {
      const { node } = await session.send("DOM.describeNode", { backendNodeId: backendDOMNodeId });
      markup = `<${node.localName}${node.attributes?.includes("class") ? ` ${node.attributes.join(" ")}` : ""}>`;
    }
    tree.push({ role: String(role?.value ?? ""), name: said, markup });
  }
  await session.detach();
  return tree;
}
