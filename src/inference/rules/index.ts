/** Suggestions: the vocabulary of the rules, the rules as data, and what they say of one patient. */

export { FINDINGS, type Finding, type FindingCode, findFinding, findingOf } from './findings.ts';
