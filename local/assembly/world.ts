import { AssemblyError } from './assembly-error.ts';
import { StackScope } from './stack-scope.ts';
import type { Stack } from './template.ts';

/** All stacks together: what crosses from one to another goes through exports or SSM parameters. */
export class World {
  readonly stacks: readonly StackScope[];
  /** Parameters that somebody wrote over, by name. */
  readonly #written: Readonly<Record<string, string>>;

  constructor(stacks: readonly Stack[], written: Readonly<Record<string, string>> = {}) {
    this.#written = written;
    this.stacks = stacks.map((stack) => new StackScope(stack, this));
  }

  /** @throws AssemblyError when no stack exports it. */
  exported(name: string, place: string): unknown {
    for (const stack of this.stacks) {
      const value = stack.exported(name);
      if (value !== undefined) return value;
    }
    throw new AssemblyError(`${place} imports ${name}, which no stack exports`);
  }

  /** The value of the AWS::SSM::Parameter of that name. @throws AssemblyError when no stack writes it. */
  ssmParameter(name: string, place: string): string {
    // The bootstrap version is the toolkit's own parameter and means nothing here.
    if (name.startsWith('/cdk-bootstrap/')) return '999';
    const written = this.#written[name];
    if (written !== undefined) return written;
    const names: string[] = [];
    for (const stack of this.stacks) {
      for (const [logicalId] of stack.resources('AWS::SSM::Parameter')) {
        const identity = stack.identity(logicalId);
        if (identity.name === name) return String(identity.property('Value'));
        names.push(identity.name);
      }
    }
    throw new AssemblyError(
      `${place} reads the SSM parameter ${name}, which no stack writes (written: ${names.join(', ') || 'none'})`,
    );
  }
}
