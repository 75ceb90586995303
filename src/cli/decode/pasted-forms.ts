// Octets in any form that people paste, for `reveille decode`. Loaded for what is no plain hex alone: there are many forms.
export { formOfText, readPasted } from '../../inspect/index.ts';
