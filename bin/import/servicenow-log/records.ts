import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import * as z from 'zod';
import { CommandFailure, messageOf } from '../../command/failure.ts';

/** One CSV record as it stands in the file: the line it begins on (1 = header), its cells, and its own text without the line end. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  readonly raw: string;
}

/** A record longer than this is a quote that was never closed, not an update of an incident. */
const MAX_RECORD_CHARACTERS = 65_536;

const parsedSchema = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }), raw: z.string() });

/** Line ends become LF before parsing: csv-parse counts a CRLF inside quotes twice, and line numbers must be those of an editor. */
async function* withUnixLineEnds(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    const text = held + String(chunk);
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

/**
 * Streams the records of a CSV file; a byte-order mark, empty lines and lines of empty cells are passed over.
 * @throws CommandFailure when the file cannot be read or a quote is never closed (from there on nothing in it can be trusted)
 */
export async function* readRecords(file: string): AsyncGenerator<CsvRecord> {
  let lastLine = 0;
  const parser = parse({
    bom: true,
    info: true,
    raw: true,
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: '\n',
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  const source = createReadStream(file, { encoding: 'utf8' });
  const lines = Readable.from(withUnixLineEnds(source));
  lines.on('error', (error) => parser.destroy(error));
  try {
    for await (const parsed of lines.pipe(parser)) {
      const { record, info, raw } = parsedSchema.parse(parsed);
      const text = raw.replace(/^\uFEFF/, '').replace(/\n$/, '');
      const newlines = text.split('\n').length - 1;
      lastLine = info.lines;
      if (record.every((cell) => cell === '')) continue;
      yield { line: info.lines - newlines, cells: record, raw: text };
    }
  } catch (error) {
    if (error instanceof CsvError) {
      throw new CommandFailure(
        `${file}: a quote that opens on or after line ${lastLine + 1} is never closed (${error.code}); nothing was sent`,
      );
    }
    throw new CommandFailure(`cannot read ${file}: ${messageOf(error)}`);
  } finally {
    source.destroy();
  }
}
