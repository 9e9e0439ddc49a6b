import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

/** What the packages make their own icons of, by the sizes that freedesktop.org's icon themes have. */
const ICON_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** Of the window on Linux and Windows. */
const WINDOW_ICON_SIZE = 256;

export const TRAY_STATES = ['running', 'paused', 'attention'] as const;

/** Amber in the drawings; macOS' template images have one colour. */
const SIGNAL = '#D98A08';

interface TrayLook {
  /** Begins the file names. macOS colours pictures whose name ends in Template itself. */
  name: (state: string) => string;
  /** Pixels at scale 1. */
  size: number;
  scales: readonly number[];
  dress: (drawing: string) => string;
}

/** Icons follow the taskbar on Windows and the menu bar on macOS; a panel on Linux does not tell its colour. */
const TRAY_LOOKS: readonly TrayLook[] = [
  { name: (state) => `tray-${state}-Template`, size: 16, scales: [1, 2, 3], dress: inBlack },
  {
    name: (state) => `tray-${state}-on-light`,
    size: 16,
    scales: [1, 1.25, 1.5, 2, 3],
    dress: inInk('#1C1C1A'),
  },
  {
    name: (state) => `tray-${state}-on-dark`,
    size: 16,
    scales: [1, 1.25, 1.5, 2, 3],
    dress: inInk('#FFFFFF'),
  },
  { name: (state) => `tray-${state}-plate`, size: 24, scales: [1, 2], dress: onPlate },
];

/**
 * Draws the pictures that Electron and its packages take, from the drawings beside this file.
 * @param outDir gets `icon.png` and the tray's pictures
 * @param iconsDir gets the app's icon in all sizes, for electron-builder
 */
export function drawIcons(outDir: string, iconsDir: string): void {
  for (const dir of [outDir, iconsDir]) mkdirSync(dir, { recursive: true });
  const icon = drawing('icon');
  for (const size of ICON_SIZES) writeFileSync(join(iconsDir, `${size}x${size}.png`), toPng(icon, size));
  writeFileSync(join(outDir, 'icon.png'), toPng(icon, WINDOW_ICON_SIZE));
  for (const state of TRAY_STATES) {
    for (const { name, size, scales, dress } of TRAY_LOOKS) {
      const dressed = dress(drawing(`tray-${state}`));
      for (const scale of scales) {
        // Electron finds the picture for a display's scale by this suffix.
        const suffix = scale === 1 ? '' : `@${scale}x`;
        writeFileSync(join(outDir, `${name(state)}${suffix}.png`), toPng(dressed, size * scale));
      }
    }
  }
}

function drawing(name: string): string {
  return readFileSync(join(import.meta.dirname, `${name}.svg`), 'utf8');
}

function toPng(svg: string, width: number): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();
}

function inBlack(svg: string): string {
  return svg.replaceAll(SIGNAL, '#000000');
}

function inInk(colour: string): (svg: string) => string {
  return (svg) => svg.replace('color="#000000"', `color="${colour}"`);
}

/** White on a dark plate with a rim of its own, legible on any panel. */
function onPlate(svg: string): string {
  const mark = svg
    .replace('<svg ', '<svg x="15" y="15" width="70" height="70" ')
    .replace('color="#000000"', 'color="#FFFFFF"');
  const plate =
    '<rect x="3" y="3" width="94" height="94" rx="23" fill="#1C1C1A" stroke="#FFFFFF" stroke-opacity="0.35" stroke-width="3"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${plate}${mark}</svg>`;
}
