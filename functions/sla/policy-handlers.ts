import * as z from 'zod';
import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { policyBody, type PolicyBody, policyVersionBody } from './answers.ts';
import * as contract from './policy-routes.ts';
import type { SlaStore } from './store.ts';
import { archivePolicy, changePolicy, createPolicy, type PlacedPolicy, positionIn } from './use-cases/keep-policies.ts';
import type { SlaPorts } from './use-cases/ports.ts';

const policyAnswer = (placed: PlacedPolicy): Answer<PolicyBody> => ({
  status: 200,
  body: policyBody(placed),
  version: placed.policy.version,
});
const createdAnswer = (placed: PlacedPolicy): Answer<PolicyBody> => ({
  ...policyAnswer(placed),
  status: 201,
  location: `/v1/sla-policies/${placed.policy.id}`,
});

export const policyRoutes = (
  options: SlaPorts & { readonly sla: SlaStore; readonly cursors: Cursors; readonly once: OnceRecords },
): readonly BoundRoute[] => [
  serve(contract.createPolicy, async ({ principal: { id, role }, body, once }) => {
    const remember = remembering(options.once, once, createdAnswer);
    return createdAnswer(await createPolicy(options, body, { actor: { id, role }, remember }));
  }),

  serve(contract.listPolicies, async ({ query: { archived, limit, cursor } }) => {
    const book = await options.books.read();
    if (archived) {
      const scope = 'sla-policies by name';
      const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
      const page = await options.sla.policiesByName(limit, after);
      const items = page.items.map((policy) => policyBody({ policy, position: positionIn(book, policy.id) }));
      return {
        status: 200,
        body: { items, nextCursor: page.next === null ? null : await options.cursors.seal(scope, page.next) },
      };
    }
    const scope = 'sla-policies';
    const begin = cursor === undefined ? 0 : await options.cursors.open(scope, cursor, z.number().int());
    const end = begin + limit;
    const heads = await options.sla.policies(book.policies.slice(begin, end).map(({ id }) => id));
    return {
      status: 200,
      body: {
        items: heads.map((policy) => policyBody({ policy, position: positionIn(book, policy.id) })),
        nextCursor: end >= book.policies.length ? null : await options.cursors.seal(scope, end),
      },
    };
  }),

  serve(contract.getPolicy, async ({ params: { policyId } }) => {
    const [policy, book] = await Promise.all([options.sla.policy(policyId), options.books.read()]);
    if (policy === null) throw new NotFound('SLA policy', policyId);
    return policyAnswer({ policy, position: positionIn(book, policyId) });
  }),

  serve(contract.getPolicyVersion, async ({ params: { policyId, version } }) => {
    const policy = await options.sla.policyVersion(policyId, version);
    if (policy === null) throw new NotFound(`version ${version} of an SLA policy`, policyId);
    return { status: 200, body: policyVersionBody(policy) };
  }),

  serve(contract.changePolicy, async ({ principal: { id, role }, params: { policyId }, body, ifMatch }) =>
    policyAnswer(await changePolicy(options, policyId, body, { actor: { id, role }, ifMatch })),
  ),

  serve(contract.archivePolicy, async ({ principal: { id, role }, params: { policyId }, ifMatch, once }) => {
    const remember = remembering(options.once, once, policyAnswer);
    return policyAnswer(await archivePolicy(options, policyId, { actor: { id, role }, ifMatch, remember }));
  }),
];
