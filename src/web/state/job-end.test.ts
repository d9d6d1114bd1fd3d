import { describe, expect, it } from 'vitest';
import type { WireJob } from '../../contract/index.ts';
import { jobEnd, jobFault } from './job-end.ts';
import { KEYS, queryClient } from './queries.ts';

const JOB: WireJob = {
  id: 'j1',
  kind: 'video-kinematics',
  title: '3D video kinematics',
  state: 'running',
  progress: 0.4,
  message: '',
  createdAt: '2026-03-02T10:00:00.000Z',
  items: [],
};
const know = (job: WireJob): unknown => queryClient.setQueryData(KEYS.jobs, { jobs: [job] });

describe('the end of a job', () => {
  it('is waited for', async () => {
    know(JOB);
    let ended: WireJob | undefined;
    const waiting = jobEnd('j1').then((job) => {
      ended = job;
    });
    await Promise.resolve();
    expect(ended).toBeUndefined();
    know({ ...JOB, state: 'done' });
    await waiting;
    expect(ended?.state).toBe('done');
  });

  it('says what went wrong, also where a job is done but one of its steps is not', () => {
    const items: WireJob['items'] = [{ item: '3D video kinematics · mesh', status: 'error', message: 'no points' }];
    expect(jobFault({ ...JOB, state: 'done', items })?.detail).toBe('no points');
    expect(jobFault({ ...JOB, state: 'failed', message: 'gone' })?.detail).toBe('gone');
    expect(jobFault({ ...JOB, state: 'done', items: [{ item: 'a', status: 'ok' }] })).toBeUndefined();
    expect(jobFault({ ...JOB, state: 'cancelled', items })).toBeUndefined();
    const after: WireJob['items'] = [{ item: 'Joint angles · mesh', status: 'error', message: 'no names' }];
    expect(jobFault({ ...JOB, state: 'done', items: after })).toBeUndefined();
    expect(jobFault(undefined)).toBeUndefined();
  });
});
