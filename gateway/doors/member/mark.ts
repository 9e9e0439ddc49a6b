const LOOP = 'M50 50C38 30 14 30 14 50S38 70 50 50 86 30 86 50 62 70 50 50Z';

/** The product's mark with its name, for the dark bar on top of the reference. */
export const NAME_MARK = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 100">
<path d="${LOOP}" fill="none" stroke="#FFFFFF" stroke-width="11" stroke-linejoin="round"/>
<text x="108" y="63" font-family="system-ui, sans-serif" font-size="42" font-weight="600" fill="#FFFFFF">NoTokenLimit Desktop</text>
</svg>`;

/** For the browser's tab. */
export const TAB_MARK = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<rect x="2" y="2" width="96" height="96" rx="22" fill="#1C1C1A"/>
<path d="${LOOP}" transform="translate(50 50) scale(0.86) translate(-50 -50)" fill="none" stroke="#FFFFFF" stroke-width="11" stroke-linejoin="round"/>
</svg>`;
