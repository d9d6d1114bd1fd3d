/** The live line: a WebSocket of events that comes back by itself. */

import { create } from 'zustand';
import { event as eventSchema } from '../../contract/index.ts';
import { eventsUrl } from './client.ts';
import { applyEvent } from './queries.ts';

export type LiveState = 'connecting' | 'live' | 'lost';

export const useLive = create<{ state: LiveState }>(() => ({ state: 'connecting' }));

const LONGEST_WAIT_MS = 15_000;

/** Opens the stream and keeps it open. @returns stops it */
export function startEvents(): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let stopped = false;

  const open = (): void => {
    if (stopped) return;
    socket = new WebSocket(eventsUrl());
    socket.onopen = () => {
      attempt = 0;
      useLive.setState({ state: 'live' });
    };
    socket.onmessage = (message) => {
      const parsed = eventSchema.safeParse(parseJson(String(message.data)));
      if (parsed.success) applyEvent(parsed.data);
    };
    socket.onclose = () => {
      if (stopped) return;
      useLive.setState({ state: 'lost' });
      timer = setTimeout(open, Math.min(LONGEST_WAIT_MS, 400 * 2 ** attempt++));
    };
  };
  open();
  const wake = (): void => {
    if (useLive.getState().state !== 'lost') return;
    clearTimeout(timer);
    attempt = 0;
    open();
  };
  window.addEventListener('online', wake);
  return () => {
    stopped = true;
    clearTimeout(timer);
    window.removeEventListener('online', wake);
    socket?.close();
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
