import { describe, expect, it } from 'vitest';
import { readPlace, viewFromQuery, viewToQuery, writePlace } from './place.ts';

describe('the address', () => {
  it('goes to a place and back', () => {
    const place = { screen: 'spine' as const, twin: 't-1', asOf: { known: '2026-03-02T10:00:00Z', valid: undefined } };
    expect(readPlace(writePlace(place))).toEqual(place);
  });

  it('is the list of patients where no twin is named', () => {
    expect(readPlace('?screen=spine').screen).toBe('patients');
  });

  it('carries a view, and drops what is broken', () => {
    const view = {
      crosshair: [1.2, -3, 400] as const,
      selection: { level: 'L4', feature: undefined },
      window: { width: 900, level: 220 },
      layout: 'quad',
    };
    const query = new URLSearchParams(viewToQuery(view)).toString();
    expect(viewFromQuery(`?${query}`)).toEqual(view);
    expect(viewFromQuery('?at=1,x,3').crosshair).toBeUndefined();
    expect(viewFromQuery('?window=9').window).toBeUndefined();
  });
});
