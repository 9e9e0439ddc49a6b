import { useEffect, useState } from 'react';

const SHOWN_MS = 1_500;
const WORDS = { ready: 'Copy', copied: 'Copied', refused: 'Not copied' } as const;

/** Copies a text; says so in its own place. A browser may refuse: the text beside it can then be selected. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<keyof typeof WORDS>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);

  function copy() {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  }
  return (
    <button type="button" className="button" onClick={copy} aria-label={`${WORDS[state]} ${label}`}>
      {WORDS[state]}
    </button>
  );
}
