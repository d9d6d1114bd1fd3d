import { describe, expect, it } from 'vitest';
import { catalogue } from '../../catalogue.ts';
import { loadAll } from '../catalogue-types.ts';
import { createFileNamer } from './file-names.ts';

const neutral = (...names: string[]) => createFileNamer('name').neutral(names);

describe('names of files', () => {
  it.each([
    'ct-lumbar.nii.gz',
    'vertebrae_L4.nii.gz',
    'sub-ct_seg-vert_label-22_msk.nii.gz',
    'T1w.nii',
    'a10_s1_t1_skeleton.mat',
    'MT_012005D6_009-001_00B421AF.txt',
    '01_undisturbed_slow_rotation_A.mat',
    'EMGBiceps.txt',
    'P-001.fhir.json',
    'subject01_walk1.c3d',
    'IM000001.dcm',
    'anatomy.nii.gz',
    'bodies.nii.gz',
    'totalsegmentator/total.nii.gz',
    'fhir-server.fhir.json',
    'bend-before/electrodes.parquet',
    'after/camera.parquet',
    'Gait - Abled - 1.c3d',
    'post op session 2/forward bend, eyes closed.c3d',
  ])('%s says what was measured, and stays', (name) => expect(neutral(name)).toEqual([name]));

  it.each([
    ['DOE_JOHN_1957.zip', 'name-1.zip'],
    ['DOE^JOHN/IM0001.dcm', 'name-1/IM0001.dcm'],
    ['MustermannErika.c3d', 'name-1.c3d'],
    ['Erika_squat_02.trc', 'name-1_squat_02.trc'],
    ['1957-02-03_ct.nii', 'name-1_ct.nii'],
    ['1288992.json', 'name-1.json'],
    ['1.2.840.113619.2.55.3.dcm', 'name-1.dcm'],
    ['Müller.edf', 'name-1.edf'],
    ['jane.doe', 'name-1'],
    ['J_D.c3d', 'name-1.c3d'],
    ['山田太郎_gait.trc', 'name-1_gait.trc'],
    ['Doe_5b477e00-ba36-4786-b672-a2816b3b9149.json', 'name-1.json'],
  ])('%s becomes %s', (name, expected) => expect(neutral(name)).toEqual([expected]));

  it('belong together as before: the same words have the same stand-in, other words another', () => {
    expect(neutral('Erika_squat.trc', 'Erika_squat.mot', 'Erik_squat.mot')).toEqual([
      'name-1_squat.trc',
      'name-1_squat.mot',
      'name-2_squat.mot',
    ]);
  });

  it('keep the number by which the files of a series are counted', () => {
    expect(neutral('Erika1998.obj', 'Erika1999.obj', 'Erika2000.obj')).toEqual([
      'name-1-1998.obj',
      'name-1-1999.obj',
      'name-1-2000.obj',
    ]);
    expect(neutral('Erika1998.obj', 'Erika1999.obj')).toEqual(['name-1.obj', 'name-2.obj']);
  });

  it('are shown again as they were given, and hidden wherever a text repeats them', () => {
    const namer = createFileNamer('name');
    const [kept] = namer.neutral(['DOE_JOHN.zip']);
    expect(namer.show(`${kept}: damaged`)).toBe('DOE_JOHN.zip: damaged');
    expect(namer.hide('no such file /home/x/DOE_JOHN.zip')).toBe('no such file /home/x/name-1.zip');
    const later = createFileNamer('inside', namer.words);
    expect(later.neutral(['DOE_JOHN.zip', 'Roe.nii'])).toEqual(['name-1.zip', 'inside-2.nii']);
    expect(later.show('inside-2.nii')).toBe('Roe.nii');
  });

  it('keep the ending of every format', async () => {
    const endings = (await loadAll(catalogue.formats)).flatMap(({ extensions }) => [...extensions]);
    expect(endings.length).toBeGreaterThan(40);
    expect(neutral(...endings.map((ending) => `Quetzal${ending}`))).toEqual(endings.map((ending) => `name-1${ending}`));
  });
});
