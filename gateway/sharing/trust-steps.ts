/** What a colleague does once, so that a system or a program trusts this gateway. */
export interface TrustStep {
  /** Of the system or program. */
  title: string;
  /** What to know before. */
  note: string;
  /** To copy, a line each; none where it is done by hand. */
  commands: readonly string[];
}

/** Name of the file in every line below. */
export const AUTHORITY_FILE = 'notokenlimit-ca.crt';

/** How systems list it, where they take a name. */
const LISTED_AS = 'notokenlimit';

/**
 * The first is to get the file and to compare it: whoever sits between could hand out another. The rest is one for
 * each system and program. @param origin where the gateway answers others, such as `https://studio.local:7412`
 */
export function trustSteps(origin: string): readonly TrustStep[] {
  return [
    {
      title: 'Get the certificate and compare it',
      note:
        'The first download cannot be checked by itself. Ask the owner for the fingerprint, by phone or chat, and ' +
        'compare it with what the second line prints. Without openssl, every system’s certificate viewer shows it as SHA-256.',
      commands: [
        `curl --insecure --output ${AUTHORITY_FILE} ${origin}/ca.crt`,
        `openssl x509 -in ${AUTHORITY_FILE} -noout -fingerprint -sha256`,
      ],
    },
    {
      title: 'Tools that run on Node.js',
      note:
        'Claude Code, Codex, Cline and most others. Set it where the tool is started, with the whole path of the file: ' +
        'Node.js looks at it once, at its start. The second line is for Windows.',
      commands: [
        `export NODE_EXTRA_CA_CERTS="$PWD/${AUTHORITY_FILE}"`,
        `setx NODE_EXTRA_CA_CERTS "%CD%\\${AUTHORITY_FILE}"`,
      ],
    },
    {
      title: 'Tools that run on Python, and curl',
      note: 'These take the file in place of the public authorities: set it for the one program that uses the gateway.',
      commands: [
        `export SSL_CERT_FILE="$PWD/${AUTHORITY_FILE}"`,
        `export REQUESTS_CA_BUNDLE="$PWD/${AUTHORITY_FILE}"`,
        `curl --cacert ${AUTHORITY_FILE} ${origin}/healthz`,
      ],
    },
    {
      title: 'macOS',
      note: 'Safari, Chrome and every program that asks the system.',
      commands: [
        `sudo security add-trusted-cert -d -r trustRoot -p ssl -k /Library/Keychains/System.keychain ${AUTHORITY_FILE}`,
      ],
    },
    {
      title: 'Windows',
      note: 'Edge, Chrome and every program that asks the system. For your own account; nobody else’s is touched.',
      commands: [`certutil -user -addstore Root ${AUTHORITY_FILE}`],
    },
    {
      title: 'Debian, Ubuntu',
      note: 'For programs; browsers have stores of their own there.',
      commands: [
        `sudo cp ${AUTHORITY_FILE} /usr/local/share/ca-certificates/${LISTED_AS}.crt`,
        'sudo update-ca-certificates',
      ],
    },
    {
      title: 'Fedora, Red Hat',
      note: 'For programs and for Firefox.',
      commands: [`sudo trust anchor --store ${AUTHORITY_FILE}`],
    },
    {
      title: 'Chrome and Chromium on Linux',
      note: 'Or by hand: Settings, Privacy and security, Security, Manage certificates.',
      commands: [`certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n ${LISTED_AS} -i ${AUTHORITY_FILE}`],
    },
    {
      title: 'Firefox',
      note:
        'On macOS and Windows it takes what the system trusts. Elsewhere: Settings, Privacy & Security, View ' +
        'Certificates, Authorities, Import; tick “identify websites”.',
      commands: [],
    },
  ];
}
