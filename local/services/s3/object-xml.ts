import type { StoredObject } from './object-files.ts';

const text = (value: string): string => value.replace(/[&<>"\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);

const element = (name: string, value: string): string => `<${name}>${text(value)}</${name}>`;

export const errorXml = (code: string, message: string, requestId: string): string =>
  `<Error>${element('Code', code)}${element('Message', message)}${element('RequestId', requestId)}</Error>`;

/** A page of ListObjectsV2; the last key of a page is where the next one goes on. */
export const listXml = (bucket: string, objects: readonly StoredObject[], more: boolean): string => {
  const contents = objects.map(
    ({ key, size, modifiedAt }) =>
      `<Contents>${element('Key', key)}${element('LastModified', modifiedAt.toISOString())}${element('Size', String(size))}</Contents>`,
  );
  const next = more ? element('NextContinuationToken', objects.at(-1)?.key ?? '') : '';
  const head = `${element('Name', bucket)}${element('KeyCount', String(objects.length))}${element('IsTruncated', String(more))}`;
  return `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${next}${contents.join('')}</ListBucketResult>`;
};
