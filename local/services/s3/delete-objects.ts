import { ServiceError } from '../service-error.ts';
import type { Elements } from './object-xml.ts';

export interface ObjectName {
  readonly key: string;
  readonly versionId: string | null;
}

const mostObjects = 1000;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads `<Delete>`: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export function readDelete(body: Buffer): { readonly objects: readonly ObjectName[]; readonly quiet: boolean } {
  const xml = body.toString('utf8');
  const objects = [...xml.matchAll(/<Object>([\s\S]*?)<\/Object>/g)].map(([, object = '']): ObjectName => {
    const key = elementOf(object, 'Key');
    if (key === null) throw malformed();
    return { key, versionId: elementOf(object, 'VersionId') };
  });
  if (objects.length === 0 || objects.length > mostObjects) throw malformed();
  return { objects, quiet: elementOf(xml, 'Quiet') === 'true' };
}

/** What became of one object: what is said of it when it is gone, or why it is not. */
export type Deletion = ObjectName & ({ readonly gone: Elements } | { readonly error: ServiceError });

export const deleteResult = (deletions: readonly Deletion[], quiet: boolean): Elements =>
  deletions.flatMap((deletion): Elements => {
    const name: Elements = [
      ['Key', deletion.key],
      ...(deletion.versionId === null ? [] : [['VersionId', deletion.versionId] as const]),
    ];
    if ('error' in deletion)
      return [['Error', [...name, ['Code', deletion.error.code], ['Message', deletion.error.message]]]];
    return quiet ? [] : [['Deleted', [...name, ...deletion.gone]]];
  });

const malformed = (): ServiceError =>
  new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

const elementOf = (xml: string, name: string): string | null => {
  const found = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return found === undefined ? null : unescaped(found);
};

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name ?? ''] ?? whole;
  });
