/** Assessments of twins: when they are made anew, and what people say beside the data. */

import { type Assessment, type ClinicalRecord, MsdtError } from '../../model/index.ts';
import { canonicalJson, type Json, type StoredAssessment } from '../../twin/index.ts';
import type { EngineParts } from '../engine.ts';
import { createPayloadCache } from '../workers/payloads.ts';
import type { DeskVersion, InferenceDesk, InferenceDoor } from './door.ts';
import type { Site } from './site.ts';

/** Name of the document that holds what people say beside the data. */
const DESK = 'inference';

type Assessing = Pick<
  InferenceDoor,
  'engine' | 'assess' | 'get' | 'assessState' | 'like' | 'desk' | 'saveDesk' | 'decide'
>;

/** Opens the assessments of all twins. All that is written is only ever added to. */
export function openAssessments(parts: EngineParts, site: Site): Assessing {
  const { store } = parts;
  const engine = () => parts.catalogue.inference.load();
  const once = sharing<StoredAssessment>();
  const assessState = stateAssessor(parts, site);

  const assess = async (twin: string, reason: string): Promise<StoredAssessment> => {
    const assessment = await assessState(await store.twins.current(twin));
    const newest = await store.twins.getAssessment(twin);
    if (newest && sameJson(newest.assessment, assessment)) return newest;
    const stored = await store.twins.putAssessment(twin, assessment, reason);
    parts.bus.publish({ type: 'assessment', twin, number: stored.number });
    return stored;
  };

  const newestOf = async (twin: string): Promise<StoredAssessment> => {
    const found = await store.twins.getAssessment(twin);
    const reason = found ? await modelMoved(site, found) : 'First look';
    return found && reason === undefined ? found : assess(twin, reason ?? '');
  };

  const get = async (twin: string, number?: number): Promise<StoredAssessment> => {
    if (number === undefined) return once(twin, () => newestOf(twin));
    const found = await store.twins.getAssessment(twin, number);
    if (found) return found;
    throw new MsdtError('store.not-found', `There is no assessment ${number} of this twin`, {
      hint: 'GET /api/twins/:twin/assessments lists them.',
    });
  };

  return {
    engine,
    assess,
    get,
    assessState,
    desk: (twin) => deskOf(parts, twin),
    async like(twin, count) {
      const { assessment } = await get(twin);
      const all = await store.twins.newestAssessments();
      const others = all.filter((other) => other.twin !== twin && other.synthetic === assessment.synthetic);
      const near = (await engine()).patientsLikeThis(assessment.used, others, count);
      return near.flatMap((one) => {
        const found = others.find((other) => other.twin === one.twin);
        if (!found) return [];
        const { used: _, ...about } = found;
        return [{ ...about, ...one }];
      });
    },
    async saveDesk(twin, document, baseVersion) {
      const before = (await deskOf(parts, twin)).document;
      // what the engine refuses is never kept
      await assessState(await store.twins.current(twin), document);
      const saved = await store.twins.putDocument(twin, DESK, document as unknown as Json, { baseVersion });
      await assess(twin, changeOf(before, document));
      return { version: saved.version, savedAt: saved.savedAt, document };
    },
    async decide(twin, decision) {
      const { number, assessment } = await get(twin, decision.assessment);
      const suggestion = assessment.suggestions.find(({ id }) => id === decision.suggestion);
      if (!suggestion)
        throw new MsdtError('store.not-found', `Assessment ${number} has no suggestion "${decision.suggestion}"`, {
          hint: 'Load the newest assessment and decide on what it suggests.',
        });
      return store.twins.putDecision(twin, { ...decision, rule: suggestion.rule, assessment: number });
    },
  };
}

async function deskOf({ store }: EngineParts, twin: string): Promise<DeskVersion> {
  await store.twins.getTwin(twin);
  const saved = await store.twins.getDocument(twin, DESK);
  if (!saved) return { version: 0, document: { schemaVersion: 1, answers: [] } };
  return { version: saved.version, savedAt: saved.savedAt, document: saved.content as unknown as InferenceDesk };
}

function stateAssessor(parts: EngineParts, site: Site): InferenceDoor['assessState'] {
  const payloads = createPayloadCache(parts.store.blobDir);
  return async (state, document) => {
    const { setting, indexDate, answers } = document ?? (await deskOf(parts, state.twin.id)).document;
    const records = await Promise.all(
      state.artifacts
        .filter(({ kind }) => kind === 'record.clinical')
        .map(async (artifact) => ({
          artifact: artifact.id,
          record: (await payloads.load(artifact)) as ClinicalRecord,
        })),
    );
    const { acquisitions, features, twin } = state;
    const synthetic = twin.synthetic || acquisitions.some((one) => one.synthetic);
    const about = { twin: twin.id, at: new Date().toISOString(), setting, indexDate, answers, synthetic };
    const acquisitionOf = Object.fromEntries(
      state.artifacts.flatMap(({ id, acquisition }) => (acquisition ? [[id, acquisition]] : [])),
    );
    const { actionBand } = await site.siteSettings();
    const input = { ...about, features, acquisitions, acquisitionOf, records, actionBand };
    return (await parts.catalogue.inference.load()).assess(input, await site.knownModel(setting));
  };
}

/** What has happened to the model, or to the band it is read against, since an assessment, as the reason of the next; undefined: nothing. */
async function modelMoved(site: Site, { assessment }: StoredAssessment): Promise<string | undefined> {
  const { risk, actionBand } = assessment;
  const band = (await site.siteSettings()).actionBand;
  if (actionBand?.some((edge, at) => edge !== band[at])) return 'Action band of the site changed';
  // it may have been mended; an assessment that says the same is not written again
  if (risk.state === 'failed') return 'Model evaluated again';
  const model = await site.knownModel(risk.setting.id);
  if (!model) return undefined;
  if (model.suspended) return risk.state === 'suspended' ? undefined : 'Model suspended by drift';
  const same = risk.state !== 'suspended' && risk.model.version === model.active;
  return same ? undefined : `Version ${model.active} of the model in use`;
}

/** Two who ask for the same at the same time get the same answer. */
function sharing<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (key, work) => {
    const known = running.get(key);
    if (known) return known;
    const started = work().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}

/** What changed on the desk, as the reason of an assessment. */
function changeOf(before: InferenceDesk, after: InferenceDesk): string {
  if (before.setting !== after.setting) return 'Setting chosen';
  if (before.indexDate !== after.indexDate) return 'Index date changed';
  return after.answers.length < before.answers.length ? 'Answer taken back' : 'Answer given';
}

function sameJson(a: Assessment, b: Assessment): boolean {
  const plain = (value: Assessment) => canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
  return plain(a) === plain(b);
}
