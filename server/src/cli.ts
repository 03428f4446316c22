#!/usr/bin/env node
import * as accounts from './commands/account-commands';
import { serveCommand } from './commands/serve-command';
import { CommandError } from './errors';

const USAGE = `projects-server serve --data DIR [--host 127.0.0.1] [--port 8000] [--allow-origin ORIGIN]...
                      [--part-size 16MB] [--max-file-size 5GB] [--quota BYTES] [--core-only] [--demo] [--ready-file FILE]
projects-server user add NAME --data DIR [--id UUID]
projects-server user list --data DIR
projects-server key add USER --data DIR [--expires TIME|DAYS] [--key-file FILE]
projects-server key list USER --data DIR
projects-server key revoke KEY|ID --data DIR
projects-server org add NAME --data DIR [--title TITLE]
projects-server org join ORG USER --data DIR
projects-server epoch --renew PROJECT_ID --data DIR
projects-server demo --data DIR

With PROJECTS_DATABASE_URL in the environment, as postgres://user:password@host:5432/database, or with --database-url URL
(without a password) all of them use that database, of a PostgreSQL server, in place of the one embedded in DIR.

All but serve open the embedded database themselves: stop the server first.`;

const commands: Record<string, (args: readonly string[]) => Promise<number | void>> = {
  serve: serveCommand,
  'user add': accounts.userAdd,
  'user list': accounts.userList,
  'key add': accounts.keyAdd,
  'key list': accounts.keyList,
  'key revoke': accounts.keyRevoke,
  'org add': accounts.organizationAdd,
  'org join': accounts.organizationJoin,
  epoch: accounts.epochRenew,
  demo: accounts.demo
};

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help') || args[0] === 'help') {
    console.log(USAGE);
    return args.length === 0 ? 1 : 0;
  }
  for (const count of [2, 1]) {
    const command = commands[args.slice(0, count).join(' ')];
    if (command) {
      return (await command(args.slice(count))) ?? 0;
    }
  }
  throw new CommandError(`There is no command "${args.join(' ')}".\n\n${USAGE}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof CommandError ? error.message : error);
  process.exitCode = 1;
}
