import { apiDocument } from '../functions/entrypoints/contract.ts';

/** Prints the OpenAPI document, the same that `GET /openapi.json` answers: for linters and generators. */
process.stdout.write(`${JSON.stringify(apiDocument(), null, 2)}\n`);
