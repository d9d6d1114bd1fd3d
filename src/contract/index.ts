/** Wire schemas shared by api, cli and web. */

import type { z } from 'zod';
import type * as api from './api.ts';
import type * as nouns from './nouns.ts';
import type * as profiles from './profiles.ts';

export * from './api.ts';
export * from './nouns.ts';
export * from './profiles.ts';
export * from './routes.ts';

export type TwinView = z.infer<typeof api.twinView>;
export type WireTwin = z.infer<typeof nouns.twin>;
export type WireTwinSummary = z.infer<typeof nouns.twinSummary>;
export type WireAcquisition = z.infer<typeof nouns.acquisition>;
export type WireArtifact = z.infer<typeof nouns.artifact>;
export type WireFeature = z.infer<typeof nouns.feature>;
export type WireFeatureDefinition = z.infer<typeof nouns.featureDefinition>;
export type WireJob = z.infer<typeof nouns.job>;
export type WireQualityFlag = z.infer<typeof nouns.qualityFlag>;
export type WireError = z.infer<typeof nouns.errorRecord>;
export type WireMeasurement = z.infer<typeof nouns.measurement>;
export type WireMeasurements = z.infer<typeof nouns.measurements>;
export type WireUpload = z.infer<typeof api.upload>;
export type WireCatalogue = z.infer<typeof api.catalogue>;
export type WireCapability = z.infer<typeof api.capabilityInfo>;
export type WireParamSpec = z.infer<typeof api.paramSpec>;
export type WireEvent = z.infer<typeof api.event>;
export type WireSnapshot = z.infer<typeof nouns.snapshot>;
export type WirePlanStep = z.infer<typeof api.planStep>;
export type RunReport = z.infer<typeof api.runReport>;
export type WireProfile = z.infer<typeof profiles.signalProfile>;
export type WireProfileChannel = z.infer<typeof profiles.profileChannel>;
export type WireSavedProfile = z.infer<typeof profiles.savedProfile>;
export type WireTableLook = z.infer<typeof profiles.tableLook>;
