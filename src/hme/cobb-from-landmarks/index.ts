/** Door: Cobb angles of frontal films from the corners of their vertebrae. */

import {
  type ArtifactDraft,
  defineCapability,
  type FeatureDraft,
  type Posture,
  type QualityFlag,
  type Table,
  tableFromRows,
  VERTEBRA_LEVELS,
} from '../../model/index.ts';
import { type FilmAngle, type FilmAngles, measureFilm } from './angles.ts';
import { FILM_ANGLE_FEATURES } from './features.ts';
import { type Coordinates, type Film, readFilms } from './read-tables.ts';

export { type FilmAngle, type FilmAngles, measureFilm } from './angles.ts';
export { FILM_ANGLE_FEATURES } from './features.ts';
export { type Coordinates, type Film, readFilms } from './read-tables.ts';

/** Films of the common scheme show T1 to L5. */
const T1_TO_L5 = VERTEBRA_LEVELS.slice(VERTEBRA_LEVELS.indexOf('T1'), VERTEBRA_LEVELS.indexOf('L5') + 1).filter(
  (level) => level !== 'T13',
);

/** Vertebrae as a reader writes them: levels when the film shows seventeen, else numbered from the top. */
function vertebraName(index: number, count: number): string {
  return count === T1_TO_L5.length ? T1_TO_L5[index] : `V${index + 1}`;
}

const round = (value: number, decimals: number) => Number(value.toFixed(decimals));

function rowOf(film: Film, angles: FilmAngles): Record<string, number | string | boolean | null> {
  const count = film.x.length / 4;
  const row: Record<string, number | string | boolean | null> = { file: film.file };
  const all = [angles.angle1, angles.angle2, angles.angle3];
  all.forEach((angle, i) => {
    row[`cobb${i + 1}`] = angle ? round(angle.deg, 4) : null;
  });
  all.forEach((angle, i) => {
    const name = (index: number) => vertebraName(index, count);
    row[`upper${i + 1}`] = angle ? name(angle.upper) : null;
    row[`lower${i + 1}`] = angle ? name(angle.lower) : null;
    row[`apex${i + 1}`] = angle ? name(angle.apex) : null;
    row[`bulge${i + 1}`] = angle ? angle.bulge : null;
  });
  row.shape = angles.sShaped ? 'S' : 'C';
  return row;
}

const ABOUT: Record<string, { unit?: 'deg'; definition: string }> = {
  file: { definition: 'Film' },
  cobb1: { unit: 'deg', definition: FILM_ANGLE_FEATURES[0].definition },
  cobb2: { unit: 'deg', definition: FILM_ANGLE_FEATURES[1].definition },
  cobb3: { unit: 'deg', definition: FILM_ANGLE_FEATURES[2].definition },
  shape: { definition: 'S: the mid-points of the column cross the line from its first to its last; C: they do not' },
};

/**
 * Measures every film of a landmark table.
 *
 * @param landmarks - one film a row: all x, then all y of the corners (8 values per vertebra, upper left, upper right, lower
 *   left, lower right; cranial to caudal); shares of image width and height, or pixels
 * @param sizes - columns width and height in pixels, and optionally filename
 * @returns one row a film: cobb1-3 in deg with end vertebrae, apex and the side of the image the curve bulges to
 * @throws MsdtError `input.missing` shares of the image without sizes · `file.malformed` rows that are no corner sets
 */
export function measureFilms(landmarks: Table, sizes?: Table, coordinates: Coordinates = 'auto'): Table {
  return tableFromRows(
    readFilms(landmarks, sizes, coordinates).map((film) => rowOf(film, measureFilm(film))),
    ABOUT,
  );
}

function featuresOf(film: Film, angles: FilmAngles, posture: Posture): FeatureDraft[] {
  const count = film.x.length / 4;
  return [angles.angle1, angles.angle2, angles.angle3].map((angle: FilmAngle | undefined, i) => ({
    definition: FILM_ANGLE_FEATURES[i].id,
    level: angle && `${vertebraName(angle.upper, count)}-${vertebraName(angle.lower, count)}`,
    value: angle ? angle.deg : null,
    missing: angle ? undefined : 'The film shows an S and the image height is unknown; give the image sizes.',
    unit: 'deg',
    uncertainty: {
      kind: 'unknown',
      reason:
        'The corners carry no doubt of their own. For scale: the same reader repeats a Cobb angle within 3-5°, two readers within 5-7°.',
    },
    posture,
    quality: angle ? 0.8 : 0,
    method: 'Mid-line tilts of vertebral corners on a frontal film (AASCE 2019 rule)',
    evidence: [
      { role: { input: 'landmarks' }, locator: { row: film.row } },
      { role: { output: 'angles' }, locator: { row: film.row } },
    ],
  }));
}

/** Cobb angles of frontal films from the corners of their vertebrae. */
export const cobbFromLandmarks = defineCapability({
  id: 'cobb-from-landmarks',
  version: 1,
  title: 'Cobb angles from film landmarks',
  summary:
    'Three Cobb angles per frontal film from the four corners of each vertebra, with end vertebrae and apex: for films that were landmarked elsewhere.',
  scales: ['macro'],
  inputs: { landmarks: 'table.landmarks2d', sizes: 'table.record?' },
  params: {
    coordinates: {
      type: 'choice',
      label: 'Coordinates',
      options: ['auto', 'normalised', 'pixels'],
      default: 'auto',
      help: 'Normalised: shares of image width and height, which need the image sizes. Auto decides by the values.',
    },
  },
  outputs: { angles: 'table.record' },
  features: FILM_ANGLE_FEATURES,
  run(_ctx, inputs, params) {
    const films = readFilms(inputs.landmarks.payload, inputs.sizes?.payload, params.coordinates as Coordinates);
    const angles = films.map(measureFilm);
    const quality: QualityFlag[] = [];
    const partial = angles.filter((angle) => !angle.angle2).length;
    if (partial > 0) {
      quality.push({
        code: 'cobb.no-image-height',
        severity: 'doubt',
        message: `${partial} S-shaped films have no image height: their second and third angle are left out. Give the image sizes.`,
      });
    }
    const table = tableFromRows(
      films.map((film, i) => rowOf(film, angles[i])),
      ABOUT,
    );
    const draft: ArtifactDraft<'table.record'> = { kind: 'table.record', payload: table, name: 'angles', quality };
    const posture = inputs.landmarks.posture ?? 'unknown';
    return {
      outputs: { angles: draft },
      // one film is one subject and speaks in features; a batch of films is a table and nothing else
      features: films.length === 1 ? featuresOf(films[0], angles[0], posture) : [],
      quality,
    };
  },
});
