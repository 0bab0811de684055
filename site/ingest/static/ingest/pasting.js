/* What comes from Word goes through the server, which makes of it what our editors keep: lists that
   are lists, no deleted words, no remarks. In the body of an article, headings, tables and
   quotations become blocks of their own. Anything else is pasted as Wagtail does. */
const { address } = document.currentScript.dataset;
const FOREIGN = /\bmso-|\bclass="?Mso|urn:schemas-microsoft-com|docs-internal-guid|<(?:h[1-6]|table|blockquote|ins|del)\b/i;
const OWN = "data-draftjs-conductor-fragment"; // copied from another of our editors
const INLINED = /\ssrc\s*=\s*(["'])data:[\s\S]*?\1/gi; // pictures: large, and not taken over
const TOO_MUCH = 413; // Content Too Large
const ours = new WeakSet();

document.addEventListener("paste", takeOver, { capture: true });

function takeOver(event) {
  const editor = event.target.closest?.("[contenteditable='true'].public-DraftEditor-content");
  if (!editor || ours.has(event)) return;
  const html = event.clipboardData.getData("text/html");
  if (!FOREIGN.test(html) || html.includes(OWN)) return;
  const text = event.clipboardData.getData("text/plain");
  event.preventDefault();
  event.stopImmediatePropagation();
  clean(html, editor, text);
}

async function clean(html, editor, text) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        [window.wagtailConfig.CSRF_HEADER_NAME]: window.wagtailConfig.CSRF_TOKEN,
      },
      body: html.replace(INLINED, ""),
    });
    if (answer.ok) return put(await answer.json(), editor, text);
    if (answer.status === TOO_MUCH) say((await answer.json()).notes);
  } catch (error) {
    console.warn(error);
  }
  paste(editor, "", text); // nothing is lost, and nothing of Word's comes along
}

function put({ lead, all, blocks, notes }, editor, text) {
  const place = placeOf(editor);
  if (!place) paste(editor, all, text);
  else if (lead || !blocks.length) paste(editor, lead, lead ? text : "");
  if (place) insert(blocks, place, !lead && !editor.textContent.trim());
  say(notes);
}

/** The paragraph of a body the editor belongs to, and that body; null for other fields. */
function placeOf(editor) {
  const body = editor.closest("#body-root")?.rootBlock;
  const child = body?.children.find((each) => each.element.contains(editor));
  return child?.type === "paragraph" ? { body, child } : null;
}

function insert(blocks, { body, child }, isEmpty) {
  let index = child.index;
  for (const { type, value } of blocks) {
    index += 1;
    body.insert({ type, value, id: crypto.randomUUID?.() ?? null }, index, { focus: false });
  }
  if (!blocks.length) return;
  if (isEmpty) body.deleteBlock(child.index);
  // Wagtail's autosave and its warning about unsaved changes listen for it.
  body.container[0].dispatchEvent(new Event("change", { bubbles: true }));
}

function paste(editor, html, text) {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  ours.add(event);
  editor.focus();
  editor.dispatchEvent(event);
}

function say(notes) {
  if (!notes.length) return;
  const detail = { clear: true, text: notes.join(" "), type: "warning" };
  document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
}
