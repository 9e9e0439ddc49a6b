import type { Rectangle } from 'electron';
import { z } from 'zod';

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });

/** Where the window was: its bounds when not maximised, in screen coordinates. */
export const WindowPlace = z.object({
  bounds: Bounds.nullable().catch(null).default(null),
  maximized: z.boolean().catch(false).default(false),
});
export type WindowPlace = z.infer<typeof WindowPlace>;

export const LEAST_SIZE = { width: 640, height: 420 };
const USUAL_SIZE = { width: 1280, height: 800 };

/** So much of the title bar must lie on a display that one can take hold of it. */
const GRIP = { width: 120, height: 32 };

/**
 * Where the window opens: where it was, unless the display it was on is gone or has become smaller.
 * @param displays work areas, the primary one first
 */
export function boundsToOpenAt(place: WindowPlace, displays: readonly Rectangle[]): Rectangle {
  const [primary] = displays;
  if (primary === undefined) return { x: 0, y: 0, ...USUAL_SIZE };
  const { bounds } = place;
  const home = bounds === null ? undefined : displays.find((area) => isWithinReach(bounds, area));
  if (bounds === null || home === undefined) return centred(bounds ?? USUAL_SIZE, primary);
  return { ...bounds, ...fitting(bounds, home) };
}

function isWithinReach(bounds: Rectangle, area: Rectangle): boolean {
  const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const titleBar = bounds.y >= area.y && bounds.y + GRIP.height <= area.y + area.height;
  return titleBar && width >= GRIP.width;
}

function centred(size: { width: number; height: number }, area: Rectangle): Rectangle {
  const { width, height } = fitting(size, area);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

/** No larger than the display; a display smaller than the least size keeps the least size. */
function fitting({ width, height }: { width: number; height: number }, area: Rectangle) {
  return {
    width: Math.max(LEAST_SIZE.width, Math.min(width, area.width)),
    height: Math.max(LEAST_SIZE.height, Math.min(height, area.height)),
  };
}
