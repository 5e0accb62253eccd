import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readItem } from '../platform/store/heads.ts';
import { subscriptionKind } from './item-kinds.ts';
import { subscriptionKey } from './keys.ts';
import type { OutsideAddress } from './outside/sender.ts';

/** Where the letters of some subscriptions go that share an address: what the first says that is still live. */
export const outsideAddressOf =
  ({ client, table }: { readonly client: DynamoDBDocumentClient; readonly table: string }) =>
  async (subscriptionIds: readonly string[]): Promise<OutsideAddress | null> => {
    for (const id of subscriptionIds) {
      const item = await readItem(client, table, subscriptionKey(id));
      const found = item === undefined ? null : subscriptionKind.read(item);
      if (found?.state === 'live') return { target: found.target, secret: found.secret ?? null };
    }
    return null;
  };
