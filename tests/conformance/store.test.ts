import { storeInferenceSuite } from '../support/store-inference-suite.ts';
import { memoryStore } from '../support/store-pglite.ts';
import { storeRulesSuite } from '../support/store-rules-suite.ts';
import { storeSuite } from '../support/store-suite.ts';

storeSuite('PostgreSQL in memory', memoryStore, async () => undefined);
storeRulesSuite('PostgreSQL in memory', memoryStore);
storeInferenceSuite('PostgreSQL in memory', memoryStore);
