/** Hands a file to the browser, which saves it where its owner wants files. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  followDownload(url, name);
  // The download has begun once the click is handled; some browsers read the address a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Lets the browser fetch and save by itself: nothing of it is held in memory. */
export function followDownload(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
