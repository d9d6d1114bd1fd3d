/** Heavy things begin when the page has come to rest, so that what the reader waits for comes first. */

import { useEffect, useState } from 'react';

/** A pause after the last change, then the first idle moment · ms */
const PAUSE_MS = 400;
const LONGEST_MS = 1500;

/** False until `may` has held for a moment and the page is idle; true from then on. */
export function useQuiet(may: boolean): boolean {
  const [quiet, setQuiet] = useState(false);
  useEffect(() => {
    if (!may || quiet) return;
    let idle = 0;
    const timer = setTimeout(() => {
      if (typeof requestIdleCallback === 'function')
        idle = requestIdleCallback(() => setQuiet(true), { timeout: LONGEST_MS });
      else setQuiet(true);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      if (idle) cancelIdleCallback(idle);
    };
  }, [may, quiet]);
  return quiet;
}
