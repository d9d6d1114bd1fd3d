/** What was dropped or picked, as a flat list of files with the paths they had. */

export interface GivenFile {
  /** path below the dropped folder, `/` between folders */
  name: string;
  file: File;
}

const MOST_FILES = 20_000;
const DEEPEST = 24;

/** Files of a drop, folders walked in full. Call it inside the drop event: the list dies with the event. */
export function filesOfDrop(transfer: DataTransfer): Promise<GivenFile[]> {
  const entries: FileSystemEntry[] = [];
  const plain: File[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry?.();
    if (entry) entries.push(entry);
    else {
      const file = item.getAsFile();
      if (file) plain.push(file);
    }
  }
  return walkAll(entries, plain);
}

async function walkAll(entries: FileSystemEntry[], plain: File[]): Promise<GivenFile[]> {
  const found: GivenFile[] = plain.map((file) => ({ name: file.name, file }));
  for (const entry of entries) await walk(entry, '', 0, found);
  return kept(found);
}

/** Files of an input, with their folder where the browser tells it. */
export function filesOfInput(list: FileList): GivenFile[] {
  return kept(Array.from(list, (file) => ({ name: file.webkitRelativePath || file.name, file })));
}

function kept(files: GivenFile[]): GivenFile[] {
  return files.filter(({ name }) => !name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX'));
}

async function walk(entry: FileSystemEntry, above: string, depth: number, found: GivenFile[]): Promise<void> {
  if (depth > DEEPEST || found.length >= MOST_FILES) return;
  const name = above ? `${above}/${entry.name}` : entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ name, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // a reader hands out its entries in portions until one comes back empty
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return;
    for (const child of portion) await walk(child, name, depth + 1, found);
  }
}
