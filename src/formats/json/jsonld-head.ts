/** Tells our JSON-LD from other JSON by the first bytes of a file. */

/** Where our terms live. */
export const GRAPH_TERMS = 'urn:msdt:graph#';

/**
 * True when a text begins as our JSON-LD does: the context first, our vocabulary first in it.
 * @example isJsonldHead('{"@context": {"@version": 1.1, "@vocab": "urn:msdt:graph#"') // true
 * @example isJsonldHead('{"@context": "https://schema.org"}') // false
 */
export function isJsonldHead(text: string): boolean {
  return /^(\xef\xbb\xbf|\ufeff)?\s*\{\s*"@context"\s*:\s*\{\s*"@version"\s*:\s*1\.1\s*,\s*"@vocab"\s*:\s*"urn:msdt:graph#"/.test(
    text,
  );
}
