import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));
const api = process.env.MSDT_API ?? 'http://127.0.0.1:4310';

/** Builds the browser face into `dist/web`. Everything it needs is bundled: the page asks no other host for anything. */
export default defineConfig({
  root,
  base: '/',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: resolve(root, '../../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // first come those that the page needs at once: a group takes along what its modules import
            {
              name: 'react',
              test: /node_modules\/(react|react-dom|scheduler|@mantine|@floating-ui|zustand|use-sync-external-store)\//,
              priority: 2,
            },
            { name: 'three', test: /node_modules\/(three|three-mesh-bvh|@react-three)\//, priority: 1 },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { '/api': { target: api, ws: true } } },
});
