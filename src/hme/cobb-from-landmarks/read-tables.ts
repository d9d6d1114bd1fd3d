/**
 * Corner landmarks and image sizes as they stand in tables, brought to pixels.
 *
 * Files of this kind often come without a header: a reader that took the first film for column names is recognised by
 * names that are all numbers, and the film is given back. O(films × corners).
 */

import { MsdtError, type Table, tableRows } from '../../model/index.ts';

/** Landmarks of one film in pixels; corner 4k is the upper left of vertebra k, then upper right, lower left, lower right. */
export interface Film {
  /** name of the film, or `row 12` */
  file: string;
  /** row of the landmark table, from 0 */
  row: number;
  /** pixels from the left edge · shape [4 × vertebrae] */
  x: Float64Array;
  /** pixels from the upper edge · shape [4 × vertebrae] */
  y: Float64Array;
  /** pixels; absent when nothing says it */
  imageHeight?: number;
}

/** How landmark coordinates are to be understood. */
export type Coordinates = 'auto' | 'normalised' | 'pixels';

interface Row {
  file?: string;
  values: number[];
}

const NAME_COLUMN = /^(file|filename|name|image|film)s?$/i;

/** Puts a first line that was mistaken for a header back where it belongs. */
function restoreHeaderlessTable(table: Table): Table {
  const names = table.columns.map((column) => column.name.trim());
  const numeric = names.filter((name) => name !== '' && Number.isFinite(Number(name.replace(/_\d+$/, ''))));
  const wholeNumbers = names.every((name, i) => Number(name) === i || Number(name) === i + 1);
  if (numeric.length < names.length || wholeNumbers) return table;
  return {
    columns: table.columns.map((column, i) => ({
      ...column,
      name: `v${i + 1}`,
      values: [Number(names[i]), ...column.values],
    })),
  };
}

function landmarkRows(table: Table): Row[] {
  const whole = restoreHeaderlessTable(table);
  const rows = tableRows(whole);
  const nameColumn = whole.columns.find((column) => NAME_COLUMN.test(column.name));
  const data = whole.columns.filter((column) => column !== nameColumn);
  return Array.from({ length: rows }, (_, row) => ({
    file: nameColumn ? String(nameColumn.values[row] ?? '') : undefined,
    values: data.map((column) => (column.values[row] === null ? Number.NaN : Number(column.values[row]))),
  }));
}

interface ImageSize {
  file?: string;
  width: number;
  height: number;
}

function imageSizes(table: Table): ImageSize[] {
  const find = (pattern: RegExp) => table.columns.find((column) => pattern.test(column.name));
  const width = find(/^(width|columns|w|image_?width)$/i);
  const height = find(/^(height|rows|h|image_?height)$/i);
  if (!width || !height) {
    throw new MsdtError('file.malformed', 'The table of image sizes has no width and height', {
      where: { place: 'header' },
      detail: `columns: ${table.columns.map((column) => column.name).join(', ')}`,
      hint: 'Name two columns "width" and "height" (pixels), one row per film, and optionally "filename".',
    });
  }
  const name = find(NAME_COLUMN);
  return width.values.map((value, i) => ({
    file: name ? String(name.values[i] ?? '') : undefined,
    width: Number(value),
    height: Number(height.values[i]),
  }));
}

/**
 * Reads films from a landmark table and, where coordinates are shares of the image, from a table of image sizes.
 *
 * @param landmarks - one film a row: all x, then all y, in a column each (8 per vertebra); a name column is allowed
 * @param sizes - columns width and height in pixels; matched by name where both tables have names, else by row
 * @param coordinates - `auto` takes values within [-0.5, 1.5] for shares of the image
 * @throws MsdtError `input.missing` shares of the image without sizes: a wrong aspect ratio turns every tilt
 * @throws MsdtError `file.malformed` a row that is not 8 numbers per vertebra, sizes that do not match
 */
export function readFilms(landmarks: Table, sizes: Table | undefined, coordinates: Coordinates = 'auto'): Film[] {
  const rows = landmarkRows(landmarks);
  if (rows.length === 0) throw new MsdtError('input.empty', 'The landmark table has no rows');
  const normalised = coordinates === 'auto' ? rows.every(isShareOfImage) : coordinates === 'normalised';
  const known = sizes ? imageSizes(sizes) : undefined;
  if (normalised && !known) {
    throw new MsdtError('input.missing', 'These landmarks are shares of the image and need the image sizes', {
      detail:
        'Width and height differ, so angles taken from the shares as they stand are wrong by 20° and more. Nothing was measured.',
      hint: 'Give a table with filename, width and height in pixels as "sizes" (--in sizes=FILE).',
    });
  }
  if (known && known.length !== rows.length && !(known[0]?.file && rows[0].file)) {
    throw new MsdtError('file.malformed', 'Landmarks and image sizes have different numbers of rows', {
      detail: `${rows.length} films, ${known.length} sizes, and no names to match them by`,
      hint: 'Give one size per film in the same order, or a name column in both tables.',
    });
  }
  return rows.map((row, i) => filmOf(row, i, normalised, known && sizeOf(known, row, i)));
}

function isShareOfImage(row: Row): boolean {
  return row.values.every((value) => !(value < -0.5 || value > 1.5));
}

function sizeOf(known: ImageSize[], row: Row, index: number): ImageSize {
  const size = row.file && known[0]?.file !== undefined ? known.find((s) => s.file === row.file) : known[index];
  if (!size || !(size.width > 0 && size.height > 0)) {
    throw new MsdtError('file.malformed', `No usable image size for film ${row.file ?? index + 1}`, {
      where: { place: `row ${index + 1}` },
      detail: size ? `width ${size.width}, height ${size.height}` : 'the name is not in the table of sizes',
      hint: 'Both width and height must be positive pixels.',
    });
  }
  return size;
}

function filmOf(row: Row, index: number, normalised: boolean, size: ImageSize | undefined): Film {
  const count = row.values.length;
  const bad = row.values.findIndex((value) => !Number.isFinite(value));
  if (count < 16 || count % 8 !== 0 || bad >= 0) {
    throw new MsdtError('file.malformed', `Film ${row.file ?? index + 1} is not a set of vertebral corners`, {
      where: { place: bad >= 0 ? `row ${index + 1}, value ${bad + 1}` : `row ${index + 1}` },
      detail: bad >= 0 ? 'a value is missing or not a number' : `${count} values; expected 8 per vertebra`,
      hint: 'A row holds the x of all corners, then the y of all corners, four corners a vertebra from T1 down.',
    });
  }
  const half = count / 2;
  const [sx, sy] = normalised && size ? [size.width, size.height] : [1, 1];
  return {
    file: row.file ?? size?.file ?? `row ${index + 1}`,
    row: index,
    x: Float64Array.from({ length: half }, (_, i) => row.values[i] * sx),
    y: Float64Array.from({ length: half }, (_, i) => row.values[half + i] * sy),
    imageHeight: size?.height,
  };
}
