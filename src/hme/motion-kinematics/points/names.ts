/**
 * Names of markers and joints in the words of one body. A name is brought to lower case without signs; a side at its front or end is
 * split off; what is left is looked up. One table serves Plug-in Gait, IOR, OpenSim's and common laboratory sets, since they do not
 * contradict each other; skeletons have one table per system, since `arm` is a joint in one and a segment in another.
 */

/** Points that the capability knows, with `.left` or `.right` behind the paired ones. */
export type PointId = string;

/** Stems of paired markers. */
const SIDED_MARKERS: Record<string, readonly string[]> = {
  asis: ['asis', 'asi', 'ias'],
  psis: ['psis', 'psi', 'ips'],
  hip: ['hjc', 'hipjc', 'hipcentre', 'hipcenter', 'hipjoint'],
  knee: ['kjc', 'kneejc', 'kneejoint', 'kneecentre', 'kneecenter'],
  ankle: ['ajc', 'anklejc', 'anklejoint', 'anklecentre', 'anklecenter'],
  shoulder: ['sjc', 'gjc', 'shoulderjoint'],
  elbow: ['ejc', 'elbowjoint'],
  wrist: ['wjc', 'wristjoint'],
  kneeLateral: ['kne', 'knee', 'kneelat', 'kneelateral', 'latknee', 'lknee', 'lfc', 'fle', 'knee1', 'lcon', 'lep'],
  kneeMedial: ['knm', 'mkne', 'mknee', 'kneemed', 'kneemedial', 'medknee', 'kneem', 'mfc', 'fme', 'mcon', 'mep'],
  ankleLateral: ['ank', 'ankle', 'anklelat', 'anklelateral', 'latankle', 'lankle', 'lmal', 'fal', 'mall', 'lm'],
  ankleMedial: ['mank', 'mankle', 'anklemed', 'anklemedial', 'medankle', 'anklem', 'mmal', 'tam', 'mm', 'med'],
  heel: ['hee', 'heel', 'calc', 'cal', 'fcc', 'ca'],
  toe: ['toe', 'mt2', 'fm2', 'toetip', 'met', 'met2'],
  mt1: ['mt1', 'fm1', 'toemed', 'met1', '1meta'],
  mt5: ['mt5', 'fm5', 'toelat', 'met5', '5meta'],
  acromion: ['sho', 'shoulder', 'should', 'acr', 'acromium', 'acromion', 'caj', 'ac', 'acrotip', 'shou'],
  elbowLateral: ['elb', 'elbow', 'elblat', 'elbowlat', 'lel', 'hle', 'lelb'],
  elbowMedial: ['elbm', 'elbowmed', 'melbow', 'mel', 'hme', 'melb'],
  wristRadial: ['wra', 'wristradius', 'wristlat', 'rsp', 'faradius', 'wrist', 'wri', 'wrr'],
  wristUlnar: ['wrb', 'wristulna', 'wristmed', 'usp', 'faulna', 'wru'],
  clavicle: ['sternum', 'clavicle', 'clav', 'sc'],
  hand: ['fin', 'hand'],
};

/** Markers on the midline. */
const MIDLINE_MARKERS: Record<string, readonly string[]> = {
  c7: ['c7', 'cv7', 't1', 'tv1'],
  t8: ['t10', 'tv10', 't8', 'tv8'],
  jugular: ['clav', 'sjn', 'snj', 'ij', 'jn', 'jug', 'ster', 'manubrium'],
  xiphoid: ['strn', 'sxs', 'px', 'xiph', 'xiphoid', 'sternum'],
  sacrum: ['sacr', 'sacrum', 'vsacral', 's2', 's1', 'sacral'],
};

/** Markers that only help to carry a segment. */
const CLUSTERS: [RegExp, string][] = [
  [/^(thigh|thi|th|wand1|bar1|ftc)[a-z]*\d*$/, 'thigh'],
  [/^(shank|tib|tb|sh|wand2|bar2|ttc|fax)[a-z]*\d*$/, 'shank'],
];

/** Systems of joint names: stems of paired joints, and names on the midline. */
const SKELETONS: Record<
  string,
  { sided: Record<string, string>; midline: Record<string, string>; signs: readonly string[] }
> = {
  joints: {
    signs: ['hip'],
    sided: {
      shoulder: 'shoulder',
      elbow: 'elbow',
      wrist: 'wrist',
      hand: 'hand',
      hip: 'hip',
      knee: 'knee',
      ankle: 'ankle',
      foot: 'foot',
      footindex: 'foot',
      bigtoe: 'foot',
      heel: 'heel',
    },
    midline: {
      pelvis: 'pelvis',
      spinebase: 'pelvis',
      hipcenter: 'pelvis',
      hipcentre: 'pelvis',
      midhip: 'pelvis',
      spine: 'spine',
      spinemid: 'spine',
      torso: 'spine',
      thorax: 'thorax',
      spineshoulder: 'thorax',
      shouldercenter: 'thorax',
      shouldercentre: 'thorax',
      neck: 'neck',
      head: 'head',
      nose: 'nose',
    },
  },
  bvh: {
    signs: ['upleg'],
    sided: {
      upleg: 'hip',
      leg: 'knee',
      foot: 'ankle',
      toebase: 'foot',
      arm: 'shoulder',
      forearm: 'elbow',
      hand: 'wrist',
    },
    midline: {
      hips: 'pelvis',
      spine: 'spine',
      spine1: 'thorax',
      chest: 'thorax',
      neck: 'neck',
      neck1: 'neck',
      head: 'head',
    },
  },
  targets: {
    signs: ['tibia', 'shank'],
    sided: {
      thigh: 'thighTarget',
      tibia: 'shankTarget',
      shank: 'shankTarget',
      foot: 'footTarget',
      arm: 'upperArmTarget',
      upperarm: 'upperArmTarget',
      forearm: 'forearmTarget',
      hand: 'hand',
      shoulder: 'shoulder',
    },
    midline: {
      chest: 'thoraxTarget',
      thorax: 'thoraxTarget',
      hips: 'pelvisTarget',
      pelvis: 'pelvisTarget',
      head: 'head',
    },
  },
};

const SIDES = { l: 'left', left: 'left', r: 'right', right: 'right' } as const;

function plain(name: string): string {
  return name
    .slice(name.lastIndexOf(':') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Every way to split a side off a plain name, longest word first. */
function splits(text: string): { side: 'left' | 'right'; stem: string }[] {
  const found: { side: 'left' | 'right'; stem: string }[] = [];
  for (const word of ['left', 'right', 'l', 'r'] as const) {
    if (text.startsWith(word)) found.push({ side: SIDES[word], stem: text.slice(word.length) });
    if (text.endsWith(word)) found.push({ side: SIDES[word], stem: text.slice(0, -word.length) });
  }
  return found;
}

function keyOf(table: Record<string, readonly string[]>, stem: string): string | undefined {
  return Object.keys(table).find((key) => table[key].includes(stem));
}

/**
 * Anatomical point under a marker; undefined for a name that is not known.
 * @example markerPoint('Subject:RASI') // 'asis.right'
 * @example markerPoint('L_FLE') // 'kneeLateral.left'
 * @example markerPoint('R.Thigh.Upper') // 'thigh.right'
 */
export function markerPoint(name: string): PointId | undefined {
  const text = plain(name);
  const midline = keyOf(MIDLINE_MARKERS, text);
  if (midline) return midline;
  const ways = splits(text);
  for (const { side, stem } of ways) {
    const key = keyOf(SIDED_MARKERS, stem);
    if (key) return `${key}.${side}`;
  }
  for (const { side, stem } of ways) {
    const cluster = CLUSTERS.find(([pattern]) => pattern.test(stem))?.[1];
    if (cluster) return `${cluster}.${side}`;
  }
  return undefined;
}

/**
 * Joints of a skeleton, one entry per name; undefined where a name is not known.
 * @returns the system whose names these are, and the points
 * @example skeletonPoints(['SpineBase', 'HipLeft']).points // ['pelvis', 'hip.left']
 */
export function skeletonPoints(names: readonly string[]): { system: string; points: (PointId | undefined)[] } {
  const texts = names.map(plain);
  const system =
    ['bvh', 'targets'].find((id) =>
      texts.some((text) => splits(text).some(({ stem }) => SKELETONS[id].signs.includes(stem))),
    ) ?? 'joints';
  const { sided, midline } = SKELETONS[system];
  const points = texts.map((text) => {
    if (Object.hasOwn(midline, text)) return midline[text];
    const way = splits(text).find(({ stem }) => Object.hasOwn(sided, stem));
    return way && `${sided[way.stem]}.${way.side}`;
  });
  return { system, points };
}
