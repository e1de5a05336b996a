// Where a picture lies on the screen: zoom and pan, and the way between the pixels of both.

export const MOST_ZOOM = 12;
export const WHOLE = Object.freeze({ zoom: 1, dx: 0, dy: 0 });

// Scale and offset that fit a box (left, top, right, bottom) into a stage.
export function fit(box, stage) {
  const [left, top, right, bottom] = box;
  const k = Math.min(stage.width / (right - left), stage.height / (bottom - top));
  return {
    k,
    x: stage.width / 2 - (k * (left + right)) / 2,
    y: stage.height / 2 - (k * (top + bottom)) / 2,
  };
}

// The fitted view, enlarged by `zoom` around a point that stays (cx, cy, as a share of the stage, moved).
export function zoomed(base, { zoom, dx, dy }) {
  return { k: base.k * zoom, x: base.x * zoom + dx, y: base.y * zoom + dy };
}

// Zoom by a factor so that the point under (px, py) stays there.
export function zoomAt(state, factor, px, py) {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, state.zoom * factor));
  if (zoom === 1) return { zoom: 1, dx: 0, dy: 0 };
  const by = zoom / state.zoom;
  return { zoom, dx: px + (state.dx - px) * by, dy: py + (state.dy - py) * by };
}

// Keep some of the picture in sight.
export function held(state, base, box, stage) {
  if (state.zoom === 1) return { zoom: 1, dx: 0, dy: 0 };
  const { k, x, y } = zoomed(base, state);
  const room = 0.25;
  const bound = (offset, low, high, size) => {
    const [a, b] = [offset + k * low, offset + k * high];
    if (b < room * size) return room * size - b;
    if (a > (1 - room) * size) return (1 - room) * size - a;
    return 0;
  };
  return {
    zoom: state.zoom,
    dx: state.dx + bound(x, box[0], box[2], stage.width),
    dy: state.dy + bound(y, box[1], box[3], stage.height),
  };
}

export const toScreen = ({ k, x, y }, [px, py]) => [k * px + x, k * py + y];
export const toPicture = ({ k, x, y }, [sx, sy]) => [(sx - x) / k, (sy - y) / k];
