// Elements of the page: found by their id, or made.

export const byId = (id) => document.getElementById(id);

/** Make an element with attributes and text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
