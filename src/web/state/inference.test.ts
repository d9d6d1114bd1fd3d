import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WireInferenceDesk } from '../../contract/index.ts';
import { changeDesk, decide, INFERENCE_KEYS } from './inference.ts';
import { queryClient } from './queries.ts';
import { useToasts } from './toasts.ts';
import { clearSteps, undo, useUndo } from './undo.ts';

const TWIN = 't-1';
const ANSWER = { finding: 'flag.saddleNumbness', value: 1, at: '2026-03-02T10:00:00Z' };
const add = (desk: WireInferenceDesk): WireInferenceDesk => ({ ...desk, answers: [...desk.answers, ANSWER] });
const remove = (desk: WireInferenceDesk): WireInferenceDesk => ({
  ...desk,
  answers: desk.answers.filter(({ finding }) => finding !== ANSWER.finding),
});

/** A server with one desk; it refuses what was built on an older version. */
function serverWith(desk: { version: number; document: WireInferenceDesk }) {
  const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
  return vi.fn(async (path: string, init: RequestInit = {}) => {
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    if (path.endsWith('/decisions')) return reply(200, { ...body, rule: 'R01', at: '2026-03-02T10:00:00Z' });
    if (init.method !== 'PUT') return reply(200, desk);
    if (body.baseVersion !== desk.version)
      return reply(409, { error: { code: 'store.conflict', message: 'older', where: {}, detail: '', hint: '' } });
    desk.version++;
    desk.document = body.document;
    return reply(200, desk);
  });
}

describe('the desk of a patient', () => {
  const desk = { version: 0, document: { schemaVersion: 1, answers: [] } as WireInferenceDesk };
  beforeEach(() => {
    Object.assign(desk, { version: 3, document: { schemaVersion: 1, answers: [] } });
    vi.stubGlobal('sessionStorage', { getItem: () => null });
    vi.stubGlobal('fetch', serverWith(desk));
    vi.useFakeTimers();
    queryClient.clear();
    useToasts.setState({ list: [] });
    clearSteps();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    queryClient.clear();
  });

  it('saves an answer on the version it was built on, and undoes it by one more version', async () => {
    expect(await changeDesk(TWIN, 'Answered', add, remove)).toBe(true);
    expect(desk).toMatchObject({ version: 4, document: { answers: [ANSWER] } });
    expect(useToasts.getState().list[0].action?.name).toBe('Undo');
    await undo();
    expect(desk).toMatchObject({ version: 5, document: { answers: [] } });
  });

  it('says so where another window saved first, takes over what is there, and saves nothing', async () => {
    queryClient.setQueryData(INFERENCE_KEYS.desk(TWIN), { version: 2, document: { schemaVersion: 1, answers: [] } });
    expect(await changeDesk(TWIN, 'Answered', add, remove)).toBe(false);
    expect(useUndo.getState().done).toEqual([]);
    expect(desk).toMatchObject({ version: 3, document: { answers: [] } });
    expect(useToasts.getState().list.map(({ text }) => text.slice(0, 14))).toEqual(['Another window']);
    expect(queryClient.getQueryData(INFERENCE_KEYS.desk(TWIN))).toMatchObject({ version: 3 });
    expect(await changeDesk(TWIN, 'Answered', add, remove)).toBe(true);
  });

  it('keeps two quick answers: the second waits for the version of the first', async () => {
    const second = { ...ANSWER, finding: 'flag.fever' };
    const both = await Promise.all([
      changeDesk(TWIN, 'One', add, remove),
      changeDesk(TWIN, 'Two', (now) => ({ ...now, answers: [...now.answers, second] }), remove),
    ]);
    expect(both).toEqual([true, true]);
    expect(desk.document.answers.map(({ finding }) => finding)).toEqual([ANSWER.finding, 'flag.fever']);
  });

  it('undoes its own answer only', async () => {
    await changeDesk(TWIN, 'Answered', add, remove);
    const other = { ...ANSWER, finding: 'flag.fever' };
    desk.document = { ...desk.document, answers: [...desk.document.answers, other] };
    queryClient.setQueryData(INFERENCE_KEYS.desk(TWIN), structuredClone(desk));
    await undo();
    expect(desk.document.answers).toEqual([other]);
  });

  it('puts a decision behind those before it', async () => {
    const before = { suggestion: 'R01', rule: 'R01', decision: 'overridden' as const, at: '2026-03-01T10:00:00Z' };
    queryClient.setQueryData(INFERENCE_KEYS.decisions(TWIN), { decisions: [before] });
    expect(await decide(TWIN, { suggestion: 'R01', decision: 'accepted' })).toBe(true);
    const { decisions } = queryClient.getQueryData(INFERENCE_KEYS.decisions(TWIN)) as {
      decisions: { decision: string }[];
    };
    expect(decisions.map(({ decision }) => decision)).toEqual(['overridden', 'accepted']);
  });
});
