import { EvidenceTexts } from './verification/evidence-texts.ts';
import { workClient } from './verification/work-store.ts';

/** Reads what is kept as evidence. A file of its own beside the function, since the client of S3 is as large as the rest of it. */
export const evidenceReader = (bucket: string): Pick<EvidenceTexts, 'read'> =>
  new EvidenceTexts({ client: workClient(), bucket });
