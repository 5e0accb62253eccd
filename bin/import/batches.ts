import type { TicketPayload } from './ticket-payload.ts';

/** Under the desk's limit of 256 KB for a body, with room for the frame around the tickets. */
const LARGEST_BATCH = 200_000;

/** Cuts the tickets into batches of at most `size` tickets and 200 KB; one ticket that is larger goes alone. */
export const inBatches = (tickets: readonly TicketPayload[], size: number): readonly (readonly TicketPayload[])[] => {
  const batches: TicketPayload[][] = [];
  let bytes = 0;
  for (const ticket of tickets) {
    const own = Buffer.byteLength(JSON.stringify(ticket)) + 1;
    const current = batches.at(-1);
    if (current === undefined || current.length >= size || bytes + own > LARGEST_BATCH) {
      batches.push([ticket]);
      bytes = own;
    } else {
      current.push(ticket);
      bytes += own;
    }
  }
  return batches;
};
