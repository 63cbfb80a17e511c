// Where in the editor words stand: by the path of their field, the words, and how often they came before.

/** The element around the field of a path: ["title"], or ["body", block, …]; null where it is gone. */
export function fieldAt(path) {
  let found = document.querySelector("form[data-edit-form]");
  for (const step of path) {
    found = found?.querySelector(`[data-contentpath="${CSS.escape(step)}"]`);
  }
  return found ?? null;
}

/** The hidden input of a rich text within a field, with its editor; null in plain fields. */
export function richInput(field) {
  return [...field.querySelectorAll('input[type="hidden"]')].find((input) => input.draftailEditor) ?? null;
}

/** The input or textarea of a plain field. */
export function plainInput(field) {
  return field.querySelector('textarea, input[type="text"], input:not([type])');
}

/** Where the words stand for the (occurrence + 1)-th time, as the desk counts: without overlap; -1 for nowhere. */
export function indexOf(text, words, occurrence) {
  let at = text.indexOf(words);
  for (let n = 0; n < occurrence && at >= 0; n++) at = text.indexOf(words, at + words.length);
  return at;
}

/** The text of each paragraph of a rich text as it is on the page, with its text nodes. */
export function paragraphsOf(field) {
  const content = field.querySelector(".public-DraftEditor-content");
  return [...(content?.querySelectorAll('[data-block="true"]') ?? [])].map((block) => {
    const nodes = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return { nodes, text: nodes.map((node) => node.data).join("") };
  });
}

/** A range over the words of a mark in a rich text, across bold and italic; null where they are gone. */
export function rangeOf(mark, paragraphs) {
  let before = mark.occurrence;
  for (const paragraph of paragraphs) {
    const at = indexOf(paragraph.text, mark.words, before);
    if (at >= 0) return rangeIn(paragraph.nodes, at, at + mark.words.length);
    before -= paragraph.text.split(mark.words).length - 1;
  }
  return null;
}

function rangeIn(nodes, start, end) {
  const range = new Range();
  let at = 0;
  for (const node of nodes) {
    const next = at + node.length;
    if (start >= at && start < next) range.setStart(node, start - at);
    if (end > at && end <= next) {
      range.setEnd(node, end - at);
      return range;
    }
    at = next;
  }
  return null;
}

/** Open the tab and the folded sections that hide a field. */
export function reveal(field) {
  const tab = field.closest('[role="tabpanel"][hidden]');
  if (tab) document.querySelector(`[role="tab"][aria-controls="${CSS.escape(tab.id)}"]`)?.click();
  for (let panel = field.closest("[data-panel]"); panel; panel = panel.parentElement.closest("[data-panel]")) {
    const toggle = panel.querySelector("[data-panel-toggle]");
    if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
  }
  const within = field.querySelector("[data-panel-toggle]");
  if (within?.getAttribute("aria-expanded") === "false") within.click();
}
