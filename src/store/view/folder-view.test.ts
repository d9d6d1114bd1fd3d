import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAMES_PERSON } from '../../model/index.ts';
import type { StoredAcquisition, StoredArtifact, TwinState } from '../../twin/index.ts';
import { type FolderBlobs, openBlobStore } from '../blobs/folder-blobs.ts';
import { planFiles, readStamp, stampOfState, writeView } from './folder-view.ts';
import { freeName, safeName, sourceName } from './names.ts';
import { featuresTable } from './tables.ts';
import { Views } from './views.ts';

let root: string;
let blobs: FolderBlobs;
let sha256: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'msdt-view-'));
  blobs = openBlobStore(join(root, 'blobs'));
  sha256 = (await blobs.put(new TextEncoder().encode('bytes'))).sha256;
});
afterAll(() => rm(root, { recursive: true, force: true }));

const blob = (name: string) => ({ name, sha256, bytes: 5, mediaType: 'x' });

function acquisition(id: string, more: Partial<StoredAcquisition> = {}): StoredAcquisition {
  return {
    id,
    modality: 'ct',
    scales: ['meso'],
    posture: 'supine',
    region: 'lumbar',
    takenAt: '2026-03-02T10:00:00Z',
    knownAt: '2026-03-03T00:00:00.000Z',
    files: [{ name: 'DOE^JANE/../IM1.DCM', sha256, bytes: 5 }],
    quality: [],
    synthetic: false,
    metadata: {},
    ...more,
  };
}

function artifact(id: string, capability: string, names: string[], more: Partial<StoredArtifact> = {}): StoredArtifact {
  return {
    id,
    kind: 'mesh.vertebra',
    name: 'Jane Doe L4',
    acquisition: 'a1',
    acquisitions: ['a1'],
    run: 'r',
    role: 'x',
    index: 0,
    synthetic: false,
    quality: [],
    provenance: {
      capability,
      version: 1,
      params: {},
      inputs: {},
      software: 's',
      seed: 0,
      startedAt: '',
      durationMs: 1,
    },
    blobs: names.map(blob),
    summary: {},
    ...more,
  };
}

function state(artifacts: StoredArtifact[], acquisitions = [acquisition('a1')], id = 1): TwinState {
  return {
    twin: { id: 't-bcdfghjkmnpq', alias: 'Jane Doe', createdAt: '', synthetic: false },
    asOf: {},
    snapshot: { id, twin: 't', at: '', reason: '', artifacts: artifacts.map((item) => item.id), features: [] },
    acquisitions,
    artifacts,
    features: [],
    runs: [],
  };
}

/** Where the blobs of the tests lie. */
const VIEW = { blobPath: (hash: string): string => blobs.pathOf(hash) };

async function listing(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('names', () => {
  it.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['a/b\\c:d*e?"<>|', 'a-b-c-d-e'],
    ['  .hidden. ', 'hidden'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['Ä..é\0', 'A-.e'],
    ['\u202e\u0000', 'unnamed'],
    ['L4.glb', 'L4.glb'],
  ])('%j becomes %s', (given, wanted) => {
    expect(safeName(given)).toBe(wanted);
  });

  it('of sources keep only a number and a known ending', () => {
    expect(sourceName(0, 'DOE^JANE/IM0001.DCM', 3)).toBe('0001.dcm');
    expect(sourceName(11, 'doe jane.nii.gz', 20000)).toBe('00012.nii.gz');
    expect(sourceName(0, 'jane.doe', 1)).toBe('0001');
  });

  it('that are taken get a number, whatever their case', () => {
    const taken = new Set<string>();
    expect(['L4.glb', 'l4.glb', 'ct.nii.gz', 'ct.nii.gz'].map((name) => freeName(taken, name))).toEqual([
      'L4.glb',
      'l4-2.glb',
      'ct.nii.gz',
      'ct-2.nii.gz',
    ]);
  });
});

describe('the folder of a twin', () => {
  const plan = (given: TwinState) => planFiles(given).files.map((file) => file.path);

  it('is laid out by capability, files of one artifact under one name', () => {
    const artifacts = [
      artifact('1', 'import', ['ct.nii'], { kind: 'volume.ct' }),
      artifact('2', 'surfaces', ['L4.glb', 'L4.stl']),
      artifact('3', 'surfaces', ['L4.glb', 'L4.stl']),
    ];
    expect(plan(state(artifacts))).toEqual([
      'acquisitions/2026-03-02_ct_lumbar/0001.dcm',
      'import/ct.nii',
      'surfaces/L4.glb',
      'surfaces/L4.stl',
      'surfaces/L4-2.glb',
      'surfaces/L4-2.stl',
    ]);
  });

  it('parts what comes from several acquisitions', () => {
    const two = [acquisition('a1'), acquisition('a2', { takenAt: undefined, region: undefined, modality: '../mr' })];
    const artifacts = [artifact('1', 'skin', ['skin.glb']), artifact('2', 'skin', ['skin.glb'], { acquisition: 'a2' })];
    expect(plan(state(artifacts, two)).slice(2)).toEqual([
      'skin/2026-03-02_ct_lumbar/skin.glb',
      'skin/undated_mr/skin.glb',
    ]);
  });

  it('is written whole, by hard link, without a name in it, and replaced whole', async () => {
    const folder = join(root, 'twins', 't-1');
    const first = state([artifact('1', 'surfaces', ['L4.glb', 'L4.stl'])]);
    await writeView(folder, first, VIEW);
    const names = ['.msdt-view.json', 'acquisitions/2026-03-02_ct_lumbar/0001.dcm', 'features.csv', 'provenance.json'];
    expect(await listing(folder)).toEqual([...names, 'surfaces/L4.glb', 'surfaces/L4.stl']);
    expect((await stat(join(folder, 'surfaces/L4.glb'))).ino).toBe((await stat(blobs.pathOf(sha256))).ino);
    expect(await readStamp(folder)).toBe(stampOfState(first));
    const provenance = await readFile(join(folder, 'provenance.json'), 'utf8');
    expect(provenance + (await listing(folder)).join()).not.toMatch(/jane|doe/i);
    expect(JSON.parse(provenance).artifacts[0].files).toEqual(['surfaces/L4.glb', 'surfaces/L4.stl']);
    await writeView(folder, state([artifact('2', 'skin', ['skin.glb'])], undefined, 2), VIEW);
    expect(await listing(folder)).toEqual([...names, 'skin/skin.glb']);
    expect(await readdir(join(root, 'twins'))).toEqual(['t-1']);
  });

  it('withholds originals that may name the person, unless asked for', async () => {
    const folder = join(root, 'twins', 't-3');
    const acquisitions = [
      acquisition('a1', { metadata: { [NAMES_PERSON]: true } }),
      acquisition('a2', { modality: 'record', region: undefined }),
      acquisition('a3', { modality: 'mr' }),
    ];
    const given = state([], acquisitions);
    await writeView(folder, given, VIEW);
    const below = async () => (await listing(folder)).filter((path) => path.startsWith('acquisitions/'));
    expect(await below()).toEqual([
      'acquisitions/2026-03-02_ct_lumbar/withheld.txt',
      'acquisitions/2026-03-02_mr_lumbar/0001.dcm',
      'acquisitions/2026-03-02_record/withheld.txt',
    ]);
    const told = await readFile(join(folder, 'acquisitions/2026-03-02_record/withheld.txt'), 'utf8');
    expect(told).toMatch(/original file is kept.*--identified/s);
    expect(await readStamp(folder)).not.toBe(stampOfState(given, { identified: true }));
    await writeView(folder, given, { ...VIEW, identified: true });
    expect((await below()).filter((path) => path.endsWith('0001.dcm'))).toHaveLength(3);
    expect(await readStamp(folder)).toBe(stampOfState(given, { identified: true }));
  });

  it('stays as it was when the new one cannot be written', async () => {
    const folder = join(root, 'twins', 't-2');
    await writeView(folder, state([artifact('1', 'skin', ['skin.glb'])]), VIEW);
    const broken = state([artifact('2', 'skin', ['gone.glb'])], undefined, 2);
    await expect(writeView(folder, broken, { blobPath: () => join(root, 'no-such-blob') })).rejects.toThrow();
    expect(await listing(folder)).toContain('skin/skin.glb');
    expect((await readdir(join(root, 'twins'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('Views', () => {
  it('follow changes, once for many, and clear what is left over', async () => {
    const folder = join(root, 'followed');
    let now = state([], [], 1);
    let asked = 0;
    const log: string[] = [];
    const views = new Views({
      root: folder,
      blobPath: (hash) => blobs.pathOf(hash),
      state: async () => {
        asked++;
        return now;
      },
      log: (line) => log.push(line),
    });
    await views.refresh(new Map([['t-bcdfghjkmnpq', 'older']]));
    await views.refresh(new Map([['t-bcdfghjkmnpq', stampOfState(now)]]));
    await writeFile(join(folder, 'note.txt'), 'of the user');
    now = state([artifact('1', 'skin', ['skin.glb'])], undefined, 2);
    for (let i = 0; i < 10; i++) views.schedule('t-bcdfghjkmnpq');
    await views.flush();
    expect(asked).toBe(2);
    expect(await listing(join(folder, 't-bcdfghjkmnpq'))).toContain('skin/skin.glb');
    await views.refresh(new Map());
    expect(await readdir(folder)).toEqual(['note.txt']);
    await views.close();
    views.schedule('t-bcdfghjkmnpq');
    expect(log).toEqual([]);
  });
});

describe('features.csv', () => {
  it('shows doubt and gaps, and is no formula', () => {
    const base = {
      id: '1',
      run: 'r',
      capability: 'c',
      version: 1,
      knownAt: 'k',
      evidence: [{ artifact: 'f'.repeat(64), locator: {} }],
      synthetic: false,
      quality: 1,
      unit: 'mm',
    } as const;
    const table = featuresTable({
      ...state([]),
      features: [
        {
          ...base,
          evidence: [...base.evidence],
          definition: 'disc.height',
          level: 'L4-L5',
          value: -1.5,
          uncertainty: { kind: 'interval', low: -2, high: -1, sd: 0.3, method: 'a, "b"' },
          method: '=cmd()',
        },
        {
          ...base,
          evidence: [...base.evidence],
          definition: 'disc.height',
          value: null,
          missing: 'cut off',
          uncertainty: { kind: 'unknown', reason: 'cut off' },
          method: 'm',
        },
      ],
    });
    const [head, first, second] = table.split('\r\n');
    expect(head.split(',').slice(0, 6)).toEqual(['feature', 'definition', 'level', 'side', 'value', 'unit']);
    expect(first).toContain(`disc.height.L4-L5,disc.height,L4-L5,,-1.5,mm,-2,-1,0.3,"interval: a, ""b""",`);
    expect(first).toContain(`'=cmd()`);
    expect(second).toContain('disc.height,disc.height,,,,mm,,,,unknown: cut off,cut off');
  });
});
