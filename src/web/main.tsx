/** Entry of the page. */

import '@mantine/core/styles.css';
import './kit/tokens.css';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { App } from './shell/app.tsx';
import { takeToken } from './state/client.ts';

// the page's own rules (Content-Security-Policy) forbid code made at run time
config({ jitless: true });
takeToken();

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
