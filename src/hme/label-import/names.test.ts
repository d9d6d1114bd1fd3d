import { describe, expect, it } from 'vitest';
import { isUnnamed, meaningOfFileName, meaningOfName } from './names.ts';

describe('meaningOfName', () => {
  it.each([
    ['vertebrae_L4', 'vertebra', 'L4'],
    ['vertebrae_S1', 'vertebra', 'S1'],
    ['L4', 'vertebra', 'L4'],
    ['TH12', 'vertebra', 'T12'],
    ['vertebrae_body', 'vertebral-body', undefined],
    ['L3_body', 'vertebral-body', 'L3'],
    ['vertebra_corpus_border', 'vertebral-body', undefined],
    ['vertebrae', 'vertebra', undefined],
    ['sacrum', 'sacrum', 'S1'],
    ['spinosus_process', 'posterior-elements', undefined],
    ['rib_left_12', 'rib', undefined],
    ['rib_l_5', 'rib', undefined],
    ['costal_cartilages', 'other', undefined],
    ['body_trunc', 'body', undefined],
    ['adrenal_gland_left', 'other', undefined],
    ['liver_segment_1', 'other', undefined],
    ['corpus_callosum', 'other', undefined],
    ['hip_implant', 'other', undefined],
    ['auditory_canal_left', 'other', undefined],
    ['spinal_canal', 'spinal-canal', undefined],
  ])('reads %s', (name, structure, level) => {
    const meaning = meaningOfName(name);
    expect([meaning.structure, meaning.level]).toEqual([structure, level]);
  });

  it.each([
    ['disc_T12_L1', 'T12-L1'],
    ['disc_L5-S', 'L5-S1'],
    ['L4-L5', 'L4-L5'],
    ['L4_ivd', 'L4-L5'],
    ['disc_below_L5', 'L5-S1'],
    ['intervertebral_discs', undefined],
  ])('finds the segment of %s', (name, segment) => {
    expect(meaningOfName(name)).toMatchObject({ structure: 'disc', segment });
  });

  it('finds sides', () => {
    expect(meaningOfName('femur_left').side).toBe('left');
    expect(meaningOfName('costal_process_right').side).toBe('right');
  });

  it('knows when a name says nothing', () => {
    expect(['', '7', 'Label 7', 'class_3', undefined].map(isUnnamed)).toEqual([true, true, true, true, true]);
    expect(isUnnamed('L4')).toBe(false);
  });

  it('reads file names of one class and no others', () => {
    expect(meaningOfFileName('masks/vertebrae_L4.nii.gz')?.level).toBe('L4');
    expect(meaningOfFileName('femur_left.nii.gz')?.structure).toBe('femur');
    expect(meaningOfFileName('sub-01_T2w.nii.gz')).toBeUndefined();
    expect(meaningOfFileName('mask.nii.gz')).toBeUndefined();
  });
});
