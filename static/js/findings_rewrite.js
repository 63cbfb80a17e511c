// Other words in the place of some: into the editor's own undo history, nothing else touched; and back again.
import { fieldAt, indexOf, plainInput, reveal, richInput } from "./findings_fields.js";

/** Put `words` where the words of `mark` stand; what takes them back exactly, or null where they are gone. */
export function rewrite(mark, words) {
  const field = fieldAt(mark.path);
  if (!field) return null;
  reveal(field);
  return richInput(field) ? rewriteRich(mark, words) : rewritePlain(mark, words);
}

function rewriteRich(mark, words) {
  const found = richPlace(mark.path, mark.words, mark.occurrence);
  if (!found) return null;
  const { block, at } = found;
  const { ContentBlock } = window.DraftJS;
  const length = mark.words.length;
  const before = new ContentBlock({
    key: block.getKey(),
    type: block.getType(),
    depth: block.getDepth(),
    text: mark.words,
    characterList: block.getCharacterList().slice(at, at + length),
  });
  const first = block.getCharacterList().get(at);
  const after = before.merge({
    text: words,
    characterList: before.getCharacterList().clear().concat(Array.from({ length: words.length }, () => first)),
  });
  putRich(found, length, after);
  const where = { path: mark.path, key: block.getKey(), start: at, words };
  return () => {
    const now = richPlaceNear(where);
    if (!now) return false;
    putRich(now, words.length, before);
    return true;
  };
}

function putRich({ input, block, at }, length, piece) {
  const { BlockMapBuilder, EditorState, Modifier, SelectionState } = window.DraftJS;
  const editor = input.draftailEditor;
  const state = editor.getEditorState();
  const selection = SelectionState.createEmpty(block.getKey()).merge({ anchorOffset: at, focusOffset: at + length });
  const fragment = BlockMapBuilder.createFromArray([piece]);
  const content = Modifier.replaceWithFragment(state.getCurrentContent(), selection, fragment);
  editor.onChange(EditorState.push(state, content, "insert-fragment"));
}

function richPlace(path, words, occurrence) {
  const field = fieldAt(path);
  const input = field && richInput(field);
  if (!input) return null;
  let before = occurrence;
  for (const block of input.draftailEditor.getEditorState().getCurrentContent().getBlocksAsArray()) {
    const at = indexOf(block.getText(), words, before);
    if (at >= 0) return { input, block, at };
    before -= block.getText().split(words).length - 1;
  }
  return null;
}

// The words in the paragraph they were put in, the nearest to where that was.
function richPlaceNear({ path, key, start, words }) {
  const field = fieldAt(path);
  const input = field && richInput(field);
  const block = input?.draftailEditor.getEditorState().getCurrentContent().getBlockForKey(key);
  const at = block ? nearest(block.getText(), words, start) : -1;
  return at < 0 ? null : { input, block, at };
}

function rewritePlain(mark, words) {
  const input = plainInput(fieldAt(mark.path));
  const at = input ? indexOf(input.value, mark.words, mark.occurrence) : -1;
  if (at < 0) return null;
  putPlain(input, at, mark.words.length, words);
  return () => {
    const now = input.isConnected ? nearest(input.value, words, at) : -1;
    if (now < 0) return false;
    putPlain(input, now, words.length, mark.words);
    return true;
  };
}

// The only way for a page to write into a field's own undo history is this old command.
function putPlain(input, at, length, words) {
  input.focus({ preventScroll: true });
  input.setSelectionRange(at, at + length);
  const isDone = document.execCommand("insertText", false, words);
  if (isDone) return;
  input.setRangeText(words, at, at + length, "end");
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function nearest(text, words, start) {
  let best = -1;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (best < 0 || Math.abs(at - start) < Math.abs(best - start)) best = at;
  }
  return best;
}
