import { storeInferenceSuite } from '../support/store/store-inference-suite.ts';
import { memoryStore } from '../support/store/store-pglite.ts';
import { storeRulesSuite } from '../support/store/store-rules-suite.ts';
import { storeSuite } from '../support/store/store-suite.ts';

storeSuite('PostgreSQL in memory', memoryStore, async () => undefined);
storeRulesSuite('PostgreSQL in memory', memoryStore);
storeInferenceSuite('PostgreSQL in memory', memoryStore);
