import { ServiceError } from '../service-error.ts';

/** What a call of the S3 API names, in path style: the bucket, then the key (empty when the call is about the bucket). */
export interface ObjectRequest {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/**
 * Reads `/<bucket>/<key>?...`. The SDK writes addresses so when the endpoint is an IP address
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access).
 */
export function readObjectRequest(method: string, target: string): ObjectRequest {
  const [path = '', query = ''] = target.split(/\?(.*)/s, 2);
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return {
      method,
      bucket: decodeURIComponent(bucket),
      key: decodeURIComponent(key),
      query: new URLSearchParams(query),
    };
  } catch {
    throw new ServiceError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
