// Checks the imports of src/ against the table in rooms.ts: allowed directions, doors, floors of inner rooms, no cycles
// (type imports included), no runtime modules in portable rooms, flags and environment only in cli/.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { innerOf, mostFlat, type Room, roomOf, rooms, storeBackEnds } from './rooms.ts';

const source = resolve(import.meta.dirname, '../src');
const problems: string[] = [];
const graph = new Map<string, string[]>();

for (const file of globSync('**/*.ts', { cwd: source }).sort()) {
  const text = readFileSync(join(source, file), 'utf8');
  const room = roomOf(file);
  if (room === undefined && file !== 'index.ts')
    problems.push(`${file}: stands in no room of scripts/rooms.ts`);
  const targets: string[] = [];
  graph.set(file, targets);
  for (const specifier of importsOf(text)) {
    if (specifier.startsWith('.')) {
      const target = relative(source, resolve(source, dirname(file), specifier));
      targets.push(target);
      if (room !== undefined) checkDirection(file, room, target);
    } else if (specifier.startsWith('node:') && room?.portable === true) {
      problems.push(`${file}: imports ${specifier}, but ${room.path} must load in a browser`);
    }
  }
  if (room !== undefined && room.path !== 'cli' && /\bprocess\.(env|argv)\b/.test(text)) {
    problems.push(`${file}: reads process.env or process.argv; only cli/ may`);
  }
}
const pages = resolve(source, '../web');
for (const file of globSync('**/*.{ts,tsx}', { cwd: pages }).sort()) checkPage(file);
for (const room of rooms) checkFloors(room);
findCycles();

if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(`check-imports: ${problems.length} problem(s)`);
  process.exit(1);
}
console.log(`check-imports: ${graph.size} files, directions, doors and cycles are right`);

function importsOf(text: string): string[] {
  const code = text.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  const pattern =
    /(?:^|[;\s])(?:import|export)\s[^'"`;]*?\sfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|import\(\s*'([^']+)'/gm;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** A page has itself, its libraries, and the doors of rooms that load in a browser. */
function checkPage(file: string): void {
  const name = `web/${file}`;
  for (const specifier of importsOf(readFileSync(join(pages, file), 'utf8'))) {
    if (specifier.startsWith('node:')) problems.push(`${name}: imports ${specifier}, which no browser has`);
    const target = relative(source, resolve(pages, dirname(file), specifier));
    if (!specifier.startsWith('.') || target.startsWith('../web/')) continue;
    const room = roomOf(target);
    if (room?.portable !== true)
      problems.push(`${name}: imports ${target}, which need not load in a browser`);
    else if (target !== `${room.path}/index.ts`)
      problems.push(`${name}: reaches past the door of ${room.path} (${target})`);
  }
}

function checkDirection(file: string, room: Room, target: string): void {
  const targetRoom = roomOf(target);
  if (targetRoom === undefined) {
    problems.push(`${file}: imports ${target}, which stands in no room`);
    return;
  }
  const [from, to] = [room.path, targetRoom.path];
  if (to === from) {
    checkFloor(file, room, target);
    return;
  }
  const allowed = room.mayImport.some((name) => to === name || to.startsWith(`${name}/`));
  if (!allowed) problems.push(`${file}: ${from} may not import ${to}`);
  if (storeBackEnds.includes(to) && ![...storeBackEnds, 'cli', 'testing'].includes(from)) {
    problems.push(`${file}: ${from} may use the store's interfaces only, not ${to}`);
  }
  if (target !== `${to}/index.ts`) problems.push(`${file}: reaches past the door of ${to} (${target})`);
}

/** Within one room: from the face to any floor, from a floor to those below it. */
function checkFloor(file: string, room: Room, target: string): void {
  const [from, to] = [innerOf(room, file), innerOf(room, target)];
  if (room.inner === undefined || from === undefined || from === to) return;
  if (to === undefined)
    problems.push(`${file}: an inner room may not import the face of ${room.path} (${target})`);
  else if (room.inner.indexOf(to) < room.inner.indexOf(from)) {
    problems.push(`${file}: ${room.path}/${from} stands below ${to} and may not import it (${target})`);
  }
}

/** Every folder of a room has its floor, and none is so full that nobody finds a file in it. */
function checkFloors(room: Room): void {
  if (room.inner === undefined) return;
  const flat = new Map<string | undefined, number>(room.inner.map((name) => [name, 0]));
  for (const file of graph.keys()) {
    if (roomOf(file) !== room) continue;
    const inner = innerOf(room, file);
    if (inner !== undefined && !flat.has(inner)) {
      problems.push(`${file}: ${room.path} has no inner room ${inner} in scripts/rooms.ts`);
    }
    flat.set(inner, (flat.get(inner) ?? 0) + 1);
  }
  for (const [inner, files] of flat) {
    const path = inner === undefined ? room.path : `${room.path}/${inner}`;
    if (files === 0) problems.push(`${path}: an inner room without files`);
    if (files > mostFlat) {
      problems.push(`${path}: ${files} files, at most ${mostFlat} stand flat in a divided room`);
    }
  }
}

function findCycles(): void {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      problems.push(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(' → ')}`);
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
}
