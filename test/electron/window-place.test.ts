import { describe, expect, test } from 'vitest';
import { boundsToOpenAt, LEAST_SIZE, WindowPlace } from '../../electron/window-place.ts';

const LAPTOP = { x: 0, y: 25, width: 1440, height: 875 };
const BESIDE = { x: 1440, y: 0, width: 2560, height: 1415 };

const at = (x: number, y: number, width = 1000, height = 600) => ({
  bounds: { x, y, width, height },
  maximized: false,
});

describe('where the window opens', () => {
  test.each([
    ['on the only display', at(100, 100), [LAPTOP]],
    ['on the second display', at(2000, 300), [LAPTOP, BESIDE]],
    ['partly beyond the edge, its title bar in reach', at(1200, 200), [LAPTOP]],
    ['with its bottom below the display', at(100, 800), [LAPTOP]],
  ])('as it was: %s', (_case, place, displays) => {
    expect(boundsToOpenAt(place, displays)).toEqual(place.bounds);
  });

  test.each([
    ['the display is gone', at(2000, 300), [LAPTOP]],
    ['only a strip would be in reach', at(1400, 100), [LAPTOP]],
    ['the title bar would be above the display', at(100, 0), [LAPTOP]],
    ['the title bar would be below the display', at(100, 890), [LAPTOP]],
  ])('in the middle of the first display where %s', (_case, place, displays) => {
    expect(boundsToOpenAt(place, displays)).toEqual({ x: 220, y: 163, width: 1000, height: 600 });
  });

  test('at first in the middle, in the usual size', () => {
    expect(boundsToOpenAt({ bounds: null, maximized: false }, [BESIDE])).toEqual({
      x: 2080,
      y: 308,
      width: 1280,
      height: 800,
    });
  });

  test('no larger than its display, no smaller than can be used', () => {
    expect(boundsToOpenAt(at(10, 30, 4000, 3000), [LAPTOP])).toEqual({
      x: 10,
      y: 30,
      width: 1440,
      height: 875,
    });
    expect(
      boundsToOpenAt({ bounds: null, maximized: false }, [{ x: 0, y: 0, width: 600, height: 400 }]),
    ).toMatchObject(LEAST_SIZE);
  });
});

test.each([
  ['nothing', {}],
  ['a size of nothing', { bounds: { x: 0, y: 0, width: 0, height: 0 } }],
  ['words', { bounds: 'here', maximized: 'yes' }],
])('a kept place that says %s is none', (_case, kept) => {
  expect(WindowPlace.parse(kept)).toEqual({ bounds: null, maximized: false });
});
