// Keeps a page as it is in the store. The server sends whole elements by their id; an element that is shown already
// stays untouched, a changed one is replaced, and a new row goes on top of the list that it names (data-into).

const pulse = document.getElementById("pulse");
const FLASH_MS = 1800;

function flash(element) {
  element.classList.add("fresh");
  setTimeout(() => element.classList.remove("fresh"), FLASH_MS);
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

// The flash is ours; what the server sent is compared without it, and without the blanks between elements.
function text(element) {
  const copy = element.cloneNode(true);
  copy.classList.remove("fresh");
  if (copy.classList.length === 0) copy.removeAttribute("class");
  return copy.outerHTML.replace(/\s+/g, " ");
}

function put(element) {
  const shown = document.getElementById(element.id);
  if (shown) {
    // What somebody is typing into stays until they leave it.
    if (text(shown) === text(element) || shown.contains(document.activeElement)) return;
    shown.replaceWith(element);
    flash(element);
    return;
  }
  const list = document.getElementById(element.dataset.into);
  if (!list) return;
  list.prepend(element);
  flash(element);
  while (list.children.length > Number(list.dataset.rows)) list.lastElementChild.remove();
}

function say(state) {
  pulse.dataset.state = state;
  pulse.textContent = state === "on" ? "Live" : "Reconnecting";
}

function listen() {
  const source = new EventSource(pulse.dataset.live);
  source.addEventListener("open", () => say("on"));
  source.addEventListener("error", () => {
    say("off");
    // The browser comes back by itself unless it was answered with an error; then we ask again, in a while.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
  source.addEventListener("fragment", (event) => put(parse(event.data)));
  window.addEventListener("pagehide", () => source.close(), { once: true });
}

listen();
window.addEventListener("pageshow", (event) => event.persisted && listen());
