/** What a site has learnt and set: the models of its settings, its action band, the follow-ups it closed. Only ever added to. */

import { type ActionBand, MsdtError, type SiteModelState } from '../../model/index.ts';
import type { Json, StoredAssessment } from '../../twin/index.ts';
import type { EngineParts } from '../engine.ts';
import type { InferenceDoor, SiteSettings } from './door.ts';

const SITE_MODEL = 'site-model:';
const ACTION_BAND = 'action-band';
const FOLLOW_UP_MS = 365 * 86_400_000;
const DAY_MS = 86_400_000;

/** The site behind a door: what the door shows, and the model as far as there is one. */
export interface Site
  extends Pick<
    InferenceDoor,
    'siteSettings' | 'setActionBand' | 'siteModel' | 'updateSiteModel' | 'rollBackSiteModel' | 'closeFollowUp'
  > {
  /** undefined: the site has none yet */
  knownModel(setting?: string): Promise<SiteModelState | undefined>;
}

/** Opens what a site knows. Changes of its models run one after the other: each reads what the one before wrote. */
export function openSite(parts: EngineParts): Site {
  const { store } = parts;
  const models = openModels(parts);
  const settings = openSettings(parts);
  const inTurn = queue();
  const now = () => new Date().toISOString();
  return {
    ...settings,
    knownModel: models.known,
    siteModel: models.open,
    closeFollowUp: (twin, operatedIn, closedAt) =>
      inTurn(async () => {
        const told = await toldBefore(parts, twin, closedAt);
        await expectOpen(parts, twin, told);
        const { risk, indexDate, used } = told.assessment;
        const setting = risk.setting.id;
        const predicted = risk.horizons[0].expected;
        const outcome = { twin, setting, indexDate, closedAt, predicted, operatedIn, used };
        const state = await models.open(setting);
        await store.twins.putOutcome(outcome);
        return models.keep((await models.life()).record(state, outcome, now()));
      }),
    updateSiteModel: (setting) =>
      inTurn(async () => {
        const state = await models.open(setting);
        const outcomes = await store.twins.outcomes(state.setting);
        return models.keep((await models.life()).update(state, outcomes, now()));
      }),
    rollBackSiteModel: (version, reason, setting) =>
      inTurn(async () => {
        const state = await models.open(setting);
        return models.keep((await models.life()).rollBack(state, version, now(), reason));
      }),
  };
}

function openModels({ store, catalogue }: EngineParts) {
  const engine = () => catalogue.inference.load();
  const known = async (setting?: string): Promise<SiteModelState | undefined> => {
    const id = setting ?? (await engine()).assumedSetting;
    const last = await store.site.last(`${SITE_MODEL}${id}`);
    return last?.content as unknown as SiteModelState | undefined;
  };
  return {
    known,
    life: async () => (await engine()).site,
    keep: async (state: SiteModelState): Promise<SiteModelState> => {
      await store.site.append(`${SITE_MODEL}${state.setting}`, state as unknown as Json);
      return state;
    },
    open: async (setting?: string): Promise<SiteModelState> => {
      const found = await known(setting);
      if (found) return found;
      const { site, assumedSetting } = await engine();
      return site.open(setting ?? assumedSetting, new Date().toISOString());
    },
  };
}

function openSettings({ store, catalogue }: EngineParts) {
  const siteSettings = async (): Promise<SiteSettings> => {
    const set = (await store.site.last(ACTION_BAND))?.content as unknown as { band: ActionBand } | undefined;
    const { assumedBand } = await catalogue.inference.load();
    return { actionBand: set?.band ?? assumedBand, actionBandChosen: set !== undefined };
  };
  return {
    siteSettings,
    async setActionBand([low, high]: ActionBand): Promise<SiteSettings> {
      if (!(0 < low && low < high && high < 1))
        throw new MsdtError('parameter.invalid', 'An action band is two risks, the lower one first', {
          detail: `${low} to ${high}`,
          hint: 'Give them between 0 and 1, such as 0.1 and 0.3 for 10 to 30 %.',
        });
      await store.site.append(ACTION_BAND, { band: [low, high] });
      return siteSettings();
    },
  };
}

/** The newest assessment whose twelve months were over when follow-up closed. */
async function toldBefore({ store }: EngineParts, twin: string, closedAt: string): Promise<StoredAssessment> {
  const latest = Date.parse(closedAt) - FOLLOW_UP_MS + DAY_MS;
  const line = (await store.twins.assessments(twin)).findLast(({ indexDate }) => Date.parse(indexDate) <= latest);
  const told = line && (await store.twins.getAssessment(twin, line.number));
  if (told) return told;
  throw new MsdtError('parameter.invalid', 'No risk was told twelve months before follow-up closed', {
    detail: `follow-up closed ${closedAt}`,
    hint: 'Outcomes count when their twelve months are over, operated or not: those known early would bias the model.',
  });
}

/** @throws MsdtError `parameter.invalid` · `store.conflict` this outcome must not, or no longer, count */
async function expectOpen({ store }: EngineParts, twin: string, { assessment }: StoredAssessment): Promise<void> {
  if (assessment.synthetic)
    throw new MsdtError('parameter.invalid', 'The follow-up of a SYNTHETIC patient cannot be closed', {
      hint: 'A site’s model learns from patients only. Generated cohorts are scored under Cohort.',
    });
  const closed = await store.twins.outcomes(assessment.risk.setting.id);
  if (closed.some((outcome) => outcome.twin === twin))
    throw new MsdtError('store.conflict', 'The follow-up of this patient is closed already', {
      hint: 'An outcome counts once and stays.',
    });
}

/** Works that must not overtake each other: each begins when the one before has ended. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
