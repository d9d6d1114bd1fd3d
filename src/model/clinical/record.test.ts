import { expect, it } from 'vitest';
import { conceptText } from './record.ts';

it('calls a concept by its text first', () => {
  const codings = [{ system: '', code: 'x', display: 'Pain' }];
  expect(conceptText({ codings, text: 'Ache' })).toBe('Ache');
  expect(conceptText({ codings: [{ system: '', code: 'x' }] })).toBe('x');
  expect(conceptText({ codings: [] })).toBe('');
});
