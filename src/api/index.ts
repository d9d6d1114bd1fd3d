/** HTTP and WebSocket face. */

export * from './server.ts';
