// A list drawn anew without losing what somebody is doing in it: what is the same stays the same element.
const sources = new WeakMap();

/** Make the children of `old` those of `fresh`; children are told apart by data-key, [data-parts] are gone into. */
export function patch(old, fresh) {
  const kept = new Map([...old.children].map((child) => [child.dataset.key, child]));
  let at = old.firstElementChild;
  for (const child of [...fresh.children]) {
    const same = kept.get(child.dataset.key);
    kept.delete(child.dataset.key);
    if (!same) {
      remember(child);
      old.insertBefore(child, at);
      continue;
    }
    if (same === at) at = at.nextElementSibling;
    else old.insertBefore(same, at);
    if ("parts" in child.dataset) patch(same, child);
    else if (sources.get(same) !== child.outerHTML) replace(same, child);
  }
  kept.forEach((child) => child.remove());
}

function remember(child) {
  if ("parts" in child.dataset) for (const part of child.children) remember(part);
  else sources.set(child, child.outerHTML);
}

// Half-typed answers, open questions and the focus outlive the change.
function replace(old, fresh) {
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  const typed = focus && "selectionStart" in focus ? [focus.selectionStart, focus.selectionEnd] : null;
  const place = focus && locator(old, focus);
  const details = [...old.querySelectorAll("details")].map((one) => [one.firstElementChild.textContent, one.open]);
  const fields = [...old.querySelectorAll("input, textarea, select")].map((field) => [locator(old, field), field]);
  remember(fresh);
  old.replaceWith(fresh);
  for (const [title, isOpen] of details) {
    const same = [...fresh.querySelectorAll("details")].find((one) => one.firstElementChild.textContent === title);
    if (same && isOpen) same.open = true;
  }
  for (const [where, field] of fields) {
    const same = at(fresh, where);
    if (!same || field.type === "hidden") continue;
    if (field.type === "radio" || field.type === "checkbox") same.checked = field.checked;
    else if (field.value) same.value = field.value;
  }
  const next = place && (at(fresh, place) ?? fresh.querySelector("button, summary"));
  next?.focus({ preventScroll: true });
  if (typed && next?.setSelectionRange) next.setSelectionRange(...typed);
}

function locator(root, element) {
  const { tagName } = element;
  const name = nameOf(element);
  const alike = [...root.querySelectorAll(tagName)].filter((one) => nameOf(one) === name);
  return { tagName, name, number: alike.indexOf(element) };
}

function nameOf(element) {
  return element.name || element.dataset.do || element.dataset.rewrite || element.textContent.trim();
}

function at(root, { tagName, name, number }) {
  return [...root.querySelectorAll(tagName)].filter((one) => nameOf(one) === name)[number];
}
