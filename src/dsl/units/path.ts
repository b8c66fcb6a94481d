/** A path without `.` and needless `..`, by `/`; one that leads out of where it begins keeps its `..`. */
export function normalizePath(path: string): string {
  const rooted = path.startsWith('/')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '..' || !rooted) parts.push(part)
  }
  return (rooted ? '/' : '') + parts.join('/')
}

/** A path that is written in a file, as a path from where that file's own path begins. */
export function besides(file: string, path: string): string {
  const folder = file.slice(0, file.lastIndexOf('/') + 1)
  return path.startsWith('/') ? normalizePath(path) : normalizePath(folder + path)
}
