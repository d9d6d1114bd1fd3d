// Building a kd-tree: points in tree order, xyz as f64, with their numbers; the same steps as the TypeScript twin.

// @ts-ignore: decorator
@inline
function startOf(n: i32, depth: i32, j: i32): i32 {
  return <i32>((<i64>j * <i64>n) >> depth);
}

// @ts-ignore: decorator
@inline
function exchange(p: usize, order: usize, i: i32, j: i32): void {
  const a = order + (<usize>i << 2);
  const b = order + (<usize>j << 2);
  const index = load<i32>(a);
  store<i32>(a, load<i32>(b));
  store<i32>(b, index);
  const u = p + 24 * <usize>i;
  const v = p + 24 * <usize>j;
  const xy = v128.load(u);
  const z = load<f64>(u, 16);
  v128.store(u, v128.load(v));
  store<f64>(u, load<f64>(v, 16), 16);
  v128.store(v, xy);
  store<f64>(v, z, 16);
}

function select(p: usize, order: usize, axis: usize, low: i32, high: i32, middle: i32): void {
  let from = low;
  let to = high;
  const key = p + (axis << 3);
  while (from < to) {
    const pivot = load<f64>(key + 24 * <usize>((from + to) >> 1));
    let i = from;
    let j = to;
    while (i <= j) {
      while (load<f64>(key + 24 * <usize>i) < pivot) i++;
      while (load<f64>(key + 24 * <usize>j) > pivot) j--;
      if (i > j) continue;
      exchange(p, order, i, j);
      i++;
      j--;
    }
    if (j < middle) from = i;
    if (i > middle) to = j;
  }
}

export function buildTree(p: usize, order: usize, n: i32, axes: usize, splits: usize, levels: i32): void {
  for (let depth = 0; depth < levels; depth++) {
    for (let j = 0; j < 1 << depth; j++) {
      const from = startOf(n, depth, j);
      const to = startOf(n, depth, j + 1);
      let lowXy = f64x2.splat(Infinity);
      let highXy = f64x2.splat(-Infinity);
      let lowZ = lowXy;
      let highZ = highXy;
      for (let at = p + 24 * <usize>from; at < p + 24 * <usize>to; at += 24) {
        const xy = v128.load(at);
        const z = v128.load64_zero(at, 16);
        lowXy = f64x2.pmin(lowXy, xy);
        highXy = f64x2.pmax(highXy, xy);
        lowZ = f64x2.pmin(lowZ, z);
        highZ = f64x2.pmax(highZ, z);
      }
      const wide = f64x2.sub(highXy, lowXy);
      const x = f64x2.extract_lane(wide, 0);
      const y = f64x2.extract_lane(wide, 1);
      const z = f64x2.extract_lane(highZ, 0) - f64x2.extract_lane(lowZ, 0);
      const axis: usize = x >= y && x >= z ? 0 : y >= z ? 1 : 2;
      const middle = startOf(n, depth + 1, 2 * j + 1);
      select(p, order, axis, from, to - 1, middle);
      const node = (1 << depth) + j;
      store<u8>(axes + node, <u8>axis);
      store<f64>(splits + (<usize>node << 3), load<f64>(p + 24 * <usize>middle + (axis << 3)));
    }
  }
}
