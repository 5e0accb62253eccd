import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { currentAssembly } from '../../../local/assembly/current-assembly.ts';

export const projectDir = resolve(import.meta.dirname, '../../..');

/** The assembly of this source tree, with settings of its stage replaced; synthesized when it is not there yet. */
export const projectAssembly = (overrides?: Readonly<Record<string, unknown>>): Promise<string> =>
  currentAssembly({ projectDir, stage: 'local', ...(overrides !== undefined && { overrides }) });

interface Resource {
  Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a template's properties are whatever CloudFormation takes
  Properties: any;
}
interface Place {
  readonly file: string;
  readonly id: string;
  readonly resource: Resource;
}
interface Statement {
  Action: string | string[];
}

/** What a function's recording wrapper prints before it hands the event on. */
const recordMark = 'records in this batch:';
const recorder = `const original = require('./original.js');
exports.handler = (event, context) => {
  console.log('${recordMark} ' + event.Records.length);
  return original.handler(event, context);
};
`;

/** The batch sizes in a function's log. */
export const recordedBatches = (log: string): readonly number[] =>
  [...log.matchAll(new RegExp(`${recordMark} (\\d+)`, 'g'))].map(([, size]) => Number(size));

/**
 * A copy of the synthesized assembly, to be edited as a template is: nothing but its JSON changes, and the bundle of a
 * function whose batches are to be recorded.
 */
export class AssemblyCopy {
  readonly directory = mkdtempSync(join(tmpdir(), 'assembly-'));

  constructor(source: string) {
    cpSync(source, this.directory, { recursive: true });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Takes the event sources of a function out of the template. Answers how many there were. */
  removeEventSources(functionName: string): number {
    const sources = this.#eventSources(functionName);
    for (const { file, id } of sources) this.#edit(file, (resources) => delete resources[id]);
    return sources.length;
  }

  setBatchSize(functionName: string, size: number): void {
    for (const { file, id } of this.#eventSources(functionName)) {
      this.#edit(file, (resources) => {
        resources[id]!.Properties.BatchSize = size;
      });
    }
  }

  /** A record that fails is given up after so many retries. */
  setRetries(functionName: string, retries: number): void {
    for (const { file, id } of this.#eventSources(functionName)) {
      this.#edit(file, (resources) => {
        resources[id]!.Properties.MaximumRetryAttempts = retries;
      });
    }
  }

  /** Lets an alarm take missing data for good news. Answers how many alarms of that name there were. */
  deafen(alarm: string): number {
    const found = this.#ofType('AWS::CloudWatch::Alarm').filter(({ resource }) =>
      resource.Properties.AlarmName.endsWith(`-${alarm}`),
    );
    for (const { file, id } of found) {
      this.#edit(file, (resources) => {
        resources[id]!.Properties.TreatMissingData = 'notBreaching';
      });
    }
    return found.length;
  }

  /** Takes an action out of every statement of a function's role. Answers from how many statements. */
  removeAction(functionName: string, action: string): number {
    const role = this.#function(functionName).resource.Properties.Role['Fn::GetAtt'][0];
    const policies = this.#ofType('AWS::IAM::Policy').filter(({ resource }) =>
      resource.Properties.Roles.some((of: { Ref: string }) => of.Ref === role),
    );
    let removed = 0;
    for (const { file, id } of policies) {
      this.#edit(file, (resources) => {
        const document = resources[id]!.Properties.PolicyDocument;
        document.Statement = document.Statement.flatMap((statement: Statement) => {
          const actions = [statement.Action].flat();
          const kept = actions.filter((one) => one !== action);
          if (kept.length < actions.length) removed += 1;
          return kept.length === 0 ? [] : [{ ...statement, Action: kept }];
        });
      });
    }
    return removed;
  }

  /** Somebody who may do everything in the account: the local desk's operator, who holds each managed policy of nobody, may then. */
  addAdministrator(): void {
    const [any] = this.#ofType('AWS::Lambda::Function');
    if (any === undefined) throw new Error('the assembly has no function');
    this.#edit(any.file, (resources) => {
      resources['TestAdministrator'] = {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          ManagedPolicyName: 'test-administrator',
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
        },
      };
    });
  }

  /** Gives a queue a name; the template must hold exactly one whose logical id begins so. */
  renameQueue(idBegins: string, name: string): void {
    const queues = this.#ofType('AWS::SQS::Queue').filter(({ id }) => id.startsWith(idBegins));
    const [queue] = queues;
    if (queue === undefined || queues.length > 1) throw new Error(`${queues.length} queues ${idBegins}`);
    this.#edit(queue.file, (resources) => {
      resources[queue.id]!.Properties.QueueName = name;
    });
  }

  /** Puts a wrapper in front of a function that prints the size of each batch into its log and calls the original. */
  recordBatches(functionName: string): void {
    this.wrap(functionName, recorder);
  }

  /** Puts a wrapper in front of a function: CommonJS that finds the function's own bundle as `./original.js`. */
  wrap(functionName: string, wrapper: string): void {
    const asset = this.#function(functionName).resource.Properties.Code.S3Key.replace('.zip', '');
    const bundle = join(this.directory, `asset.${asset}`);
    renameSync(join(bundle, 'index.js'), join(bundle, 'original.js'));
    writeFileSync(join(bundle, 'index.js'), wrapper);
  }

  #function(name: string): Place {
    const found = this.#ofType('AWS::Lambda::Function').find(({ resource }) =>
      resource.Properties.FunctionName.endsWith(`-${name}`),
    );
    if (found === undefined) throw new Error(`no function ${name}`);
    return found;
  }

  #eventSources(functionName: string): readonly Place[] {
    const { id } = this.#function(functionName);
    return this.#ofType('AWS::Lambda::EventSourceMapping').filter(
      ({ resource }) =>
        resource.Properties.FunctionName !== undefined &&
        this.#aliasedFunction(JSON.stringify(resource.Properties.FunctionName)) === id,
    );
  }

  /** The function whose alias a mapping names as `<function>:live`. */
  #aliasedFunction(functionName: string): string | undefined {
    const aliasId = /"Ref":"(\w+)"/.exec(functionName)?.[1];
    const alias = this.#ofType('AWS::Lambda::Alias').find(({ id }) => id === aliasId);
    return alias?.resource.Properties.FunctionName.Ref;
  }

  #ofType(type: string): readonly Place[] {
    return readdirSync(this.directory)
      .filter((name) => name.endsWith('.template.json'))
      .flatMap((file) => Object.entries(this.#read(file).Resources).map(([id, resource]) => ({ file, id, resource })))
      .filter(({ resource }) => resource.Type === type);
  }

  #read(file: string): { Resources: Record<string, Resource> } {
    return JSON.parse(readFileSync(join(this.directory, file), 'utf8'));
  }

  #edit(file: string, change: (resources: Record<string, Resource>) => unknown): void {
    const template = this.#read(file);
    change(template.Resources);
    writeFileSync(join(this.directory, file), JSON.stringify(template));
  }
}
