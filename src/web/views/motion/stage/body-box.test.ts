import { describe, expect, it } from 'vitest';
import { bodyBox, colouring, firstSeen, leftToRight, valueRange, valueTitle } from './body-box.ts';
import { bonesOf } from './stage-body.ts';

describe('the box of a body', () => {
  it('holds the body, not the marker that flew away, and skips what was not seen', () => {
    const positions = new Float32Array(3 * 1000);
    for (let i = 0; i < 1000; i++) positions.set([i % 100, 10 + (i % 7), -5], 3 * i);
    positions.set([9e5, 9e5, 9e5], 0);
    positions.set([Number.NaN, Number.NaN, Number.NaN], 30);
    const box = bodyBox({ positions });
    expect(box?.high[0]).toBe(99);
    expect(box?.high[1]).toBe(16);
    expect(box?.low).toEqual([0, 10, -5]);
    expect(bodyBox({ positions: new Float32Array(3).fill(Number.NaN) })).toBeUndefined();
  });

  it('colours from none to nearly the most', () => {
    const speeds = Float32Array.from({ length: 101 }, (_, i) => i);
    expect(valueRange(speeds)).toEqual({ low: 0, high: 98 });
    expect(valueRange(new Float32Array(5))).toEqual({ low: 0, high: 1 });
  });

  it('colours by speed unless it is told otherwise', () => {
    const values = { localSpeed: Float32Array.of(0, 1), speed: Float32Array.of(0, 2) };
    expect(colouring(values, undefined)?.name).toBe('speed');
    expect(colouring(values, 'localSpeed')?.name).toBe('localSpeed');
    expect(colouring(values, '')).toBeUndefined();
    expect(colouring({}, 'speed')).toBeUndefined();
    expect(valueTitle('localSpeed')).toBe('local speed, mm/s');
  });

  it('knows its right by its hips, or by its shoulders', () => {
    const gap = Number.NaN;
    const names = ['hip.left', 'hip.right'];
    expect(leftToRight({ names, positions: Float32Array.of(gap, 0, 0, 9, 0, 0, 1, 0, 0, 1, 0, 200) })).toEqual([
      0, 0, 200,
    ]);
    expect(leftToRight({ names: ['a', 'b'], positions: new Float32Array(6) })).toBeUndefined();
  });

  it('knows when a body was first seen', () => {
    const gap = [Number.NaN, Number.NaN, Number.NaN];
    const time = { clock: 'c', startS: 0, rateHz: 100, count: 3 };
    const points = { ...time, type: 'points' as const, names: ['a', 'b'] };
    const late = Float32Array.from([...gap, ...gap, ...gap, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    expect(firstSeen({ ...points, positions: late })).toBe(1);
    expect(firstSeen({ ...points, positions: Float32Array.from([...gap, ...gap]) })).toBeUndefined();
    const cloud = { ...time, type: 'cloud' as const, triangles: [], values: {} };
    expect(firstSeen({ ...cloud, start: Uint32Array.of(0, 0, 1, 2), positions: new Float32Array(6) })).toBe(1);
  });

  it('joins each joint with its parent, and markers with nothing', () => {
    expect(bonesOf({ parents: [-1, 0, 1, 1] })).toEqual([
      [0, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(bonesOf({})).toEqual([]);
  });
});
