// The real binary, on a free port, on a database of its own.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const binary = process.env.CAKAP_BIN || resolve(import.meta.dirname, '../../bin/cakap');
const postgres = process.env.CAKAP_TEST_POSTGRES || '';

// Engines on which a journey runs; skip says why one is left out, and is false
// where the environment forbids leaving it out.
export const engines = [
  { name: 'sqlite', skip: false },
  { name: 'postgres', skip: postgres || process.env.CAKAP_TEST_REQUIRE_POSTGRES ? false : 'PostgreSQL: CAKAP_TEST_POSTGRES is not set' },
];

let schemas = 0;

// makePlace is an empty database and a key file in a directory of their own.
export async function makePlace(engine = 'sqlite') {
  const dir = await mkdtemp(join(tmpdir(), 'cakap-e2e-'));
  const keyFile = join(dir, 'cakap.key');
  if (engine === 'sqlite') {
    return { dir, flags: ['--database', join(dir, 'cakap.db'), '--key-file', keyFile], remove: () => rm(dir, { recursive: true, force: true }) };
  }
  if (!postgres) throw new Error('CAKAP_TEST_REQUIRE_POSTGRES is set, but CAKAP_TEST_POSTGRES names no server');
  const schema = `e2e_${process.pid}_${++schemas}`;
  await psql(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`);
  const url = new URL(postgres);
  url.searchParams.set('search_path', schema);
  return {
    dir, flags: ['--database', url.href, '--key-file', keyFile],
    remove: async () => {
      await psql(`DROP SCHEMA ${schema} CASCADE`);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function psql(sql) {
  try {
    await run('psql', [postgres, '-qX', '-v', 'ON_ERROR_STOP=1', '-c', sql], { env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } });
  } catch (e) {
    throw e.code === 'ENOENT' ? new Error('psql is missing: install the Debian package postgresql-client') : e;
  }
}

// cli runs one command of the product and gives what it printed.
export async function cli(place, ...args) {
  const { stdout } = await run(binary, [...args, ...place.flags], { maxBuffer: 64 << 20 });
  return stdout;
}

// addUser makes a staff account; its password goes in by standard input.
export async function addUser(place, username, password, ...flags) {
  const child = spawn(binary, ['user', 'add', username, ...flags, ...place.flags], { stdio: ['pipe', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', text => { told += text; });
  child.stdin.end(password + '\n');
  const code = await new Promise(done => child.on('exit', done));
  if (code !== 0) throw new Error(`user add ${username} ended with ${code}: ${told}`);
}

// start runs `cakap serve` or `cakap demo` until it answers. It gives the
// address, everything printed before, and stop, which fails when the server
// did not end well.
export async function start(command, place, ...flags) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run make build first`);
  const child = spawn(binary, [command, ...(place ? place.flags : []), '--listen', '127.0.0.1:0', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill('SIGTERM')); // a demonstration clears up after itself
  const server = { printed: '', logged: '', url: '' };
  child.stderr.setEncoding('utf8').on('data', text => { server.logged += text; });
  const ended = new Promise(done => child.on('exit', (code, signal) => done({ code, signal })));
  const last = command === 'demo' ? /Started at / : /serves on (\S+)/;
  await new Promise((ready, failed) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); failed(new Error(`${command} did not start within 90 s: ${server.logged}`)); }, 90_000);
    child.stdout.setEncoding('utf8').on('data', text => {
      server.printed += text;
      if (last.test(server.printed)) { clearTimeout(timer); ready(); }
    });
    ended.then(({ code }) => { clearTimeout(timer); failed(new Error(`${command} ended with status ${code}: ${server.logged}`)); });
  });
  server.url = /serves on (\S+)/.exec(server.printed)[1];
  await answers(server.url);
  server.stop = async () => {
    child.kill('SIGTERM');
    const { code, signal } = await ended;
    if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}: ${server.logged}`);
  };
  return server;
}

async function answers(url) {
  for (let i = 0; i < 100; i++) {
    const r = await fetch(url + '/readyz').catch(() => null);
    if (r?.ok) return;
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error(`${url} does not answer`);
}

// setupLink waits for the one-time link that serve prints into an empty database.
export async function setupLink(server) {
  for (let i = 0; i < 100; i++) {
    const link = /(https?:\S+\/siapkan\/\S+)/.exec(server.printed);
    if (link) return link[1];
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error(`no set-up link was printed: ${server.printed}`);
}

// accounts reads what `cakap demo` prints for a newcomer.
export function accounts(printed) {
  const password = /Password\s+(\S+)/.exec(printed)[1];
  const [, nip, code] = /NIP (\d{18})\s+code (\S+)/.exec(printed);
  const people = [...printed.matchAll(/^ {2}(\d{18})\s+(Peserta yang \S+ \S+)/gm)].map(([, username, role]) => ({ username, role }));
  return {
    password, nip, code,
    waiting: people.filter(p => p.role.includes('belum')).map(p => p.username),
    done: people.find(p => p.role.includes('sudah')).username,
  };
}
