/** HTTP and WebSocket face. */

export { parseCdsHooksConfig } from './cds-hooks/config.ts';
export * from './server.ts';
