import { itemVersions } from './item-kind.ts';

/**
 * The versions of events, contributions (`facts`) included. Events are never rewritten: they are sealed by their chain, which
 * is made of what was stored. Old ones are brought into the shape of today each time they are read, by the streams too.
 */
export const eventVersions = itemVersions('event');
