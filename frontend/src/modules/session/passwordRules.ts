/** The rules for a password, each with whether it is met; the server applies them again. */
export const PASSWORD_LENGTH = 10

const CLASSES = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/]

export function classesIn(password: string): number {
  return CLASSES.filter((sign) => sign.test(password)).length
}

export function passwordRules(password: string, again: string): { key: string; met: boolean }[] {
  return [
    { key: 'session.rule.length', met: password.length >= PASSWORD_LENGTH },
    { key: 'session.rule.classes', met: classesIn(password) >= 3 },
    { key: 'session.rule.same', met: password !== '' && password === again },
  ]
}
