import { TextDecoder, TextEncoder } from 'node:util';

/** What browsers have and jsdom lacks. Import it first. */
Object.assign(globalThis, { TextDecoder, TextEncoder, IS_REACT_ACT_ENVIRONMENT: true });
