/** Muscles by the names that laboratories give their channels. */

/** Muscle ids (as electrode sites use them) and what their names look like, special before general. */
const MUSCLES: readonly (readonly [id: string, pattern: RegExp])[] = [
  ['longissimus', /longissimus|\blong ?th/],
  ['iliocostalis', /ilio ?cost/],
  ['multifidus', /multifid|\bmf\b/],
  ['erectorSpinae', /erector|spinae|\bes\b|\blumb(ar)? ?(es|para)|paraspinal/],
  ['externalOblique', /(ext|external).*obl|\beo\b/],
  ['internalOblique', /(int|internal).*obl|\bio\b/],
  ['rectusAbdominis', /rect.*abd|\bra\b/],
  ['latissimusDorsi', /lat(issimus|s)? ?dors|\bgd ?dors|grand ?dors/],
  ['trapeziusUpper', /trap.*(sup|upper|desc|\but\b)|(upper|descending) ?trap/],
  ['trapeziusMiddle', /trap.*(mid|med|trans)|(middle|mid) ?trap/],
  ['trapeziusLower', /trap.*(inf|low|asc)|(lower|ascending) ?trap/],
  ['trapezius', /trap/],
  ['deltoidAnterior', /delt.*ant|ant.*delt/],
  ['deltoidMedial', /delt.*(med|mid|lat)|(med|mid|lat).*delt/],
  ['deltoidPosterior', /delt.*post|post.*delt/],
  ['deltoid', /delt/],
  ['serratusAnterior', /serrat|gd ?dent/],
  ['infraspinatus', /infra/],
  ['supraspinatus', /supra/],
  ['subscapularis', /subscap/],
  ['pectoralisMajor', /pect?\b|pectoral/],
  ['bicepsFemoris', /biceps ?fem|\bbf(lh|sh)?\b/],
  ['rectusFemoris', /rect.*fem|\brf(em)?\b/],
  ['bicepsBrachii', /biceps|\bbic\b/],
  ['tricepsBrachii', /triceps ?(br|l)|triceps|\btri\b/],
  ['vastusLateralis', /vast.*lat|\bvl\b/],
  ['vastusMedialis', /vast.*med|\bvm\b/],
  ['semimembranosus', /semi ?mem/],
  ['semitendinosus', /semi ?ten|\bst\b/],
  ['medialHamstrings', /hamstring|\bmh\b/],
  ['gluteusMaximus', /glut.*max|\bg ?max\b/],
  ['gluteusMedius', /glut.*med|\bg ?med\b/],
  ['tibialisAnterior', /tib.*ant|\bta\b/],
  ['gastrocnemiusMedialis', /gastroc?.*med|med.*gastroc?|\bg ?m\b/],
  ['gastrocnemiusLateralis', /gastroc?.*lat|lat.*gastroc?|\bg ?l\b/],
  ['gastrocnemius', /gastroc?|\bgas\b/],
  ['soleus', /sol(eus)?\b/],
  ['peroneusLongus', /peron|fibularis/],
  ['tensorFasciaeLatae', /tensor|\btfl\b/],
  ['adductor', /adductor/],
  ['sternocleidomastoid', /sternocl|\bscm\b/],
];

/** A muscle with the level and side that its channel's name tells. */
export interface NamedMuscle {
  /** `erectorSpinae`, `bicepsBrachii` … */
  site: string;
  level?: string;
  side?: 'left' | 'right';
}

/**
 * Muscle, level and side that a channel's name speaks of; undefined where it names none that is known.
 * @example muscleOf('Left Rectus femoris') // { site: 'rectusFemoris', side: 'left' }
 * @example muscleOf('ES_L4_R') // { site: 'erectorSpinae', level: 'L4', side: 'right' }
 */
export function muscleOf(name: string): NamedMuscle | undefined {
  const spaced = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_./:,()-]+/g, ' ')
    .toLowerCase();
  // one letter in front of an abbreviation is a side: LRF, RTA
  const parted = spaced.replace(
    /\b([lr])((?:e?s|mf|eo|io|ra|bf|rf|vl|vm|st|mh|ta|gm|gl|sol|tfl|gas|gmax|gmed|bic|tri|delt)\b)/,
    '$1 $2',
  );
  const site = MUSCLES.find(([, pattern]) => pattern.test(parted))?.[0];
  if (!site) return undefined;
  const level = /\b([tl])(1[0-2]|[1-9])\b/.exec(parted);
  const side = /\b(left|lt|l|li|links)\b/.test(parted)
    ? 'left'
    : /\b(right|rt|r|re|rechts)\b/.test(parted)
      ? 'right'
      : undefined;
  return {
    site,
    ...(level && { level: `${level[1].toUpperCase()}${level[2]}` }),
    ...(side && { side }),
  };
}
