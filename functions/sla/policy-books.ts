import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readItem } from '../platform/store/heads.ts';
import type { PolicyBook } from './domain/book.ts';
import { type Book, bookKind } from './item-kinds.ts';
import { bookKey } from './keys.ts';
import type { TermsLibrary } from './terms-library.ts';
import { openBook, type OpenBookPorts } from './use-cases/open-book.ts';

/** The policies that hold now. */
export class PolicyBooks {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #terms: TermsLibrary;
  readonly #ports: OpenBookPorts;

  constructor(options: OpenBookPorts & { client: DynamoDBDocumentClient; table: string; terms: TermsLibrary }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#terms = options.terms;
    this.#ports = options;
  }

  /**
   * The book, consistently, so that a ticket that is opened after a policy was changed has it: one read unit, since versions
   * stay in memory. A desk that has none yet is given its first.
   */
  async current(): Promise<PolicyBook> {
    const { policies } = await this.read();
    await this.#terms.load(policies);
    const { termsOf } = this.#terms;
    return { policies: policies.map((ref) => termsOf(ref).policy), termsOf };
  }

  /** As it is kept. */
  async read(): Promise<Book> {
    const kept = await this.#find();
    if (kept !== null) return kept;
    await openBook(this.#ports);
    const opened = await this.#find();
    if (opened === null) throw new Error('the SLA book was opened and is not there');
    return opened;
  }

  async #find(): Promise<Book | null> {
    const item = await readItem(this.#client, this.#table, bookKey);
    return item === undefined ? null : bookKind.read(item);
  }
}
