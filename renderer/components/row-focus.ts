/** Moves from a row to the next or the one before; from nowhere to the page's first row. */
export function moveFocus(from: Element | null, step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('#main tr[data-row][tabindex="0"]')];
  const at = from === null ? -1 : rows.findIndex((row) => row === from || row.contains(from));
  const next = at === -1 ? rows[0] : rows[at + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
