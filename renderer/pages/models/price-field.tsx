import { Anchor, NumberInput } from '@mantine/core';
import type { ListPrice, Provider } from '../../../gateway/doors/admin/contract.ts';
import { useProviderKinds } from '../../api/lists.ts';
import { NOTHING } from '../../format.ts';
import { perMillion } from './dollars.ts';
import classes from './model-fields.module.css';
import type { PriceValues, TargetValue } from './model-values.ts';
import type { ModelFormProps } from './target-list.tsx';
import { useUpstreamModels } from './upstream-models.ts';

interface PriceFieldProps extends ModelFormProps {
  providers: readonly Provider[];
  /** The price list's for the model's saved targets. */
  listed: (target: TargetValue) => ListPrice | null | undefined;
}

const PARTS: readonly (readonly [part: keyof PriceValues, label: string])[] = [
  ['input', 'Input'],
  ['cacheRead', 'Cached input'],
  ['cacheWrite', 'Cache write'],
  ['output', 'Output'],
];

/** By the price list, or the owner's own. */
export function PriceField({ form, providers, listed }: PriceFieldProps) {
  const { ownPrice, targets } = form.getValues();
  const price = useListPrice(targets[0], providers, listed);
  function setOwn() {
    if (form.getValues().price.input === '' && price) form.setFieldValue('price', dollarsOf(price));
    form.setFieldValue('ownPrice', true);
  }
  return (
    <div>
      <div className={classes.head}>
        <b>Price per million tokens</b>
        <span>{ownPrice ? 'your own' : targets.length > 1 ? 'price list, first target' : 'price list'}</span>
        <Anchor
          component="button"
          type="button"
          className={classes.aside ?? ''}
          onClick={() => (ownPrice ? form.setFieldValue('ownPrice', false) : setOwn())}
        >
          {ownPrice ? 'Use the price list' : 'Set my own'}
        </Anchor>
      </div>
      {ownPrice ? <OwnPrice form={form} /> : <Listed price={price} />}
    </div>
  );
}

function OwnPrice({ form }: ModelFormProps) {
  return (
    <div className={classes.prices}>
      {PARTS.map(([part, label]) => (
        <NumberInput
          key={part}
          label={label}
          leftSection="$"
          decimalScale={6}
          min={0}
          placeholder={part.startsWith('cache') ? 'as input' : ''}
          {...form.getInputProps(`price.${part}`)}
        />
      ))}
    </div>
  );
}

function Listed({ price }: { price: ListPrice | null | undefined }) {
  if (price === undefined) return <p className={classes.help}>The price list is asked when you save.</p>;
  if (price === null) {
    return (
      <p className={classes.help}>The price list does not know it: it costs nothing until you set a price.</p>
    );
  }
  if (price.input === 0 && price.output === 0) return <p className={classes.help}>Free.</p>;
  return (
    <dl className={classes.strip}>
      {PARTS.filter(([part]) => part !== 'cacheWrite' || price.cacheWrite !== undefined).map(
        ([part, label]) => (
          <div key={part}>
            <dt>{label}</dt>
            <dd>{wordsOf(price[part], part.startsWith('cache') ? price.input : undefined)}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function wordsOf(micros: number | undefined, otherwise: number | undefined): string {
  const known = micros ?? otherwise;
  return known === undefined ? NOTHING : `$${perMillion(known)}`;
}

/** @returns undefined while nobody can say */
function useListPrice(
  first: TargetValue | undefined,
  providers: readonly Provider[],
  listed: PriceFieldProps['listed'],
): ListPrice | null | undefined {
  const provider = providers.find(({ id }) => id === first?.providerId);
  const local = useProviderKinds().data?.find(({ id }) => id === provider?.kind)?.local === true;
  // Only what was already asked for: a look at prices alone is no reason to call a provider.
  const upstream = useUpstreamModels(first?.providerId ?? '', false).data;
  if (first === undefined || first.providerId === '' || first.upstreamModel === '') return undefined;
  if (local) return { input: 0, output: 0 };
  const saved = listed(first);
  if (saved !== undefined) return saved;
  return upstream?.find(({ id }) => id === first.upstreamModel.trim())?.listPrice;
}

function dollarsOf(price: ListPrice): PriceValues {
  const dollars = (micros: number | undefined) => (micros === undefined ? '' : micros / 1_000_000);
  const { input, output, cacheRead, cacheWrite } = price;
  return {
    ...{ input: dollars(input), output: dollars(output) },
    ...{ cacheRead: dollars(cacheRead), cacheWrite: dollars(cacheWrite) },
  };
}
