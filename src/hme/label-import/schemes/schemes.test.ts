import { describe, expect, it } from 'vitest';
import { SCHEMES } from './index.ts';

const meaning = (id: string, value: number) => SCHEMES.find((scheme) => scheme.id === id)?.meanings.get(value);

describe('label tables', () => {
  it.each([
    ['totalsegmentator-v1', 104, 18, 'L5'],
    ['totalsegmentator-v1', 104, 41, 'C1'],
    ['totalsegmentator-v2', 117, 27, 'L5'],
    ['totalsegmentator-v2', 117, 50, 'C1'],
    ['totalsegmentator-v2', 117, 26, 'S1'],
    ['totalsegmentator-v3', 117, 26, 'L6'],
    ['vertebrae-mr', 25, 2, 'L5'],
    ['vertebrae-pp', 24, 20, 'L1'],
    ['verse', 32, 28, 'T13'],
    ['totalspineseg', 51, 41, 'L1'],
  ])('%s has %i classes and %i is %s', (id, count, value, level) => {
    expect(SCHEMES.find((scheme) => scheme.id === id)?.meanings.size).toBe(count);
    expect(meaning(id, value)?.level).toBe(level);
  });

  it('places the landmarks between which errors would hide', () => {
    expect(meaning('totalsegmentator-v1', 104)?.name).toBe('urinary_bladder');
    expect(meaning('totalsegmentator-v1', 92)?.structure).toBe('sacrum');
    expect(meaning('totalsegmentator-v1', 58)?.name).toBe('rib_left_1');
    expect(meaning('totalsegmentator-v2', 117)?.name).toBe('costal_cartilages');
    expect(meaning('totalsegmentator-v2', 75)?.name).toBe('femur_left');
    expect(meaning('totalsegmentator-v2', 79)?.structure).toBe('spinal-cord');
    expect(meaning('totalsegmentator-mr', 50)?.name).toBe('brain');
    expect(meaning('totalsegmentator-mr', 20)?.structure).toBe('disc');
    expect(meaning('spineps-instances', 123)?.segment).toBe('L4-L5');
    expect(meaning('spineps-subregions', 50)?.structure).toBe('vertebral-body');
    expect(meaning('totalspineseg', 82)?.segment).toBe('T11-T12');
    expect(meaning('totalspineseg', 95)?.segment).toBe('L4-L5');
    expect(meaning('totalspineseg-first', 224)?.segment).toBe('C2-C3');
    expect(meaning('totalspineseg-first', 18)?.level).toBe('L5');
  });
});
