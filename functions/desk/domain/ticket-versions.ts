import { itemVersions } from '../../platform/store/item-kind.ts';

/**
 * The versions of ticket heads and of their rows in the lists table. Apart from their schemas, since the stream that copies
 * heads into rows looks at a part of them. The indexes of the operations table show attributes of heads without `schema`:
 * what they project cannot change its meaning without a new index.
 */
export const ticketVersions = itemVersions('ticket');
export const ticketRowVersions = itemVersions('ticket row');
