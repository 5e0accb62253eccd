import type { PolicyStatement, RoleModel } from '../../model.ts';
import { type ConditionContext, judgeConditions } from './conditions.ts';
import { wildcardTest } from './wildcard.ts';

/** One thing that a call does: an action on a resource. A call may need several. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: ConditionContext;
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

interface CompiledStatement {
  readonly statement: PolicyStatement;
  readonly conditional: boolean;
  readonly fitsAction: (action: string) => boolean;
  readonly fitsResource: (resource: string) => boolean;
}

/**
 * Decides as IAM does for identity policies: a fitting Deny wins, then a fitting Allow, else no.
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
 * Actions are compared without case, resources with it. What cannot be judged refuses.
 */
export class PermissionCheck {
  readonly #statements: readonly CompiledStatement[];
  /** Decisions without conditions, by action and resource: the same few come with every call. */
  readonly #decided = new Map<string, Decision>();

  constructor(role: RoleModel) {
    this.#statements = role.statements.map((statement) => ({
      statement,
      conditional: Object.keys(statement.conditions).length > 0,
      fitsAction: wildcardTest(statement.actions, true),
      fitsResource: wildcardTest(statement.resources, false),
    }));
  }

  decide(need: Need): Decision {
    const key = `${need.action} ${need.resource}`;
    const known = this.#decided.get(key);
    if (known !== undefined) return known;
    const fitting = this.#statements.filter((one) => one.fitsAction(need.action) && one.fitsResource(need.resource));
    const decision = evaluate(fitting, need);
    if (this.#decided.size < 10_000 && !fitting.some((one) => one.conditional)) this.#decided.set(key, decision);
    return decision;
  }
}

function evaluate(fitting: readonly CompiledStatement[], need: Need): Decision {
  const unknowns: string[] = [];
  let allowed = false;
  for (const { statement, conditional } of fitting) {
    const result = conditional ? judgeConditions(statement.conditions, need.context ?? {}) : { holds: true };
    if ('unknown' in result) unknowns.push(result.unknown);
    if (statement.effect === 'Deny' && ('unknown' in result || result.holds)) {
      const because = 'unknown' in result ? ` (${result.unknown})` : '';
      return { allowed: false, reason: `with an explicit deny in an identity-based policy${because}` };
    }
    if (statement.effect === 'Allow' && 'holds' in result && result.holds) allowed = true;
  }
  if (allowed) return { allowed: true };
  const because = unknowns.length === 0 ? '' : ` (${unknowns.join('; ')})`;
  return { allowed: false, reason: `because no identity-based policy allows the ${need.action} action${because}` };
}
