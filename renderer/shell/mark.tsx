/** The product's mark: an unending line. */
export function Mark() {
  return (
    <svg viewBox="0 0 100 100" width="24" height="24" aria-hidden="true" style={{ flex: 'none' }}>
      <rect x="4" y="4" width="92" height="92" rx="22" fill="var(--ink)" />
      <path
        d="M50 50 C40 34 21 34 21 50 S40 66 50 50 S79 34 79 50 S60 66 50 50 Z"
        fill="none"
        stroke="var(--surface)"
        strokeWidth="9"
        strokeLinejoin="round"
      />
    </svg>
  );
}
