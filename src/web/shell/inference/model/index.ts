/** The site's model: state, versions, outcomes, drift; and closing the follow-up of a patient. */

export { ModelView } from './model-view.tsx';
