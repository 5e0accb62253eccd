import { statSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Measurement, told } from '../row.ts';

const limit = 450 * 1024;

/** Bytes of each function's bundle, as it would be deployed. test/infra/bundle-budget.test.ts holds them. */
export const bundleBytes: Measurement = async ({ model }) =>
  model.functions
    .map(({ name, codeDir }) => ({ name, bytes: statSync(join(codeDir, 'index.js')).size }))
    .map(({ name, bytes }) =>
      name.startsWith('http-')
        ? atMost(`bundle ${name}`, bytes, limit, 'bytes')
        : told(`bundle ${name}`, `${bytes} bytes`),
    );
