/** Live events over one WebSocket per screen. */

import type { FastifyInstance } from 'fastify';
import { BYTE_PATHS, event } from '../contract/index.ts';
import type { Engine } from '../runtime/index.ts';

/** A screen that reads too slowly is closed at this backlog; it reconnects and asks anew · bytes */
const MOST_BACKLOG_BYTES = 4 * 1024 * 1024;

/** Adds the event stream; the token travels as `?token=`. */
export function addEventRoute(
  server: FastifyInstance<never, never, never, never, never> | FastifyInstance,
  engine: Engine,
): void {
  (server as FastifyInstance).get(BYTE_PATHS.events, { websocket: true, schema: { hide: true } }, (socket) => {
    const send = (message: unknown): void => {
      if (socket.bufferedAmount > MOST_BACKLOG_BYTES) socket.terminate();
      else socket.send(JSON.stringify(event.parse(message)));
    };
    send({ type: 'hello', at: new Date().toISOString() });
    const unsubscribe = engine.bus.subscribe(send);
    socket.on('close', unsubscribe);
    socket.on('error', unsubscribe);
  });
}
