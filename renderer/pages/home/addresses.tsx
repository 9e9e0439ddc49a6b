import { CopyButton } from '../../components/copy-button.tsx';

/** Base URLs as tools want them. @param url where the gateway listens; nothing is shown while it does not */
export function Addresses({ url }: { url: string | undefined }) {
  if (url === undefined) return null;
  const addresses = [
    { label: 'OpenAI style', base: `${url}/api/v1` },
    { label: 'Anthropic style', base: `${url}/api` },
  ];
  return (
    <section className="panel strip" aria-label="Addresses for tools">
      {addresses.map(({ label, base }) => (
        <div key={label} className="cell address">
          <div>
            <div className="label">{label}</div>
            <code>{base}</code>
          </div>
          <CopyButton text={base} label={`the ${label} address`} />
        </div>
      ))}
    </section>
  );
}
