/**
 * Puts a text on the clipboard. Browsers keep the clipboard from pages that came in the clear from another computer:
 * there the old way still works, by what is selected.
 * @throws what the browser refuses with
 */
export async function copyText(text: string): Promise<void> {
  // Typed as if it were always there.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard !== undefined) return clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // Within an open dialog, which keeps the focus.
  const place = document.activeElement?.closest('[role="dialog"]') ?? document.body;
  const before = document.activeElement;
  place.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!copied) throw new Error('The browser does not copy.');
}
