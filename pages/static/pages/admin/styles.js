// The first script of every screen of the admin. Wagtail's text editor and the translation editor
// make style elements as they run; the policy wants this answer's nonce on each. Scripts that run
// may be trusted with it; a style that slipped into a text is made by the parser and gets none.
"use strict";

{
  const { nonce } = document.currentScript;
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function create(name, options) {
    const element = createElement.call(this, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}
