import { Archive } from '../platform/objects/archive.ts';
import { objectClient } from '../platform/objects/client.ts';

/** Reads what is kept as evidence. A file of its own beside the function, since the client of S3 is as large as the rest of it. */
export const evidenceReader = (bucket: string): Pick<Archive, 'read'> =>
  new Archive({ client: objectClient(), bucket });
