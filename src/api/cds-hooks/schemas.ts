/** Wire form of CDS Hooks 2.0: requests of a record system, cards, feedback. */

import { z } from 'zod';

const resource = z.looseObject({ resourceType: z.string().min(1) });
const bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z.array(z.looseObject({ resource: resource.optional() })).optional(),
});

const base = {
  /** unique for one firing of a hook */
  hookInstance: z.string().min(1).max(200),
  fhirServer: z.url().nullish(),
  fhirAuthorization: z.looseObject({}).nullish(),
  prefetch: z.record(z.string(), resource.nullable()).nullish(),
  extension: z.unknown().optional(),
};
const who = {
  userId: z.string().min(1),
  patientId: z.string().min(1).max(200),
  encounterId: z.string().nullish(),
};

/** A call of a service, by its hook. Fields that are not named here are allowed and not read; null counts as absent. */
export const hookRequest = z.discriminatedUnion('hook', [
  z.looseObject({ hook: z.literal('patient-view'), ...base, context: z.looseObject(who) }),
  z.looseObject({
    hook: z.literal('order-select'),
    ...base,
    context: z.looseObject({ ...who, selections: z.array(z.string()).min(1), draftOrders: bundle }),
  }),
  z.looseObject({ hook: z.literal('order-sign'), ...base, context: z.looseObject({ ...who, draftOrders: bundle }) }),
]);

const coding = z.object({ system: z.string(), code: z.string(), display: z.string() });

const action = z.discriminatedUnion('type', [
  z.object({ type: z.literal('create'), description: z.string(), resource }),
  z.object({ type: z.literal('delete'), description: z.string(), resourceId: z.string() }),
]);

/** One card. Never launches anything by itself. */
export const card = z
  .object({
    uuid: z.uuid(),
    summary: z.string().min(1).max(139),
    detail: z.string(),
    indicator: z.enum(['info', 'warning', 'critical']),
    source: z.object({ label: z.string(), url: z.url().optional(), topic: coding.optional() }),
    suggestions: z
      .array(
        z.object({
          label: z.string().min(1),
          uuid: z.uuid(),
          isRecommended: z.boolean(),
          actions: z.array(action).min(1),
        }),
      )
      .optional(),
    selectionBehavior: z.enum(['any', 'at-most-one']).optional(),
    overrideReasons: z.array(coding).optional(),
    links: z.array(z.object({ label: z.string(), url: z.url(), type: z.literal('absolute') })).optional(),
  })
  .refine(({ suggestions, selectionBehavior }) => !suggestions || selectionBehavior !== undefined, {
    message: 'suggestions need a selectionBehavior',
  });

export const cardResponse = z.object({ cards: z.array(card) });

export const discovery = z.object({
  services: z.array(
    z.object({
      hook: z.string(),
      id: z.string(),
      title: z.string(),
      description: z.string(),
      usageRequirements: z.string(),
      prefetch: z.record(z.string(), z.string()),
    }),
  ),
});

const outcome = {
  card: z.string().min(1).max(200),
  outcomeTimestamp: z.iso.datetime({ offset: true }),
};

/** What people made of cards. */
export const feedbackRequest = z.looseObject({
  feedback: z
    .array(
      z.discriminatedUnion('outcome', [
        z.looseObject({
          ...outcome,
          outcome: z.literal('accepted'),
          acceptedSuggestions: z.array(z.looseObject({ id: z.string().min(1).max(200) })).min(1),
        }),
        z.looseObject({
          ...outcome,
          outcome: z.literal('overridden'),
          overrideReason: z
            .looseObject({
              reason: z.looseObject({ code: z.string(), system: z.string().nullish() }).nullish(),
              userComment: z.string().max(10_000).nullish(),
            })
            .nullish(),
        }),
      ]),
    )
    .min(1)
    .max(200),
});

export type HookRequest = z.output<typeof hookRequest>;
export type Card = z.output<typeof card>;
export type Discovery = z.output<typeof discovery>;
export type FeedbackRequest = z.output<typeof feedbackRequest>;
