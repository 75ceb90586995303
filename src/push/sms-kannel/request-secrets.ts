// What nobody may see of our requests, taken out of texts that repeat them.
import { hidden, secretsOut } from '../short-message/index.ts';

/** The parameters of a request that are secret, whatever their values: the account, and the token for reports. */
const secretParameters = /((?:^|[?&;\s"'])(?:user(?:name)?|pass(?:word)?|dlr-url)=)[^&\s"'<>]+/gi;

/** Takes out the password in every form, and the parameters of the account and of reports wherever they stand. */
export function requestSecretsOut(password: string): (text: string) => string {
  const withoutPassword = secretsOut([password]);
  return (text) => withoutPassword(text).replace(secretParameters, `$1${hidden}`);
}
