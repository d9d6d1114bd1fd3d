/** What a person says beside the data: setting, index date, answers. */

export { AnswerList } from './answer-list.tsx';
export { AskCards, RedFlagAsks } from './ask-cards.tsx';
export { DeskBar } from './desk-bar.tsx';
export { rateText } from './desk-model.ts';
