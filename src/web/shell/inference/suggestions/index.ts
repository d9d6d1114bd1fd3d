/** Suggestions of an assessment: red flags, questions, cards, and what people made of them. */

export { SuggestionColumn } from './suggestion-column.tsx';
