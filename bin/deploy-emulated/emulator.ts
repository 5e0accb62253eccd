import { CloudFormationClient, ListStacksCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** The rehearsal cannot go on; the message says why and what to do. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';
}

const unrecognised = /Unrecognized resource types: \[([^\]]*)\]/;

/** Where the emulator listens. @throws RehearsalError when nothing is named, or AWS itself. */
export const emulatorUrl = (environment: NodeJS.ProcessEnv): URL => {
  const named = environment['AWS_ENDPOINT_URL'] ?? '';
  if (!URL.canParse(named)) {
    throw new RehearsalError(
      'AWS_ENDPOINT_URL must name an emulator of AWS, such as http://127.0.0.1:4566. To deploy to AWS itself: npm run deploy',
    );
  }
  const url = new URL(named);
  if (/(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/.test(url.hostname)) {
    throw new RehearsalError(
      `${url.hostname} is AWS itself: this rehearsal destroys what it deployed. Name an emulator.`,
    );
  }
  return url;
};

/** What the rehearsal asks the emulator beside the CDK. */
export class Emulator {
  readonly #url: URL;
  readonly #stacks: CloudFormationClient;
  readonly #region: string;

  constructor(url: URL, region: string) {
    this.#url = url;
    this.#region = region;
    this.#stacks = new CloudFormationClient({ endpoint: url.href, region });
  }

  /** Which of these resource types it does not know: it refuses a template that has one, and names them. */
  async unknownAmong(types: readonly string[]): Promise<ReadonlySet<string>> {
    const Resources = Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }]));
    try {
      await this.#stacks.send(new ValidateTemplateCommand({ TemplateBody: JSON.stringify({ Resources }) }));
      return new Set();
    } catch (error) {
      const named = unrecognised.exec(error instanceof Error ? error.message : '')?.[1];
      if (named === undefined) throw error;
      return new Set(named.split(',').map((type) => type.trim()));
    }
  }

  /** Empties the emulator. A first deployment that was rolled back cannot be repeated over what it left there. */
  async reset(): Promise<boolean> {
    const answer = await fetch(new URL('/_ministack/reset', this.#url), { method: 'POST' }).catch(() => null);
    return answer?.ok === true;
  }

  /** Names of what there is of a stage, by kind. */
  async inventory(prefix: string): Promise<Readonly<Record<string, readonly string[]>>> {
    const options = { endpoint: this.#url.href, region: this.#region };
    const [stacks, functions, tables, queues] = await Promise.all([
      this.#stacks.send(new ListStacksCommand({})),
      new LambdaClient(options).send(new ListFunctionsCommand({})),
      new DynamoDBClient(options).send(new ListTablesCommand({})),
      new SQSClient(options).send(new ListQueuesCommand({ QueueNamePrefix: prefix })),
    ]);
    const ours = (names: readonly (string | undefined)[] = []): readonly string[] =>
      names.flatMap((name) => (name?.toLowerCase().includes(prefix.toLowerCase()) ? [name] : []));
    const present = (stacks.StackSummaries ?? []).filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
    return {
      stacks: ours(present.map(({ StackName }) => StackName)),
      functions: (functions.Functions ?? []).flatMap(({ FunctionName }) =>
        FunctionName?.startsWith('cloud-service-desk-') === true ? [FunctionName] : [],
      ),
      tables: ours(tables.TableNames),
      queues: ours(queues.QueueUrls),
    };
  }
}
