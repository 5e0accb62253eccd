import { randomBytes } from 'node:crypto';
import type { CloudModel } from '../../model.ts';
import type { WorkerCredentials } from '../services.ts';
import { ofOtherTables } from './other-tables.ts';
import { type Need, PermissionCheck } from './permission-check.ts';

/** Who is behind a call, and what they may do: a worker with its function's role, or the operator. */
export interface Caller {
  readonly accessKeyId: string;
  readonly name: string;
  /** Null when all needs are met, else AWS's words for the first that is not. */
  refusal(needs: readonly Need[]): string | null;
}

/**
 * Issues credentials to workers and finds the caller of a request by its access key. New credentials for a worker id end
 * the old ones, so that a call of a dead worker cannot pass as one of its successor.
 */
export class Callers {
  readonly #model: CloudModel;
  readonly #checks = new Map<string, PermissionCheck>();
  readonly #byAccessKey = new Map<string, Caller>();
  readonly #keyOfWorker = new Map<string, string>();

  readonly #operator = credentialsOf(newAccessKey());

  constructor(model: CloudModel) {
    this.#model = model;
    const check = new PermissionCheck(model.operator);
    const principal = `arn:aws:sts::${model.accountId}:assumed-role/operator/local`;
    const isOthers = ofOtherTables(model);
    this.#byAccessKey.set(this.#operator.accessKeyId, {
      accessKeyId: this.#operator.accessKeyId,
      name: 'operator',
      refusal: (needs) => {
        const checked = needs.filter((need) => !isOthers(need));
        return refusal(principal, model.operator.arn, check, checked);
      },
    });
    for (const role of model.roles) this.#checks.set(role.id, new PermissionCheck(role));
  }

  /** @throws when the function or its role is not in the template. */
  credentialsFor(functionId: string, workerId: string): WorkerCredentials {
    const accessKeyId = newAccessKey();
    const worker = `${functionId} ${workerId}`;
    this.#byAccessKey.delete(this.#keyOfWorker.get(worker) ?? '');
    this.#keyOfWorker.set(worker, accessKeyId);
    this.#byAccessKey.set(accessKeyId, this.ofFunction(functionId, accessKeyId));
    return credentialsOf(accessKeyId);
  }

  /**
   * For a person at the desk, with the permissions that the template has for operators, and all of them on tables that it does not
   * have. The same for as long as the desk runs.
   */
  operator(): WorkerCredentials {
    return this.#operator;
  }

  /**
   * What a function's role lets be done in its name, as by Lambda itself.
   * @throws when the function or its role is not in the template.
   */
  ofFunction(functionId: string, accessKeyId = ''): Caller {
    const found = this.#model.functions.find((one) => one.id === functionId);
    if (found === undefined) throw new Error(`no function ${functionId} in the template`);
    const role = this.#model.roles.find((one) => one.id === found.roleId);
    const check = this.#checks.get(found.roleId);
    if (role === undefined || check === undefined)
      throw new Error(`no role ${found.roleId} in the template, needed by ${functionId}`);
    const principal = `arn:aws:sts::${this.#model.accountId}:assumed-role/${role.arn.split('/').at(-1)}/${found.name}`;
    return {
      accessKeyId,
      name: found.name,
      refusal: (needs) => refusal(principal, role.arn, check, needs),
    };
  }

  /** The caller named in a SigV4 header (`Credential=<access key>/<date>/...`), or null when nobody holds that key. */
  find(authorization: string | undefined): Caller | null {
    const accessKeyId = /Credential=([^/,\s]+)\//.exec(authorization ?? '')?.[1];
    return accessKeyId === undefined ? null : (this.#byAccessKey.get(accessKeyId) ?? null);
  }
}

const newAccessKey = (): string => `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;

const credentialsOf = (accessKeyId: string): WorkerCredentials => ({
  accessKeyId,
  secretAccessKey: randomBytes(20).toString('hex'),
  sessionToken: randomBytes(16).toString('hex'),
});

function refusal(principal: string, roleArn: string, check: PermissionCheck, needs: readonly Need[]): string | null {
  for (const need of needs) {
    const region = need.resource.split(':')[3] ?? '';
    const context = {
      'aws:securetransport': ['true'], // On AWS every SDK call is HTTPS.
      'aws:principalarn': [roleArn],
      ...(region !== '' && { 'aws:requestedregion': [region] }),
      ...need.context,
    };
    const decision = check.decide({ ...need, context });
    if (decision.allowed) continue;
    return `User: ${principal} is not authorized to perform: ${need.action} on resource: ${need.resource} ${decision.reason}`;
  }
  return null;
}
