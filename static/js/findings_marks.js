// Marks in the text, painted by the browser's Custom Highlight API: the editor's own elements stay untouched.
import { fieldAt, indexOf, paragraphsOf, plainInput, rangeOf, reveal, richInput } from "./findings_fields.js";

const SEVERITIES = ["error", "warning", "info"];
const canPaint = "highlights" in CSS;

/** Underline all marks in rich texts softly; none of a severity that is not listed. */
export function underline(marks) {
  if (!canPaint) return;
  const ranges = new Map(SEVERITIES.map((severity) => [severity, []]));
  const known = new Map();
  for (const mark of marks) {
    if (!ranges.has(mark.severity)) continue;
    const path = mark.path.join("/");
    if (!known.has(path)) {
      const field = fieldAt(mark.path);
      known.set(path, field && richInput(field) ? paragraphsOf(field) : []);
    }
    const range = rangeOf(mark, known.get(path));
    if (range) ranges.get(mark.severity).push(range);
  }
  for (const [severity, found] of ranges) CSS.highlights.set(`dp-${severity}`, new Highlight(...found));
}

/** Highlight the words of one mark and scroll there; whether they stand. With `enter`, the cursor goes there. */
export function show(mark, enter) {
  hide();
  const field = fieldAt(mark.path);
  if (!field) return false;
  reveal(field);
  return richInput(field) ? showRich(mark, field, enter) : showPlain(mark, field, enter);
}

/** Take the highlight of one mark away. */
export function hide() {
  if (canPaint) CSS.highlights.delete("dp-shown");
  document.querySelectorAll(".dp-shown-field").forEach((field) => field.classList.remove("dp-shown-field"));
}

/** Paint the highlight anew after the text was typed in: its nodes may be others. */
export function repaint(mark) {
  const field = fieldAt(mark.path);
  if (field && !richInput(field) && plainInput(field)?.value.includes(mark.words)) return;
  const range = field && richInput(field) ? rangeOf(mark, paragraphsOf(field)) : null;
  if (range && canPaint) CSS.highlights.set("dp-shown", new Highlight(range));
  else hide();
}

function showRich(mark, field, enter) {
  const range = rangeOf(mark, paragraphsOf(field));
  if (!range) return false;
  if (canPaint) CSS.highlights.set("dp-shown", new Highlight(range));
  if (enter || !canPaint) {
    field.querySelector(".public-DraftEditor-content").focus({ preventScroll: true });
    getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  }
  intoView(range.startContainer.parentElement);
  return true;
}

function showPlain(mark, field, enter) {
  const input = plainInput(field);
  const at = input ? indexOf(input.value, mark.words, mark.occurrence) : -1;
  if (at < 0) return false;
  field.classList.add("dp-shown-field");
  if (enter) input.focus({ preventScroll: true });
  input.setSelectionRange(at, at + mark.words.length);
  intoView(input);
  return true;
}

// A short way is shown, a long one is jumped: scrolling through pages of text costs more than it tells.
function intoView(element) {
  const { top } = element.getBoundingClientRect();
  const isNear = top > -innerHeight && top < 2 * innerHeight;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: isNear && !isCalm ? "smooth" : "instant" });
}
