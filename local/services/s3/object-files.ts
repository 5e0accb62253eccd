import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A key that cannot be the name of a file below the bucket's folder. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}

/** Objects as files, `<folder>/<bucket>/<key>`, so that people can look at them too. */
export class ObjectFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** In full or not at all, whenever the desk is killed. */
  put(bucket: string, key: string, body: string | Buffer): void {
    const file = this.#fileOf(bucket, key);
    const unfinished = join(this.#folder, `.${process.pid}.unfinished`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, body);
    renameSync(unfinished, file);
  }

  get(bucket: string, key: string): Buffer | null {
    const file = this.#fileOf(bucket, key);
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file) : null;
  }

  remove(bucket: string, key: string): void {
    const file = this.#fileOf(bucket, key);
    rmSync(file, { force: true });
    // S3 has no folders that could be left behind, and stand in the way of a key.
    const root = join(this.#folder, bucket);
    for (let folder = dirname(file); folder !== root && isEmpty(folder); folder = dirname(folder)) rmdirSync(folder);
  }

  /** All objects whose keys begin so, in the order of the keys' bytes, as S3 lists them. */
  list(bucket: string, prefix: string): readonly StoredObject[] {
    const folder = join(this.#folder, bucket);
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ file, key: relative(folder, file).split(sep).join('/') }))
      .filter(({ key }) => key.startsWith(prefix))
      .map(({ file, key }) => ({ key, size: statSync(file).size, modifiedAt: statSync(file).mtime }))
      .sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  }

  /** Empties every bucket. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #fileOf(bucket: string, key: string): string {
    const usable = key !== '' && key.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
    if (!usable || key.includes('\0')) throw new UnusableKey(key);
    return join(this.#folder, bucket, ...key.split('/'));
  }
}

const isEmpty = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length === 0;
