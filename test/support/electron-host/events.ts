/** An event whose default a listener can prevent, as Electron's are. */
export function preventable<Facts extends object>(facts: Facts = {} as Facts) {
  const event = {
    ...facts,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}
