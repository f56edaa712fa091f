import type zh from './texts.zh'

const en: typeof zh = {
  session: {
    title: 'Sign in',
    lead: 'Enter the access code to see where people are, right now.',
    code: 'Access code',
    submit: 'Sign in',
    submitting: 'Signing in…',
    where: 'The cloud service printed the code in its log when it first started, and keeps it in the file access-code in its data folder.',
    required: 'Enter the access code.',
    returning: 'Sign in to return to where you were.',
    signOut: 'Sign out',
  },
}

export default en
