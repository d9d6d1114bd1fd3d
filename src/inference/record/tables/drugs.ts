/** Classes of drugs by ATC, by RxNorm ingredient, and by the ingredient in the name of an RxNorm product. */

import type { CodeSet } from '../codes.ts';

/** A class of drugs, as the features and findings ask for it. */
export interface DrugClass {
  id: string;
  codes: CodeSet;
  /** names of products that do not act on the whole body */
  notWords?: RegExp;
}

const LOCAL_FORMS = /topical|cream|ointment|ophthalmic|otic|nasal|inhal|rectal|lotion|shampoo|\bgel\b/i;

/** RxNorm has a code a product; its normal names hold the ingredient, so that the products need not be listed. */
export const DRUG_CLASSES: readonly DrugClass[] = [
  {
    id: 'opioid',
    codes: {
      atc: ['N02A'],
      rxnorm: [...['7804', '5489', '7052', '10689', '2670', '4337', '6813', '3423', '1819', '787390', '7814', '6754']],
      words: [
        ...['oxycodone', 'hydrocodone', 'morphine', 'tramadol', 'codeine', 'fentanyl', 'methadone', 'hydromorphone'],
        ...['buprenorphine', 'tapentadol', 'oxymorphone', 'meperidine'],
      ],
    },
    // antagonists and cough syrups are no pain treatment
    notWords: /apomorphine|naloxone|guaifenesin|chlorpheniramine|promethazine/i,
  },
  {
    id: 'gabapentinoid',
    codes: {
      atc: ['N02BF', 'N03AX12', 'N03AX16'],
      rxnorm: ['25480', '187832'],
      words: ['gabapentin', 'pregabalin'],
    },
  },
  {
    id: 'steroid',
    codes: {
      atc: ['H02AB'],
      rxnorm: ['8640', '8638', '6902', '3264', '5492'],
      words: ['prednisone', 'prednisolone', 'dexamethasone', 'hydrocortisone'],
    },
    notWords: LOCAL_FORMS,
  },
  {
    id: 'immunosuppressant',
    codes: {
      atc: ['L04A'],
      rxnorm: ['6851', '1256', '68149', '3008', '42316', '327361', '214555', '191831'],
      words: [
        ...['methotrexate', 'azathioprine', 'mycophenolate', 'cyclosporine', 'tacrolimus', 'adalimumab'],
        ...['etanercept', 'infliximab'],
      ],
    },
    notWords: LOCAL_FORMS,
  },
];

/** Targets of drugs in use, by class. */
export const DRUG_USE: readonly { target: string; of: string }[] = [
  { target: 'care.opioid', of: 'opioid' },
  { target: 'care.gabapentinoid', of: 'gabapentinoid' },
  { target: 'flag.immunosuppression', of: 'immunosuppressant' },
];

/** Targets of prescriptions that are open. */
export const DRUG_ORDERS: readonly { target: string; of: string; notWords?: RegExp }[] = [
  { target: 'order.opioid', of: 'opioid' },
  { target: 'order.gabapentinoid', of: 'gabapentinoid' },
  { target: 'order.oralSteroid', of: 'steroid', notWords: /inject/i },
];

/** Steroids count as prolonged from here · days */
export const PROLONGED_DAYS = 90;
